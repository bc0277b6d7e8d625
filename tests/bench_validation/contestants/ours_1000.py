"""Intercentre with 1,000 more row rules on the table."""

from __future__ import annotations

from pathlib import Path

from tests.bench_validation.contestants import ours
from tests.bench_validation.table import table_with

_TABLE = table_with(1000)


def judge(source: Path, out: Path) -> None:
    """As ours."""
    ours.judge(source, out, _TABLE)
