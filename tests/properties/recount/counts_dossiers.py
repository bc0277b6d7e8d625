"""Dossiers opened, held and closed, counted over their events."""

from __future__ import annotations

from tests.properties.recount.figures import Figure, Recount, number, share
from tests.properties.recount.lives import Dossier, Lives, Period


def opened(lives: Lives, period: Period) -> list[Dossier]:
    return [one for one in lives.dossiers if period.holds(one.ouverture)]


def count_i01(lives: Lives, period: Period) -> Figure:
    return number(len(opened(lives, period)))


def count_i03(lives: Lives, period: Period) -> Figure:
    """What was opened up to the last day, less what was closed up to that day."""
    entered = sum(one.ouverture <= period.last for one in lives.dossiers)
    left = sum(one.cloture is not None and one.cloture <= period.last for one in lives.dossiers)
    return number(entered - left)


def count_i04(lives: Lives, period: Period) -> Figure:
    known = [one for one in opened(lives, period) if one.statut != "A_DETERMINER"]
    return share(sum(one.statut == "OBLIGE" for one in known), len(known))


RECOUNTS = {
    "I01": Recount(count_i01, "TA", by_sex=True),
    "I03": Recount(count_i03, "T", by_sex=True),
    "I04": Recount(count_i04, "TA", by_sex=True),
}
