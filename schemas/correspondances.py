"""Codes of a centre's own tool, read as the contract's: dated, versioned rows of nomenclatures/correspondances.csv.

A row says that from `valide_du` to `valide_au` the centre writes `code_local` where the contract has `code`.
`version` counts the lists that the centre handed over; `motif` and `role` say why the row is there, and who wrote it.
Lists invented for simulated centres lie apart (correspondances_simulation.csv): they are read for deposits of the
simulation alone, and never for another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import pairwise

from schemas.contract import Code, Extract
from schemas.editions import Edition
from schemas.extracts import TABLES
from schemas.nomenclatures import nomenclature, read_rows

ROLES = ("centre", "discri")
_WRITTEN = re.compile(r"[^\s;](?:[^\r\n;]{0,62}[^\s;])?")


class CorrespondenceError(ValueError):
    """A row of the list cannot be; the message names its place and what is wrong."""


@dataclass(frozen=True)
class LocalCode(Code):
    """The same for a centre whose tool has codes of its own: each is read as the code of the contract it stands for.

    local  (code of the tool, code of the contract); none of the former is a code of the list
    """

    local: tuple[tuple[str, str], ...] = ()

    def read(self, text: str, date_etat: date) -> str:
        return super().read(dict(self.local).get(text, text), date_etat)


@dataclass(frozen=True, slots=True)
class Correspondence:
    """One local code of one column of one centre, and the days on which it stands for a code of the contract."""

    centre: str
    table: str
    column: str
    local: str
    code: str
    since: date
    until: date | None
    version: int
    motif: str
    role: str

    @property
    def place(self) -> tuple[str, str, str, str]:
        """What may stand for one code only on a day."""
        return (self.centre, self.table, self.column, self.local)

    def holds_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


def read_correspondences(rows: Iterable[Mapping[str, str]]) -> tuple[Correspondence, ...]:
    """The rows of the list, checked.

    raises  CorrespondenceError: unknown centre, table or column, a column without a code list, a code that is not in
            its list or had ended before, a local code that the list has itself, two meanings on one day, a row without
            reason or role
    """
    found = tuple(_checked(row) for row in rows)
    in_order = sorted(found, key=lambda one: (one.place, one.since))
    for earlier, later in pairwise(in_order):
        if earlier.place == later.place and (earlier.until is None or later.since <= earlier.until):
            raise CorrespondenceError(f"{_named(earlier)}: two meanings on {later.since}")
    return found


@cache
def correspondences() -> tuple[Correspondence, ...]:
    """The lists of the centres, as they stand beside the other nomenclatures."""
    return read_correspondences(read_rows("correspondances"))


@cache
def simulated_correspondences() -> tuple[Correspondence, ...]:
    """The lists of the simulated centres' tools: invented, and of no use but to deposits of the simulation."""
    return read_correspondences(read_rows("correspondances_simulation"))


def localised(edition: Edition, centre: str, day: date, *, simule: bool = False) -> Edition:
    """The edition for a deposit of this centre that gives the state of `day`: local codes are read as the contract's.

    The very same edition where the centre has none on that day; the same one again for the same codes.

    simule  the deposit says that the simulation made it: the invented lists hold, not those of the centres
    """
    codes = tuple(
        (one.table, one.column, one.local, one.code)
        for one in (simulated_correspondences() if simule else correspondences())
        if one.centre == centre and one.table in edition.tables and one.holds_on(day)
    )
    return _with_codes(edition, codes) if codes else edition


@cache
def _with_codes(edition: Edition, codes: tuple[tuple[str, str, str, str], ...]) -> Edition:
    local: dict[str, dict[str, dict[str, str]]] = {}
    for table, column, text, code in codes:
        local.setdefault(table, {}).setdefault(column, {})[text] = code
    changed = {name: _localised_table(edition.tables[name], columns) for name, columns in local.items()}
    return replace(edition, tables={**edition.tables, **changed})


def _localised_table(table: type[Extract], local: Mapping[str, Mapping[str, str]]) -> type[Extract]:
    """The class with other types in some of its columns; rules and keys stay."""
    kinds = {
        column: (_localised_kind(kind, local[column]) if column in local else kind, info)
        for column, (kind, info) in table.fields().items()
    }

    class Localised(table):  # type: ignore[valid-type, misc]
        fields = classmethod(lambda cls: kinds)

    return Localised


def _localised_kind(kind: object, local: Mapping[str, str]) -> LocalCode:
    if not isinstance(kind, Code):
        raise TypeError(f"no single code in a {type(kind).__name__}")
    return LocalCode(kind.list_name, kind.at, kind.unreadable, kind.mapped, tuple(sorted(local.items())))


def _checked(row: Mapping[str, str]) -> Correspondence:
    one = Correspondence(
        centre=row["centre_code"],
        table=row["table"],
        column=row["colonne"],
        local=row["code_local"],
        code=row["code"],
        since=date.fromisoformat(row["valide_du"]),
        until=date.fromisoformat(row["valide_au"]) if row["valide_au"] else None,
        version=int(row["version"]),
        motif=row["motif"],
        role=row["role"],
    )
    if one.centre not in nomenclature("centre").entries:
        raise CorrespondenceError(f"{_named(one)}: unknown centre")
    if one.table not in TABLES or one.column not in TABLES[one.table].fields():
        raise CorrespondenceError(f"{_named(one)}: unknown column")
    kind, _ = TABLES[one.table].fields()[one.column]
    if not isinstance(kind, Code):
        raise CorrespondenceError(f"{_named(one)}: this column holds no code of a list")
    entry = kind.nomenclature.entries.get(one.code)
    if entry is None or (entry.valide_au is not None and entry.valide_au < one.since):
        raise CorrespondenceError(f"{_named(one)}: {one.code} is not a code of {kind.list_name} then")
    if one.local in kind.nomenclature.entries:
        raise CorrespondenceError(f"{_named(one)}: {kind.list_name} has this code itself")
    if _WRITTEN.fullmatch(one.local) is None:
        raise CorrespondenceError(f"{_named(one)}: a local code is one line of 1 to 64 signs, without blanks around it")
    if one.until is not None and one.until < one.since:
        raise CorrespondenceError(f"{_named(one)}: it ends before it starts")
    if not one.motif.strip() or one.role not in ROLES or one.version < 1:
        raise CorrespondenceError(f"{_named(one)}: reason, role ({', '.join(ROLES)}) and version are due")
    return one


def _named(one: Correspondence) -> str:
    return f"correspondances.csv, {' '.join(one.place)}"
