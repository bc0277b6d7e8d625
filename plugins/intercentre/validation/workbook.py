"""XLSX workbooks: one sheet per table, values as the person sees them and not as the software stores them."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, TextIO

from python_calamine import CalamineError, CalamineWorkbook

from intercentre.validation import archive
from intercentre.validation.delimited import LONGEST_LINE, on_one_line
from intercentre.validation.header import BLANKS, match_header, normalise
from intercentre.validation.raw_table import RawTable, SourceRows
from intercentre.validation.refusal import RefusalError
from schemas.contract import Extract

_EXACT = 10**15  # up to here every whole number of a spreadsheet is exact


def sheet_names(source: Path) -> list[str]:
    """The sheets of a workbook, in its order; raises RefusalError DEP-005 when it cannot be opened."""
    with _open(source) as book:
        return list(book.sheet_names)


def sheet_cells(source: Path, name: str) -> list[list[str]]:
    """Every row of the sheet of that name, as a person sees it; raises RefusalError DEP-005."""
    with _open(source) as book:
        return _lay_out(book, sheet_of(list(book.sheet_names), name))[1]


def read_sheet(source: Path, table: type[Extract], target: Path) -> RawTable:
    """The records of the sheet of `table` are in `target`; raises RefusalError DEP-005 when it has no header."""
    with _open(source) as book:
        feuille = sheet_of(list(book.sheet_names), table.contrat.name)
        first, lines = _lay_out(book, feuille)
    numbered = _filled(lines)
    names = _without_trailing_blanks(numbered[0][1])
    header = match_header(names, table, first)
    with target.open("w", encoding="utf-8", newline="") as out:
        rows, ragged = _copy(numbered[1:], len(names), out)
    return RawTable(
        header=header,
        records=target,
        delimiter=";",
        is_quoted=True,
        rows=rows,
        ragged=tuple(ragged),
        tolerances=("TOL-002",) if header.is_rewritten else (),
        feuille=feuille,
    )


def sheet_rows(source: Path, table: type[Extract]) -> SourceRows:
    """Every row of the sheet of `table`; raises RefusalError DEP-005 when it has no header."""
    with _open(source) as book:
        feuille = sheet_of(list(book.sheet_names), table.contrat.name)
        first, lines = _lay_out(book, feuille)
    numbered = _filled(lines)
    ligne, cells = numbered[0]
    return SourceRows(match_header(_without_trailing_blanks(cells), table, first), ligne, first, numbered, feuille)


def sheet_of(names: list[str], table: str) -> str:
    """The sheet that bears the table's name, else the first one."""
    return next((name for name in names if normalise(name) == table), names[0])


def as_text(cell: Any) -> str:
    """A cell as the person sees it: whole numbers without a point, days in ISO, true and false."""
    if isinstance(cell, str):
        return on_one_line(cell)
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        return str(int(cell)) if cell == int(cell) and abs(cell) < _EXACT else format(cell, ".15g")
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)


def _copy(numbered: list[tuple[int, list[str]]], width: int, out: TextIO) -> tuple[int, list[int]]:
    rows, ragged = 0, []
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    for ligne, cells in numbered:
        if any(cell.strip(BLANKS) for cell in cells[width:]) or max(map(len, cells)) > LONGEST_LINE:
            ragged.append(ligne)
        else:
            writer.writerow([ligne, *cells[:width]])
            rows += 1
    return rows, ragged


def _filled(lines: Iterable[list[str]]) -> list[tuple[int, list[str]]]:
    """The rows that are not blank, with their number; raises RefusalError DEP-005 when there is none."""
    numbered = [(ligne, cells) for ligne, cells in enumerate(lines, 1) if any(cell.strip(BLANKS) for cell in cells)]
    if not numbered:
        raise RefusalError("DEP-005")
    return numbered


def _lay_out(book: CalamineWorkbook, feuille: str) -> tuple[int, list[list[str]]]:
    """Position of the first column, and every row from the first of the sheet on."""
    try:
        sheet = book.get_sheet_by_name(feuille)
        return (sheet.start[1] if sheet.start else 0), [[as_text(cell) for cell in row] for row in sheet.iter_rows()]
    except CalamineError as error:
        raise RefusalError("DEP-005") from error


def _without_trailing_blanks(cells: list[str]) -> list[str]:
    while cells and not cells[-1].strip(BLANKS):
        cells = cells[:-1]
    return cells


def _open(source: Path) -> CalamineWorkbook:
    """The workbook; raises RefusalError DEP-004 (dangerous) or DEP-005 (no workbook, macros, or no sheet)."""
    try:
        if not archive.is_workbook(source) or archive.has_macros(source):
            raise RefusalError("DEP-005")
        with source.open("rb") as stream:
            book = CalamineWorkbook.from_filelike(stream)
    except CalamineError as error:
        raise RefusalError("DEP-005") from error
    except RefusalError as refusal:
        raise RefusalError("DEP-005" if refusal.code == "DEP-001" else refusal.code) from refusal
    if not book.sheet_names:
        raise RefusalError("DEP-005")
    return book
