"""Centres side by side: the comparison file, and the dispersion between centres as an indicator (I62)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intercentre.core.engine import create_table, literal, load_rows, quoted
from intercentre.indicators.aggregation import COUNT_COLUMNS
from intercentre.indicators.comparison import Group, dispersion, funnel, ratio_interval, wilson
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
_STRATUM = {"strate": "VARCHAR[]"}
_PLACES = 6


def prepare_comparison(engine: DuckDBPyConnection) -> None:
    """The tables that `note_for_comparison` fills are there, empty."""
    load_rows(engine, "comparable", _GROUP | _COUNTS, [])
    load_rows(engine, "strate", _GROUP | _STRATUM | _COUNTS, [])


def note_for_comparison(engine: DuckDBPyConnection, definition: Definition) -> None:
    """What centres are compared by, and their totals do not say, is kept from the definition's cells (`cellule`).

    comparable  of a median: one row per period and centre, the share of its units above the region's median; by
                chance alone, the same share in every centre
    strate      of a standardised share: one row per period, centre and categories of `standardisation`, mature units
    source      Mood, Introduction to the Theory of Statistics (1950), the median test
    """
    if definition.mesure == "mediane" and definition.code in _compared_codes():
        above = _query("au_dessus_de_la_mediane").text
        engine.execute(f"INSERT INTO comparable BY NAME {above}", {"indicateur": definition.code})
    if definition.standardisation:
        strata = ", ".join(quoted(one) for one in definition.standardisation)
        engine.execute(
            f"INSERT INTO strate BY NAME SELECT {literal(definition.code)} AS indicateur, periode, centre_code, "
            f"[{strata}] AS strate, CAST(sum(numerateur) AS DOUBLE) AS numerateur, "
            "CAST(sum(denominateur) AS DOUBLE) AS denominateur "
            "FROM cellule GROUP BY ALL HAVING sum(denominateur) > 0"
        )


def gather_groups(engine: DuckDBPyConnection, sources: Iterable[Definition]) -> None:
    """The table `comparable` has one row per indicator, period and centre whose counts may be shown.

    Shares come from the totals of `observation`, medians from what `note_for_comparison` kept. A centre whose counts
    protection would withhold is left out: a figure made from it could give it away.
    """
    shares = {"parts": [one.code for one in sources if one.mesure == "part"], "total": TOTAL}
    engine.execute(f"INSERT INTO comparable BY NAME {_query('part_par_centre').text}", shares)
    engine.execute(
        "DELETE FROM comparable WHERE denominateur < $1 OR numerateur BETWEEN 1 AND $2 - 1 "
        "OR denominateur - numerateur BETWEEN 1 AND $2 - 1",
        [int(threshold("TAUX_DENOMINATEUR_MIN")), int(threshold("SECRET_EFFECTIF_MIN"))],
    )


def _compared_codes() -> frozenset[str]:
    """Indicators whose dispersion between centres is an indicator itself."""
    dimensions = {name for one in definitions().values() if one.mesure == "dispersion" for name in one.ventilations}
    return frozenset(code for name in dimensions for code in breakdowns()[name].modalites)


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

    Before protection: every centre with a figure is there. Of a standardised share (table `strate`), it also says what
    the region's rates would give in the centre's own mix.
    source  indirect standardisation, Breslow and Day, Statistical Methods in Cancer Research II (IARC, 1987), 2.3
    """
    chosen = [one for one in observed if one.compares_centres]
    expected = {tuple(key): value for *key, value in engine.execute(_query("attendu_a_public_egal").text).fetchall()}
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


def _query(name: str) -> Query:
    return read_query(_SQL / f"{name}.sql")
