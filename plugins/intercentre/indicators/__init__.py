"""Indicators: unit rows counted into observations, one way for every definition.

Reads: the common tables of the period, the definitions and their SELECTs (schemas/indicators).
Writes: observations before protection (Z1) and the additivity lines, the same bytes for the same tables.
Refuses: figures that do not add up (centres and region, categories and totals, persons and double counts).
"""

from intercentre.indicators.compute import IndicatorError, compute_indicators

__all__ = ["IndicatorError", "compute_indicators"]
