"""A second process, which does one thing after another for the first: beside it on two cores, and never after it."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from threading import Thread


def companion(first: Callable[[], object]) -> Executor:
    """What runs a function of a module in the second process, which starts with the first thing that is asked of it.

    It is a new process, without any thread, connection or memory of this one; what it imports is paid there.

    first  what it does before anything else
    source docs/decisions/0070
    """
    return ProcessPoolExecutor(1, get_context("spawn"), initializer=_begin, initargs=(first,))


def _begin(first: Callable[[], object]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the first process, which then says that it is over
    Thread(target=_end_with_parent, daemon=True).start()
    first()


def _end_with_parent() -> None:
    """A killed parent says nothing: without this, its companion would wait for the next question for ever."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
