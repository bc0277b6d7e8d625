"""Versions of releases: `2026-T3.1` is the first release of the third quarter of 2026."""

from __future__ import annotations

import re
from dataclasses import dataclass

from schemas.period import Period, PeriodError

_VERSION = re.compile(r"(\d{4}(?:-T[1-4])?)\.([1-9]\d{0,5})", re.ASCII)


@dataclass(frozen=True, order=True, slots=True)
class Version:
    """The period of a release and its rank among the releases of that period."""

    periode: Period
    rang: int

    @classmethod
    def parse(cls, text: str) -> Version | None:
        """The version that `text` names; None for anything else (a stray folder, say)."""
        match = _VERSION.fullmatch(text)
        try:
            return cls(Period.parse(match[1]), int(match[2])) if match else None
        except PeriodError:
            return None

    def __str__(self) -> str:
        return f"{self.periode}.{self.rang}"
