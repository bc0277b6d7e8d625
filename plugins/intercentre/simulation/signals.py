"""T09: what each commune signals to the centre month after month, and who of them comes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from random import Random

from intercentre.simulation.chance import occurrences, stream, weighted
from intercentre.simulation.facts import Fact, months
from intercentre.simulation.lives import Life
from intercentre.simulation.people import Window
from intercentre.simulation.population import in_force, territories
from intercentre.simulation.view import Row

_SOURCE = weighted(LISTE_COMMUNE=70, REGISTRE_NATIONAL=22, ESTIMATION=8)
_SIGNALLED_PER_ENROLLED = 1.7  # assumed: no count of those signalled is published
_SILENT_SHARE = 0.12  # communes that signal nobody who did not come by himself


def signal_facts(graine: int, centre: str, episodes: Iterable[tuple[Life, int]], window: Window) -> list[Fact]:
    """A row per commune of the territory and month, zeros included; and of another commune when somebody came from it.

    `inscrits_au_centre` is the number of dossiers opened in the month that came through their commune.
    """
    rng = stream(graine, "signalements", centre)
    enrolled = _enrolled(episodes, window)
    rows = [row for row in territories() if row.centre == centre]
    residents = sum(row.etrangers for row in rows if in_force(row, window.fin)) or 1
    spans = list(months(window.debut, window.fin))
    others = (_SIGNALLED_PER_ENROLLED - 1) * sum(enrolled.values()) / len(spans)
    mean = {row.commune: others * row.etrangers / residents for row in rows}
    source = {row.commune: _SOURCE.draw(rng) for row in rows}
    silent = {row.commune for row in rows if rng.random() < _SILENT_SHARE}
    facts = []
    for month, last in spans:
        held = {row.commune for row in rows if in_force(row, last)}
        for commune in sorted(held | {code for code, when in enrolled if when == month}):
            came = enrolled[commune, month]
            more = 0 if commune in silent else occurrences(rng, mean.get(commune, 0.0))
            facts.append(_fact(rng, commune, month, last, came, more, source.get(commune, "ESTIMATION")))
    return facts


def _enrolled(episodes: Iterable[tuple[Life, int]], window: Window) -> Counter[tuple[str, str]]:
    """(commune, month) → dossiers opened then that came through their commune."""
    openings = (life.episodes[place].admission for life, place in episodes)
    return Counter(
        (opening.commune, f"{opening.ouverture:%Y-%m}")
        for opening in openings
        if opening.canal == "COMMUNE" and window.debut <= opening.ouverture
    )


def _fact(rng: Random, commune: str, month: str, last: date, came: int, more: int, source: str) -> Fact:
    reached = sum(rng.random() < 0.55 for _ in range(more))
    lost = sum(rng.random() < 0.7 for _ in range(more))
    documents = came + sum(rng.random() < 0.8 for _ in range(more))
    row: Row = {
        "commune_refnis": commune,
        "mois": month,
        "signales_par_commune": came + more,
        "documents_remis": None if source == "ESTIMATION" else documents,
        "contactes": came + reached,
        "inscrits_au_centre": came,
        "sans_suite": lost,
        "source": source,
    }
    return Fact("flux_commune", last, row)
