"""The arithmetic of a fair comparison between centres: intervals, funnel limits, dispersion beyond chance.

Shares are between 0 and 1 here; nothing is read or written.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

_Z95 = NormalDist().inv_cdf(0.975)
_REACH = 10  # standard deviations from the mean beyond which a binomial weighs less than 1e-20


@dataclass(frozen=True, slots=True)
class Interval:
    """Two limits, the lower one first."""

    bas: float
    haut: float

    def holds(self, value: float) -> bool:
        return self.bas <= value <= self.haut

    def times(self, factor: float) -> Interval:
        return Interval(self.bas * factor, self.haut * factor)


@dataclass(frozen=True, slots=True)
class Funnel:
    """Limits within which a centre of this size falls by chance alone: 95 and 99.8 times out of a hundred."""

    a_95: Interval
    a_998: Interval

    def position(self, share: float) -> str:
        """`dans`, `hors_95` or `hors_998`."""
        if self.a_95.holds(share):
            return "dans"
        return "hors_95" if self.a_998.holds(share) else "hors_998"


@dataclass(frozen=True, slots=True)
class Group:
    """One centre: `succes` of `effectif` units, 0 <= succes <= effectif, effectif > 0."""

    succes: float
    effectif: float

    @property
    def share(self) -> float:
        return self.succes / self.effectif


def wilson(succes: float, effectif: float, z: float = _Z95) -> Interval:
    """The score interval of a share; it stays within 0 and 1 and holds for small numbers.

    source  Wilson, Journal of the American Statistical Association 22 (1927), 209-212; Newcombe, Statistics in
            Medicine 17 (1998), 857-872, method 3
    """
    centre = succes + z * z / 2
    spread = z * math.sqrt(succes * (effectif - succes) / effectif + z * z / 4)
    return Interval(max(0.0, (centre - spread) / (effectif + z * z)), min(1.0, (centre + spread) / (effectif + z * z)))


def funnel(share: float, effectif: int) -> Funnel:
    """The limits around `share` for a centre of `effectif` units, from the exact binomial distribution.

    A limit lies between the two counts that straddle its probability, interpolated, so that the funnel is smooth.
    source  Spiegelhalter, Statistics in Medicine 24 (2005), 1185-1202, appendix A.1.1
    """
    bas_998, bas_95, haut_95, haut_998 = _quantiles(share, effectif, (0.001, 0.025, 0.975, 0.999))
    return Funnel(Interval(bas_95, haut_95), Interval(bas_998, haut_998))


def dispersion(groups: Sequence[Group]) -> float | None:
    """Tau: the standard deviation between centres that chance does not explain, by the method of moments.

    The variance of a centre is that of the common share at its size, so that the weighted mean is the pooled share.
    returns  None with fewer than two centres, or when the common share is 0 or 1: there is nothing to disperse
    source   DerSimonian and Laird, Controlled Clinical Trials 7 (1986), 177-188; Spiegelhalter (2005), section 3.2
    """
    effectif = sum(one.effectif for one in groups)
    if len(groups) < 2:
        return None
    common = sum(one.succes for one in groups) / effectif
    if not 0 < common < 1:
        return None
    variance = common * (1 - common)
    heterogeneity = sum(one.effectif * (one.share - common) ** 2 for one in groups) / variance
    weight = (effectif - sum(one.effectif**2 for one in groups) / effectif) / variance
    return math.sqrt(max(0.0, (heterogeneity - (len(groups) - 1)) / weight))


def ratio_interval(succes: float, effectif: float, attendu: float) -> Interval:
    """The limits of observed / expected, when `attendu` comes from the region's rates in the centre's own mix.

    The limits are those of the centre's share, carried over to the ratio. Poisson limits (Byar) would be too wide here:
    reaching a level or a certificate is no rare event.
    """
    return wilson(succes, effectif).times(effectif / attendu)


def _quantiles(share: float, effectif: int, probabilities: tuple[float, ...]) -> list[float]:
    """The shares below which a binomial share falls with these probabilities (increasing), interpolated."""
    if share <= 0 or share >= 1:
        return [share] * len(probabilities)
    reach = _REACH * (math.sqrt(effectif * share * (1 - share)) + 1)
    count = max(0, math.floor(effectif * share - reach))
    weight = math.exp(_log_weight(count, effectif, share))
    odds = share / (1 - share)
    before, cumulated, found = 0.0, weight, []
    for probability in probabilities:
        while cumulated < probability and count < effectif:
            weight *= (effectif - count) / (count + 1) * odds
            count += 1
            before, cumulated = cumulated, cumulated + weight
        back = (cumulated - probability) / (cumulated - before)
        found.append(min(1.0, max(0.0, (count - back) / effectif)))
    return found


def _log_weight(count: int, effectif: int, share: float) -> float:
    """Logarithm of the probability of exactly `count` of `effectif`."""
    ways = math.lgamma(effectif + 1) - math.lgamma(count + 1) - math.lgamma(effectif - count + 1)
    return ways + count * math.log(share) + (effectif - count) * math.log(1 - share)
