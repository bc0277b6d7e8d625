"""I32 to I38: the courses offered, the people who wait for them, the operators who give them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from tests.properties.recount.counts_conventions import last_signed, positioned
from tests.properties.recount.counts_french import LADDER
from tests.properties.recount.lives import Dossier, Enrolment, Lives, Period
from tests.properties.recount.parts import Part, Recipe, added, counted_once, middle_one, shared
from tests.properties.recount.places import atlas_on

FRENCH = ("FLE", "ALPHA")
Row = Mapping[str, Any]


def places_offered(lives: Lives, period: Period) -> Iterator[Part]:
    for session in french_sessions(lives):
        if gives(session, period):
            classes = {name: session.get(name, "INC") for name in ("axe", "niveau_vise", "horaire")}
            yield Part(session["centre"], session["places"], places=where(lives, session), classes=classes)


def places_taken(lives: Lives, period: Period) -> Iterator[Part]:
    for session in french_sessions(lives):
        if gives(session, period):
            classes = {name: session.get(name, "INC") for name in ("axe", "niveau_vise")}
            yield Part(
                session["centre"], session["inscrits"], session["places"], places=where(lives, session), classes=classes
            )


def places_for_those_who_wait(lives: Lives, period: Period) -> Iterator[Part]:
    """Places left in the courses of the last day and all places of the next quarter's; then the people in want."""
    for session in french_sessions(lives):
        left = session["places"] - session["inscrits"]
        if day(session, "date_debut") <= period.last <= day(session, "date_fin"):
            yield Part(session["centre"], left, places=where(lives, session), classes=aimed_at(session))
        elif period.last < day(session, "date_debut") <= next_quarter_end(period.last):
            yield Part(session["centre"], session["places"], places=where(lives, session), classes=aimed_at(session))
    for dossier in lives.dossiers:
        if is_open_on(dossier, period.last) and wants_french(dossier, period.last):
            classes = {"niveau_vise": next_level(dossier, period.last)}
            yield Part(dossier.centre, 0, 1, places=home(lives, dossier), classes=classes)


def aimed_at(session: Row) -> dict[str, str]:
    return {"niveau_vise": session.get("niveau_vise") or "INC"}


def next_level(dossier: Dossier, last: date) -> str:
    """The rung above that of the last test by then, the highest of one day; unknown without a test or at the top."""
    known = [(test.jour, LADDER.index(str(test.niveau))) for test in dossier.of("TEST") if test.jour <= last]
    above = max(known)[1] + 1 if known else len(LADDER)
    return LADDER[above] if above < len(LADDER) else "INC"


def people_who_wait(lives: Lives, period: Period) -> Iterator[Part]:
    """A dossier is counted with the course that it has waited for longest."""
    for dossier in lives.dossiers:
        waiting = [(queued(one), one.axe) for one in dossier.enrolments if waits_on(one, period.last)]
        if waiting and is_open_on(dossier, period.last):
            yield Part(
                dossier.centre,
                1,
                unit=f"{dossier.centre} {dossier.numero}",
                places=home(lives, dossier),
                classes={"axe": min(waiting)[1]},
            )


def days_until_the_course(lives: Lives, period: Period) -> Iterator[Part]:
    for dossier in lives.dossiers:
        for one in dossier.enrolments:
            if one.debut and period.holds(one.debut):
                test = positioned(dossier)
                classes = {"axe": one.axe, "niveau_entree": test.niveau if test else "INC"}
                yield Part(dossier.centre, (one.debut - one.orientation).days, classes=classes)


def those_who_wait_still(lives: Lives, period: Period) -> Iterator[Part]:
    """Of the enrolments that begin in the period and those that wait on its last day in a dossier still open: the last.

    An enrolment waits from its orientation until the course begins, or is found to have been missed.
    """
    for dossier in lives.dossiers:
        is_closed = dossier.cloture is not None and dossier.cloture <= period.last
        for one in dossier.enrolments:
            ending = one.debut or one.regle
            lasts = one.orientation <= period.last and (ending is None or ending > period.last)
            if period.holds(one.debut):
                yield Part(dossier.centre, 0, 1)
            elif lasts and one.statut != "ANNULE" and not is_closed:
                yield Part(dossier.centre, 1, 1)


def active_operators(lives: Lives, period: Period) -> Iterator[Part]:
    """The number of an operator is that of its enterprise: the same in two centres is one operator of the region."""
    axes: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for session in lives.rows("session_offre"):
        if gives(session, period):
            axes[session["centre"], session["operateur_id"]].add(session["axe"])
    for dossier in lives.dossiers:
        for one in dossier.enrolments:
            sent = one.statut != "ANNULE" and period.holds(one.orientation)
            attended = one.debut is not None and one.debut <= period.last and (one.fin or period.last) >= period.first
            if sent or attended:
                axes[dossier.centre, one.operateur].add(one.axe)
    kinds = {(row["centre"], row["operateur_id"]): row["type"] for row in lives.rows("operateur")}
    for (centre, operator), offered in axes.items():
        axis = next(iter(offered)) if len(offered) == 1 else "PLUSIEURS"
        classes = {"type_operateur": kinds[centre, operator], "axe_operateur": axis}
        yield Part(centre, 1, unit=operator, classes=classes)


