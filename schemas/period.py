"""The period of a deposit, of an observation and of a release: a civil quarter or a civil year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

_PERIOD = re.compile(r"([0-9]{4})(?:-T([1-4]))?")


class PeriodError(ValueError):
    """The text is not a period; the message is French and safe to show."""


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """A quarter (`trimestre` 1-4) or a whole year (`trimestre` 0); prints as 2026-T3 or 2026."""

    annee: int
    trimestre: int = 0

    @classmethod
    def parse(cls, text: str) -> Period:
        """The period that `text` names; raises PeriodError for anything but YYYY or YYYY-Tn."""
        match = _PERIOD.fullmatch(text)
        if match is None or not 1990 <= int(match[1]) <= 2100:
            raise PeriodError("Période attendue sous la forme 2026-T3 (trimestre) ou 2026 (année).")
        return cls(int(match[1]), int(match[2] or 0))

    @classmethod
    def quarter_of(cls, day: date) -> Period:
        return cls(day.year, (day.month + 2) // 3)

    def __str__(self) -> str:
        return f"{self.annee}-T{self.trimestre}" if self.trimestre else str(self.annee)

    @property
    def is_quarter(self) -> bool:
        return self.trimestre > 0

    @property
    def debut(self) -> date:
        return date(self.annee, 3 * self.trimestre - 2 if self.trimestre else 1, 1)

    @property
    def fin(self) -> date:
        following = self.next()
        return following.debut - timedelta(days=1)

    @property
    def libelle(self) -> str:
        """As a person reads it: « 3e trimestre 2026 (2026-T3) »."""
        if not self.trimestre:
            return f"année {self.annee}"
        rank = "1er" if self.trimestre == 1 else f"{self.trimestre}e"
        return f"{rank} trimestre {self.annee} ({self})"

    def next(self) -> Period:
        return self.shift(1)

    def previous(self) -> Period:
        return self.shift(-1)

    def shift(self, count: int) -> Period:
        """The period `count` periods of the same kind later (earlier when negative)."""
        if not self.trimestre:
            return Period(self.annee + count)
        years, quarter = divmod(self.annee * 4 + self.trimestre - 1 + count, 4)
        return Period(years, quarter + 1)
