"""T10: how often the obliged were reminded, summoned, passed on, released or given more time; counts only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from random import Random

from intercentre.simulation.chance import occurrences, stream
from intercentre.simulation.facts import Fact
from intercentre.simulation.lives import Episode, Life
from intercentre.simulation.people import Window
from intercentre.simulation.view import Row
from schemas.period import Period

# Acts per obliged dossier opened in the quarter: most reminders suffice, a fine is rare.
_PER_OBLIGED = {
    "RAPPEL": 0.35,
    "MISE_EN_DEMEURE": 0.12,
    "TRANSMISSION_SANCTIONNATEUR": 0.03,
    "AMENDE_NOTIFIEE": 0.008,
    "RECOURS": 0.002,
}
_MEDICAL_SHARE = 0.3


def obligation_facts(graine: int, centre: str, episodes: Iterable[tuple[Life, int]], window: Window) -> list[Fact]:
    """A row per quarter and type, zeros included.

    PROLONGATION is the number of terms put off, DISPENSE_* that of dossiers closed for a release, as the dossiers tell.
    """
    rng = stream(graine, "obligations", centre)
    told = Counter(event for life, place in episodes for event in _told(life.episodes[place]))
    facts = []
    quarter, last = Period.quarter_of(window.debut), Period.quarter_of(window.fin)
    while quarter <= last:
        for kind, count in _counts(rng, quarter, told).items():
            row: Row = {"trimestre": str(quarter), "type": kind, "nombre": count}
            facts.append(Fact("agg_obligation", quarter.fin, row))
        quarter = quarter.next()
    return facts


def _told(episode: Episode) -> Iterator[tuple[Period, str]]:
    if episode.admission.statut == "OBLIGE":
        yield Period.quarter_of(episode.admission.ouverture), "OBLIGE"
    if episode.cloture and episode.motif == "DISPENSE":
        yield Period.quarter_of(episode.cloture), "DISPENSE"
    for agreement in episode.conventions:
        if agreement.prolongation:
            yield Period.quarter_of(agreement.prolongation.decision), "PROLONGATION"


def _counts(rng: Random, quarter: Period, told: Counter[tuple[Period, str]]) -> dict[str, int]:
    obliged, released = told[quarter, "OBLIGE"], told[quarter, "DISPENSE"]
    acts = {kind: occurrences(rng, share * obliged) for kind, share in _PER_OBLIGED.items()}
    medical = sum(rng.random() < _MEDICAL_SHARE for _ in range(released))
    return {
        **acts,
        "DISPENSE_MEDICALE": medical,
        "DISPENSE_AUTRE": released - medical,
        "PROLONGATION": told[quarter, "PROLONGATION"],
    }
