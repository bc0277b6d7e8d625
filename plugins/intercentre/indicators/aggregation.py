"""The SQL that counts unit rows by place and dimension, put together from a definition's own names.

Units are counted once into the finest cells that a definition tells apart; places and dimensions then add cells up.
What does not add up (medians, different units behind a sum) is counted from the unit rows themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

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
    dimensions: dict[str, tuple[str, ...]] = dict.fromkeys(definition.territoires, definition.dimensions)
    dimensions |= dict.fromkeys(definition.territoires_totaux, ())
    if definition.mesure != "distinct":
        return _by_places(definition, "cellule", dimensions)
    parts = [_by_places(definition, f"({_different_units(*one)})", dict([one])) for one in dimensions.items()]
    return "\nUNION ALL\n".join(parts)


def _tells_units_apart(definition: Definition) -> bool:
    """True when a unit of several rows counts once, so that the figures of two cells may not simply be added."""
    return definition.mesure in ("distinct", "somme") or definition.counts_units


def _labels(definition: Definition) -> list[str]:
    """The columns that name a cell; a unit without a category is put under the unknown."""
    places = {*definition.lieux, *(["commune"] if definition.couverture == "communes" else [])} - {"region"}
    columns = ["periode", *sorted(TERRITORY_COLUMN[place] for place in places)]
    named = dict.fromkeys((*definition.dimensions, *definition.standardisation))
    return columns + [f"{category_sql(definition, one)} AS {quoted(one)}" for one in named]


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
    if definition.lone_units:
        return _cells_of_known_units(definition)
    names = ", ".join(_names(definition))
    summed = {"distinct": [], "somme": ["numerateur"]}.get(definition.mesure, ["numerateur", "denominateur"])
    kept = [*summed, "rang"] if definition.mesure == "distinct" else summed
    alone = [*(f"sum({one}) AS {one}" for one in summed), *(["NULL AS rang"] if "rang" in kept else [])]
    return (
        f"WITH unite AS MATERIALIZED (SELECT {', '.join([*_labels(definition), 'unite_id', *kept])}, "
        f"hash(periode, unite_id) AS empreinte FROM ({definition.query.text})),\n"
        "plusieurs AS (SELECT empreinte FROM unite GROUP BY empreinte HAVING count(*) > 1)\n"
        f"SELECT {', '.join([names, *alone])}, NULL AS unite_id, count(*) AS unites\n"
        f"FROM unite ANTI JOIN plusieurs USING (empreinte) GROUP BY {names}\n"
        f"UNION ALL SELECT {', '.join([names, *kept])}, unite_id, 0\n"
        "FROM unite SEMI JOIN plusieurs USING (empreinte)"
    )


def _cells_of_known_units(definition: Definition) -> str:
    """The SELECT knows which units have one row: they are added up in the pass that keeps the rows of the others."""
    alone = definition.lone_units
    kept = [f"CASE WHEN NOT {alone} THEN {one} END AS {one}" for one in ("rang", "unite_id")]
    return (
        f"SELECT {', '.join([*_labels(definition), *kept])}, count(*) FILTER (WHERE {alone}) AS unites "
        f"FROM ({definition.query.text}) GROUP BY ALL"
    )


def _names(definition: Definition) -> list[str]:
    return [one.rsplit(" AS ", 1)[-1] for one in _labels(definition)]


def _by_places(definition: Definition, source: str, dimensions: Mapping[str, tuple[str, ...]]) -> str:
    """SELECT that adds `source` up for each place (type of territory → its dimensions), in one pass."""
    sets = [
        f"({', '.join(['periode', *_territory(place), *map(quoted, one)])})"
        for place, names in dimensions.items()
        for one in [(), *((name,) for name in names)]
    ]
    every = tuple(dict.fromkeys(name for names in dimensions.values() for name in names))
    columns = [
        "periode",
        f"{_of_the_place(dimensions, literal)} AS territoire_type",
        f"{_of_the_place(dimensions, territory_sql)} AS territoire",
        f"{_present(every, literal)} AS dimension",
        f"{_present(every, quoted)} AS modalite",
        *(f"{sql} AS {name}" for name, sql in _aggregates(definition).items()),
    ]
    return f"SELECT {', '.join(columns)}\nFROM {source}\nGROUP BY GROUPING SETS ({', '.join(sets)})"


def _territory(place: str) -> list[str]:
    """The column that names the territory in places of this type; the region needs none."""
    return [] if place == "region" else [TERRITORY_COLUMN[place]]


def _of_the_place(places: Iterable[str], write: Callable[[str], str]) -> str:
    """What stands for the type of place of the row's grouping set; the region when it groups by no territory."""
    branches = [
        f"WHEN grouping({TERRITORY_COLUMN[place]}) = 0 THEN {write(place)}" for place in places if place != "region"
    ]
    return f"CASE {' '.join(branches)} ELSE {write('region')} END" if branches else write("region")


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
    key = ["periode", *_territory(place)]
    return (
        f"SELECT {', '.join([*key, *names, 'unites'])} FROM cellule WHERE unite_id IS NULL\n"
        f"UNION ALL SELECT {', '.join([*key, *latest, '1'])} "
        f"FROM cellule WHERE unite_id IS NOT NULL GROUP BY {', '.join([*key, 'unite_id'])}"
    )


def territory_sql(place: str) -> str:
    """SQL for the territory of a cell in places of this type."""
    return literal(REGION) if place == "region" else TERRITORY_COLUMN[place]


def category_sql(definition: Definition, dimension: str) -> str:
    """SQL for the category of a unit, the unknown where it has none and the dimension is not of the numerator alone."""
    if dimension in definition.ventilations_du_total:
        return quoted(dimension)
    return f"coalesce({quoted(dimension)}, {literal(breakdowns()[dimension].inconnu)})"
