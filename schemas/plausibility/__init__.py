"""Thresholds of plausibility, as data: `seuils.yml`, with the reason, the role of the author and the date of each."""

from __future__ import annotations

from schemas.plausibility.thresholds import (
    Comparison,
    Direction,
    Kind,
    NamedShare,
    Rule,
    Thresholds,
    Unit,
    read_thresholds,
    thresholds,
)

__all__ = [
    "Comparison",
    "Direction",
    "Kind",
    "NamedShare",
    "Rule",
    "Thresholds",
    "Unit",
    "read_thresholds",
    "thresholds",
]
