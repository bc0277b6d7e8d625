"""The indicators room: what it leaves, what it refuses, and the real population of 2015."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

import schemas.nomenclatures
from intercentre.core.engine import create_table, load_rows, open_engine
from intercentre.core.hub import Hub
from intercentre.core.registry.tables import Journal
from intercentre.disclosure import protect_observations
from intercentre.harmonisation import harmonise
from intercentre.indicators import IndicatorError, compute_indicators
from intercentre.indicators.compute import COLUMNS
from schemas.exchanges.release import OBSERVATION_COLUMNS
from schemas.indicators import breakdowns, definitions
from tests.staged import Rows, read_rows, register, stage

DAY = date(2026, 7, 2)
_GERMAN = {"63001", "63012", "63013", "63023", "63040", "63048", "63061", "63067", "63087"}
_PREFIXES = {
    "CRIBW": ("25",),
    "CRIPEL": ("61", "62", "64"),
    "CRVI": ("63",),
    "CRILUX": ("81", "82", "83", "84", "85"),
    "CAI": ("91", "92", "93"),
}


def official_population(annee: str) -> list[dict[str, str]]:
    """The shipped figures of one year, as they stand in the file."""
    path = Path(schemas.nomenclatures.__file__).parent / "population_commune.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        return [row for row in csv.DictReader(stream, delimiter=";") if row["annee"] == annee]


def as_local_statistics(annee: str) -> Rows:
    facts = {"periode": annee, "date_source": date(int(annee), 1, 1)}
    figures: dict[tuple[str, str], int] = {}
    for row in official_population(annee):
        name = {"ETR": "POPULATION_ETRANGERE", "BEL": "POPULATION_BELGE"}.get(row["nationalite"])
        if name:
            figures[row["code_nis"], name] = int(row["effectif"])
        total = (row["code_nis"], "POPULATION_TOTALE")
        figures[total] = figures.get(total, 0) + int(row["effectif"])
    return [
        {"commune_refnis": code, "indicateur_local": name, "valeur": value} | facts
        for (code, name), value in figures.items()
    ]


def hand_count(codes: Callable[[str], bool]) -> tuple[int, int]:
    """Foreigners and inhabitants of 2015 in the communes whose code is kept, straight from the file."""
    rows = [row for row in official_population("2015") if codes(row["code_nis"])]
    return (
        sum(int(row["effectif"]) for row in rows if row["nationalite"] == "ETR"),
        sum(int(row["effectif"]) for row in rows),
    )


class TestRealPopulation:
    @pytest.fixture
    def shares(self, hub: Hub) -> dict[str, dict[str, Any]]:
        root = hub.home.root / "z1" / "extraits"
        both = [*as_local_statistics("2015"), *as_local_statistics("2025")]
        register(hub, stage(root, "STATBEL", "2025-T1", {"stat_locale": both}))
        register(hub, stage(root, "CAI", "2026-T3", {"dossier": [{"dossier_id": "D1", "date_ouverture": DAY}]}))
        harmonise(hub, "2026-T3")
        compute_indicators(hub, "2026-T3")
        folder = protect_observations(hub, "2026-T3")
        rows = [row for row in read_rows(folder / "observations.parquet") if row["indicateur"] == "I53"]
        assert {row["periode"] for row in rows} == {"2015"}, "2025 has totals only"
        assert {(row["statut_secret"], row["statut_obs"]) for row in rows} == {("libre", "definitif")}
        return {row["territoire"]: row for row in rows}

    def test_region_and_centres_equal_a_hand_count_over_the_shipped_file(
        self, shares: dict[str, dict[str, Any]]
    ) -> None:
        assert hand_count(lambda _: True) == (352_430, 3_589_744)  # Wallonia as a whole
        region = hand_count(lambda code: code not in _GERMAN)
        assert region == (337_043, 3_513_416)
        assert (shares["RLF"]["numerateur"], shares["RLF"]["denominateur"]) == region
        assert shares["RLF"]["valeur"] == pytest.approx(100 * 337_043 / 3_513_416, abs=1e-6)
        assert shares["RLF"]["couverture"] == "252/252"
        for centre, prefixes in _PREFIXES.items():
            expected = hand_count(lambda code, own=prefixes: code.startswith(own) and code not in _GERMAN)
            assert (shares[centre]["numerateur"], shares[centre]["denominateur"]) == expected, centre
        hainaut = hand_count(lambda code: code.startswith("5"))
        three = [shares[centre] for centre in ("CERAIC", "CIMB", "CRIC")]
        assert (sum(one["numerateur"] for one in three), sum(one["denominateur"] for one in three)) == hainaut
        assert (shares["50000"]["numerateur"], shares["50000"]["denominateur"]) == hainaut

    def test_old_codes_are_brought_forward(self, shares: dict[str, dict[str, Any]]) -> None:
        merged = hand_count(lambda code: code in ("82003", "82005"))
        assert (shares["82039"]["numerateur"], shares["82039"]["denominateur"]) == merged
        assert shares["58001"]["denominateur"] == hand_count(lambda code: code == "55022")[1]
        assert sum(len(code) == 5 and not code.endswith("000") and code.isdigit() for code in shares) == 252 + 1
        assert not {"82003", "82005", "55022", "63023"} & set(shares)


class TestComputeIndicators:
    def harmonised(self, hub: Hub) -> None:
        root = hub.home.root / "z1" / "extraits"
        rows = {
            "dossier": [
                {"dossier_id": f"D{number}", "date_ouverture": DAY, "nationalite": "SYR"} for number in range(7)
            ],
            "etape_accueil": [{"dossier_id": "D1", "date": DAY}],
        }
        register(hub, stage(root, "CAI", "2026-T3", rows, debut_historique=date(2026, 1, 1)))
        harmonise(hub, "2026-T3")

    def test_it_leaves_observations_and_additivity_lines(self, hub: Hub) -> None:
        self.harmonised(hub)
        folder = compute_indicators(hub, "2026-T3")
        assert folder == hub.home.observations("2026-T3")
        rows = read_rows(folder / "observations.parquet")
        assert list(rows[0]) == list(COLUMNS)
        assert set(COLUMNS) - set(OBSERVATION_COLUMNS) == {"effectif", "secret"}
        keys = [tuple(row[name] for name in list(COLUMNS)[:1] + list(COLUMNS)[2:7]) for row in rows]
        assert keys == sorted(set(keys))
        assert {row["date_etat"] for row in rows} == {date(2026, 9, 30)}
        assert read_rows(folder / "additivite.parquet")[-1] == {
            "periode": "2026-T3", "somme_centres": 1, "doublons": 0, "region": 1
        }  # fmt: skip

    def test_categories_are_those_of_their_lists(self, hub: Hub) -> None:
        self.harmonised(hub)
        for row in read_rows(compute_indicators(hub, "2026-T3") / "observations.parquet"):
            if row["dimension"] != "_T":
                assert row["modalite"] in breakdowns()[row["dimension"]].labels

    def test_again_gives_the_same_bytes(self, hub: Hub) -> None:
        self.harmonised(hub)
        before = {path.name: path.read_bytes() for path in compute_indicators(hub, "2026-T3").iterdir()}
        assert {path.name: path.read_bytes() for path in compute_indicators(hub, "2026-T3").iterdir()} == before

    def test_the_journal_names_the_versions_and_counts_the_rows(self, hub: Hub) -> None:
        self.harmonised(hub)
        rows = read_rows(compute_indicators(hub, "2026-T3") / "observations.parquet")
        with hub.registry.read() as session:
            line = session.execute(select(Journal).where(Journal.action == "indicateurs_calcules")).scalar_one()
        details = json.loads(line.details)
        assert details["definitions"] == {code: one.version for code, one in definitions().items()}
        assert details["lignes"]["observations"] == len(rows)
        assert "SYR" not in line.details

    def test_a_period_that_is_not_harmonised_is_refused(self, hub: Hub) -> None:
        with pytest.raises(IndicatorError, match="harmonisez d'abord"):
            compute_indicators(hub, "2026-T3")
        assert not hub.home.observations("2026-T3").exists()


def test_two_categories_of_one_person_are_those_of_the_latest_dossier() -> None:
    """The unit rows of I02 carry a rank, so that a person with two dossiers is in one category only."""
    with open_engine() as engine:
        engine.execute("CREATE SCHEMA commun")
        for table, columns, rows in (
            ("presence", {"centre_code": "VARCHAR", "cle_dossier": "VARCHAR", "type": "VARCHAR", "debut": "DATE"},
             [("CAI", "CAI:D1", "T", date(2026, 7, 1)), ("CAI", "CAI:D2", "T", date(2026, 7, 1))]),
            ("periode_couverte", {"periode": "VARCHAR", "centre_code": "VARCHAR", "type": "VARCHAR", "debut": "DATE"},
             [("2026-T3", "CAI", "T", date(2026, 7, 1))]),
        ):  # fmt: skip
            load_rows(engine, f"commun.{table}", columns, rows)
        kinds = dict.fromkeys(
            ("centre_code", "cle_dossier", "personne_id", "sexe", "groupe_age", "groupe_nationalite", "statut_public"),
            "VARCHAR",
        ) | {"date_ouverture": "DATE", "dossiers_personne": "INTEGER"}
        load_rows(
            engine,
            "commun.dossier",
            kinds,
            [
                ("CAI", "CAI:D1", "P", "F", "25-34", "UE27", "OBLIGE", date(2026, 1, 1), 2),
                ("CAI", "CAI:D2", "P", "F", "25-34", "UE27", "VOLONTAIRE_AUTRE", date(2026, 2, 1), 2),
            ],
        )
        create_table(engine, "unite", definitions()["I02"].query)
        ranks = engine.execute("SELECT statut_public FROM unite ORDER BY rang DESC").fetchall()
    assert [row[0] for row in ranks] == ["VOLONTAIRE_AUTRE", "OBLIGE"]
