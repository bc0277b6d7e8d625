"""The periods of a series, and which centre covers which of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from intercentre.harmonisation.deposits import CentreInForce
from schemas.period import Period


def periods_of_series(debut: date, last: Period) -> list[Period]:
    """Every quarter and every year that lies wholly between `debut` and the end of `last`, in order.

    A quarter or a year that began before `debut` is not in the series: its figures would be too low.
    """
    quarters = _from(Period.quarter_of(debut), debut, last)
    years = _from(Period(debut.year), debut, last)
    return sorted([*quarters, *years])


def start_of_series(centres: Iterable[CentreInForce], last: Period) -> date:
    """The earliest day that a deposit in force describes; the period's own first day when there is none."""
    return min((centre.depot.debut for centre in centres if centre.depot), default=last.debut)


def covered_periods(centres: Sequence[CentreInForce], periods: Sequence[Period]) -> list[tuple[Period, str]]:
    """(period, centre) for each period that the centre's deposit describes from its first day to its last."""
    return [(periode, centre.centre_code) for periode in periods for centre in centres if centre.covers(periode)]


def _from(first: Period, debut: date, last: Period) -> list[Period]:
    found, period = [], first
    while period.fin <= last.fin:
        if period.debut >= debut:
            found.append(period)
        period = period.next()
    return found
