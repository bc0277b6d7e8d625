"""The indicators: a definition (.yml) and one SELECT (.sql) each, and the dimensions by which they are broken down."""

from __future__ import annotations

from schemas.indicators.definition import (
    QUANTILE,
    QUANTILES,
    REGION,
    TERRITORY_COLUMN,
    UNKNOWN,
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
    "TERRITORY_COLUMN",
    "UNKNOWN",
    "Breakdown",
    "Definition",
    "TerritoryType",
    "breakdowns",
    "definitions",
]
