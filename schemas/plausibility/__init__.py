"""Thresholds of plausibility, as data: `seuils.yml`, with the reason, the role of the author and the date of each."""

from __future__ import annotations

from schemas.plausibility.thresholds import (
    Comparison,
    CountOfPeriod,
    Direction,
    Kind,
    Middle,
    NamedShare,
    Rule,
    Thresholds,
    Unit,
    read_thresholds,
    thresholds,
)

__all__ = [
    "Comparison",
    "CountOfPeriod",
    "Direction",
    "Kind",
    "Middle",
    "NamedShare",
    "Rule",
    "Thresholds",
    "Unit",
    "read_thresholds",
    "thresholds",
]
