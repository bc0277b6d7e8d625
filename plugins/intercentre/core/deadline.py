"""The last day on which a deposit is awaited, for the pages and for whoever no longer waits."""

from __future__ import annotations

from datetime import date, timedelta

from intercentre.core.hub import Hub
from schemas.deadlines import due_day
from schemas.period import Period


def last_day(hub: Hub, periode: Period) -> date:
    """The day of the calendar that the centres agreed on; for a period that it does not know, the hub's own delay."""
    return due_day(periode) or periode.fin + timedelta(days=hub.settings.depot_delai_jours)
