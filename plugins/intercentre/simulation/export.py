"""Rows written as a centre's tool exports them: CSV or XLSX, the same bytes for the same rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from intercentre.simulation.habits import Habit, file_name, header
from intercentre.simulation.view import Cell, Row
from schemas.contract import Extract
from schemas.correspondances import simulated_correspondences
from schemas.extracts import TABLES

# A workbook holds the moment of its making: a constant one, so that the same rows give the same bytes.
_CREATED = datetime(2020, 1, 1, tzinfo=UTC).replace(tzinfo=None)


def write_tables(folder: Path, tables: Mapping[str, Sequence[Row]], habit: Habit) -> dict[str, Path]:
    """Table → its file in `folder`: columns in the contract's order, the header on the first line.

    Tables of one file, for a tool that makes one workbook, have a sheet each.
    """
    paths = {name: folder / file_name(habit, TABLES[name]) for name in tables}
    for path in dict.fromkeys(paths.values()):
        inside = {name: _in_own_codes(name, rows, habit) for name, rows in tables.items() if paths[name] == path}
        if habit.is_workbook:
            _write_workbook(path, inside, habit)
        else:
            path.write_bytes(b"".join(_as_csv(TABLES[name], rows, habit) for name, rows in inside.items()))
    return paths


def _in_own_codes(table: str, rows: Sequence[Row], habit: Habit) -> Sequence[Row]:
    """The rows with the codes of the tool's own list in the place of the contract's."""
    own: dict[tuple[str, Cell], Cell] = {
        (one.column, one.code): one.local
        for one in simulated_correspondences()
        if (one.centre, one.table) == (habit.liste, table) and one.until is None
    }
    if not own:
        return rows
    return [{column: own.get((column, cell), cell) for column, cell in row.items()} for row in rows]


def _as_csv(table: type[Extract], rows: Sequence[Row], habit: Habit) -> bytes:
    columns = list(table.fields())
    stream = io.StringIO()
    writer = csv.writer(
        stream,
        delimiter=habit.separateur,
        lineterminator=habit.fin_de_ligne,
        quoting=csv.QUOTE_ALL if habit.tout_entre_guillemets else csv.QUOTE_MINIMAL,
    )
    writer.writerow([header(habit, column) for column in columns])
    text = _text_of(habit)
    writer.writerows([text(row.get(column)) for column in columns] for row in rows)
    return stream.getvalue().encode(habit.encodage)


def _text_of(habit: Habit) -> Callable[[Cell], str]:
    """The cell as text, in this habit; a text is written as it stands."""
    day_text = _day_text(habit.jour)

    def text(cell: Cell) -> str:
        if cell is None:
            return ""
        if isinstance(cell, str):
            return cell
        if isinstance(cell, bool):
            return habit.oui if cell else habit.non
        if isinstance(cell, date):
            return day_text(cell)
        return str(cell).replace(".", habit.decimale)

    return text


def _day_text(layout: str) -> Callable[[date], str]:
    @cache
    def text(day: date) -> str:
        return day.strftime(layout)

    return text


def _write_workbook(path: Path, tables: Mapping[str, Sequence[Row]], habit: Habit) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"created": _CREATED, "title": "Données simulées"})
        bold, day_format = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy"})
        for name, rows in tables.items():
            sheet, columns = book.add_worksheet(name), list(TABLES[name].fields())
            for place, column in enumerate(columns):
                sheet.write_string(0, place, header(habit, column), bold)
            for line, row in enumerate(rows, start=1):
                for place, column in enumerate(columns):
                    _write_cell(sheet, line, place, row.get(column), habit, day_format)


def _write_cell(sheet: Any, line: int, place: int, cell: Cell, habit: Habit, day_format: Any) -> None:
    if cell is None:
        return
    if isinstance(cell, str):
        sheet.write_string(line, place, cell)
    elif isinstance(cell, bool):
        sheet.write_string(line, place, habit.oui if cell else habit.non)
    elif isinstance(cell, date):
        sheet.write_datetime(line, place, cell, day_format)
    else:
        sheet.write_number(line, place, float(cell) if isinstance(cell, Decimal) else cell)
