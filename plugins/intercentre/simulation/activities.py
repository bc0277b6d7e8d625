"""T17 and T18: activities for all publics (missions 3 and 4), trainings of professionals (mission 5)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from intercentre.simulation.chance import Weighted, between, days_later, occurrences, stream, weighted
from intercentre.simulation.facts import Fact, numbered
from intercentre.simulation.local_work import THEMES
from intercentre.simulation.people import Window
from intercentre.simulation.population import centre_weights, lasting_communes
from intercentre.simulation.view import Row

_KIND = {
    "3": weighted(SENSIBILISATION=40, RENCONTRE=25, DEBAT=20, PUBLICATION=10, AUTRE=5),
    "4": weighted(
        SENSIBILISATION=16,
        RENCONTRE=22,
        EXPOSITION=8,
        DEBAT=10,
        PARTICIPATION_POLITIQUE=6,
        PARTICIPATION_ECONOMIQUE=10,
        PARTICIPATION_SOCIALE=16,
        VISITE=10,
        PUBLICATION=1,
        AUTRE=1,
    ),
}
_PUBLIC = weighted(PRIMO=22, ETRANGERS=20, TOUT_PUBLIC=34, PROFESSIONNELS=14, SCOLAIRE=10)
_PER_YEAR = {"3": 8.0, "4": 18.0}  # for a centre of average size
_TRAININGS_PER_YEAR = 7.0
_TRAINING = weighted(
    CITOYENNETE_FORMATEURS=14,
    INTERCULTUREL=34,
    DROIT_ETRANGERS=20,
    FLE_DIDACTIQUE=12,
    DISCRIMINATIONS=13,
    RADICALISME=2,
    AUTRE=5,
)
_SECTOR = weighted(
    ASSOCIATIF=34, ACTION_SOCIALE=20, ENSEIGNEMENT=12, SANTE=12, EMPLOI_FORMATION=8, ADMINISTRATION=9, AUTRE=5
)
_HOURS = Weighted(((3, 20), (6, 40), (12, 30), (18, 10)))


def activity_facts(graine: int, centre: str, window: Window) -> list[Fact]:
    """T17: noted on the day on which the activity ends."""
    rng = stream(graine, "activites", centre)
    facts = [
        _activity(rng, mission, centre, day, window)
        for mission, rate in _PER_YEAR.items()
        for day in _days(rng, centre, rate, window)
    ]
    return list(numbered("AT", "activite_id", [fact for fact in facts if fact.jour <= window.fin]))


def _days(rng: Random, centre: str, per_year: float, window: Window) -> list[date]:
    """Days in the history; a centre with a greater territory does more, but not in proportion."""
    weights = centre_weights()
    size = (weights[centre] * len(weights) / sum(weights.values())) ** 0.5
    count = occurrences(rng, per_year * size * (window.fin - window.debut).days / 365)
    return sorted(between(rng, window.debut, window.fin) for _ in range(count))


def _activity(rng: Random, mission: str, centre: str, day: date, window: Window) -> Fact:
    kind = _KIND[mission].draw(rng)
    end = day + timedelta(days=rng.choice((0, 0, 0, 0, 1, 2, 6, 13)) if kind != "EXPOSITION" else rng.randint(5, 30))
    persons = 0 if kind == "PUBLICATION" else 4 + int(rng.expovariate(1 / 24))
    women = sum(rng.random() < 0.56 for _ in range(persons)) if persons and rng.random() < 0.8 else None
    row: Row = {
        "mission": mission,
        "type": kind,
        "theme": THEMES.draw(rng),
        "date_debut": day,
        "date_fin": end,
        "commune_refnis": lasting_communes(centre, window.fin).draw(rng) if rng.random() < 0.88 else None,
        "public": _PUBLIC.draw(rng),
        "participants": persons,
        "participantes_f": women,
        "partenaires_nb": rng.randint(0, 6),
        "heures": Decimal(rng.randint(2, 28)) / 2 if rng.random() < 0.85 else None,
    }
    return Fact("activite", end, row)


def training_facts(graine: int, centre: str, window: Window) -> list[Fact]:
    """T18: noted on the day on which the training ends."""
    rng = stream(graine, "formations", centre)
    facts = [_training(rng, day) for day in _days(rng, centre, _TRAININGS_PER_YEAR, window)]
    return list(numbered("F", "formation_id", [fact for fact in facts if fact.jour <= window.fin]))


def _training(rng: Random, day: date) -> Fact:
    kind, hours = _TRAINING.draw(rng), _HOURS.draw(rng)
    end = days_later(day, (hours - 1) // 6 * 7)
    enrolled = rng.randint(6, 22)
    trained = sum(rng.random() < 0.87 for _ in range(enrolled))
    answers = sum(rng.random() < 0.7 for _ in range(trained))
    row: Row = {
        "intitule_code": f"{kind[:5].strip('_')}-{rng.randint(1, 4)}",
        "type": kind,
        "date_debut": day,
        "date_fin": end,
        "heures": Decimal(hours),
        "inscrits": enrolled,
        "formes": trained,
        "organisations_nb": rng.randint(1, enrolled),
        "secteur_principal": _SECTOR.draw(rng),
        "satisfaction_moyenne": Decimal(rng.randint(30, 50)) / 10 if answers else None,
        "repondants": answers or None,
    }
    return Fact("formation_pro", end, row)
