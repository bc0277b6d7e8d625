"""I13 to I15, I17, I18, I24, I25: French on entry, followed, reached; courses given up or never begun."""

from __future__ import annotations

from collections.abc import Iterator

from tests.properties.recount.counts_conventions import FRENCH, last_signed, positioned
from tests.properties.recount.lives import Dossier, Enrolment, Event, Lives, Period
from tests.properties.recount.parts import Part, Recipe, added, middle_one, shared
from tests.properties.recount.profile import DETAILED, USUAL, profile_of

LADDER = ("NA", "A1.1", "A1", "A2", "B1", "B2", "C1", "C2")
# The level aimed at by the regimes that have a confirmed one (schemas/nomenclatures/regime.csv).
TARGETS = {"R2018": "A2"}


def rank(level: str | None) -> int:
    return LADDER.index(str(level))


def exits(dossier: Dossier) -> list[Event]:
    """Its tests of validation or on leaving."""
    return [one for one in dossier.of("TEST") if one.detail in ("VALIDATION", "SORTIE")]


def entered(lives: Lives, period: Period) -> Iterator[tuple[Dossier, Event]]:
    """The dossiers whose first placement test falls in the period."""
    for one in lives.dossiers:
        test = positioned(one)
        if test and period.holds(test.jour):
            yield one, test


def levels_on_entry(lives: Lives, period: Period) -> Iterator[Part]:
    for one, test in entered(lives, period):
        profile = profile_of(one)
        crossed = {
            "niveau_entree_sexe": f"{test.niveau}_{profile['sexe']}",
            "niveau_entree_diplome": f"{test.niveau}_{profile['niveau_diplome']}",
        }
        yield Part(one.centre, 1, 1, classes={"niveau_entree": test.niveau, **crossed})


def literacy(lives: Lives, period: Period) -> Iterator[Part]:
    for one, test in entered(lives, period):
        yield Part(one.centre, test.attributs["profil"] == "ALPHA", 1, classes=profile_of(one))


def finished(lives: Lives, period: Period) -> Iterator[tuple[Dossier, Enrolment]]:
    """Courses finished or given up in the period."""
    for one in lives.dossiers:
        for course in one.enrolments:
            if period.holds(course.fin):
                yield one, course


def kinds_of_operators(lives: Lives) -> dict[tuple[str, str], str]:
    """(centre, operator) → its type, where the centre deposits its operators."""
    return {
        (row["centre"], row["operateur_id"]): row["type"]
        for row in lives.rows("operateur")
        if "operateur" in lives.deposees[row["centre"]]
    }


def hours_of_french(lives: Lives, period: Period) -> Iterator[Part]:
    kinds = kinds_of_operators(lives)
    for one, course in finished(lives, period):
        if course.axe in FRENCH:
            kind = kinds.get((one.centre, course.operateur), "INC")
            yield Part(one.centre, course.heures, classes={"axe": course.axe, "type_operateur": kind})


def target_reached(lives: Lives, period: Period) -> Iterator[Part]:
    for one in lives.dossiers:
        target, document = TARGETS.get(one.regime), last_signed(one, period.last)
        if target and document and document.heures_fle > 0 and ends_french(one, period):
            passed = [test for test in exits(one) if test.attributs.get("reussi") != "false"]
            reached = any(test.jour <= period.last and rank(test.niveau) >= rank(target) for test in passed)
            first = positioned(one)
            classes = profile_of(one) | {"niveau_entree": first.niveau if first else "INC"}
            yield Part(one.centre, reached, 1, classes=classes)


def ends_french(dossier: Dossier, period: Period) -> bool:
    """Its last course of French was finished in the period and no other one is awaited."""
    courses = [one for one in dossier.enrolments if one.axe in FRENCH]
    begun = [(one.debut, one) for one in courses if one.debut]
    if not begun or any(one.statut == "ATTENTE" for one in courses):
        return False
    last = max(begun, key=lambda pair: pair[0])[1]
    return last.statut == "TERMINE" and period.holds(last.fin)


def levels_gained(lives: Lives, period: Period) -> Iterator[Part]:
    for one in lives.dossiers:
        first, later = positioned(one), [test for test in exits(one) if period.holds(test.jour)]
        if first and later:
            last = max(later, key=lambda test: (test.jour, rank(test.niveau)))
            if first.jour <= last.jour:
                gained = rank(last.niveau) - rank(first.niveau)
                yield Part(one.centre, gained, classes={"niveau_entree": first.niveau})


def courses_given_up(lives: Lives, period: Period) -> Iterator[Part]:
    for one, course in finished(lives, period):
        classes = {"axe": course.axe, "sexe": one.sexe, "motif_abandon": course.motif}
        yield Part(one.centre, course.statut == "ABANDON", 1, classes=classes)


def never_begun(lives: Lives, period: Period) -> Iterator[Part]:
    """People sent to a course that they have joined, or to which they never came."""
    kinds = kinds_of_operators(lives)
    for one in lives.dossiers:
        for course in one.enrolments:
            absent = course.statut == "NON_PRESENTE"
            if period.holds(course.orientation) and (absent or course.debut):
                kind = kinds.get((one.centre, course.operateur), "INC")
                yield Part(one.centre, absent, 1, classes={"axe": course.axe, "type_operateur": kind})


RECIPES = {
    "I13": Recipe(
        levels_on_entry, shared(100), "A", of_total=("niveau_entree", "niveau_entree_sexe", "niveau_entree_diplome")
    ),
    "I14": Recipe(literacy, shared(100), "A", dimensions=USUAL),
    "I15": Recipe(hours_of_french, added, "TA", dimensions=("axe", "type_operateur")),
    "I17": Recipe(target_reached, shared(100), "A", dimensions=(*DETAILED, "niveau_entree")),
    "I18": Recipe(levels_gained, middle_one, "A", dimensions=("niveau_entree",)),
    "I24": Recipe(courses_given_up, shared(100), "TA", dimensions=("axe", "sexe"), of_total=("motif_abandon",)),
    "I25": Recipe(never_begun, shared(100), "T", dimensions=("axe", "type_operateur"), silent_when_empty=True),
}
