"""Why the plausibility of a deposit cannot be told."""

from __future__ import annotations


class NotStaged(LookupError):  # noqa: N818
    """There is no such deposit, or its rows are not staged: there is nothing to judge."""


class PlausibilityError(RuntimeError):
    """An expectation could not be evaluated: a fault of ours, never of the deposit. French, without any value."""
