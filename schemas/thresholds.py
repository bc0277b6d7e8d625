"""Agreed thresholds, read from schemas/nomenclatures/seuil.csv: rules name them and never hold their numbers."""

from __future__ import annotations

from decimal import Decimal

from schemas.nomenclatures import nomenclature


def threshold(code: str) -> Decimal:
    """The value of a threshold, in its unit; raises KeyError when the list does not hold it."""
    return Decimal(nomenclature("seuil").entries[code].facts["valeur"])


def said(code: str) -> str:
    """The threshold as a message says it: a part as a percentage (« 80 % »), anything else as a number."""
    value, unit = threshold(code), nomenclature("seuil").entries[code].facts["unite"]
    number = f"{value * 100 if unit == 'part' else value:f}"
    number = number.rstrip("0").rstrip(".") if "." in number else number
    if "." not in number:
        number = f"{int(number):,}".replace(",", " ")
    return number.replace(".", ",") + (" %" if unit == "part" else "")
