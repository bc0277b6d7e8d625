"""The SQL that counts unit rows by place and dimension, put together from a definition's own names.

Units are counted once into the finest cells that a definition tells apart; places and dimensions then add cells up.
What does not add up (medians, different units behind a sum) is counted from the unit rows themselves.
"""

from __future__ import annotations

from collections.abc import Callable

from intercentre.core.engine import literal, quoted
from schemas.exchanges.release import TOTAL
from schemas.indicators import REGION, TERRITORY_COLUMN, Definition, breakdowns

COUNT_COLUMNS = {
    "indicateur": "VARCHAR",
    "periode": "VARCHAR",
    "territoire_type": "VARCHAR",
    "territoire": "VARCHAR",
    "dimension": "VARCHAR",
    "modalite": "VARCHAR",
    "numerateur": "DOUBLE",
    "denominateur": "DOUBLE",
    "mediane": "DOUBLE",
    "effectif": "BIGINT",
    "est_mure": "BOOLEAN",
}
"""The table `cumul`: what was counted of each indicator, before it is completed into observations."""

_NOTHING = "CAST(NULL AS DOUBLE)"
_UNITS = "count(DISTINCT unite_id)"


def cells_sql(definition: Definition) -> str:
    """SELECT over the definition's own: what `aggregation_sql` adds up, under the name `cellule`.

    grain  one row per period, finest place and categories, and of a median one row per unit row. Where units are told
           apart, those of one row only add up like any other: the others keep their rows, with `unite_id`
    """
    if _tells_units_apart(definition):
        return _cells_of_different_units(definition)
    source = f"SELECT {', '.join(_labels(definition) + _measures(definition))} FROM ({definition.query.text})"
    return source if definition.mesure == "mediane" else f"{source} GROUP BY ALL"


def aggregation_sql(definition: Definition) -> str:
    """SELECT over the table `cellule`: one row per period, place, dimension and category.

    columns  periode, territoire_type, territoire, dimension, modalite, numerateur, denominateur, mediane, effectif,
             est_mure; the category of a dimension of the numerator alone is null for the other units
    """
    parts = [_by_place(definition, place, definition.dimensions) for place in definition.territoires]
    parts += [_by_place(definition, place, ()) for place in definition.territoires_totaux]
    return "\nUNION ALL\n".join(parts)


def _tells_units_apart(definition: Definition) -> bool:
    """True when a unit of several rows counts once, so that the figures of two cells may not simply be added."""
    return definition.mesure in ("distinct", "somme") or definition.counts_units


def _labels(definition: Definition) -> list[str]:
    """The columns that name a cell; a unit without a category is put under the unknown."""
    places = {*definition.lieux, *(["commune"] if definition.couverture == "communes" else [])} - {"region"}
    columns = ["periode", *sorted(TERRITORY_COLUMN[place] for place in places)]
    return columns + [f"{category_sql(definition, one)} AS {quoted(one)}" for one in definition.dimensions]


def _measures(definition: Definition) -> list[str]:
    """The columns that are counted in a cell."""
    if definition.mesure == "mediane":
        return ["valeur"]
    if definition.mesure == "compte":
        return ["count(*) AS unites"]
    cohort = definition.vue == "cohorte"
    mature = " FILTER (WHERE est_mur)" if cohort else ""
    over, under = (f"coalesce(sum({one}){mature}, 0) AS {one}" for one in ("numerateur", "denominateur"))
    return [over, under, *(["bool_and(est_mur) AS est_mur"] if cohort else [])]


