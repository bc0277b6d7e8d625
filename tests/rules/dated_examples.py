"""Deposits whose verdict depends on the day on which they come (V07): period, day, and changes to a plain manifest."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from schemas.period import Period


class Arrival(NamedTuple):
    """A plain deposit of `periode` that comes on `day`, without manifest when there are no changes to it."""

    periode: Period
    day: date
    manifest: Mapping[str, Any] | None = MappingProxyType({})


LAST = Period(2026, 4)  # due on Monday 1 February 2027, since 30 January is a Saturday

FAILING: dict[str, list[Arrival]] = {
    "V07": [
        Arrival(LAST, date(2027, 2, 2)),
        Arrival(LAST, date(2028, 1, 1), {"sequence": 9}),
        Arrival(LAST, date(2027, 2, 2), None),
        Arrival(Period(2027, 3), date(2027, 11, 3)),
    ],
}

PASSING: dict[str, list[Arrival]] = {
    "V07": [
        Arrival(LAST, date(2027, 2, 1)),
        Arrival(LAST, date(2027, 1, 2), None),
        # Saturday 30 October, Sunday, then All Saints
        Arrival(Period(2027, 3), date(2027, 11, 2)),
        # a correction has no deadline
        Arrival(
            LAST, date(2027, 5, 3), {"type_depot": "RECTIFICATIF", "remplace_depot_id": "CAI-2026-T4-000000000000"}
        ),
        # before the calendar there was none
        Arrival(Period(2026, 3), date(2027, 5, 3)),
        # nor has a year
        Arrival(Period(2026), date(2027, 5, 3), {"type_depot": "ANNUEL"}),
    ],
}
