"""Partial deposits written by hand, and the workbook of rows to correct put right as a person would."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

from tests.packages import DEFAULTS, csv_bytes, with_manifest, write_zip

Rows = Sequence[Mapping[str, str]]

# Two hundred dossiers: four faulty rows are two per cent, the most that is accepted.
FAULTY: dict[int, dict[str, str]] = {
    3: {"sexe": "Femme"},  # line 5
    4: {"dossier_id": "D 5"},  # line 6: its key cannot be read
    5: {"nationalite": "Syrie"},  # line 7
    6: {"dossier_id": "12345678901"},  # line 8: its key is itself the mistake
}


def dossiers(faults: Mapping[int, Mapping[str, str]]) -> list[dict[str, str]]:
    """Two hundred dossiers of as many persons, with these faults by position."""
    return [{**row(n + 1), **faults.get(n, {})} for n in range(200)]


def row(number: int, **changes: str) -> dict[str, str]:
    """The dossier of this number, right but for the changes."""
    return {"dossier_id": f"D-{number}", "personne_ref": f"P-{number}", **changes}


def partial(folder: Path, base: str, brought: Mapping[str, Rows], **changes: Any) -> Path:
    """A partial deposit of these rows, which completes `base`."""
    content = {
        f"{name}.csv": csv_bytes(name, [{**DEFAULTS[name], **each} for each in rows]) for name, rows in brought.items()
    }
    given = {"type_depot": "PARTIEL", "remplace_depot_id": base, **changes}
    name = f"partiel-{len(list(folder.iterdir()))}.zip"
    return write_zip(folder / name, with_manifest(content, **given))


def sheets_of(workbook: bytes) -> dict[str, list[list[str]]]:
    """Every sheet of a workbook, its cells as text."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook))
    return {
        name: [[str(cell) for cell in cells] for cells in book.get_sheet_by_name(name).to_python(skip_empty_area=False)]
        for name in book.sheet_names
    }


def corrected(workbook: bytes, target: Path, table: str, changes: Mapping[int, Mapping[str, str]]) -> Path:
    """The workbook saved again with cells of one sheet changed, by line, and nothing else touched."""
    sheets = sheets_of(workbook)
    header = sheets[table][0]
    for line, cells in changes.items():
        for column, text in cells.items():
            sheets[table][line - 1][header.index(column)] = text
    with xlsxwriter.Workbook(target) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, texts in enumerate(rows):
                for position, text in enumerate(texts):
                    sheet.write_string(number, position, text)
    return target
