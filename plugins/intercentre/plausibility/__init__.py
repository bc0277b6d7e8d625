"""Plausibility: what is credible of an accepted deposit, beside its centre's earlier ones and the other centres.

Reads: staged rows of the deposit and of earlier ones, the thresholds in schemas/plausibility.
Writes: evidence, findings to explain and a page for DISCRI, per deposit (Z1); no value of a row in any of them.
Refuses: a deposit that is not staged; an expectation that could not be evaluated, which is a fault, never a pass.
"""

from __future__ import annotations

from intercentre.plausibility.check import check_plausibility, check_unjudged, find_page, read_findings
from intercentre.plausibility.refusal import NotStaged, PlausibilityError

__all__ = ["NotStaged", "PlausibilityError", "check_plausibility", "check_unjudged", "find_page", "read_findings"]
