"""The real population of 2009 to 2015, from Statbel's files to I51 and I53: nothing is lost, nothing added."""

from __future__ import annotations

import csv
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from sqlalchemy import select

from intercentre.core.hub import Hub
from intercentre.core.registry.tables import Depot
from intercentre.harmonisation import harmonise
from intercentre.indicators import compute_indicators
from intercentre.intake import take_arrivals
from intercentre.staging import stage_deposit
from intercentre.validation import validate_deposit
from schemas.exchanges.verdict import Verdict
from schemas.nomenclatures import read_rows
from tests.staged import register, stage

pytestmark = pytest.mark.slow
YEARS = range(2009, 2016)
REFERENCE = Path(__file__).parents[3] / "shared" / "reference" / "population_wallonie_2009_2015.csv"
Persons = Counter[tuple[str, str]]
"""Persons by year and nationality (BEL, ETR)."""


def shipped() -> Iterator[dict[str, str]]:
    return (row for row in read_rows("population_commune") if int(row["annee"]) in YEARS)


def german_speaking() -> set[str]:
    return {row["code"] for row in read_rows("commune") if row["region_de_langue"] == "germanophone"}


def by_hand(left_out: frozenset[str] = frozenset()) -> Persons:
    """Straight over the file of figures."""
    persons: Persons = Counter()
    for row in shipped():
        if row["code_nis"] not in left_out:
            persons[row["annee"], row["nationalite"]] += int(row["effectif"])
    return persons


