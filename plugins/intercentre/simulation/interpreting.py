"""T20: interpreting asked for and given, month by month: the interpreted steps of dossiers, and what else was asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from intercentre.simulation.chance import occurrences, stream, weighted
from intercentre.simulation.facts import Fact, months
from intercentre.simulation.lives import Life
from intercentre.simulation.people import Window

_PROVIDER = weighted(SETIS=62, INTERNE=22, BENEVOLE=10, AUTRE=6)
_ELSEWHERE, _REFUSED = 0.25, 0.18  # per interpreted step: given outside dossiers, not given
_QUARTERS_OF_AN_HOUR = (4, 4, 5, 6, 6, 8)


def interpreting_facts(graine: int, centre: str, episodes: Iterable[tuple[Life, int]], window: Window) -> list[Fact]:
    """A row per month, language and provider; no fewer requests are honoured than steps of the month interpreted."""
    rng = stream(graine, "interpretariat", centre)
    steps = Counter(
        (f"{step.jour:%Y-%m}", step.langue)
        for life, place in episodes
        for step in life.episodes[place].etapes
        if step.langue is not None
    )
    given: Counter[tuple[str, str, str]] = Counter()
    refused: Counter[tuple[str, str, str]] = Counter()
    for (month, language), count in sorted(steps.items()):
        for _ in range(count + occurrences(rng, _ELSEWHERE * count)):
            given[month, language, _PROVIDER.draw(rng)] += 1
        for _ in range(occurrences(rng, _REFUSED * count)):
            refused[month, language, _PROVIDER.draw(rng)] += 1
    ends = dict(months(window.debut, window.fin))
    return [
        Fact(
            "interpretariat",
            ends[key[0]],
            {
                "mois": key[0],
                "langue": key[1],
                "prestataire": key[2],
                "demandes": given[key] + refused[key],
                "honorees": given[key],
                "heures": Decimal(sum(rng.choice(_QUARTERS_OF_AN_HOUR) for _ in range(given[key]))) / 4,
            },
        )
        for key in sorted(given.keys() | refused.keys())
        if key[0] in ends
    ]
