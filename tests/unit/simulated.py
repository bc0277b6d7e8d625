"""Simulated deposits read back without any of the code that wrote them, for the tests of the simulation."""

from __future__ import annotations

import csv
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

CENTRES = ["CAI", "CERAIC", "CIMB", "CRIBW", "CRIC", "CRILUX", "CRIPEL", "CRVI"]


def manifest(deposit: Path) -> dict[str, Any]:
    """The deposit's manifest as it stands."""
    content: dict[str, Any] = json.loads((deposit / "manifeste.json").read_text(encoding="utf-8"))
    return content


def table_file(deposit: Path, table: str) -> Path | None:
    """The file that the manifest names for a table; None when it is declared empty, or not at all."""
    names = {entry["nom"]: entry["fichier"] for entry in manifest(deposit)["tables"]}
    return deposit / names[table] if names.get(table) else None


def canonical_rows(deposit: Path, table: str) -> list[dict[str, str]]:
    """The rows of a canonical deposit (UTF-8, semicolon), column → text."""
    path = table_file(deposit, table)
    if path is None:
        return []
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))


def declared_tables(deposit: Path) -> list[str]:
    """The tables that the manifest names, empty ones included."""
    return [entry["nom"] for entry in manifest(deposit)["tables"]]


def grid(path: Path, table: str, *, encoding: str = "utf-8", delimiter: str = ";") -> list[list[str]]:
    """Every line of a table's file, or of its sheet, as its cells, the header first.

    A workbook's days are in ISO, its whole numbers without a point.
    """
    if path.suffix == ".xlsx":
        sheet = CalamineWorkbook.from_path(path).get_sheet_by_name(table)
        return [[_text(cell) for cell in row] for row in sheet.to_python()]
    with path.open(encoding=encoding, newline="") as stream:
        return list(csv.reader(stream, delimiter=delimiter))


def _text(cell: object) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
