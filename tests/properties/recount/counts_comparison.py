"""I62: how far apart the centres are beyond chance, from the counts of I11, I17, I22 and I36 over the lives."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from statistics import median

from tests.properties.recount import counts_conventions, counts_french, counts_offer
from tests.properties.recount.figures import Figure
from tests.properties.recount.lives import REGION, Lives, Period
from tests.properties.recount.parts import TOTAL, Cell, Part

SHARES = {
    "I11": counts_conventions.RECIPES["I11"],
    "I17": counts_french.RECIPES["I17"],
    "I22": counts_conventions.RECIPES["I22"],
}
FEWEST_UNITS, FEWEST_PERSONS = 20, 5  # TAUX_DENOMINATEUR_MIN and SECRET_EFFECTIF_MIN of seuil.csv
LOWEST, HIGHEST = 0.001, 0.999  # 99.8 % of what chance does lies between

Centre = tuple[float, float]  # numerator, denominator


def dispersions(lives: Lives) -> dict[Cell, Figure]:
    """Per year and indicator: tau in points, centres outside the limits, centres compared; their totals have no tau."""
    found: dict[Cell, Figure] = {}
    for period in lives.periods:
        if period.kind != "A":
            continue
        compared = {code: showable(recipe.count(lives, period)) for code, recipe in SHARES.items()}
        compared["I36"] = showable(waits_longer_than_most(lives, period))
        outside = {code: sum(is_outside(one, centres) for one in centres) for code, centres in compared.items()}
        for code, centres in compared.items():
            if centres:
                cell = Cell(period.name, "region", REGION, "indicateur_compare", code)
                found[cell] = Figure(tau(centres), outside[code], len(centres))
        everything = Figure(None, sum(outside.values()), sum(len(centres) for centres in compared.values()))
        found[Cell(period.name, "region", REGION, TOTAL, TOTAL)] = everything
    return found


def waits_longer_than_most(lives: Lives, period: Period) -> list[Part]:
    waits = list(counts_offer.days_until_the_course(lives, period))
    middle = median(one.over for one in waits)
    return [Part(one.centre, int(one.over > middle), 1) for one in waits]


def showable(parts: Sequence[Part]) -> list[Centre]:
    """The counts of each centre, without those that secrecy withholds: too few, or too few on either side."""
    counts: defaultdict[str, list[float]] = defaultdict(lambda: [0, 0])
    for part in parts:
        counts[part.centre][0] += part.over
        counts[part.centre][1] += part.under
    return [
        (over, under)
        for over, under in counts.values()
        if under >= FEWEST_UNITS and all(side == 0 or side >= FEWEST_PERSONS for side in (over, under - over))
    ]


def tau(centres: Sequence[Centre]) -> float | None:
    """In points, by the method of moments: Q less what chance gives, over what a unit of variance adds to it."""
    common = sum(over for over, _ in centres) / sum(under for _, under in centres)
    if len(centres) < 2 or common in (0, 1):
        return None
    weights = [under / (common * (1 - common)) for _, under in centres]
    distances = [(over / under - common) ** 2 for over, under in centres]
    q = sum(weight * distance for weight, distance in zip(weights, distances, strict=True))
    gain = sum(weights) - sum(weight**2 for weight in weights) / sum(weights)
    return 100 * math.sqrt(max(0, q - (len(centres) - 1)) / gain)


def is_outside(centre: Centre, centres: Sequence[Centre]) -> bool:
    common = sum(over for over, _ in centres) / sum(under for _, under in centres)
    share, size = centre[0] / centre[1], int(centre[1])
    if common in (0, 1):
        return share != common
    return not limit(common, size, LOWEST) <= share <= limit(common, size, HIGHEST)


def limit(common: float, size: int, probability: float) -> float:
    """The share below which chance leaves a centre with this probability, between the two counts that straddle it."""
    before = 0.0
    for count in range(size + 1):
        chance = math.comb(size, count) * common**count * (1 - common) ** (size - count)
        if before + chance >= probability:
            return max(0, (count - (before + chance - probability) / chance) / size)
        before += chance
    return 1.0
