"""Waiting for something with a deadline, and a clear word when it does not come."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

import requests

POLL_S = 0.5
Found = TypeVar("Found")


class TooLateError(RuntimeError):
    """What was waited for did not come in time; the message is French and names it."""


def wait_for(what: str, look: Callable[[], Found | None], patience_s: float, poll_s: float | None = None) -> Found:
    """What `look` finds, as soon as it is not None; raises TooLateError after `patience_s` seconds.

    look    a door that does not answer for once (requests' ConnectionError, Timeout) is looked at again
    poll_s  seconds between two looks; POLL_S when not given
    """
    deadline = time.monotonic() + patience_s
    while (found := _look(look)) is None:
        if time.monotonic() > deadline:
            raise TooLateError(f"{what} : rien après {patience_s:.0f} s.")
        time.sleep(POLL_S if poll_s is None else poll_s)
    return found


def _look(look: Callable[[], Found | None]) -> Found | None:
    try:
        return look()
    except (requests.ConnectionError, requests.Timeout):
        return None
