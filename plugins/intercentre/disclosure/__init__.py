"""Disclosure control, first form: every figure that could single a person out is withheld.

Reads: observations before protection, the thresholds of schemas/nomenclatures/seuil.csv.
Writes: protected observations (Z2) and protection.json, which says what was done and what was not.
Refuses: a table without its totals; complementary protection is not applied yet, so releases stay restricted.
"""

from intercentre.disclosure.protect import ProtectionError, protect_observations
from intercentre.disclosure.statement import COMPLEMENTARY, DIFFUSION
from intercentre.disclosure.suppression import MarginMissing, Thresholds, suppress

__all__ = [
    "COMPLEMENTARY",
    "DIFFUSION",
    "MarginMissing",
    "ProtectionError",
    "Thresholds",
    "protect_observations",
    "suppress",
]
