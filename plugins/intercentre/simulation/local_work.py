"""T14, T15, T16: help to local initiatives, the local plan of integration, the platforms' meetings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from intercentre.simulation.chance import between, occurrences, stream, weighted
from intercentre.simulation.facts import Fact, numbered
from intercentre.simulation.operators import Operator
from intercentre.simulation.people import Window
from intercentre.simulation.population import lasting_communes
from intercentre.simulation.view import Row, as_set

_HELP = weighted(MONTAGE=14, SUIVI=40, EVALUATION=14, PEDAGOGIQUE=20, ADMINISTRATIF=12)
_HELP_PER_YEAR, _HELPED_SHARE = 4.0, 0.8
THEMES = weighted(
    LANGUE=20,
    CITOYENNETE=14,
    EMPLOI=16,
    LOGEMENT=10,
    SANTE=9,
    ENSEIGNEMENT=7,
    JEUNESSE=6,
    ANTIRACISME=8,
    INTERCULTUREL=10,
    ACCES_DROITS=8,
    AUTRE=2,
)
_PLAN_YEARS = 3
_OUTCOME = weighted(REALISEE=72, ABANDONNEE=9, REPORTEE=19)


def support_facts(graine: int, centre: str, operators: Sequence[Operator], window: Window) -> list[Fact]:
    """T14: the hours given to each active local initiative that asks for them."""
    rng = stream(graine, "accompagnements", centre)
    years = (window.fin - window.debut).days / 365
    rows = [
        _support(rng, one, between(rng, window.debut, window.fin))
        for one in operators
        if one.is_local_initiative and one.arret is None and rng.random() < _HELPED_SHARE
        for _ in range(occurrences(rng, _HELP_PER_YEAR * years))
    ]
    return list(numbered("AC", "accompagnement_id", rows))


def _support(rng: Random, operator: Operator, day: date) -> Fact:
    row: Row = {
        "operateur_id": operator.numero,
        "date": day,
        "type": _HELP.draw(rng),
        "heures": Decimal(rng.randint(2, 16)) / 2,
    }
    return Fact("accompagnement_ili", day, row)


def plan_facts(graine: int, centre: str, window: Window) -> list[Fact]:
    """T15: the actions of each three-year plan that the history meets; their state moves on with time."""
    rng = stream(graine, "plan", centre)
    facts = []
    for year in range(window.debut.year - window.debut.year % _PLAN_YEARS, window.fin.year + 1, _PLAN_YEARS):
        begins, ends = date(year, 1, 1), date(year + _PLAN_YEARS - 1, 12, 31)
        count = rng.randint(13, 25)
        facts += [_action(rng, centre, window, f"PLI-{year}", rank, begins, ends) for rank in range(1, count + 1)]
    return facts


def _action(rng: Random, centre: str, window: Window, plan: str, rank: int, begins: date, ends: date) -> Fact:
    communes = lasting_communes(centre, window.fin)
    where = sorted({communes.draw(rng) for _ in range(rng.randint(1, 4))}) if rng.random() < 0.7 else []
    due = between(rng, begins + timedelta(days=150), ends)
    started = between(rng, begins, due - timedelta(days=60))
    settled = due + timedelta(days=rng.randint(-40, 50))
    row: Row = {
        "plan_id": plan,
        "action_id": f"A{rank:02d}",
        "plan_debut": begins,
        "plan_fin": ends,
        "axe": THEMES.draw(rng),
        "statut": "PREVUE",
        "echeance": due,
        "territoire": as_set(where) if where else None,
        "operateurs_impliques": rng.randint(0, 7),
    }
    outcome = _OUTCOME.draw(rng)
    return Fact("pli_action", begins, row, ((started, {"statut": "EN_COURS"}), (settled, {"statut": outcome})))


def meeting_facts(graine: int, centre: str, window: Window) -> list[Fact]:
    """T16: the meetings of the centre's platforms, three to five a year each."""
    rng = stream(graine, "plateformes", centre)
    facts = [
        fact
        for rank in range(1, rng.randint(5, 9))
        for fact in _meetings(rng, f"PF-{rank:02d}", THEMES.draw(rng), centre, window)
    ]
    return list(numbered("R", "reunion_id", facts))


def _meetings(rng: Random, platform: str, theme: str, centre: str, window: Window) -> Iterator[Fact]:
    communes = lasting_communes(centre, window.fin)
    day = window.debut + timedelta(days=rng.randint(0, 90))
    while day <= window.fin:
        held = between(rng, day, day + timedelta(days=4))
        present = rng.randint(4, 22)
        row: Row = {
            "plateforme_id": platform,
            "thematique": theme,
            "date": held,
            "organisations_presentes": present,
            "participants": present + rng.randint(0, present),
            "commune_refnis": communes.draw(rng) if rng.random() < 0.8 else None,
        }
        yield Fact("plateforme_reunion", held, row)
        day += timedelta(days=rng.randint(70, 125))
