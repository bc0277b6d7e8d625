"""Between what and what a measure is credible, from earlier values alone: never from the deposit that is judged."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, median

from schemas.plausibility import Comparison, Direction, Middle, Rule, Unit


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is expected, and how far from it is still credible; None: no limit on that side.

    attendu  expected value; None when only a ceiling is known
    etalons  earlier values that the bounds are made of
    """

    minimum: float | None
    maximum: float | None
    attendu: float | None = None
    etalons: int = 0

    def hold(self, value: float) -> bool:
        """True when `value` lies within, limits included."""
        return (self.minimum is None or value >= self.minimum) and (self.maximum is None or value <= self.maximum)


def bounds_from(history: Sequence[float], rule: Rule, historique_min: int, *, is_count: bool) -> Bounds | None:
    """The bounds that earlier values give, the latest last; the ceiling of the rule is a bound whatever they are.

    returns  median (or mean) ± max(k·MAD, marge) of the values, or of their changes added to the last one; around the
             last one at `bande` while there are fewer than `historique_min`; None without history and ceiling
    """
    found = _spread(history, rule, historique_min, is_count=is_count) if history else None
    if rule.plafond is None:
        return found
    if found is None or found.maximum is None:
        return Bounds(None, rule.plafond)
    return Bounds(found.minimum, min(found.maximum, rule.plafond), found.attendu, found.etalons)


def median_deviation(values: Sequence[float]) -> float:
    """MAD: the median distance from the median."""
    centre = median(values)
    return median(abs(value - centre) for value in values)


def _spread(history: Sequence[float], rule: Rule, historique_min: int, *, is_count: bool) -> Bounds:
    growing = rule.comparaison is Comparison.EVOLUTION
    values = [later - earlier for earlier, later in pairwise(history)] if growing else list(history)
    last = history[-1]
    if len(values) >= historique_min:
        middle = fmean(values) if rule.milieu is Middle.MOYENNE else median(values)
        centre = middle + (last if growing else 0)
        half = max(rule.facteur * median_deviation(values), _distance(rule.marge, rule, centre))
    else:
        centre, half = last, _distance(rule.bande, rule, last)
    low, high = _within_reason(centre - half, centre + half, rule, is_count=is_count)
    return Bounds(
        None if rule.sens is Direction.HAUSSE else low,
        None if rule.sens is Direction.BAISSE else high,
        round(centre, 2),
        len(history),
    )


def _distance(size: float, rule: Rule, centre: float) -> float:
    return max(abs(centre) * size / 100, rule.marge_lignes) if rule.unite is Unit.POURCENT else size


def _within_reason(low: float, high: float, rule: Rule, *, is_count: bool) -> tuple[float, float]:
    """The limits as they are stored: whole rows and days, hundredths of a point, nothing below zero or above 100 %."""
    if is_count:
        return max(0, math.ceil(low)), math.floor(high)
    if rule.unite is Unit.JOURS:
        return math.ceil(low), math.floor(high)
    return max(0.0, round(low, 2)), min(100.0, round(high, 2))
