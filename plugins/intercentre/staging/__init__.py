"""Staging: the retained rows of an accepted deposit, ready to be harmonised.

Reads: validated tables (types/<table>.parquet with `retenue`), the hub's secret of pseudonyms. Writes: extracts and
quarantine, per centre and period, without any pseudonym of a centre.
Refuses: a deposit whose verdict refuses it; nothing is written then.
"""

from __future__ import annotations

from intercentre.staging.rekeying import Rekeying
from intercentre.staging.stage import stage_deposit

__all__ = ["Rekeying", "stage_deposit"]
