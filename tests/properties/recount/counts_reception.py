"""I05, I06, I08, I09, I27, I29 to I31: what communes signal, the reception module, interpreters, acts counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from tests.properties.recount.counts_dossiers import opened
from tests.properties.recount.lives import Event, Lives, Period
from tests.properties.recount.parts import Part, Recipe, added, middle_one, shared
from tests.properties.recount.places import ELSEWHERE, UNKNOWN, atlas_on
from tests.properties.recount.profile import USUAL, profile_of

MODULE = ("INFO_DROITS_DEVOIRS", "BILAN_SOCIAL", "TEST_POSITIONNEMENT")
EXEMPTIONS = ("DISPENSE_MEDICALE", "DISPENSE_AUTRE")
REMINDERS = ("RAPPEL", "MISE_EN_DEMEURE", "TRANSMISSION_SANCTIONNATEUR", "AMENDE_NOTIFIEE", "RECOURS")
NAMED_LANGUAGES = 10
OTHER, UNKNOWN_LANGUAGE = "AUTRE", "und"


def rows_of_months(lives: Lives, table: str, period: Period) -> list[dict[str, Any]]:
    return [row for row in lives.rows(table) if row["mois"] in period.months]


def opened_among_signalled(lives: Lives, period: Period) -> Iterator[Part]:
    atlas = atlas_on(lives.fin)
    for row in rows_of_months(lives, "flux_commune", period):
        code, found = row["commune_refnis"], atlas.find(row["commune_refnis"])
        commune = found.code if found else UNKNOWN if code == UNKNOWN else ELSEWHERE
        places = {"commune": commune, "arrondissement": atlas.arrondissement(code)}
        yield Part(row["centre"], row["inscrits_au_centre"], row["signales_par_commune"], places=places)


def silent_communes(lives: Lives, period: Period) -> Iterator[Part]:
    atlas = atlas_on(lives.fin)
    signalled: Counter[tuple[str, str]] = Counter()
    for row in rows_of_months(lives, "flux_commune", period):
        signalled[row["centre"], atlas.today(row["commune_refnis"])] += row["signales_par_commune"]
    for centre in lives.centres:
        for commune in atlas.territory(centre):
            yield Part(centre, not signalled[centre, commune], 1)


def days_from_contact_to_review(lives: Lives, period: Period) -> Iterator[Part]:
    for one in lives.dossiers:
        contact = one.day("PREMIER_CONTACT")
        first = next((step for step in one.of("ETAPE") if step.detail == "BILAN_SOCIAL"), None)
        if contact and first and contact <= first.jour and period.holds(first.jour):
            helped = "OUI" if "langue_interpretee" in first.attributs else "NON"
            yield Part(one.centre, (first.jour - contact).days, classes={"interprete": helped})


def complete_modules(lives: Lives, period: Period) -> Iterator[Part]:
    for one in opened(lives, period):
        limit = one.ouverture + timedelta(days=90)
        if limit <= lives.fin and not one.came_by_transfer:
            done = {step.detail for step in one.of("ETAPE") if step.jour <= limit}
            yield Part(one.centre, done >= set(MODULE), 1, classes=profile_of(one))


def acts(kinds: tuple[str, ...]) -> Callable[[Lives, Period], Iterator[Part]]:
    """The acts of the year that the centres count by quarter."""

    def found(lives: Lives, period: Period) -> Iterator[Part]:
        for row in lives.rows("agg_obligation"):
            if row["type"] in kinds and row["trimestre"][:4] == period.name:
                yield Part(row["centre"], row["nombre"], classes={"type_obligation": row["type"]})

    return found


def named(languages: Mapping[str, int]) -> list[str]:
    """The ten most frequent ones; of two as frequent, the first in the alphabet."""
    return sorted((one for one in languages if languages[one]), key=lambda one: (-languages[one], one))[
        :NAMED_LANGUAGES
    ]


def language(step: Event) -> str | None:
    return step.attributs.get("langue_interpretee")


def interpreted_steps(lives: Lives, period: Period) -> Iterator[Part]:
    held = [step for one in lives.dossiers for step in one.of("ETAPE") if period.holds(step.jour)]
    frequent = named(Counter(spoken for step in held if (spoken := language(step))))
    for step in held:
        spoken = language(step)
        shown = spoken if spoken in frequent else OTHER
        yield Part(step.centre, spoken is not None, 1, classes={"langue_frequente": shown if spoken else None})


def unanswered_requests(lives: Lives, period: Period) -> Iterator[Part]:
    """What one centre was asked for in one language in the quarter, less what was answered, never below zero."""
    asked: Counter[tuple[str, str]] = Counter()
    answered: Counter[tuple[str, str]] = Counter()
    by_language: Counter[str] = Counter()
    for row in rows_of_months(lives, "interpretariat", period):
        asked[row["centre"], row["langue"]] += row["demandes"]
        answered[row["centre"], row["langue"]] += row["honorees"]
        by_language[row["langue"]] += row["demandes"]
    frequent = named(by_language)
    for (centre, spoken), number in asked.items():
        shown = spoken if spoken in frequent else OTHER
        left = max(0, number - answered[centre, spoken])
        yield Part(centre, left, number, classes={"langue_frequente": shown})


FLOWS, REQUESTS, OBLIGATIONS = ("flux_commune",), ("interpretariat",), ("agg_obligation",)
RECIPES = {
    "I05": Recipe(opened_among_signalled, shared(100), "TA", FLOWS, totals=("arrondissement", "commune")),
    "I06": Recipe(silent_communes, shared(100), "T", FLOWS),
    "I08": Recipe(days_from_contact_to_review, middle_one, "T", dimensions=("interprete",)),
    "I09": Recipe(complete_modules, shared(100), "TA", dimensions=USUAL, silent_when_empty=True),
    "I27": Recipe(acts(EXEMPTIONS), added, "A", OBLIGATIONS, dimensions=("type_obligation",)),
    "I29": Recipe(acts(REMINDERS), added, "A", OBLIGATIONS, dimensions=("type_obligation",)),
    "I30": Recipe(interpreted_steps, shared(100), "T", of_total=("langue_frequente",)),
    "I31": Recipe(unanswered_requests, shared(100), "T", REQUESTS, dimensions=("langue_frequente",)),
}