def hours_of_approved_initiatives(lives: Lives, period: Period) -> Iterator[Part]:
    operators = {(row["centre"], row["operateur_id"]): row for row in lives.rows("operateur")}
    for session in lives.rows("session_offre"):
        starts, hours = day(session, "date_debut"), session["heures_programmees"]
        if session["axe"] in (*FRENCH, "CITOYENNETE") and period.holds(starts):
            operator = operators[session["centre"], session["operateur_id"]]
            yield Part(session["centre"], hours if is_approved(operator, starts) else 0, hours)


def french_sessions(lives: Lives) -> Iterator[Row]:
    return (row for row in lives.rows("session_offre") if row["axe"] in FRENCH)


def gives(session: Row, period: Period) -> bool:
    """The course is given on at least one day of the period."""
    return day(session, "date_debut") <= period.last and day(session, "date_fin") >= period.first


def waits_on(one: Enrolment, last: date) -> bool:
    """Queued by then, and neither begun nor missed by then; a place that was cancelled was never waited for."""
    over = one.debut or one.regle
    return one.statut != "ANNULE" and queued(one) <= last and (over is None or over > last)


def queued(one: Enrolment) -> date:
    """The day since which the person waits: on the list, else oriented."""
    return one.attente or one.orientation


def wants_french(dossier: Dossier, last: date) -> bool:
    """The person waits for a course of French, or is prescribed French by the document last signed, and never began.

    What a document was on a past day is known by its last state alone (a trap of the definition): until that state
    began it is taken to be under way.
    """
    courses = [one for one in dossier.enrolments if one.axe in FRENCH]
    if any(waits_on(one, last) for one in courses):
        return True
    document = last_signed(dossier, last)
    if document is None or document.heures_fle == 0:
        return False
    is_bound = document.statut == "EN_COURS" or document.date_statut > last
    return is_bound and not any(one.debut and one.debut <= last for one in courses)


def is_open_on(dossier: Dossier, last: date) -> bool:
    return dossier.ouverture <= last and (dossier.cloture is None or dossier.cloture > last)


def is_approved(operator: Row, starts: date) -> bool:
    """The operator is an approved local initiative, and its approval covers the day."""
    begins, ends = operator.get("agrement_debut"), operator.get("agrement_fin")
    covered = (begins or "") <= starts.isoformat() <= (ends or "9999")
    return bool(operator["type"] == "ILI_AGREEE" and covered)


def day(row: Row, column: str) -> date:
    return date.fromisoformat(row[column])


def where(lives: Lives, row: Row) -> dict[str, str]:
    """The arrondissement of the commune that a row names."""
    return {"arrondissement": atlas_on(lives.fin).arrondissement(row["commune_refnis"])}


def home(lives: Lives, dossier: Dossier) -> dict[str, str]:
    """The arrondissement in which the person lives."""
    return {"arrondissement": atlas_on(lives.fin).arrondissement(str(dossier.opening.commune))}


def next_quarter_end(last: date) -> date:
    """The last day of the quarter that follows the one ending on `last`."""
    month = last.year * 12 + last.month + 3
    return date(month // 12, month % 12 + 1, 1) - timedelta(days=1)


_SESSIONS, _OPERATORS = ("session_offre",), ("operateur", "session_offre")
_BASIN = ("arrondissement",)

STILL_WAITING = Recipe(those_who_wait_still, shared(100), "T")
RECIPES = {
    "I32": Recipe(places_offered, added, "T", _SESSIONS, totals=_BASIN, dimensions=("axe", "niveau_vise", "horaire")),
    "I33": Recipe(places_taken, shared(100), "T", _SESSIONS, totals=_BASIN, dimensions=("axe", "niveau_vise")),
    "I34": Recipe(places_for_those_who_wait, shared(100), "T", _SESSIONS, totals=_BASIN, dimensions=("niveau_vise",)),
    "I35": Recipe(people_who_wait, counted_once, "T", totals=_BASIN, dimensions=("axe",)),
    "I36": Recipe(days_until_the_course, middle_one, "T", dimensions=("axe", "niveau_entree")),
    "I37": Recipe(active_operators, counted_once, "A", _OPERATORS, dimensions=("type_operateur", "axe_operateur")),
    "I38": Recipe(hours_of_approved_initiatives, shared(100), "A", _OPERATORS),
}
