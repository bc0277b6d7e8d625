"""I01 to I04, I07, I26: dossiers opened, held and lost sight of, and the persons met."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from tests.properties.recount.counts_moves import days_met, people_known
from tests.properties.recount.lives import Dossier, Lives, Period
from tests.properties.recount.parts import Part, Recipe, added, counted_once, middle_one, shared
from tests.properties.recount.places import atlas_on
from tests.properties.recount.profile import DETAILED, GROUPS, USUAL, months_after, profile_of

SILENCE = timedelta(days=180)
SENIORITY = ((6, "M00-05"), (12, "M06-11"), (24, "M12-23"))


def opened(lives: Lives, period: Period) -> list[Dossier]:
    return [one for one in lives.dossiers if period.holds(one.ouverture)]


def dossiers_opened(lives: Lives, period: Period) -> Iterator[Part]:
    atlas = atlas_on(lives.fin)
    for one in opened(lives, period):
        commune = atlas.today(str(one.opening.commune))
        classes = profile_of(one) | {"canal_entree": one.opening.detail}
        yield Part(one.centre, 1, places={"commune": commune}, classes=classes)


@cache
def signs_of_life(dossier: Dossier) -> list[date]:
    """The days on which the person came, was sent on, began or ended a course, signed or received something."""
    return sorted(days_met(dossier))


def met(lives: Lives, period: Period) -> list[Dossier]:
    """Dossiers in which something happened in the period, the oldest first."""
    found = [one for one in lives.dossiers if any(map(period.holds, signs_of_life(one)))]
    return sorted(found, key=lambda one: (one.ouverture, one.centre, one.numero))


def persons_of_the_centres(lives: Lives, period: Period) -> Iterator[Part]:
    """A person is of the groups of the latest of their dossiers in the centre."""
    latest = {(one.personne, one.centre): one for one in met(lives, period)}
    for (person, centre), one in latest.items():
        yield Part(centre, 1, unit=person, classes=profile_of(one))


def persons_of_the_region(lives: Lives, period: Period) -> Iterator[Part]:
    """A person is of the groups of the latest of their dossiers anywhere."""
    name = people_known(lives)
    latest = {name[one.centre, one.personne]: one for one in met(lives, period)}
    for person, one in latest.items():
        yield Part(one.centre, 1, unit=person, classes=profile_of(one))


def is_held(dossier: Dossier, day: date) -> bool:
    """Open at the end of the day."""
    return dossier.ouverture <= day and not (dossier.cloture and dossier.cloture <= day)


def dossiers_held(lives: Lives, period: Period) -> Iterator[Part]:
    for one in lives.dossiers:
        if is_held(one, period.last):
            ages = (name for months, name in SENIORITY if months_after(one.ouverture, months) > period.last)
            yield Part(one.centre, 1, classes=profile_of(one) | {"anciennete": next(ages, "M24+")})


def obliged_among_opened(lives: Lives, period: Period) -> Iterator[Part]:
    for one in opened(lives, period):
        if one.statut != "A_DETERMINER":
            yield Part(one.centre, one.statut == "OBLIGE", 1, classes=profile_of(one))


def days_from_title_to_contact(lives: Lives, period: Period) -> Iterator[Part]:
    for one in lives.dossiers:
        title, contact = one.day("TITRE"), one.day("PREMIER_CONTACT")
        concerned = one.statut == "OBLIGE" and not one.came_by_transfer and period.holds(contact)
        if concerned and title and contact and title <= contact:
            yield Part(one.centre, (contact - title).days, classes=profile_of(one))


def lost_among_held(lives: Lives, period: Period) -> Iterator[Part]:
    """Lost sight of: nothing seen for more than 180 days, and in no course on the last day."""
    since = period.last - SILENCE
    for one in lives.dossiers:
        if is_held(one, period.last):
            seen = [day for day in (one.ouverture, *signs_of_life(one)) if day <= period.last]
            is_lost = max(seen) < since and not in_a_course(one, period.last)
            yield Part(one.centre, is_lost, 1, classes=profile_of(one))


def in_a_course(dossier: Dossier, day: date) -> bool:
    return any(one.debut and one.debut <= day and not (one.fin and one.fin <= day) for one in dossier.enrolments)


RECIPES = {
    "I01": Recipe(dossiers_opened, added, "TA", totals=("commune",), dimensions=(*DETAILED, "canal_entree")),
    "I03": Recipe(dossiers_held, added, "T", dimensions=(*USUAL, "anciennete")),
    "I04": Recipe(obliged_among_opened, shared(100), "TA", dimensions=GROUPS),
    "I07": Recipe(days_from_title_to_contact, middle_one, "T", dimensions=GROUPS),
    "I26": Recipe(lost_among_held, shared(100), "T", dimensions=USUAL),
}
# Persons of the region are not those of the centres together.
PERSONS = (
    Recipe(persons_of_the_centres, counted_once, "TA", places=("centre",), dimensions=USUAL),
    Recipe(persons_of_the_region, counted_once, "TA", places=("region",), dimensions=USUAL),
)
