"""CSV for people and tools outside: RFC 4180, UTF-8, exact numbers, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?", re.ASCII)


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """`path` holds a header and the rows: commas, CRLF, quotes where needed, UTF-8 without mark."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow(columns)
        writer.writerows([cell_text(cell) for cell in row] for row in rows)


def cell_text(cell: object) -> str:
    """One cell as text: empty for None, shortest exact decimal, ISO date, text that cannot be taken for a formula."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return decimal_text(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    return neutral(str(cell))


def decimal_text(number: float) -> str:
    """The shortest decimal that reads back as the same number: 5, 33.333333333333336, 0.00001; never an exponent."""
    text = repr(number)
    if text.endswith(".0"):
        return text[:-2]
    return format(Decimal(text), "f") if "e" in text else text


def neutral(text: str) -> str:
    """The text, with an apostrophe before it when a spreadsheet would take it for a formula; numbers stay."""
    if text.startswith(_FORMULA) and _NUMBER.fullmatch(text) is None:
        return f"'{text}"
    return text
