"""Why a period does not go through a gate."""

from __future__ import annotations

from intercentre.core.refusal import Refusal


class GateRefusal(Refusal):
    """A blocking expectation does not hold, or there is nothing to judge; the message names places, never a figure."""


class GateFaultError(RuntimeError):
    """An expectation could not be evaluated: a fault of ours, never a pass. French, without any value."""
