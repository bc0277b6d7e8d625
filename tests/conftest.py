"""What the tests share: a hub in an empty home, with a clock of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from intercentre.core.hub import Hub
from intercentre.core.settings import Settings


@dataclass
class Clock:
    """A clock that moves only when told."""

    instant: datetime = datetime(2026, 10, 12, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.instant

    def advance(self, **span: float) -> None:
        self.instant += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make_hub(tmp_path: Path, clock: Clock) -> Callable[..., Hub]:
    """A maker of hubs; each name is a home of its own, settings as keywords."""

    def make(name: str = "hub", **settings: object) -> Hub:
        return Hub(Settings(home=tmp_path / name, **settings), now=clock)  # type: ignore[arg-type]

    return make


@pytest.fixture
def hub(make_hub: Callable[..., Hub]) -> Hub:
    return make_hub()
