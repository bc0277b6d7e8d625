"""T07: the operators that a centre works with: what they are, what they offer, since when they are approved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from intercentre.simulation.chance import Weighted, stream, weighted
from intercentre.simulation.facts import Fact
from intercentre.simulation.people import Window
from intercentre.simulation.population import lasting_communes
from intercentre.simulation.practice import Practice
from intercentre.simulation.view import Row, as_set
from schemas.regimes import add_months

_TYPE = {
    "FLE": weighted(ILI_AGREEE=34, ILI_FACULTATIVE=18, PROMOTION_SOCIALE=22, EDUC_PERMANENTE=12, CISP=8, COMMUNE=6),
    "ALPHA": weighted(ILI_AGREEE=40, ILI_FACULTATIVE=20, EDUC_PERMANENTE=24, CISP=16),
    "CITOYENNETE": weighted(ILI_AGREEE=55, ILI_FACULTATIVE=25, EDUC_PERMANENTE=20),
    "ISP": weighted(FOREM=25, CISP=40, CPAS=25, AUTRE=10),
    "SOCIAL": weighted(CPAS=40, ILI_AGREEE=30, ILI_FACULTATIVE=20, COMMUNE=10),
    "JURIDIQUE": weighted(ILI_AGREEE=50, ILI_FACULTATIVE=30, AUTRE=20),
}
_NAMES = {
    "ILI_AGREEE": "Initiative locale",
    "ILI_FACULTATIVE": "Initiative locale",
    "PROMOTION_SOCIALE": "Cours de promotion sociale",
    "CISP": "Centre d'insertion",
    "FOREM": "Service de formation",
    "CPAS": "Service social",
    "COMMUNE": "Service communal",
    "EDUC_PERMANENTE": "Association d'éducation permanente",
    "ENS_SUP": "École supérieure",
    "AUTRE": "Association",
}
_APPROVAL_YEARS = 6
APPROVED, OPTIONAL = "ILI_AGREEE", "ILI_FACULTATIVE"


class Operator(NamedTuple):
    """One operator. `agrement` is its first approval, `renouvele` the days on which it was extended, by six years.

    arret  day since which it is no longer active, None for an active one
    """

    numero: str
    rang: int
    type: str
    commune: str
    axes: tuple[str, ...]
    agrement: date | None
    renouvele: tuple[date, ...]
    arret: date | None

    @property
    def is_local_initiative(self) -> bool:
        return self.type in (APPROVED, OPTIONAL)


def draw_operators(graine: int, centre: str, practice: Practice, window: Window) -> list[Operator]:
    """The centre's operators; one that offers nothing any more stopped before the history and has nobody enrolled."""
    rng = stream(graine, "operateurs", centre)
    communes = lasting_communes(centre, window.fin)
    return [
        _draw_operator(rng, numero, rank, practice.axes_of(numero), communes.draw(rng), window)
        for rank, numero in enumerate(practice.numeros, start=1)
    ]


def _draw_operator(rng: Random, numero: str, rank: int, axes: Sequence[str], commune: str, window: Window) -> Operator:
    stopped = None if axes else window.debut - timedelta(days=rng.randint(30, 400))
    offered = tuple(axes) or (Weighted((axis, 1) for axis in _TYPE).draw(rng),)
    kind = _TYPE[offered[0]].draw(rng)
    approved = window.first_opening - timedelta(days=rng.randint(60, 1500)) if kind == APPROVED else None
    renewed: list[date] = []
    while approved and stopped is None:
        decided = add_months(approved, 12 * _APPROVAL_YEARS * (len(renewed) + 1)) - timedelta(days=rng.randint(20, 150))
        if decided > window.fin:
            break
        renewed.append(decided)
    return Operator(numero, rank, kind, commune, offered, approved, tuple(renewed), stopped)


def operator_facts(operators: Sequence[Operator], window: Window) -> list[Fact]:
    """A row for each operator since the start of the history; a later extension of its approval changes it."""
    return [
        Fact(
            "operateur",
            window.debut,
            _row(one, window.debut),
            tuple((day, {"agrement_fin": _term(one, day)}) for day in one.renouvele if day > window.debut),
        )
        for one in operators
    ]


def _row(one: Operator, day: date) -> Row:
    return {
        "operateur_id": one.numero,
        "denomination": f"{_NAMES[one.type]} {one.rang:02d}",
        "type": one.type,
        "commune_refnis": one.commune,
        "axes": as_set(one.axes),
        "agrement_debut": one.agrement,
        "agrement_fin": _term(one, day),
        "actif": one.arret is None,
    }


def _term(one: Operator, day: date) -> date | None:
    """The end of the approval as decided on `day`."""
    if one.agrement is None or one.arret is not None:
        return one.arret if one.agrement else None
    terms = 1 + sum(decided <= day for decided in one.renouvele)
    return add_months(one.agrement, 12 * _APPROVAL_YEARS * terms) - timedelta(days=1)
