"""Persons: who they are and how much French they speak when they first come."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random

from intercentre.simulation import published
from intercentre.simulation.chance import Weighted, weighted
from intercentre.simulation.lives import Person
from intercentre.simulation.population import draw_origin, is_union

_LANGUAGES = Path(__file__).with_name("langues.csv")
_AGES = {
    "00-17": (16, 17),
    "18-24": (18, 24),
    "25-34": (25, 34),
    "35-44": (35, 44),
    "45-54": (45, 54),
    "55-64": (55, 64),
    "65+": (65, 88),
}
_DIPLOMA = Weighted(zip("0123456789", (6, 12, 17, 26, 3, 5, 13, 11, 1, 6), strict=True))
_UNLETTERED = {"0": 0.6, "1": 0.25, "9": 0.1}
_SPEAKER = Weighted(((4, 0.3), (5, 0.36), (6, 0.24), (7, 0.1)))
_LEARNER = Weighted(((1, 0.42), (2, 0.33), (3, 0.18), (4, 0.07)))
_UNLETTERED_LEARNER = Weighted(((0, 0.55), (1, 0.35), (2, 0.1)))
_NEWCOMER_SHARE = 0.55
_ELSEWHERE = weighted(MAR=3, SYR=2, COD=2, TUR=2, RUS=1, GIN=1, LBN=1, FRA=1, ITA=1)


@cache
def _languages() -> dict[str, tuple[Weighted[str], float]]:
    """Country → its languages by weight, and the share of its people who come with enough French."""
    table = {}
    for line in _LANGUAGES.read_text(encoding="utf-8").splitlines()[1:]:
        country, languages, share = line.split(";")
        words = languages.split()
        pairs = zip(words[::2], map(float, words[1::2]), strict=True)
        table[country] = (Weighted(pairs), int(share) / 100)
    return table


_UNLISTED = (weighted(und=6, eng=3, mul=1), 0.1)


def draw_person(rng: Random, numero: int, day: date) -> Person:
    """One person whose first dossier is opened on `day`."""
    origin = draw_origin(rng)
    lowest, highest = _AGES[origin.groupe_age]
    languages, french = _languages().get(origin.nationalite, _UNLISTED)
    language = languages.draw(rng)
    diploma = _DIPLOMA.draw(rng)
    lettered = rng.random() >= _UNLETTERED.get(diploma, 0.0)
    level = _SPEAKER if language == "fra" or rng.random() < french else _LEARNER if lettered else _UNLETTERED_LEARNER
    return Person(
        numero=numero,
        sexe=_sex(rng, origin.sexe),
        annee_naissance=day.year - rng.randint(lowest, highest),
        nationalite=origin.nationalite,
        pays_naissance=_birth_country(rng, origin.nationalite),
        langue=language,
        diplome=diploma,
        lettre=lettered,
        niveau=level.draw(rng),
        arrivee=_arrival(rng, origin.nationalite, day),
    )


def _sex(rng: Random, sexe: str) -> str:
    chance = rng.random()
    if chance < published.SEXE_INCONNU_CAI_2021 / published.PERSONNES_CAI_2021:
        return "INC"
    return "X" if chance > 0.9992 else sexe


def _birth_country(rng: Random, nationalite: str) -> str | None:
    chance = rng.random()
    if chance < 0.02:
        return None
    return nationalite if chance < 0.93 and nationalite != "BEL" else _ELSEWHERE.draw(rng)


def _arrival(rng: Random, nationalite: str, day: date) -> date:
    """Start of legal stay: within three years of the opening for a newcomer, years earlier for the others."""
    if rng.random() < _NEWCOMER_SHARE and nationalite != "BEL":
        days = 20 + min(1060, int(rng.expovariate(1 / 250)))
    else:
        days = 1150 + min(7000, int(rng.expovariate(1 / 1500)))
    if is_union(nationalite):
        days *= 2
    return max(day - timedelta(days=days), date(1990, 1, 2))
