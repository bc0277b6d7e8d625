"""T12: a centre's offices: the seat, its branches, the places where it receives now and then."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from intercentre.simulation.chance import Weighted, stream
from intercentre.simulation.facts import Fact
from intercentre.simulation.people import Window
from intercentre.simulation.population import lasting_communes
from intercentre.simulation.view import Row

_HOURS = {"SIEGE": (36, 40), "ANTENNE": (24, 38), "PERMANENCE": (3, 12)}
_PLACES: dict[str, Weighted[int | None]] = {
    "SIEGE": Weighted(((20, 2), (30, 3), (45, 2))),
    "ANTENNE": Weighted(((12, 3), (15, 3), (20, 2), (None, 1))),
    "PERMANENCE": Weighted(((None, 3), (8, 2))),
}


def office_facts(graine: int, centre: str, count: int, window: Window) -> list[Fact]:
    """The `count` offices that dossiers name, one that closed and one that opened on the way, which none names."""
    rng = stream(graine, "bureaux", centre)
    communes = lasting_communes(centre, window.fin)
    span = (window.fin - window.debut).days
    opened = [window.first_opening - timedelta(days=rng.randint(100, 900)) for _ in range(count + 1)]
    offices = [
        _office(rng, rank, "SIEGE" if rank == 1 else "ANTENNE" if rank == 2 else "PERMANENCE", communes.draw(rng), day)
        for rank, day in enumerate(opened, start=1)
    ]
    closing = window.debut + timedelta(days=rng.randrange(span))
    opening = window.debut + timedelta(days=rng.randrange(span))
    later = _office(rng, count + 2, "ANTENNE", communes.draw(rng), opening)
    closed = offices[-1]._replace(suites=((closing, {"ouvert_au": closing}),))
    known = [fact._replace(jour=window.debut) for fact in (*offices[:-1], closed)]
    return [*known, later]


def _office(rng: Random, rank: int, kind: str, commune: str, opened: date) -> Fact:
    row: Row = {
        "bureau_id": f"B-{rank:02d}",
        "commune_refnis": commune,
        "type": kind,
        "ouvert_du": opened,
        "ouvert_au": None,
        "heures_ouverture_hebdo": Decimal(rng.randint(*_HOURS[kind])),
        "ateliers_capacite": _PLACES[kind].draw(rng),
    }
    return Fact("bureau", opened, row)
