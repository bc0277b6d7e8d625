"""Dated code lists. Each list is a CSV beside this file; `enumerations.csv` holds the short ones.

Columns of every list: code;libelle;valide_du;valide_au;remplace_par;source, then its own.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Entry:
    """One dated code; `facts` holds the columns that only this list has."""

    code: str
    libelle: str
    valide_du: date
    valide_au: date | None
    remplace_par: str | None
    source: str
    facts: Mapping[str, str]

    def valid_at(self, day: date) -> bool:
        return self.valide_du <= day and (self.valide_au is None or day <= self.valide_au)


@dataclass(frozen=True, slots=True)
class Nomenclature:
    """A dated code list, in the order of its file."""

    name: str
    entries: Mapping[str, Entry]

    def successor(self, code: str, day: date) -> str | None:
        """The code in force on `day` that replaced this one; None when the code itself still holds then."""
        entry, found = self.entries[code], None
        while entry.valide_au is not None and entry.valide_au < day and entry.remplace_par:
            found = entry.remplace_par
            entry = self.entries[found]
        return found


@cache
def nomenclature(name: str) -> Nomenclature:
    """The list called `name`; raises KeyError when the contract names a list that does not exist."""
    if (_FOLDER / f"{name}.csv").exists():
        rows = list(read_rows(name))
    else:
        rows = [row for row in read_rows("enumerations") if row["liste"] == name]
        rows.sort(key=lambda row: int(row["ordre"] or 0))
    if not rows:
        raise KeyError(name)
    return Nomenclature(name, {row["code"]: _entry(row) for row in rows})


def read_rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of schemas/nomenclatures/<name>.csv as they stand, texts only."""
    with (_FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream, delimiter=";")


_COMMON = ("liste", "code", "libelle", "ordre", "valide_du", "valide_au", "remplace_par", "source")


def _entry(row: Mapping[str, str]) -> Entry:
    return Entry(
        code=row["code"],
        libelle=row["libelle"],
        valide_du=date.fromisoformat(row["valide_du"] or "1900-01-01"),
        valide_au=date.fromisoformat(row["valide_au"]) if row["valide_au"] else None,
        remplace_par=row["remplace_par"] or None,
        source=row["source"],
        facts={key: value for key, value in row.items() if key not in _COMMON},
    )
