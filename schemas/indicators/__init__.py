"""The indicators: a definition (.yml) and one SELECT (.sql) each, and the dimensions by which they are broken down."""

from __future__ import annotations

from schemas.indicators.definition import (
    QUANTILE,
    QUANTILES,
    REGION,
    STILL_WAITING,
    TERRITORY_COLUMN,
    UNKNOWN,
    WAITING,
    Breakdown,
    Definition,
    TerritoryType,
    breakdowns,
    definitions,
)

__all__ = [
    "QUANTILE",
    "QUANTILES",
    "REGION",
    "STILL_WAITING",
    "TERRITORY_COLUMN",
    "UNKNOWN",
    "WAITING",
    "Breakdown",
    "Definition",
    "TerritoryType",
    "breakdowns",
    "definitions",
]
