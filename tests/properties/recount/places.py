"""Communes, arrondissements and territories, read from the reference files as they stand on one day."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import schemas.nomenclatures

_FOLDER = Path(schemas.nomenclatures.__file__).parent
UNKNOWN, ELSEWHERE = "00000", "99999"


@dataclass(frozen=True)
class Commune:
    """A commune of the French-language region on the day, with the centre whose territory it is."""

    code: str
    centre: str
    arrondissement: str
    province: str


@dataclass(frozen=True)
class Atlas:
    """The region on one day. `later` brings a code that ended to the one that replaced it."""

    communes: dict[str, Commune]
    later: dict[str, str]

    def today(self, code: str) -> str:
        """The code of the day for a code of any time."""
        while code not in self.communes and code in self.later:
            code = self.later[code]
        return code

    def find(self, code: str) -> Commune | None:
        """The commune of the region that a code stands for; None for another place or an unknown one."""
        return self.communes.get(self.today(code))

    def arrondissement(self, code: str) -> str:
        """The arrondissement of a code: 00000 when the commune is unknown, 99999 outside the region."""
        found = self.find(code)
        return found.arrondissement if found else UNKNOWN if code == UNKNOWN else ELSEWHERE

    def territory(self, centre: str) -> list[str]:
        """The communes of a centre's territory."""
        return [one.code for one in self.communes.values() if one.centre == centre]


@cache
def atlas_on(day: date) -> Atlas:
    """The region as it stands on `day`."""
    centre = {row["commune_refnis"]: row["centre_code"] for row in _rows("ressort") if _holds(row, day)}
    listed = list(_rows("commune"))
    return Atlas(
        communes={
            row["code"]: Commune(row["code"], centre[row["code"]], row["arrondissement_code"], row["province_code"])
            for row in listed
            if row["region_de_langue"] == "francaise" and _holds(row, day)
        },
        later={row["code"]: row["remplace_par"] for row in listed if row["remplace_par"]},
    )


@cache
def centre_of(code: str, day: date) -> str | None:
    """The centre in whose territory a commune was on `day`; None for a commune of another language."""
    return next(
        (row["centre_code"] for row in _rows("ressort") if row["commune_refnis"] == code and _holds(row, day)), None
    )


@cache
def population() -> dict[tuple[str, str], dict[str, int]]:
    """(year, commune code of the time) → BEL, ETR or TOTAL → inhabitants on 1 January."""
    counted: defaultdict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for row in _rows("population_commune"):
        counted[row["annee"], row["code_nis"]][row["nationalite"]] = int(row["effectif"])
    return dict(counted)


def _holds(row: dict[str, str], day: date) -> bool:
    return row["valide_du"] <= day.isoformat() <= (row["valide_au"] or "9999")


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (_FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream, delimiter=";")
