"""The hub as its rooms see it: settings, home, clock and registry, handed in and never global."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from intercentre.core.french import local_day
from intercentre.core.home import Home
from intercentre.core.settings import Settings

if TYPE_CHECKING:
    from intercentre.core.registry.store import Registry


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Hub:
    """One installation. `now` is the only clock that a room may read."""

    settings: Settings
    now: Callable[[], datetime] = field(default=_now)

    @classmethod
    def from_environment(cls) -> Hub:
        return cls(Settings.from_environment(os.environ))

    def today(self) -> date:
        """The day in Belgium, by which periods end and deadlines fall."""
        return local_day(self.now())

    @property
    def home(self) -> Home:
        return Home(self.settings.home)

    @cached_property
    def registry(self) -> Registry:
        """The registry, migrated to the present schema on first use."""
        from intercentre.core.registry.store import Registry

        return Registry.open(self.settings.registry_url, self.now)
