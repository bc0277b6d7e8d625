"""One writer at a time on the tables of a period, whatever process or machine of the hub it runs in."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from intercentre.core.hub import Hub
from schemas.period import Period


@contextmanager
def exclusive(hub: Hub, periode: Period | str) -> Iterator[None]:
    """In this block no other process that asks for the same makes or reads the tables of the period.

    The lock lies beside the data (a shared file system carries it to every worker) and ends with its process, so a
    killed one blocks nobody. Not to be nested.
    """
    folder = hub.home.work
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{periode}.verrou").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
