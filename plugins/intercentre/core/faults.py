"""Faults told without what they say: the message of an exception may quote a cell."""

from __future__ import annotations

import traceback
from types import TracebackType


def describe(error: BaseException) -> str:
    """The kind of a fault, of its causes, and where each was raised."""
    parts = [f"{type(error).__module__}.{type(error).__qualname__} {_place(error.__traceback__)}"]
    cause = error.__cause__ or error.__context__
    return " <- ".join([*parts, describe(cause)]) if cause is not None else parts[0]


def _place(trace: TracebackType | None) -> str:
    return " > ".join(f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(trace)[-6:])
