"""Which sheet of a workbook is whose: by the name or the number of the table, else by the header."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from intercentre.validation.header import BLANKS, count_known, normalise
from intercentre.validation.refusal import RefusalError
from intercentre.validation.table_start import SEARCHED, find_start
from intercentre.validation.workbook import sheet_cells, sheet_names
from schemas.contract import Extract
from schemas.exchanges.workbooks import CODES_SHEET, FINDINGS_SHEET, LISTS_SHEET, NOTICE_SHEET, PARTIAL_SHEET
from schemas.extracts import TABLES

Sheets = Mapping[str, str | None]
"""Sheet of a workbook → the table that it holds, None where it is no table's; in the workbook's order."""

_HALF = 0.5  # share of a table's columns that make a sheet the table's own, whatever its name
_FEWEST = 3  # columns that it names at least: « type, nombre » is any table of figures
_OURS = frozenset(map(normalise, (NOTICE_SHEET, CODES_SHEET, LISTS_SHEET, PARTIAL_SHEET)))
_OUR_LISTS = normalise(FINDINGS_SHEET)


def tables_of_sheets(source: Path, known: Mapping[str, type[Extract]], said: Sequence[str] = ()) -> Sheets:
    """What each sheet holds among the tables `known`.

    said    tables that the file is said to hold, by its name or a manifest: where it has one sheet and they are one, it
            is that table's whatever its header
    raises  RefusalError DEP-005 when the workbook cannot be opened
    """
    names = sheet_names(source)
    named = {name: _named(name, known) for name in names}
    if len(names) == 1 and len(said) == 1 and not named[names[0]]:
        return {names[0]: said[0]}
    return {name: named[name] or (None if is_ours(name) else _by_header(source, name, known)) for name in names}


def own_sheet(table: str, sheets: Sheets) -> str:
    """The sheet that `table` is read from: one of its name or number, else the only one with its columns.

    raises  RefusalError DEP-014 when there is none, or more than one of the same columns
    """
    own = [sheet for sheet, held in sheets.items() if held == table]
    named = [sheet for sheet in own if _named(sheet, TABLES) == table]
    if not own or (len(own) > 1 and not named):
        raise RefusalError("DEP-014")
    return (named or own)[0]


def sheet_of(source: Path, table: type[Extract]) -> str:
    """The sheet of `table`, whatever else the workbook holds; raises RefusalError DEP-005 or DEP-014."""
    name = table.contrat.name
    return own_sheet(name, tables_of_sheets(source, {**TABLES, name: table}, [name]))


def holds_rows(source: Path, sheet: str, table: type[Extract]) -> bool:
    """Whether anything stands below the header of a sheet of `table`."""
    rows = _first_rows(source, sheet)
    return bool(rows) and find_start(rows, table).rows < len(rows)


def is_ours(sheet: str) -> bool:
    """Whether a sheet is one that the hub puts into the workbooks it gives."""
    plain = normalise(sheet)
    return plain in _OURS or plain.startswith(_OUR_LISTS)


def _named(sheet: str, known: Mapping[str, type[Extract]]) -> str | None:
    plain = normalise(sheet)
    return next((name for name, table in known.items() if plain in (name, normalise(table.contrat.numero))), None)


def _by_header(source: Path, sheet: str, known: Mapping[str, type[Extract]]) -> str | None:
    rows = _first_rows(source, sheet)
    named = {name: max((count_known(cells, table) for cells in rows), default=0) for name, table in known.items()}
    shares = {name: named[name] / len(table.fields()) for name, table in known.items()}
    best = max(shares, key=lambda name: shares[name])
    return best if shares[best] >= _HALF and named[best] >= _FEWEST else None


def _first_rows(source: Path, sheet: str) -> list[list[str]]:
    """The first rows that are not blank; none of a damaged sheet, which whoever reads it tells."""
    try:
        return [cells for cells in sheet_cells(source, sheet, SEARCHED) if any(cell.strip(BLANKS) for cell in cells)]
    except RefusalError:
        return []
