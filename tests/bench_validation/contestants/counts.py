"""The third output of every contestant."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

ROWS, CELLS, COUNTS = "lignes.parquet", "constats.parquet", "comptes.json"
ASIDE = "ecartees.parquet"
"""Lines that are not retained, of a contestant whose rows have no `retenue`."""
ROW_GROUP = 61_440


def write_counts(out: Path, rows: int, kept: int, by_rule: Mapping[tuple[str, str], int]) -> None:
    """`by_rule` is (code, column) → failing cells."""
    counts = {
        "lignes": rows,
        "retenues": kept,
        "cellules": sum(by_rule.values()),
        "regles": {f"{code} {column}": number for (code, column), number in sorted(by_rule.items()) if number},
    }
    (out / COUNTS).write_text(json.dumps(counts, indent=1), encoding="utf-8")
