"""Failed attempts to come in: after a few from one address, its wrong tokens are told to wait for a while."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

WINDOW = timedelta(minutes=5)
MOST = 10
_ADDRESSES = 10_000


@dataclass
class Attempts:
    """Instants of the failures of each address within WINDOW.

    A program that repeats one wrong token is not guessing: the same `essai` counts once.
    """

    now: Callable[[], datetime]
    _failures: dict[str, dict[str, datetime]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def wait_s(self, address: str) -> int:
        """Seconds before this address may try again; 0 when it may now."""
        with self._lock:
            recent = self._recent(address)
            if len(recent) < MOST:
                return 0
            return max(1, int((min(recent.values()) + WINDOW - self.now()).total_seconds()))

    def record(self, address: str, essai: str) -> None:
        """One failure from `address`; `essai` tells attempts apart and is never the token itself."""
        with self._lock:
            recent = self._recent(address)
            recent[essai] = self.now()
            if len(self._failures) >= _ADDRESSES and address not in self._failures:
                self._failures.pop(next(iter(self._failures)))
            self._failures[address] = recent

    def _recent(self, address: str) -> dict[str, datetime]:
        limit = self.now() - WINDOW
        recent = {essai: at for essai, at in self._failures.get(address, {}).items() if at > limit}
        if not recent:
            self._failures.pop(address, None)
        return recent
