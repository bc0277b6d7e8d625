"""Draws that a seed repeats: one stream per purpose, weighted choices, working days."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


def stream(graine: int, *purpose: object) -> Random:
    """The stream of draws for one purpose; independent of every other purpose of the same seed."""
    return Random("/".join(map(str, (graine, *purpose))))  # noqa: S311  (simulated lives, nothing to protect)


class Weighted(Generic[T]):
    """Values to draw from, each as likely as its weight; raises ValueError when nothing has a weight."""

    def __init__(self, weights: Iterable[tuple[T, float]]) -> None:
        pairs = [(value, weight) for value, weight in weights if weight > 0]
        if not pairs:
            raise ValueError("no value to draw from")
        self.values: tuple[T, ...] = tuple(value for value, _ in pairs)
        self._bounds = list(accumulate(weight for _, weight in pairs))

    def draw(self, rng: Random) -> T:
        place = bisect(self._bounds, rng.random() * self._bounds[-1])
        return self.values[min(place, len(self.values) - 1)]


def weighted(**weights: float) -> Weighted[str]:
    """Codes and their weights, written as keywords."""
    return Weighted(weights.items())


def days_later(day: date, count: float) -> date:
    """The working day that falls `count` days later, or the first one after it."""
    return workday(day + timedelta(days=int(count)))


@cache
def workday(day: date) -> date:
    """`day`, or the next Monday when it is a weekend."""
    excess = day.weekday() - 4
    return day + timedelta(days=3 - excess) if excess > 0 else day


def between(rng: Random, first: date, last: date) -> date:
    """A working day from `first` to `last` (the last day of the span when no working day is left in it)."""
    if last <= first:
        return first
    day = workday(first + timedelta(days=rng.randrange((last - first).days + 1)))
    return min(day, last)


def pause(rng: Random, mean: float, longest: int) -> int:
    """A waiting time in days: short mostly, sometimes long."""
    return min(longest, int(rng.expovariate(1.0 / mean)))


def occurrences(rng: Random, mean: float) -> int:
    """How often something happens that happens `mean` times on average (Poisson)."""
    if mean <= 0:
        return 0
    count, elapsed = 0, rng.expovariate(1.0)
    while elapsed < mean:
        count, elapsed = count + 1, elapsed + rng.expovariate(1.0)
    return count
