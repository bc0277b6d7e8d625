"""Gates: whether the common tables of a period can be accepted, and whether its observations can go on.

Reads: the common tables and the staged rows behind them; the observations, the last release; schemas/gates.
Writes: evidence and a page for DISCRI, per period and gate (Z1), also of a period that is stopped.
Refuses: a period in which a blocking expectation does not hold; what could not be evaluated is a fault.
"""

from __future__ import annotations

from intercentre.gates.check import check_common, check_observations, has_passed
from intercentre.gates.documents import GateRecord
from intercentre.gates.refusal import GateFaultError, GateRefusal
from intercentre.gates.shelf import find_page, list_records

__all__ = [
    "GateFaultError",
    "GateRecord",
    "GateRefusal",
    "check_common",
    "check_observations",
    "find_page",
    "has_passed",
    "list_records",
]
