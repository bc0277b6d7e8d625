"""T21: the staff of a centre, full-time equivalents by year and function."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from intercentre.simulation.chance import stream
from intercentre.simulation.facts import Fact
from intercentre.simulation.people import Window
from intercentre.simulation.population import centre_weights
from intercentre.simulation.view import Row

# Share of each function in a centre of forty full-time equivalents for the largest territory, ten for the smallest.
_SHARE = {
    "ACCUEIL_PARCOURS": 0.5,
    "COORDINATION": 0.16,
    "FORMATION": 0.12,
    "STATISTIQUES": 0.04,
    "DIRECTION_ADMIN": 0.14,
    "AUTRE": 0.04,
}
_SMALLEST, _LARGEST = 10, 40


def staff_facts(graine: int, centre: str, window: Window) -> list[Fact]:
    """A row per civil year and function, noted on 1 January (from the budget) and put right at the end of the year."""
    rng = stream(graine, "personnel", centre)
    weights = centre_weights()
    total = _SMALLEST + (_LARGEST - _SMALLEST) * weights[centre] / max(weights.values())
    facts = []
    for year in range(window.debut.year, window.fin.year + 1):
        for function, share in _SHARE.items():
            planned = round(total * share * rng.uniform(0.92, 1.08) * 20) * 5
            had = max(0, planned + rng.choice((-20, -10, 0, 0, 0, 10)))
            row: Row = {"annee": year, "fonction": function, "etp": Decimal(planned) / 100}
            put_right: Row = {"etp": Decimal(had) / 100}
            facts.append(Fact("ressources", date(year, 1, 1), row, ((date(year, 12, 31), put_right),)))
    return facts
