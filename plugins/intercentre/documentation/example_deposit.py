"""A valid deposit to learn from: a coherent row or two for every table, as CSV files and as one workbook."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo

from schemas.contract import Day, Extract, FieldType, Number, Whole
from schemas.exchanges.manifest import MANIFEST_NAME
from schemas.extracts import TABLES, VERSION_CONTRAT

Row = dict[str, str]
_WORKBOOK = "exemple.xlsx"
_FIRST_CONTRACT_DAY = datetime(2026, 1, 1, tzinfo=UTC)  # of no meaning: the same contract must give the same bytes


def example_row(table: type[Extract]) -> Row:
    """The row made of each column's example; rows of different tables refer to each other."""
    return {name: _example(info) for name, (_, info) in table.fields().items()}


def example_rows(name: str) -> list[Row]:
    """The rows of a table in the example deposit."""
    of_columns = example_row(TABLES[name])
    return [{**of_columns, **changes} for changes in _changes().get(name, [{}])]


def write_example_csv(folder: Path) -> list[Path]:
    """The example is in `folder`: the manifest and one CSV per table; returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    written = {}
    for name, table in TABLES.items():
        written[name] = folder / f"{name}.csv"
        written[name].write_bytes(csv_bytes(list(table.fields()), example_rows(name)))
    return [_write_manifest(folder, written), *written.values()]


def write_example_workbook(folder: Path) -> list[Path]:
    """The same example is in `folder`: the manifest and one workbook with a sheet per table; returns the files."""
    import xlsxwriter

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / _WORKBOOK
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": "Exemple de dépôt", "created": _FIRST_CONTRACT_DAY})
        head = book.add_format({"bold": True, "font_color": "#ffffff", "bg_color": "#0b6e6e", "border": 1})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, table in TABLES.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for column, (field, (kind, _)) in enumerate(table.fields().items()):
                sheet.set_column(column, column, max(12, len(field) + 2))
                sheet.write_string(0, column, field, head)
                for line, row in enumerate(example_rows(name), 1):
                    _write_cell(sheet, line, column, kind, row[field], day)
    return [_write_manifest(folder, dict.fromkeys(TABLES, path)), path]


def csv_bytes(columns: Sequence[str], rows: Sequence[Row], *, mark: bool = False) -> bytes:
    """A CSV as Excel reads it in Belgium; `mark` begins it with the mark by which Excel knows UTF-8."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, columns, delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode("utf-8-sig" if mark else "utf-8")


@cache
def _changes() -> Mapping[str, list[Row]]:
    import yaml

    return dict(yaml.safe_load(Path(__file__).with_name("exemple.yml").read_text(encoding="utf-8")))


def _write_manifest(folder: Path, files: Mapping[str, Path]) -> Path:
    """The manifest of these files, table by table."""
    manifest = {
        "centre_code": "CAI",
        "schema_version": VERSION_CONTRAT,
        "type_depot": "TRIMESTRIEL",
        "periode_debut": "2026-07-01",
        "periode_fin": "2026-09-30",
        "date_etat": "2026-09-30",
        "debut_historique": "2022-01-01",
        "sequence": 1,
        "logiciel_source": "exemple",
        "tables": [
            {
                "nom": name,
                "fichier": path.name,
                "lignes": len(example_rows(name)),
                "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            }
            for name, path in files.items()
        ],
        "contact_role": "informatique",
    }
    path = folder / MANIFEST_NAME
    path.write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def _write_cell(sheet: Any, line: int, column: int, kind: FieldType, text: str, day: Any) -> None:
    """Days and numbers as a spreadsheet keeps them, everything else as text."""
    if not text:
        return
    if isinstance(kind, Day):
        sheet.write_datetime(line, column, date.fromisoformat(text), day)
    elif isinstance(kind, Whole | Number):
        sheet.write_number(line, column, float(text))
    else:
        sheet.write_string(line, column, text)


def _example(info: FieldInfo) -> str:
    extra = info.json_schema_extra
    return str(extra["exemple"]) if isinstance(extra, dict) else ""
