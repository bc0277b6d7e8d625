"""French on entry, followed, reached; courses given up or never begun."""

from __future__ import annotations

from tests.properties.recount.counts_conventions import FRENCH
from tests.properties.recount.figures import Figure, Recount, cohort, middle, number, share
from tests.properties.recount.lives import Dossier, Enrolment, Event, Lives, Period

LADDER = ("NA", "A1.1", "A1", "A2", "B1", "B2", "C1", "C2")
# The level aimed at by the regimes that have a confirmed one (schemas/nomenclatures/regime.csv).
TARGETS = {"R2018": "A2"}


def rank(level: str | None) -> int:
    return LADDER.index(str(level))


def positioned(dossier: Dossier) -> Event | None:
    """Its first placement test."""
    own = [one for one in dossier.of("TEST") if one.detail == "POSITIONNEMENT"]
    return min(own, key=lambda one: one.jour, default=None)


def exits(dossier: Dossier) -> list[Event]:
    """Its tests of validation or on leaving."""
    return [one for one in dossier.of("TEST") if one.detail in ("VALIDATION", "SORTIE")]


def entered(lives: Lives, period: Period) -> list[Event]:
    """The first placement tests that fall in the period."""
    firsts = [positioned(one) for one in lives.dossiers]
    return [one for one in firsts if one and period.holds(one.jour)]


def count_i13(lives: Lives, period: Period) -> Figure:
    every = entered(lives, period)
    return share(len(every), len(every))


def count_i14(lives: Lives, period: Period) -> Figure:
    every = entered(lives, period)
    return share(sum(one.attributs["profil"] == "ALPHA" for one in every), len(every))


def finished(lives: Lives, period: Period) -> list[Enrolment]:
    """Courses finished or given up in the period."""
    return [one for dossier in lives.dossiers for one in dossier.enrolments if period.holds(one.fin)]


def count_i15(lives: Lives, period: Period) -> Figure:
    return number(sum(one.heures for one in finished(lives, period) if one.axe in FRENCH))


def count_i17(lives: Lives, period: Period) -> Figure:
    reached = done = 0
    for one in lives.dossiers:
        target = TARGETS.get(one.regime)
        if target and any(each.heures_fle > 0 for each in one.agreements) and ends_french(one, period):
            done += 1
            reached += any(
                test.jour <= period.last
                and rank(test.niveau) >= rank(target)
                and test.attributs.get("reussi") != "false"
                for test in exits(one)
            )
    return share(reached, done)


def ends_french(dossier: Dossier, period: Period) -> bool:
    """Its last course of French was finished in the period and no other one is awaited."""
    courses = [one for one in dossier.enrolments if one.axe in FRENCH]
    begun = [(one.debut, one) for one in courses if one.debut]
    if not begun or any(one.statut == "ATTENTE" for one in courses):
        return False
    last = max(begun, key=lambda pair: pair[0])[1]
    return last.statut == "TERMINE" and period.holds(last.fin)


def count_i18(lives: Lives, period: Period) -> Figure:
    gains = []
    for one in lives.dossiers:
        first, later = positioned(one), [test for test in exits(one) if period.holds(test.jour)]
        if first and later:
            last = max(later, key=lambda test: (test.jour, rank(test.niveau)))
            if first.jour <= last.jour:
                gains.append(rank(last.niveau) - rank(first.niveau))
    return middle(gains)


def count_i24(lives: Lives, period: Period) -> Figure:
    every = finished(lives, period)
    return share(sum(one.statut == "ABANDON" for one in every), len(every))


def count_i25(lives: Lives, period: Period) -> Figure:
    oriented = [one for dossier in lives.dossiers for one in dossier.enrolments if period.holds(one.orientation)]
    absent = sum(one.statut == "NON_PRESENTE" for one in oriented)
    return cohort(absent, absent + sum(one.debut is not None for one in oriented))


RECOUNTS = {
    "I13": Recount(count_i13, "A"),
    "I14": Recount(count_i14, "A", by_sex=True),
    "I15": Recount(count_i15, "TA"),
    "I17": Recount(count_i17, "A", by_sex=True),
    "I18": Recount(count_i18, "A"),
    "I24": Recount(count_i24, "TA", by_sex=True),
    "I25": Recount(count_i25, "T"),
}
