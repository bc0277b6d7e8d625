"""T19: the real population figures that each centre gathers for the communes of its territory (Statbel)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from functools import cache

from intercentre.simulation.population import in_force, territories
from intercentre.simulation.view import Row
from schemas.nomenclatures import read_rows

_PARTS = {"BEL": "POPULATION_BELGE", "ETR": "POPULATION_ETRANGERE"}
_TOTAL = "POPULATION_TOTALE"


def local_statistics(centre: str, day: date) -> list[Row]:
    """Rows of stat_locale that the centre can have on `day`: one per commune code of the time, year and indicator."""
    return [row for reference, row in _figures().get(centre, ()) if reference <= day]


@cache
def _figures() -> dict[str, list[tuple[date, Row]]]:
    counted: defaultdict[tuple[int, str], dict[str, int]] = defaultdict(dict)
    for row in read_rows("population_commune"):
        counted[int(row["annee"]), row["code_nis"]][row["nationalite"]] = int(row["effectif"])
    figures: defaultdict[str, list[tuple[date, Row]]] = defaultdict(list)
    for (year, code), persons in sorted(counted.items(), key=lambda item: (item[0][1], item[0][0])):
        reference = date(year, 1, 1)
        centre = _centre_of(code, reference)
        if centre is not None:
            figures[centre] += [(reference, row) for row in _rows(code, year, persons)]
    return dict(figures)


def _centre_of(code: str, day: date) -> str | None:
    """The centre in whose territory the commune was on `day`; None for a German-speaking one."""
    return next((row.centre for row in territories() if row.commune == code and in_force(row, day)), None)


def _rows(code: str, year: int, persons: dict[str, int]) -> list[Row]:
    values = {_TOTAL: persons.get("TOTAL", sum(persons.values()))}
    values |= {name: persons[part] for part, name in _PARTS.items() if part in persons}
    return [
        {
            "commune_refnis": code,
            "indicateur_local": name,
            "periode": str(year),
            "valeur": Decimal(value),
            "unite": "personnes",
            "source": "STATBEL",
            "date_source": date(year, 1, 1),
        }
        for name, value in values.items()
    ]
