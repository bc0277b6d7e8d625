"""The manifest of a partial deposit as a sheet of its workbook: what the hub gave to correct comes back as it is.

Two columns, `champ` and `valeur`; the lines of a table are under `lignes_remplacees <key>`, numbers apart by spaces;
the day since which a table is complete is under `debut_historique_par_table <table>`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from intercentre.validation.container import Package
from intercentre.validation.header import normalise
from intercentre.validation.nature import nature_of
from intercentre.validation.refusal import RefusalError
from schemas.exchanges.manifest import Manifest
from schemas.exchanges.workbooks import PARTIAL_SHEET

SHEET = PARTIAL_SHEET
HEADER = ("champ", "valeur")
_LINES, _STARTS = "lignes_remplacees ", "debut_historique_par_table "
_LONGEST = 10_000  # rows; a manifest has a dozen


def manifest_sheet(package: Package) -> tuple[str, dict[str, object]] | None:
    """The name of the one workbook that has such a sheet, and what the sheet says; None when there is none."""
    found = [(name, path) for name, path in package.files.items() if _has_sheet(path)]
    if len(found) != 1:
        return None
    ((name, path),) = found
    return name, _content(path)


def manifest_rows(manifest: Manifest) -> Iterator[tuple[str, str]]:
    """The rows of the sheet, the header left out; `tables` is not said: a sheet is there or it is not."""
    for field in Manifest.model_fields:
        value = getattr(manifest, field)
        if field == "lignes_remplacees":
            for key, lines in manifest.lignes_remplacees.items():
                yield f"{_LINES}{key}", " ".join(map(str, lines))
        elif field == "debut_historique_par_table":
            for table, day in manifest.debut_historique_par_table.items():
                yield f"{_STARTS}{table}", day.isoformat()
        elif field != "tables" and value is not None:
            yield field, value.isoformat() if isinstance(value, date) else str(value)


def _has_sheet(path: Path) -> bool:
    from intercentre.validation.workbook import sheet_names

    try:
        return nature_of(path).is_workbook and SHEET in map(normalise, sheet_names(path))
    except RefusalError:
        return False


def _content(path: Path) -> dict[str, object]:
    """The manifest's fields as JSON would give them; what cannot be read is left out, and missed afterwards."""
    from intercentre.validation.workbook import sheet_cells, sheet_names

    sheet = next(name for name in sheet_names(path) if normalise(name) == SHEET)
    content: dict[str, object] = {"tables": []}
    lines: dict[str, list[int]] = {}
    starts: dict[str, str] = {}
    for cells in sheet_cells(path, sheet, _LONGEST):
        field, value = (*(cell.strip() for cell in cells), "", "")[:2]
        if (field, value) == HEADER or not field or not value:
            continue
        if field.startswith(_LINES):
            lines[field.removeprefix(_LINES)] = [int(number) for number in re.findall(r"[0-9]{1,9}", value)]
        elif field.startswith(_STARTS):
            starts[field.removeprefix(_STARTS)] = value
        elif field == "sequence" and re.fullmatch("[0-9]{1,10}", value):
            content[field] = int(value)
        elif field in Manifest.model_fields:
            content[field] = value
    return {**content, "lignes_remplacees": lines, **({_STARTS.strip(): starts} if starts else {})}
