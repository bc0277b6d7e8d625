"""What the columns of a loaded table disclose: numbers and contacts (V10, V11), free text (V12), births (V13).

Decided from counts; a column is only looked at again where the profile of the table or the unread cells ask for it, and
then its distinct unread texts alone (`textes`, rereading.py), not the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from intercentre.validation.compile import trimmed_sql
from intercentre.validation.expressions import quoted, read_sql
from intercentre.validation.leaks import (
    BIRTH,
    EARLIEST_EVENT,
    FULL_DATE,
    MIN_HITS,
    MIN_TEXTS,
    SUSPECT,
    are_birth_dates,
    count_leaks,
    is_free_text,
)
from intercentre.validation.workspace import Workspace
from schemas.contract import Code, Day, Denomination, Extract, FieldType, Identifier, Whole


def column_leaks(
    workspace: Workspace, table: type[Extract], profile: Mapping[tuple[str, str], int]
) -> Iterator[tuple[str, str, int]]:
    """(code, column, cells) of the table loaded last, each code once a column; `profile` is what loading it told."""
    unread = _unread(workspace, table)
    same_year = _days_in_the_year_of_birth(workspace, table)
    for column, (kind, _) in table.fields().items():
        looked_at = _Column(workspace, table, column, kind, unread.get(column, 0))
        if profile.get(("suspectes", column)):
            national, contacts = count_leaks(looked_at.suspects(), looked_at.filled())
            yield from ((code, column, count) for code, count in (("V10", national), ("V11", contacts)) if count)
        texts = profile.get(("longues", column)) or looked_at.free_texts()
        if texts:
            yield "V12", column, texts
        births = same_year.get(column, 0) or looked_at.births()
        if births:
            yield "V13", column, births


def _unread(workspace: Workspace, table: type[Extract]) -> dict[str, int]:
    """Column → cells that could not be read."""
    counted = workspace.run("SELECT place, sum(nombre) FROM textes WHERE est_illisible GROUP BY place")
    columns = list(table.fields())
    return {columns[place]: int(cells) for place, cells in counted}


@dataclass(frozen=True)
class _Column:
    """One column of the table loaded last; `unread` cells of it could not be read. The texts stay in the engine."""

    workspace: Workspace
    table: type[Extract]
    name: str
    kind: FieldType
    unread: int

    @property
    def _unread_texts(self) -> str:
        """SELECT of the distinct texts of these cells: texte, nombre."""
        place = list(self.table.fields()).index(self.name)
        return f"SELECT {trimmed_sql('brut')} AS texte, nombre FROM textes WHERE place = {place} AND est_illisible"

    def suspects(self) -> list[tuple[str, int]]:
        """Texts that look like personal data, and how often each stands there.

        A cell that was read as a code, a day, a number or a yes is nothing else.
        """
        texts = self._unread_texts
        if isinstance(self.kind, Identifier | Denomination):
            texts += f" UNION ALL SELECT {self.name}, 1 FROM {self.table.contrat.name}"
        return self.workspace.run(
            f"SELECT texte, sum(nombre)::BIGINT FROM ({texts}) WHERE regexp_matches(texte, {quoted(SUSPECT)})"
            " GROUP BY texte"
        )

    def filled(self) -> int:
        """Cells that are not empty."""
        ((read,),) = self.workspace.run(f"SELECT count({self.name}) FROM {self.table.contrat.name}")
        return int(read) + self.unread

    def free_texts(self) -> int:
        """Unread cells of a column of codes when most are texts of their own."""
        if self.unread < MIN_TEXTS or not isinstance(self.kind, Code | Identifier):
            return 0
        ((distinct,),) = self.workspace.run(f"SELECT count(DISTINCT texte) FROM ({self._unread_texts})")
        return self.unread if is_free_text(self.unread, int(distinct), self.filled()) else 0

    def births(self) -> int:
        """Cells that are full dates of birth, as far as the unread ones tell."""
        if self.unread and isinstance(self.kind, Whole) and BIRTH in self.name:
            return self._cells(f"regexp_full_match(texte, {quoted(FULL_DATE)})")
        if self.unread >= MIN_HITS and isinstance(self.kind, Day):
            first, last = date(1900, 1, 1).isoformat(), EARLIEST_EVENT.isoformat()
            old = self._cells(f"{read_sql(self.kind, 'texte')} BETWEEN DATE '{first}' AND DATE '{last}'")
            return old if are_birth_dates(old, self.filled()) else 0
        return 0

    def _cells(self, condition: str) -> int:
        """Unread cells whose text fulfils a condition."""
        ((cells,),) = self.workspace.run(f"SELECT sum(nombre) FROM ({self._unread_texts}) WHERE {condition}")
        return int(cells or 0)


def _days_in_the_year_of_birth(workspace: Workspace, table: type[Extract]) -> dict[str, int]:
    """Column of days → those that fall in the year of birth of their own row, where they are too many for chance."""
    years = [column for column, (kind, _) in table.fields().items() if isinstance(kind, Whole) and BIRTH in column]
    days = [column for column, (kind, _) in table.fields().items() if isinstance(kind, Day)]
    if not years or not days:
        return {}
    counts = ", ".join(f"count(*) FILTER (WHERE year({day}) = {years[0]}), count({day})" for day in days)
    ((*numbers,),) = workspace.run(f"SELECT {counts} FROM {table.contrat.name}")
    counted = zip(days, numbers[::2], numbers[1::2], strict=True)
    return {day: same for day, same, filled in counted if are_birth_dates(same, filled)}