def drop(hub: Hub) -> None:
    """A file of Statbel for each year in the drop folder: both layouts, text and ZIP, with a mark and without."""
    folder = hub.home.arrivals / "STATBEL"
    folder.mkdir(parents=True)
    for annee in YEARS:
        recent = annee % 2 == 0
        header = "CD_REFNIS|CD_NATLTY|MS_POPULATION|CD_YEAR" if recent else "CD_MUNTY_REFNIS|CD_NATLTY|MS_POPULATION"
        lines = [
            "|".join((row["code_nis"], row["nationalite"], row["effectif"], *([row["annee"]] if recent else [])))
            for row in shipped()
            if row["annee"] == str(annee)
        ]
        text = ("\ufeff" if annee % 3 == 0 else "") + "\n".join([header, *lines]) + "\n"
        name = f"TF_SOC_POP_STRUCT_{annee}"
        if recent:
            with zipfile.ZipFile(folder / f"{name}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr(f"{name}.txt", text)
        else:
            (folder / f"{name}.txt").write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Hub:
    """A hub in which the seven years are harmonised and counted."""
    from datetime import UTC, datetime

    from intercentre.core.settings import Settings

    made = Hub(Settings(home=tmp_path_factory.mktemp("population")), now=lambda: datetime(2026, 10, 12, 9, tzinfo=UTC))
    drop(made)
    for receipt in take_arrivals(made):
        validate_deposit(made, receipt.depot_id)
        assert stage_deposit(made, receipt.depot_id)
    register(made, stage(made.home.root / "z1" / "extraits", "CAI", "2026-T3", {}))
    harmonise(made, "2026-T3")
    compute_indicators(made, "2026-T3")
    return made


def common(hub: Hub, sql: str) -> list[tuple[object, ...]]:
    """Rows of a SELECT over the common tables `figures` and `territoire`."""
    folder = hub.home.common("2026-T3")
    with duckdb.connect() as engine:
        for view, name in (("figures", "stat_locale"), ("territoire", "territoire")):
            engine.execute(f"CREATE VIEW {view} AS FROM read_parquet('{folder / f'{name}.parquet'}')")
        return engine.execute(sql).fetchall()


def observed(hub: Hub, code: str, territoire: str) -> dict[str, tuple[float, float]]:
    """Year → numerator and denominator of a total."""
    path = hub.home.observations("2026-T3") / "observations.parquet"
    with duckdb.connect() as engine:
        rows = engine.execute(
            f"SELECT periode, numerateur, denominateur FROM read_parquet('{path}')"
            " WHERE indicateur = ? AND territoire = ? AND dimension = '_T'",
            [code, territoire],
        ).fetchall()
    return {periode: (over, under) for periode, over, under in rows}


def test_every_row_is_accepted(hub: Hub) -> None:
    with hub.registry.read() as session:
        verdicts = session.execute(select(Depot.verdict).where(Depot.centre_code == "STATBEL")).scalars().all()
    read = [Verdict.model_validate_json(text) for text in verdicts if text]
    assert len(read) == 7
    assert {one.verdict for one in read} == {"accepte"}
    counts = [one for verdict in read for one in verdict.tables if one.table == "stat_locale"]
    # 262 communes each year, each with its Belgians, its foreigners and its total.
    assert [(one.lignes_lues, one.lignes_retenues) for one in counts] == [(786, 786)] * 7


def test_sums_are_the_same_before_and_after_the_communes_are_brought_forward(hub: Hub) -> None:
    expected = by_hand()
    assert (expected["2015", "ETR"], expected["2015", "BEL"] + expected["2015", "ETR"]) == (352_430, 3_589_744)
    names = {"POPULATION_BELGE": "BEL", "POPULATION_ETRANGERE": "ETR"}
    for column in ("commune_refnis", "commune"):
        rows = common(
            hub,
            "SELECT periode, indicateur_local, CAST(sum(persons) AS BIGINT) FROM (SELECT periode, indicateur_local, "
            f"{column}, sum(valeur) AS persons FROM figures GROUP BY ALL) GROUP BY ALL",
        )
        found = {(periode, names[name]): persons for periode, name, persons in rows if name in names}
        assert found == dict(expected), column
        totals = {periode: persons for periode, name, persons in rows if name == "POPULATION_TOTALE"}
        assert totals == {str(annee): sum(expected[str(annee), one] for one in ("BEL", "ETR")) for annee in YEARS}


def test_old_codes_become_todays(hub: Hub) -> None:
    ((old,), (new,)) = (
        common(hub, f"SELECT count(DISTINCT {one}) FROM figures") for one in ("commune_refnis", "commune")
    )
    # Bastogne and Bertogne become one; eleven communes of Hainaut change their code and stay eleven.
    assert (old, new) == ((262,), (261,))
    ended = {row["code"] for row in read_rows("commune") if row["valide_au"] and row["valide_au"] < "2026-09-30"}
    assert len(ended) == 13
    assert not ended & {str(code) for (code,) in common(hub, "SELECT DISTINCT commune FROM figures")}


def test_the_centres_hold_the_french_language_region_and_the_difference_is_nine_communes(hub: Hub) -> None:
    rows = common(
        hub,
        "SELECT CAST(sum(valeur) FILTER (WHERE indicateur_local = 'POPULATION_ETRANGERE') AS BIGINT),"
        " CAST(sum(valeur) FILTER (WHERE indicateur_local = 'POPULATION_TOTALE') AS BIGINT) FROM figures"
        " JOIN territoire USING (commune) WHERE periode = '2015'",
    )
    assert rows == [(337_043, 3_513_416)]
    assert len(german_speaking()) == 9
    east = Counter(by_hand())
    east.subtract(by_hand(frozenset(german_speaking())))
    assert (east["2015", "ETR"], east["2015", "BEL"] + east["2015", "ETR"]) == (
        352_430 - 337_043,
        3_589_744 - 3_513_416,
    )


def test_the_foreign_share_of_each_year_is_the_hand_count(hub: Hub) -> None:
    expected = by_hand(frozenset(german_speaking()))
    region = observed(hub, "I53", "RLF")
    assert region == {
        str(annee): (expected[str(annee), "ETR"], expected[str(annee), "ETR"] + expected[str(annee), "BEL"])
        for annee in YEARS
    }
    assert region["2015"] == (337_043, 3_513_416)
    centres = [observed(hub, "I53", row["code"]) for row in read_rows("centre")]
    assert len(centres) == 8
    for annee in YEARS:
        parts = [one[str(annee)] for one in centres]
        assert (sum(over for over, _ in parts), sum(under for _, under in parts)) == region[str(annee)]


def test_every_commune_is_documented_each_year(hub: Hub) -> None:
    assert observed(hub, "I51", "RLF") == {str(annee): (252, 252) for annee in YEARS}


def test_there_is_no_line_where_there_is_no_source(hub: Hub) -> None:
    """I52 needs foreigners from outside the UE+ aged 18 to 64, whom open data do not give by commune."""
    assert observed(hub, "I52", "RLF") == {}


@pytest.mark.skipif(not REFERENCE.exists(), reason="the reference figures by sex and age are not beside the project")
def test_the_shipped_figures_are_the_published_ones_summed_over_sex_and_age() -> None:
    published: Counter[tuple[str, str, str]] = Counter()
    with REFERENCE.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream, delimiter=";"):
            published[row["annee"], row["code_nis"], row["nationalite"]] += int(row["effectif"])
    assert {(row["annee"], row["code_nis"], row["nationalite"]): int(row["effectif"]) for row in shipped()} == published
