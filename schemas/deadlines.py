"""The day on which the deposits of a period are due: the calendar that the centres agreed on, and the holidays."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from functools import cache

from schemas.nomenclatures import nomenclature, read_rows
from schemas.period import Period

_SATURDAY = 5


def due_day(periode: Period) -> date | None:
    """The last day on which a deposit of `periode` is on time; None when the calendar does not know the period."""
    entry = nomenclature("calendrier_depot").entries.get(str(periode))
    return None if entry is None else next_working_day(date.fromisoformat(entry.facts["echeance"]), holidays())


def next_working_day(day: date, closed: Collection[date]) -> date:
    """`day` itself when people work on it, else the first day after it on which they do."""
    while day.weekday() >= _SATURDAY or day in closed:
        day += timedelta(days=1)
    return day


@cache
def holidays() -> frozenset[date]:
    """The public holidays of Belgium that the list knows."""
    return frozenset(date.fromisoformat(row["date"]) for row in read_rows("jour_ferie"))
