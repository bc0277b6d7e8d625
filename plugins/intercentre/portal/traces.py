"""Faults in the log without what they say: the message of an exception may quote a cell."""

from __future__ import annotations

import logging
import traceback
from types import TracebackType


def silence_messages() -> None:
    """The server's log keeps the kind and the place of a fault, never its message."""
    logger = logging.getLogger("uvicorn.error")
    if not any(isinstance(known, WithoutMessage) for known in logger.filters):
        logger.addFilter(WithoutMessage())


class WithoutMessage(logging.Filter):
    """Replaces the traceback of a record by the kinds and places of its exceptions."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and record.exc_info[1] is not None:
            record.msg = f"{record.getMessage()} {describe(record.exc_info[1])}"
            record.args = None
            record.exc_info = None
            record.exc_text = None
        return True


def describe(error: BaseException) -> str:
    """The kind of a fault, of its causes, and where each was raised."""
    parts = [f"{type(error).__module__}.{type(error).__qualname__} {_place(error.__traceback__)}"]
    cause = error.__cause__ or error.__context__
    return " <- ".join([*parts, describe(cause)]) if cause is not None else parts[0]


def _place(trace: TracebackType | None) -> str:
    return " > ".join(f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(trace)[-6:])
