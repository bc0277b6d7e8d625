"""Agreed thresholds, read from schemas/nomenclatures/seuil.csv: rules name them and never hold their numbers."""

from __future__ import annotations

from decimal import Decimal

from schemas.nomenclatures import nomenclature


def threshold(code: str) -> Decimal:
    """The value of a threshold, in its unit; raises KeyError when the list does not hold it."""
    return Decimal(nomenclature("seuil").entries[code].facts["valeur"])
