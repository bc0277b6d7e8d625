"""Workbooks (XLSX, ODS, XLS): a sheet per table, values as the person sees them and not as the software stores them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from python_calamine import CalamineError, CalamineWorkbook

from intercentre.validation.delimited import LONGEST_LINE, MOST_COLUMNS, on_one_line, without_trailing_blanks
from intercentre.validation.formula_errors import Faulty, formula_errors
from intercentre.validation.header import BLANKS, Header, match_header
from intercentre.validation.open_books import opened
from intercentre.validation.raw_table import RawTable, SourceRows
from intercentre.validation.refusal import RefusalError
from intercentre.validation.serial_dates import days_to_add
from intercentre.validation.table_start import LAST_LINES, SEARCHED, find_start, is_total
from schemas.contract import Day, Extract, Number

_EXACT = 10**15  # up to here every whole number of a spreadsheet is exact
_MANY_DECIMALS = r"-?[0-9]+\.[0-9]{4,}|-?[0-9.]+e-[0-9]+"
_SERIAL = re.compile("[0-9]{5}")

Numbered = list[tuple[int, list[str]]]
"""The rows of a sheet that are not blank, with their number."""


@dataclass(frozen=True)
class _Sheet:
    """A sheet laid out: the column at which it starts, its rows from the header on and without totals below."""

    feuille: str
    first: int
    rows: Numbered
    misplaced: tuple[int, ...]
    tolerances: tuple[str, ...]

    @property
    def names(self) -> list[str]:
        return without_trailing_blanks(self.rows[0][1])


def sheet_names(source: Path) -> list[str]:
    """The sheets of a workbook, in its order; raises RefusalError DEP-005 when it cannot be opened."""
    with opened(source, _open) as book:
        return list(book.sheet_names)


def holds_anything(source: Path, name: str) -> bool:
    """Whether a sheet holds a cell; a damaged one is not known to be empty."""
    try:
        with opened(source, _open) as book, _told_as_finding():
            return book.get_sheet_by_name(name).start is not None
    except RefusalError:
        return True


def sheet_cells(source: Path, name: str, most: int) -> list[list[str]]:
    """The first rows of a sheet, as a person sees them; raises RefusalError DEP-005."""
    with opened(source, _open) as book, _told_as_finding():
        return [list(map(as_text, row)) for row in islice(book.get_sheet_by_name(name).iter_rows(), most)]


def read_sheet(source: Path, table: type[Extract], feuille: str, target: Path) -> RawTable:
    """The records of a sheet are in `target`; raises RefusalError DEP-005 when it has no header."""
    sheet = _lay_out(source, table, feuille)
    header = match_header(sheet.names, table, sheet.first)
    rows, days = sheet.rows[1:], days_to_add(source)
    if days:
        rows = _from_1900(rows, header, table, days)
    used = _make_fit(rows, header, table)
    with target.open("w", encoding="utf-8", newline="") as out:
        count, ragged = _copy(rows, len(sheet.names), out)
    rewritten = [code for code, used in (("TOL-002", header.is_rewritten), *used.items()) if used]
    return RawTable(
        header=header,
        records=target,
        delimiter=";",
        is_quoted=True,
        rows=count,
        ragged=tuple(ragged),
        tolerances=(*rewritten, *sheet.tolerances),
        feuille=sheet.feuille,
        misplaced=sheet.misplaced,
    )


def sheet_rows(source: Path, table: type[Extract], feuille: str) -> SourceRows:
    """Every row of a sheet from the header on; raises RefusalError as read_sheet."""
    sheet = _lay_out(source, table, feuille)
    header = match_header(sheet.names, table, sheet.first)
    return SourceRows(header, sheet.rows[0][0], sheet.first, sheet.rows, sheet.feuille)


class Exact(str):
    """The text of a cell that holds more than its field may need: decimals, the time of a day, a duration."""

    __slots__ = ("cell",)
    cell: Any

    def __new__(cls, text: str, cell: Any) -> Exact:
        exact = super().__new__(cls, text)
        exact.cell = cell
        return exact


def as_text(cell: Any) -> str:
    """A cell as the person sees it: whole numbers without a point, days in ISO, true and false."""
    if isinstance(cell, str):
        return on_one_line(cell)
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        if cell == int(cell) and abs(cell) < _EXACT:
            return str(int(cell))
        return Exact(format(cell, ".15g"), cell)
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    if isinstance(cell, datetime | time):
        return Exact(cell.isoformat(), cell)
    return cell.isoformat() if isinstance(cell, date) else Exact(str(cell), cell)


def _copy(numbered: Numbered, width: int, out: TextIO) -> tuple[int, list[int]]:
    rows, ragged = 0, []
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    for ligne, cells in numbered:
        if any(cell.strip(BLANKS) for cell in cells[width:]) or max(map(len, cells)) > LONGEST_LINE:
            ragged.append(ligne)
        else:
            writer.writerow([ligne, *cells[:width]])
            rows += 1
    return rows, ragged


def _lay_out(source: Path, table: type[Extract], feuille: str) -> _Sheet:
    """The sheet as `table`; raises RefusalError DEP-005."""
    with opened(source, _open) as book, _told_as_finding():
        sheet = book.get_sheet_by_name(feuille)
        first = sheet.start[1] if sheet.start else 0
        texts = (list(map(as_text, row)) for row in sheet.iter_rows())
        numbered = _filled(_with_errors(texts, formula_errors(source, feuille), first))
    if not numbered:
        raise RefusalError("DEP-005")
    start = find_start([cells for _, cells in numbered[:SEARCHED]], table)
    end = len(numbered)
    while end > start.rows and len(numbered) - end < LAST_LINES and is_total(numbered[end - 1][1], table):
        end -= 1
    rows = [numbered[start.header], *numbered[start.rows : end]]
    if len(without_trailing_blanks(rows[0][1])) > MOST_COLUMNS:
        raise RefusalError("DEP-005")
    return _Sheet(
        feuille=feuille,
        first=first,
        rows=rows,
        misplaced=tuple(numbered[at][0] for at in start.misplaced),
        tolerances=(*start.tolerances, *(("TOL-012",) if end < len(numbered) else ())),
    )


def _from_1900(numbered: Numbered, header: Header, table: type[Extract], more: int) -> Numbered:
    """The rows with the serial dates of a workbook that starts on another day counted as everywhere else."""
    days = {
        at for at, name in enumerate(header.columns) if name is not None and isinstance(table.fields()[name][0], Day)
    }
    return [
        (
            line,
            [
                str(int(cell) + more) if at in days and _SERIAL.fullmatch(cell) else cell
                for at, cell in enumerate(cells)
            ],
        )
        for line, cells in numbered
    ]


def _make_fit(numbered: Numbered, header: Header, table: type[Extract]) -> dict[str, bool]:
    """The rows hold what their fields read of the numbers, moments and durations; codes of what was tolerated so."""
    kinds = {at: table.fields()[name][0] for at, name in enumerate(header.columns) if name is not None}
    asked = {at: kind for at, kind in kinds.items() if isinstance(kind, Day | Number)}
    used: dict[str, bool] = {}
    for _, cells in numbered:
        for at, kind in asked.items():
            cell = cells[at] if at < len(cells) else ""
            if isinstance(cell, Exact) and (fitting := _fitting(kind, cell)):
                cells[at], used[fitting[1]] = fitting[0], True
    return dict(sorted(used.items()))


def _fitting(kind: Day | Number, exact: Exact) -> tuple[str, str] | None:
    """The text that the field reads, and the code of the tolerance; None where the text stays as it is.

    Three decimals could be thousands that were taken for decimals: they stay, and are refused (CTR-009).
    """
    match kind, exact.cell:
        case Day(), datetime() as moment:
            return moment.date().isoformat(), "TOL-019"
        case Number(), timedelta() as duration:
            return _rounded(duration.total_seconds() / 3600, kind.scale), "TOL-018"
        case Number(), time() as duration:
            return _rounded(duration.hour + duration.minute / 60 + duration.second / 3600, kind.scale), "TOL-018"
        case Number(), float() as number if abs(number) < _EXACT and re.fullmatch(_MANY_DECIMALS, exact):
            return _rounded(number, kind.scale), "TOL-017"
    return None


def _rounded(number: float, scale: int) -> str:
    """As a spreadsheet shows it with so many decimals."""
    return str(Decimal(format(number, ".15g")).quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP))


def _filled(lines: Iterable[list[str]]) -> Numbered:
    return [(ligne, cells) for ligne, cells in enumerate(lines, 1) if any(cell.strip(BLANKS) for cell in cells)]


def _with_errors(rows: Iterable[list[str]], faulty: Faulty, first: int) -> Iterator[list[str]]:
    """The rows of a sheet with the texts of the cells that its reader shows empty."""
    line, cells = 0, list[str]()
    for line, cells in enumerate(rows, 1):
        yield _filled_in(cells, faulty[line], first) if line in faulty else cells
    for below in range(line + 1, max(faulty, default=0) + 1):
        yield _filled_in([""] * len(cells), faulty.get(below, {}), first)


def _filled_in(cells: list[str], texts: Mapping[int, str], first: int) -> list[str]:
    filled = dict(enumerate(cells)) | {column - first: text for column, text in texts.items()}
    return [filled.get(at, "") for at in range(max(filled, default=-1) + 1)]


@contextmanager
def _told_as_finding() -> Iterator[None]:
    """What the reader cannot read in the block raises RefusalError DEP-005.

    A damaged XLS makes it panic: that exception has a class that cannot be imported, and is told by its name.
    """
    try:
        yield
    except CalamineError as error:
        raise RefusalError("DEP-005") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise RefusalError("DEP-005") from error


def _open(source: Path) -> CalamineWorkbook:
    """The workbook; raises RefusalError DEP-005 (no workbook, or no sheet)."""
    with _told_as_finding(), source.open("rb") as stream:
        book = CalamineWorkbook.from_filelike(stream)
    if not book.sheet_names:
        raise RefusalError("DEP-005")
    return book
