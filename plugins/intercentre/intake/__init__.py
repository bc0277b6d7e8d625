"""Intake: taking deposits in, whatever way they come, and giving a receipt.

Reads: centres' endpoints, uploads, the drop folder. Writes: custody (Z0), `depot` and `collecte` rows, receipts.
Refuses: what is too large and who is unknown; everything else is kept first and judged afterwards.
"""

from intercentre.intake.arrivals import take_arrivals
from intercentre.intake.collect import Collection, collect
from intercentre.intake.endpoints import Endpoint, read_endpoints
from intercentre.intake.receive import IntakeError, expected_period, receive_deposit, verify_receipt
from intercentre.intake.retention import forget_raw_deposits

__all__ = [
    "Collection",
    "Endpoint",
    "IntakeError",
    "collect",
    "expected_period",
    "forget_raw_deposits",
    "read_endpoints",
    "receive_deposit",
    "take_arrivals",
    "verify_receipt",
]
