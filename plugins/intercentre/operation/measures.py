"""How much memory the hub and everything it started hold at most."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from intercentre.operation.processes import memory_bytes, memory_of

_EVERY_S = 2.0


@dataclass
class Peak:
    """The greatest sum seen, bytes; looked at every two seconds."""

    bytes_: int = 0

    @property
    def gib(self) -> float:
        return self.bytes_ / 2**30


@contextmanager
def peak_memory(sessions: Callable[[], Iterable[int]]) -> Iterator[Peak]:
    """In this block the peak of this process and of the sessions is followed."""
    peak, ended = Peak(), threading.Event()

    def follow() -> None:
        while not ended.is_set():
            peak.bytes_ = max(peak.bytes_, memory_bytes(list(sessions())) + memory_of(os.getpid()))
            ended.wait(_EVERY_S)

    thread = threading.Thread(target=follow, daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        ended.set()
        thread.join()