def _cells_of_different_units(definition: Definition) -> str:
    names = ", ".join(_names(definition))
    summed = {"distinct": [], "somme": ["numerateur"]}.get(definition.mesure, ["numerateur", "denominateur"])
    kept = [*summed, "rang"] if definition.mesure == "distinct" else summed
    alone = [*(f"sum({one}) AS {one}" for one in summed), *(["NULL AS rang"] if "rang" in kept else [])]
    return (
        f"WITH unite AS MATERIALIZED (SELECT {', '.join([*_labels(definition), 'unite_id', *kept])} "
        f"FROM ({definition.query.text})),\n"
        "plusieurs AS (SELECT periode, unite_id FROM unite GROUP BY periode, unite_id HAVING count(*) > 1)\n"
        f"SELECT {', '.join([names, *alone])}, NULL AS unite_id, count(*) AS unites\n"
        f"FROM unite ANTI JOIN plusieurs USING (periode, unite_id) GROUP BY {names}\n"
        f"UNION ALL SELECT {', '.join([names, *kept])}, unite_id, 0\n"
        "FROM unite SEMI JOIN plusieurs USING (periode, unite_id)"
    )


def _names(definition: Definition) -> list[str]:
    return [one.rsplit(" AS ", 1)[-1] for one in _labels(definition)]


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
    source = f"SELECT *, {territory_sql(place)} AS territoire FROM cellule"
    if definition.mesure == "distinct":
        source = _different_units(place, dimensions)
    return f"SELECT {', '.join(columns)}\nFROM ({source})\nGROUP BY GROUPING SETS ({', '.join(sets)})"


def _present(dimensions: tuple[str, ...], write: Callable[[str], str]) -> str:
    """What stands for the one dimension of the row's grouping set; the total when there is none."""
    branches = [f"WHEN grouping({quoted(one)}) = 0 THEN {write(one)}" for one in dimensions]
    return f"CASE {' '.join(branches)} ELSE {literal(TOTAL)} END" if branches else literal(TOTAL)


def _aggregates(definition: Definition) -> dict[str, str]:
    units = "CAST(sum(unites) AS BIGINT)"
    if definition.mesure == "mediane":
        count = "CAST(count(*) AS DOUBLE)"
        return _columns(denominateur=count, mediane="CAST(median(valeur) AS DOUBLE)", effectif="count(*)")
    if definition.mesure in ("compte", "distinct"):
        return _columns(numerateur="CAST(sum(unites) AS DOUBLE)", effectif=units)
    if definition.mesure == "somme":
        return _columns(numerateur="CAST(sum(numerateur) AS DOUBLE)", effectif=f"{units} + {_UNITS}")
    over, under = (f"coalesce(sum({one}), 0)" for one in ("numerateur", "denominateur"))
    return _columns(
        numerateur=f"CAST({over} AS DOUBLE)",
        denominateur=f"CAST({under} AS DOUBLE)",
        effectif=f"{units} + {_UNITS}" if definition.counts_units else f"CAST({under} AS BIGINT)",
        est_mure="bool_and(est_mur)" if definition.vue == "cohorte" else "true",
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


def _different_units(place: str, dimensions: tuple[str, ...]) -> str:
    """A unit of several rows in the place has the categories of its row of highest `rang`: they add up to the total."""
    names = [quoted(one) for one in dimensions]
    latest = [f"arg_max({name}, rang) AS {name}" for name in names]
    territory = f"{territory_sql(place)} AS territoire"
    return (
        f"SELECT {', '.join(['periode', territory, *names, 'unites'])} FROM cellule WHERE unite_id IS NULL\n"
        f"UNION ALL SELECT {', '.join(['periode', 'territoire', *latest, '1'])} "
        f"FROM (SELECT *, {territory} FROM cellule WHERE unite_id IS NOT NULL) GROUP BY periode, territoire, unite_id"
    )


def territory_sql(place: str) -> str:
    """SQL for the territory of a cell in places of this type."""
    return literal(REGION) if place == "region" else TERRITORY_COLUMN[place]


def category_sql(definition: Definition, dimension: str) -> str:
    """SQL for the category of a unit, the unknown where it has none and the dimension is not of the numerator alone."""
    if dimension in definition.ventilations_du_total:
        return quoted(dimension)
    return f"coalesce({quoted(dimension)}, {literal(breakdowns()[dimension].inconnu)})"
