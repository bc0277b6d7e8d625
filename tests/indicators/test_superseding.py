"""A superseding deposit moves what it should and nothing else, and the list of moved figures says exactly that."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from intercentre.harmonisation.deposits import StagedDeposit, centres_in_force
from intercentre.harmonisation.harmonise import write_common
from intercentre.indicators.compute import write_observations
from intercentre.release import figures
from schemas.indicators import definitions
from schemas.period import Period
from schemas.query import read_query
from tests.staged import stage

_PERIOD = Period(2026, 3)
_HISTORY = date(2026, 7, 1)
_CHANGES = read_query(Path(figures.__file__).parent / "sql" / "changements.sql")


def deposit(folder: Path, numero: int, *, canal: str, heures: int) -> StagedDeposit:
    """Namur's third quarter: two dossiers, of which one followed a French course to its end."""
    dossiers = [
        {"dossier_id": "D1", "date_ouverture": date(2026, 7, 10)},
        {"dossier_id": "D2", "date_ouverture": date(2026, 8, 3), "canal_entree": canal},
    ]
    course = {
        "dossier_id": "D1",
        "date_orientation": date(2026, 7, 15),
        "date_debut": date(2026, 7, 20),
        "date_fin": date(2026, 9, 21),
        "heures_suivies": heures,
        "statut": "TERMINE",
    }
    tables = {"dossier": dossiers, "inscription": [course]}
    return stage(folder, "CAI", "2026-T3", tables, numero=numero, debut_historique=_HISTORY)


def observe(folder: Path, deposits: list[StagedDeposit]) -> Path:
    for name in ("commun", "observations"):
        (folder / name).mkdir(parents=True)
    write_common(folder / "commun", _PERIOD, centres_in_force(deposits, _PERIOD), [])
    write_observations(folder / "observations", folder / "commun", _PERIOD, definitions().values())
    return folder / "observations" / "observations.parquet"


def moved(before: Path, after: Path) -> list[tuple[Any, ...]]:
    """The list of a release, all figures being free: what moved, how, and between which values."""
    with duckdb.connect() as engine:
        for table, path in (("precedente", before), ("indicateurs", after)):
            engine.execute(f"CREATE TABLE {table} AS SELECT *, 'libre' AS statut_secret FROM '{path}'")
        engine.execute(f"CREATE TABLE changements AS {_CHANGES.text}")
        return engine.execute(
            "SELECT indicateur, periode, territoire, dimension, modalite, nature, ancienne_valeur, nouvelle_valeur "
            "FROM changements ORDER BY ALL"
        ).fetchall()


def test_a_superseding_deposit_moves_what_its_dossiers_changed_and_nothing_else(tmp_path: Path) -> None:
    first = deposit(tmp_path / "extraits", 1, canal="COMMUNE", heures=100)
    second = deposit(tmp_path / "extraits", 2, canal="CPAS", heures=150)
    before = observe(tmp_path / "avant", [first])
    after = observe(tmp_path / "apres", [first, second])
    t = "2026-T3"
    assert moved(before, after) == sorted(
        change
        for place in ("CAI", "RLF")
        for change in [
            ("I01", t, place, "canal_entree", "COMMUNE", "revise", 2.0, 1.0),
            ("I01", t, place, "canal_entree", "CPAS", "nouveau", None, 1.0),
            ("I15", t, place, "_T", "_T", "revise", 100.0, 150.0),
            ("I15", t, place, "axe", "FLE", "revise", 100.0, 150.0),
            ("I15", t, place, "type_operateur", "INC", "revise", 100.0, 150.0),
        ]
    )


def test_a_deposit_that_says_the_same_moves_nothing_and_changes_no_byte(tmp_path: Path) -> None:
    first = deposit(tmp_path / "extraits", 1, canal="COMMUNE", heures=100)
    again = deposit(tmp_path / "extraits", 2, canal="COMMUNE", heures=100)
    before = observe(tmp_path / "avant", [first])
    after = observe(tmp_path / "apres", [again, first])
    assert moved(before, after) == []
    assert before.read_bytes() == after.read_bytes()


def test_an_earlier_deposit_that_arrives_late_does_not_count(tmp_path: Path) -> None:
    second = deposit(tmp_path / "extraits", 2, canal="CPAS", heures=150)
    first = deposit(tmp_path / "extraits", 1, canal="COMMUNE", heures=100)
    before = observe(tmp_path / "avant", [second])
    assert observe(tmp_path / "apres", [second, first]).read_bytes() == before.read_bytes()
