"""Centres side by side: the comparison file, and the dispersion between centres as an indicator (I62)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intercentre.core.engine import create_table, load_rows, quoted
from intercentre.indicators.aggregation import COUNT_COLUMNS, category_sql
from intercentre.indicators.comparison import Group, dispersion, funnel, ratio_interval, wilson
from intercentre.indicators.histories import drop_unfinished
from schemas.exchanges.comparison import COMPARISON_COLUMNS
from schemas.exchanges.release import TOTAL
from schemas.indicators import Definition, breakdowns, definitions
from schemas.query import Query, read_query
from schemas.thresholds import threshold

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_SQL = Path(__file__).parent / "sql"
_GROUP = {"indicateur": "VARCHAR", "periode": "VARCHAR", "centre_code": "VARCHAR"}
_COUNTS = {"numerateur": "DOUBLE", "denominateur": "DOUBLE"}
_PLACES = 6


def gather_groups(engine: DuckDBPyConnection, sources: Iterable[Definition]) -> None:
    """The table `comparable` has one row per indicator, period and centre whose counts may be shown.

    Shares come from the totals of `observation`. Of a median, the share is that of the units above the region's median:
    by chance alone, the same share in every centre. A centre whose counts protection would withhold is left out: a
    figure made from it could give it away.
    source  Mood, Introduction to the Theory of Statistics (1950), the median test
    """
    load_rows(engine, "comparable", _GROUP | _COUNTS, [])
    chosen = list(sources)
    shares = {"parts": [one.code for one in chosen if one.mesure == "part"], "total": TOTAL}
    engine.execute(f"INSERT INTO comparable BY NAME {_query('part_par_centre').text}", shares)
    for one in chosen:
        if one.mesure == "mediane":
            create_table(engine, "unite", one.query)
            above = _query("au_dessus_de_la_mediane").text
            engine.execute(f"INSERT INTO comparable BY NAME {above}", {"indicateur": one.code})
    engine.execute(
        "DELETE FROM comparable WHERE denominateur < $1 OR numerateur BETWEEN 1 AND $2 - 1 "
        "OR denominateur - numerateur BETWEEN 1 AND $2 - 1",
        [int(threshold("TAUX_DENOMINATEUR_MIN")), int(threshold("SECRET_EFFECTIF_MIN"))],
    )


def disperse(engine: DuckDBPyConnection, definition: Definition, region: str) -> None:
    """The table `cumul` also holds the dispersion of each compared indicator and period.

    `mediane` is tau in percentage points, `numerateur` the centres outside the 99.8 % limits, `denominateur` the
    centres compared. No tau of the total: those of different indicators do not add up, their centres do.
    """
    (dimension,) = definition.ventilations
    gather_groups(engine, [definitions()[code] for code in breakdowns()[dimension].modalites])
    create_table(engine, "unite", definition.query)
    rows = engine.execute(
        f"SELECT periode, {quoted(dimension)}, numerateur, denominateur FROM unite ORDER BY ALL"
    ).fetchall()
    code, found = definition.code, []
    for periode, of_period in groupby(rows, key=lambda row: row[0]):
        outside = compared = 0
        for source, members in groupby(of_period, key=lambda row: row[1]):
            groups = [Group(row[2], row[3]) for row in members]
            tau, out = dispersion(groups), _outside(groups)
            points = None if tau is None else round(100 * tau, _PLACES)
            found.append(
                (code, periode, "region", region, dimension, source, out, len(groups), points, len(groups), True)
            )
            outside, compared = outside + out, compared + len(groups)
        found.append((code, periode, "region", region, TOTAL, TOTAL, outside, compared, None, compared, True))
    load_rows(engine, "dispersion", COUNT_COLUMNS, found)
    engine.execute("INSERT INTO cumul BY NAME FROM dispersion")


def _outside(groups: Sequence[Group]) -> int:
    common = sum(one.succes for one in groups) / sum(one.effectif for one in groups)
    return sum(funnel(common, int(one.effectif)).position(one.share) == "hors_998" for one in groups)


def compare_centres(engine: DuckDBPyConnection, observed: Iterable[Definition]) -> None:
    """The table `comparaison` has one row (COMPARISON_COLUMNS) per compared share, period and centre.

    Before protection: every centre with a figure is there.
    """
    chosen = [one for one in observed if one.compares_centres]
    expected = {key: value for one in chosen for key, value in _expected(engine, one).items()}
    rows = engine.execute(
        _query("centre_et_region").text, {"parts": [one.code for one in chosen], "total": TOTAL}
    ).fetchall()
    compared = [(*key, *_compared(counts, expected.get(tuple(key)))) for *key, counts in map(_split, rows)]
    load_rows(engine, "comparaison", COMPARISON_COLUMNS, compared)


def _split(row: Sequence[Any]) -> tuple[str, str, str, tuple[float, ...]]:
    return row[0], row[1], row[2], tuple(row[3:])


def _compared(counts: tuple[float, ...], expected: float | None) -> tuple[Any, ...]:
    """What follows the key in a row of the comparison, in percent; the standardised part only where it is asked."""
    succes, effectif, region_succes, region_effectif = counts
    common, share = region_succes / region_effectif, succes / effectif
    own, limits = wilson(succes, effectif), funnel(common, int(effectif))
    percents = (
        share, own.bas, own.haut, common, limits.a_95.bas, limits.a_95.haut, limits.a_998.bas, limits.a_998.haut
    )  # fmt: skip
    rounded = tuple(round(100 * one, _PLACES) for one in percents)
    if not expected:
        return (*rounded, limits.position(share), None, None, None, None)
    ratio = ratio_interval(succes, effectif, expected)
    beside = (100 * expected / effectif, succes / expected, ratio.bas, ratio.haut)
    return (*rounded, limits.position(share), *(round(one, _PLACES) for one in beside))


def _expected(engine: DuckDBPyConnection, definition: Definition) -> dict[tuple[str, ...], float]:
    """(indicator, period, centre) → what the region's rates give in the centre's own mix of `standardisation`.

    source  indirect standardisation, Breslow and Day, Statistical Methods in Cancer Research II (IARC, 1987), 2.3
    """
    if not definition.standardisation:
        return {}
    create_table(engine, "unite", definition.query)
    drop_unfinished(engine, "unite", definition)
    strata = ", ".join(f"{category_sql(definition, one)} AS {quoted(one)}" for one in definition.standardisation)
    mature = "WHERE est_mur" if definition.vue == "cohorte" else ""
    engine.execute(
        "CREATE OR REPLACE TABLE strate AS SELECT periode, centre_code, numerateur, denominateur, "
        f"[{', '.join(quoted(one) for one in definition.standardisation)}] AS strate "
        f"FROM (SELECT periode, centre_code, numerateur, denominateur, {strata} FROM unite {mature})"
    )
    rows = engine.execute(_query("attendu_a_public_egal").text).fetchall()
    return {(definition.code, periode, centre): value for periode, centre, value in rows}


def _query(name: str) -> Query:
    return read_query(_SQL / f"{name}.sql")
