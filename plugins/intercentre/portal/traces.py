"""The server's log without the messages of faults."""

from __future__ import annotations

import logging

from intercentre.core.faults import describe


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
