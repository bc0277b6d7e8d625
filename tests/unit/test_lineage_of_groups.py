"""Lines behind units that are made of several rows: a language, an axis of a plan, a commune, a session, a year."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from intercentre.access.observation_name import ObservationName
from intercentre.access.origins import frozen_tables, lines_of, unit_columns, units_of
from intercentre.harmonisation.deposits import centres_in_force
from intercentre.harmonisation.harmonise import write_common
from schemas.indicators import definitions
from schemas.period import Period
from tests.staged import stage

PERIOD = Period(2025, 4)
_INTERPRETING = {"prestataire": "SETIS", "demandes": 4, "honorees": 3, "heures": 5}
_PLAN = {"plan_id": "PL1", "plan_debut": date(2024, 1, 1), "plan_fin": date(2026, 12, 31), "statut": "EN_COURS",
         "echeance": date(2025, 12, 31), "operateurs_impliques": 1}  # fmt: skip
_SESSION = {"operateur_id": "OP1", "axe": "FLE", "commune_refnis": "92094", "heures_programmees": 60, "places": 10,
            "inscrits": 4, "en_attente": 0, "horaire": "JOUR", "date_releve": date(2025, 12, 1),
            "date_debut": date(2025, 10, 1), "date_fin": date(2026, 3, 1)}  # fmt: skip
_ACTIVITY = {"mission": "3", "type": "DEBAT", "public": "TOUT_PUBLIC", "date_debut": date(2025, 5, 1),
             "date_fin": date(2025, 5, 1), "participants": 5}  # fmt: skip
# Lines are counted from 2, the header being the first.
CAI: dict[str, list[dict[str, Any]]] = {
    "dossier": [
        {"dossier_id": "D1", "date_ouverture": date(2025, 1, 2)},
        {"dossier_id": "D2", "date_ouverture": date(2025, 10, 3), "date_titre": date(2025, 10, 1),
         "date_premier_contact": date(2025, 10, 2)},
    ],
    "inscription": [
        {"inscription_id": "W1", "dossier_id": "D1", "date_orientation": date(2025, 10, 5), "statut": "ATTENTE"},
        {"inscription_id": "B1", "dossier_id": "D2", "date_orientation": date(2025, 10, 5),
         "date_debut": date(2025, 10, 20)},
    ],
    "interpretariat": [
        {"mois": "2025-10", "langue": "ara", **_INTERPRETING},
        {"mois": "2025-11", "langue": "ara", **_INTERPRETING},
        {"mois": "2025-11", "langue": "tir", **_INTERPRETING},
    ],
    "pli_action": [
        {"action_id": "A1", "axe": "LANGUE", **_PLAN},
        {"action_id": "A2", "axe": "EMPLOI", **_PLAN},
        {"action_id": "A3", "axe": "LANGUE", **_PLAN},
    ],
    "partenariat": [
        {"partenariat_id": "P1", "partenaire_type": "COMMUNE", "commune_refnis": "92094",
         "objet": "CONVENTION_COMMUNE", "date_debut": date(2020, 1, 1), "formalise": True},
    ],
    "activite": [{"activite_id": "X1", "commune_refnis": "91034", **_ACTIVITY}],
    "session_offre": [{"session_id": "S1", **_SESSION}, {"session_id": "S2", **_SESSION}],
    "ressources": [
        {"annee": 2024, "fonction": "ACCUEIL_PARCOURS", "etp": 2},
        {"annee": 2025, "fonction": "ACCUEIL_PARCOURS", "etp": 3},
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """DISCRI's file with the common tables, and the folder of the one deposit; CRIC deposits the same."""
    root = tmp_path_factory.mktemp("groupes")
    deposits = [
        stage(root / "extraits", centre, "2025-T4", CAI, debut_historique=date(2024, 1, 1), numero=at)
        for at, centre in enumerate(("CAI", "CRIC"), 1)
    ]
    (root / "commun").mkdir()
    write_common(root / "commun", PERIOD, centres_in_force(deposits, PERIOD), [])
    with duckdb.connect(root / "analyse.duckdb") as engine:
        engine.execute("CREATE SCHEMA commun")
        for path in (root / "commun").glob("*.parquet"):
            engine.execute(f"CREATE TABLE commun.{path.stem} AS FROM read_parquet('{path}')")
    return root / "analyse.duckdb", deposits[0].dossier


@pytest.fixture
def engine(world: tuple[Path, Path]) -> Iterator[Any]:
    with frozen_tables(world[0]) as opened:
        yield opened


@pytest.mark.parametrize(
    ("figure", "lines"),
    [
        ("I31/2025-T4/centre/CAI", {("CAI:ara", "interpretariat", 2), ("CAI:ara", "interpretariat", 3),
                                    ("CAI:tir", "interpretariat", 4)}),
        ("I43/2025/centre/CAI", {("CAI:PL1:LANGUE", "pli_action", 2), ("CAI:PL1:LANGUE", "pli_action", 4),
                                 ("CAI:PL1:EMPLOI", "pli_action", 3)}),
        ("I63/2025/centre/CAI", {("CAI:2025", "ressources", 3)}),
        ("I39/2025/centre/CAI", {("92094", "partenariat", 2)}),
        ("I47/2025/centre/CAI", {("91034", "activite", 2)}),
        ("I34/2025-T4/centre/CAI", {("S:CAI:S1", "session_offre", 2), ("S:CAI:S2", "session_offre", 3),
                                    ("CAI:D1", "dossier", 2), ("CAI:D1", "inscription", 2)}),
        ("I36/2025-T4/centre/CAI", {("CAI:B1", "inscription", 3), ("CAI:B1", "dossier", 3)}),
        ("I36/2025-T4/centre/CAI/axe/FLE", {("CAI:B1", "inscription", 3), ("CAI:B1", "dossier", 3)}),
        ("I36/2025-T4/centre/CAI/attente/EN_ATTENTE", {("CAI:W1", "inscription", 2), ("CAI:W1", "dossier", 2),
                                                       ("CAI:B1", "inscription", 3), ("CAI:B1", "dossier", 3)}),
        ("I07/2025-T4/centre/CAI/quantile/P90", {("CAI:D2", "dossier", 3)}),
    ],
)  # fmt: skip
def test_each_unit_leads_to_its_lines(
    engine: Any, world: tuple[Path, Path], figure: str, lines: set[tuple[str, str, int]]
) -> None:
    name = ObservationName.parse(figure)
    definition = definitions()[name.indicateur]
    units_of(engine, definition, name)
    found = lines_of(engine, definition, lambda depot: world[1] if depot.startswith("CAI") else None)
    assert {(one.unite_id, one.table, one.ligne) for one in found} == lines


def test_the_columns_of_a_name_are_those_behind_the_centre() -> None:
    assert unit_columns(definitions()["I31"].query.text) == [("langue",)]
    assert unit_columns(definitions()["I43"].query.text) == [("plan_id", "axe")]
    assert unit_columns(definitions()["I39"].query.text) == []
