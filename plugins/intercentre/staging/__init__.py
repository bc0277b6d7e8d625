"""Staging: the retained rows of an accepted deposit, ready to be harmonised.

Reads: validated tables (types/<table>.parquet with `retenue`). Writes: extracts and quarantine, per centre and period.
Refuses: a deposit whose verdict refuses it; nothing is written then.
"""

from __future__ import annotations

from intercentre.staging.stage import stage_deposit

__all__ = ["stage_deposit"]
