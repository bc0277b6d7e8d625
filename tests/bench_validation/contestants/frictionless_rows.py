"""frictionless, completed to the same outputs: its row stream with a Table Schema of constraints, read once.

Native: `required`, `pattern` and `enum` on each field. Its own date and integer types are not strict (they take
20260115 and 1_980), so the form is asked by `pattern`. Completed: blanks around a cell, values, bounds, old codes, row
rules.
"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

from frictionless import Dialect, Resource, Schema
from frictionless.formats import CsvControl

from schemas.contract import EARLIEST_DATE, Code, Day, FieldType, Identifier, Whole
from tests.bench_validation.contestants.counts import write_counts
from tests.bench_validation.contestants.python_rules import Writer, broken_rules, codes_of_column, follow
from tests.bench_validation.table import BLANKS, COLUMNS, DATE_ETAT, TABLE

_FORMS = {
    Day: r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{2}/[0-9]{2}/[0-9]{4}",
    Whole: r"-?[0-9]{1,9}",
}


def judge(source: Path, out: Path) -> None:
    """`out` holds the three files."""
    control = CsvControl(delimiter=";", quote_char="", skip_initial_space=False)
    control.to_python = _unquoted  # type: ignore[method-assign]
    schema = Schema.from_descriptor({"fields": [_field(column) for column in COLUMNS]})
    writer = Writer(out)
    resource = Resource(path=source.name, basepath=str(source.parent), encoding="utf-8", schema=schema,
                        dialect=Dialect(header=True, controls=[control]))  # fmt: skip
    with resource:
        for row in resource.row_stream:
            values, unreadable, found = _values(row)
            found += follow(values)
            found += broken_rules(values, frozenset(unreadable))
            brut = dict(zip(COLUMNS, row.cells, strict=True)) if found else {}
            writer.add(row.row_number, [values[column] for column in COLUMNS], found, brut)
    writer.close()
    write_counts(out, writer.rows, writer.kept, writer.by_rule)


def _unquoted() -> type[csv.Dialect]:
    """frictionless has no word for a text in which no character quotes."""

    class Plain(csv.excel):
        delimiter = ";"
        quoting = csv.QUOTE_NONE

    return Plain


def _field(column: str) -> dict[str, Any]:
    kind, _ = TABLE.fields()[column]
    constraints: dict[str, Any] = {} if TABLE.optional(column) else {"required": True}
    if isinstance(kind, Code):
        constraints["enum"] = list(codes_of_column(column))
    elif isinstance(kind, Identifier):
        constraints["pattern"] = f"[A-Za-z0-9_-]{{1,{kind.length}}}"
    else:
        constraints["pattern"] = _FORMS[type(kind)]
    return {"name": column, "type": "string", "constraints": constraints}


def _values(row: Any) -> tuple[dict[str, Any], set[str], list[tuple[str, str]]]:
    """The typed values of a row, its unreadable columns, their findings."""
    refused = {error.field_name for error in row.errors}
    values = dict(row.to_dict())
    for place, column in enumerate(COLUMNS):
        raw = row.cells[place] or ""
        if raw.strip(BLANKS) != raw:
            values[column], notes = row.fields[place].read_cell(raw.strip(BLANKS))
            (refused.add if notes else refused.discard)(column)
    found = []
    for place, column in enumerate(COLUMNS):
        kind, _ = TABLE.fields()[column]
        if column not in refused and values[column] is not None:
            values[column] = _typed(kind, values[column])
            if values[column] is None:
                refused.add(column)
        if column in refused:
            values[column] = None
            empty = not (row.cells[place] or "").strip(BLANKS)
            found.append(("CTR-001" if empty else kind.unreadable, column))
    return values, refused, found


def _typed(kind: FieldType, text: str) -> Any:
    """The value of a text that has the form; None when there is no such day, or it is out of bounds."""
    if isinstance(kind, Day):
        year, month, day = text.split("-") if text[4] == "-" else reversed(text.split("/"))
        try:
            value = date(int(year), int(month), int(day))
        except ValueError:
            return None
        return value if EARLIEST_DATE <= value <= DATE_ETAT else None
    if isinstance(kind, Whole):
        return int(text) if kind.lowest <= int(text) <= kind.highest else None
    return text
