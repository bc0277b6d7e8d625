"""Dossiers opened, held and lost sight of, and the persons met, counted over the events of the lives."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from tests.properties.recount.figures import NO_ANSWER, Figure, Recount, middle, number, share
from tests.properties.recount.lives import Dossier, Lives, Period

SILENCE = timedelta(days=180)


def opened(lives: Lives, period: Period) -> list[Dossier]:
    return [one for one in lives.dossiers if period.holds(one.ouverture)]


def count_i01(lives: Lives, period: Period) -> Figure:
    return number(len(opened(lives, period)))


@cache
def signs_of_life(dossier: Dossier) -> list[date]:
    """The days on which the person came, was sent on, began or ended a course, signed or received something."""
    return list(_signs_of_life(dossier))


def _signs_of_life(dossier: Dossier) -> Iterator[date]:
    for event in dossier.events:
        if event.evenement in ("ETAPE", "CONVENTION", "ATTESTATION"):
            yield event.jour
    for enrolment in dossier.enrolments:
        if enrolment.statut != "ANNULE":
            yield enrolment.orientation
        if enrolment.debut:
            yield enrolment.debut
        if enrolment.fin:
            yield enrolment.fin


@cache
def same_persons(lives: Lives) -> dict[tuple[str, str], tuple[str, str]]:
    """(person, centre) → one of them that stands for all whom the centres can know to be the same person.

    A centre knows its own persons again; two centres do when both have noted the transfer between them.
    """
    stands = {(one.personne, one.centre): (one.personne, one.centre) for one in lives.dossiers}
    left = {(one.personne, one.centre, move.detail) for one in lives.dossiers for move in one.of("TRANSFERT_SORTANT")}
    came = {(one.personne, move.detail, one.centre) for one in lives.dossiers for move in one.of("TRANSFERT_ENTRANT")}
    for person, origin, destination in left & came:
        kept, gone = stands[person, origin], stands[person, str(destination)]
        stands = {key: kept if value == gone else value for key, value in stands.items()}
    return stands


def count_i02(lives: Lives, period: Period) -> Figure:
    met = {(one.personne, one.centre) for one in lives.dossiers if any(map(period.holds, signs_of_life(one)))}
    stands = same_persons(lives)
    return number(len({stands[key] for key in met}))


def count_i03(lives: Lives, period: Period) -> Figure:
    """What was opened up to the last day, less what was closed up to that day."""
    entered = sum(one.ouverture <= period.last for one in lives.dossiers)
    left = sum(one.cloture is not None and one.cloture <= period.last for one in lives.dossiers)
    return number(entered - left)


def count_i04(lives: Lives, period: Period) -> Figure:
    known = [one for one in opened(lives, period) if one.statut != "A_DETERMINER"]
    return share(sum(one.statut == "OBLIGE" for one in known), len(known))


def count_i07(lives: Lives, period: Period) -> Figure:
    waits = []
    for one in lives.dossiers:
        title, contact = one.day("TITRE"), one.day("PREMIER_CONTACT")
        if one.statut == "OBLIGE" and title and contact and period.holds(contact) and not one.came_by_transfer:
            waits.append((contact - title).days)
    return middle(wait for wait in waits if wait >= 0)


def count_i26(lives: Lives, period: Period) -> Figure:
    """Lost sight of: held on the last day, nothing seen for more than 180 days, and in no course that day."""
    since = period.last - SILENCE
    if since < lives.debut:
        return NO_ANSWER
    lost = held = 0
    for one in lives.dossiers:
        if one.ouverture <= period.last and not (one.cloture and one.cloture <= period.last):
            held += 1
            seen = [day for day in (one.ouverture, *signs_of_life(one)) if day <= period.last]
            lost += max(seen) < since and not in_a_course(one, period.last)
    return share(lost, held)


def in_a_course(dossier: Dossier, day: date) -> bool:
    return any(one.debut and one.debut <= day and not (one.fin and one.fin <= day) for one in dossier.enrolments)


RECOUNTS = {
    "I01": Recount(count_i01, "TA", by_sex=True),
    "I02": Recount(count_i02, "TA", by_sex=True),
    "I03": Recount(count_i03, "T", by_sex=True),
    "I04": Recount(count_i04, "TA", by_sex=True),
    "I07": Recount(count_i07, "T", by_sex=True),
    "I26": Recount(count_i26, "T", by_sex=True),
}
