"""The SQL that counts unit rows by place and dimension, put together from a definition's own names."""

from __future__ import annotations

from collections.abc import Callable

from intercentre.core.engine import literal, quoted
from schemas.exchanges.release import TOTAL
from schemas.indicators import REGION, TERRITORY_COLUMN, Definition, breakdowns

_NOTHING = "CAST(NULL AS DOUBLE)"
_UNITS = "count(DISTINCT unite_id)"


def aggregation_sql(definition: Definition) -> str:
    """SELECT over the table `unite`: one row per period, place, dimension and category.

    columns  periode, territoire_type, territoire, dimension, modalite, numerateur, denominateur, mediane, effectif,
             est_mure; the category of a dimension of the numerator alone is null for the other units
    """
    parts = [_by_place(definition, place, definition.dimensions) for place in definition.territoires]
    parts += [_by_place(definition, place, ()) for place in definition.territoires_totaux]
    return "\nUNION ALL\n".join(parts)


def _by_place(definition: Definition, place: str, dimensions: tuple[str, ...]) -> str:
    sets = ["(periode, territoire)", *(f"(periode, territoire, {quoted(one)})" for one in dimensions)]
    columns = [
        "periode",
        f"{literal(place)} AS territoire_type",
        "territoire",
        f"{_present(dimensions, literal)} AS dimension",
        f"{_present(dimensions, quoted)} AS modalite",
        *(f"{sql} AS {name}" for name, sql in _aggregates(definition).items()),
    ]
    source = _distinct_units if definition.mesure == "distinct" else _units
    return (
        f"SELECT {', '.join(columns)}\nFROM ({source(definition, place, dimensions)})\n"
        f"GROUP BY GROUPING SETS ({', '.join(sets)})"
    )


def _present(dimensions: tuple[str, ...], write: Callable[[str], str]) -> str:
    """What stands for the one dimension of the row's grouping set; the total when there is none."""
    branches = [f"WHEN grouping({quoted(one)}) = 0 THEN {write(one)}" for one in dimensions]
    return f"CASE {' '.join(branches)} ELSE {literal(TOTAL)} END" if branches else literal(TOTAL)


def _aggregates(definition: Definition) -> dict[str, str]:
    count = "CAST(count(*) AS DOUBLE)"
    if definition.mesure == "mediane":
        return _columns(denominateur=count, mediane="CAST(median(valeur) AS DOUBLE)", effectif="count(*)")
    if definition.mesure == "somme":
        return _columns(numerateur="CAST(sum(numerateur) AS DOUBLE)", effectif=_UNITS)
    if definition.mesure not in ("part", "rapport"):
        return _columns(numerateur=count, effectif="count(*)")
    mature = "FILTER (WHERE est_mur)" if definition.vue == "cohorte" else ""
    over, under = (f"coalesce(sum({one}) {mature}, 0)" for one in ("numerateur", "denominateur"))
    return _columns(
        numerateur=f"CAST({over} AS DOUBLE)",
        denominateur=f"CAST({under} AS DOUBLE)",
        effectif=f"{_UNITS} {mature}" if definition.counts_units else f"CAST({under} AS BIGINT)",
        est_mure="bool_and(est_mur)" if mature else "true",
    )


def _columns(
    numerateur: str = _NOTHING,
    denominateur: str = _NOTHING,
    mediane: str = _NOTHING,
    effectif: str = "0",
    est_mure: str = "true",
) -> dict[str, str]:
    return {
        "numerateur": numerateur,
        "denominateur": denominateur,
        "mediane": mediane,
        "effectif": effectif,
        "est_mure": est_mure,
    }


def _units(definition: Definition, place: str, dimensions: tuple[str, ...]) -> str:
    """The unit rows with their place as `territoire`; a unit without a category is put under the unknown."""
    measures = {
        "part": ["unite_id", "numerateur", "denominateur"],
        "rapport": ["unite_id", "numerateur", "denominateur"],
        "somme": ["unite_id", "numerateur"],
        "mediane": ["valeur"],
        "distinct": ["unite_id", "rang"],
    }
    columns = ["periode", f"{_territory(place)} AS territoire"]
    columns += [f"{_category(definition, one)} AS {quoted(one)}" for one in dimensions]
    columns += measures.get(definition.mesure, [])
    columns += ["est_mur"] if definition.vue == "cohorte" else []
    return f"SELECT {', '.join(columns)} FROM unite"


def _distinct_units(definition: Definition, place: str, dimensions: tuple[str, ...]) -> str:
    """One row per unit and place, with the categories of its row of highest `rang`: categories add up to the total."""
    columns = [f"arg_max({quoted(one)}, rang) AS {quoted(one)}" for one in dimensions]
    return (
        f"SELECT {', '.join(['periode', 'territoire', *columns])} "
        f"FROM ({_units(definition, place, dimensions)}) GROUP BY periode, territoire, unite_id"
    )


def _territory(place: str) -> str:
    return literal(REGION) if place == "region" else TERRITORY_COLUMN[place]


def _category(definition: Definition, dimension: str) -> str:
    if dimension in definition.ventilations_du_total:
        return quoted(dimension)
    return f"coalesce({quoted(dimension)}, {literal(breakdowns()[dimension].inconnu)})"
