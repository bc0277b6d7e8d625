"""Courses at operators: orientation, waiting list, start, hours, giving up, finishing."""

from __future__ import annotations

from datetime import date, timedelta
from math import ceil
from random import Random
from typing import NamedTuple

from intercentre.simulation.chance import Weighted, days_later, pause, weighted, workday
from intercentre.simulation.lives import Enrolment
from intercentre.simulation.practice import Practice

_HOURS_PER_WEEK = Weighted(((6, 15), (9, 25), (12, 30), (16, 18), (20, 12)))
_GIVE_UP = weighted(
    EMPLOI=26, GARDE_ENFANTS=18, MOBILITE=10, HORAIRE=12, NIVEAU=5, SANTE_AUTRE=13, DEMENAGEMENT=7, INC=9
)
_WAITING_LIST = {"FLE": 0.55, "ALPHA": 0.65, "CITOYENNETE": 0.4, "ISP": 0.25, "SOCIAL": 0.1, "JURIDIQUE": 0.15}
_SHORT_COURSE_HOURS = 12


class Outcome(NamedTuple):
    """The enrolments of one prescription and the day on which it was fulfilled, None when it never was."""

    inscriptions: tuple[Enrolment, ...]
    acquis: date | None


def fulfil(rng: Random, practice: Practice, axis: str, hours: int, day: date, *, resolve: float) -> Outcome:
    """Enrolments until 80 % of the prescribed hours are followed, or until the person or the centre lets go.

    resolve  chance to try again after a failure
    """
    done: list[Enrolment] = []
    followed = 0
    halves = 2 if axis in ("FLE", "ALPHA") and hours >= 300 and rng.random() < 0.45 else 1
    while len(done) < 5:
        left = hours - followed // 2
        planned = max(min(left, ceil(hours / halves)), min(hours, 20))
        enrolment = enrol(rng, practice, axis, planned, day, agreed=True)
        done.append(enrolment)
        followed += enrolment.demi_heures
        finished = enrolment.issue == "TERMINE"
        if finished and followed * 5 >= hours * 2 * 4:
            return Outcome(tuple(done), enrolment.fin)
        if not finished and rng.random() >= resolve:
            break
        day = days_later(enrolment.regle, 4 + pause(rng, 20, 90))
    return Outcome(tuple(done), None)


def enrol(rng: Random, practice: Practice, axis: str, hours: int, day: date, *, agreed: bool) -> Enrolment:
    """One enrolment from the orientation on `day` to its end."""
    operator = practice.operateurs[axis].draw(rng)
    listed = rng.random() < _WAITING_LIST[axis]
    waiting = days_later(day, rng.randrange(4)) if listed else None
    wait = (
        pause(rng, practice.attente if axis != "ISP" else practice.attente / 2, 420) if listed else pause(rng, 14, 60)
    )
    start = _opening_of_course(days_later(waiting or day, 2 + wait), axis)
    blank = Enrolment(axis, operator, agreed, day, waiting, None, None, hours, 0, "ANNULE", None, start)
    chance = rng.random()
    if chance < 0.05:
        return blank._replace(regle=days_later(day, 1 + (start - day).days // 2))
    if chance < 0.10:
        return blank._replace(issue="NON_PRESENTE", debut=start)
    length = _length(rng, hours)
    attendance = rng.triangular(0.68, 1.04, 0.93)
    if chance < 0.10 + (0.17 if hours > _SHORT_COURSE_HOURS else 0.04) * practice.abandon:
        share = rng.uniform(0.06, 0.85)
        end = start + timedelta(days=max(1, int(length * share)))
        followed = int(hours * share * attendance * 2)
        return blank._replace(
            debut=start,
            fin=end,
            demi_heures=followed,
            issue="ABANDON",
            motif=_GIVE_UP.draw(rng),
            regle=end,
        )
    end = workday(start + timedelta(days=length))
    return blank._replace(debut=start, fin=end, demi_heures=int(hours * attendance * 2), issue="TERMINE", regle=end)


def _length(rng: Random, hours: int) -> int:
    """Calendar days that a course of so many hours takes, school holidays included."""
    if hours <= _SHORT_COURSE_HOURS:
        return rng.randint(0, 7)
    return int(ceil(hours / _HOURS_PER_WEEK.draw(rng)) * 7 * rng.uniform(1.0, 1.2))


def _opening_of_course(day: date, axis: str) -> date:
    """No course starts in the heart of summer or at the end of the year; help and advice do not stop."""
    if axis in ("SOCIAL", "JURIDIQUE", "ISP"):
        return day
    if (7, 5) <= (day.month, day.day) <= (8, 25):
        return workday(date(day.year, 9, 1 + day.day % 12))
    if (day.month, day.day) >= (12, 18):
        return workday(date(day.year + 1, 1, 6 + day.day % 5))
    return day


def interrupt(enrolment: Enrolment, day: date, motive: str) -> Enrolment:
    """The enrolment as it ends when the dossier is closed on `day` while it was still open."""
    if enrolment.regle <= day:
        return enrolment
    if enrolment.debut is None or enrolment.debut >= day:
        listed = enrolment.attente is not None and enrolment.attente <= day
        return enrolment._replace(
            attente=enrolment.attente if listed else None,
            debut=None,
            fin=None,
            demi_heures=0,
            issue="ANNULE",
            motif=None,
            regle=max(day, enrolment.orientation),
        )
    end = enrolment.fin or day
    share = (day - enrolment.debut).days / max(1, (end - enrolment.debut).days)
    return enrolment._replace(
        fin=day, demi_heures=int(enrolment.demi_heures * share), issue="ABANDON", motif=motive, regle=day
    )
