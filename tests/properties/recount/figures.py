"""What an observation says: a value, its numerator, its denominator."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Figure(NamedTuple):
    """What an observation says; all three are None where there is no answer."""

    valeur: float | None = None
    numerateur: float | None = None
    denominateur: float | None = None


NO_ANSWER = Figure()


def number(count: float) -> Figure:
    """A count or a sum."""
    return Figure(count, count, None)


def share(over: float, under: float, factor: float = 100) -> Figure:
    """A share in % (or a ratio times its factor): no value when there is nothing to share."""
    return Figure(round(factor * over / under, 6) if under else None, over, under)


def middle(values: Iterable[float]) -> Figure:
    """The median of the values, the mean of the middle two when they are even in number."""
    ordered = sorted(values)
    half, odd = divmod(len(ordered), 2)
    if not ordered:
        return Figure(None, None, 0)
    return Figure(ordered[half] if odd else (ordered[half - 1] + ordered[half]) / 2, None, len(ordered))


def nine_tenths(values: Iterable[float]) -> Figure:
    """What nine values of ten do not exceed: nine tenths of the way from the first to the last."""
    ordered = sorted(values)
    if not ordered:
        return Figure(None, None, 0)
    way, tenths = divmod(9 * (len(ordered) - 1), 10)
    beside = ordered[min(way + 1, len(ordered) - 1)]
    return Figure(ordered[way] + (beside - ordered[way]) * tenths / 10, None, len(ordered))
