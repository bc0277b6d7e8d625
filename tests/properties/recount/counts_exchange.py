"""I58 and I60: how complete and how sound the extracts are, counted over what the lives tell of each row.

A field that the centre does not know is not told; a few are told to be unknown (`INC`, `und`, `XXX`, `00000`, `9`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date

from tests.properties.recount.lives import Dossier, Event, Lives, Period
from tests.properties.recount.parts import Part, Recipe, shared
from tests.properties.recount.places import centre_of, population

FEWEST_ROWS = 20
UNKNOWN = {"INC", "und", "XXX", "00000", "A_DETERMINER"}
TOLD_AT_THE_OPENING = (
    "date_debut_sejour_legal", "equivalence", "langue_principale", "motif_sejour", "niveau_diplome", "pays_naissance",
    "situation_pro", "titre_sejour",
)  # fmt: skip
# Table of a centre → the column that dates its rows, and the fields looked at.
NOTED = {
    "flux_commune": ("mois", ("documents_remis",)),
    "activite": ("date_debut", ("heures", "participantes_f")),
    "formation_pro": ("date_debut", ("satisfaction_moyenne",)),
}
EVENT_OF = {
    "dossier": "OUVERTURE",
    "etape_accueil": "ETAPE",
    "test_langue": "TEST",
    "convention": "CONVENTION",
    "inscription": "ORIENTATION",
    "attestation": "ATTESTATION",
    "transfert": "DEMANDE_TRANSFERT",
}

_TABLE_OF = {event: table for table, event in EVENT_OF.items()}

Field = tuple[str, str, str, bool]  # centre, table, field, whether it is known


def complete_fields(lives: Lives, period: Period) -> Iterator[Part]:
    rows: Counter[tuple[str, str, str]] = Counter()
    known: Counter[tuple[str, str, str]] = Counter()
    for centre, table, field, is_known in fields(lives, period):
        rows[centre, table, field] += 1
        known[centre, table, field] += is_known
    for (centre, table, field), expected in rows.items():
        if expected >= FEWEST_ROWS:
            classes = {"table_nom": table, "champ": f"{table}-{field}"}
            yield Part(centre, known[centre, table, field], expected, classes=classes)


def fields(lives: Lives, period: Period) -> Iterator[Field]:
    """Every field of every row of the period that may be unknown."""
    for dossier in lives.dossiers:
        for event in dossier.events:
            if period.holds(event.jour):
                told = _told_of(dossier, event)
                for field, value in told.items():
                    yield dossier.centre, _TABLE_OF[event.evenement], field, value is not None and value not in UNKNOWN
    for table, (dated, names) in NOTED.items():
        for row in lives.rows(table):
            if table in lives.deposees[row["centre"]] and _within(row[dated], period):
                for name in names:
                    yield row["centre"], table, name, name in row


def _within(day: str, period: Period) -> bool:
    """A day or a month (`2025-01`) of the period."""
    return period.first.isoformat()[:7] <= day[:7] <= period.last.isoformat()[:7]


def _told_of(dossier: Dossier, event: Event) -> dict[str, object]:
    """Field → what the lives tell of it, for the row that the event creates; None when they tell nothing."""
    told = {**event.attributs, **event.quantites}
    if event.evenement == "OUVERTURE":
        diploma = told.get("niveau_diplome")
        return {name: told.get(name) for name in TOLD_AT_THE_OPENING} | {
            "niveau_diplome": None if diploma == "9" else diploma,
            "annee_naissance": event.annee_naissance,
            "canal_entree": event.detail,
            "commune_refnis": event.commune,
            "date_premier_contact": dossier.day("PREMIER_CONTACT"),
            "nationalite": event.nationalite,
            "sexe": event.sexe,
            "statut_public": event.statut_public,
        }
    if event.evenement == "ETAPE":
        return {"duree_minutes": told.get("duree_minutes")}
    if event.evenement == "TEST":
        return {name: told.get(name) for name in ("co", "ce", "po", "pe")}
    if event.evenement == "ORIENTATION":
        return {"heures_prevues": told.get("heures_prevues")}
    if event.evenement == "ATTESTATION":
        copied = any(one.evenement == "COPIE_COMMUNE" and one.objet_id == event.objet_id for one in dossier.events)
        return {
            "convention_id": told.get("convention_id"),
            "transmise_cpas": told.get("transmise_cpas"),
            "transmise_commune": True if copied else told.get("transmise_commune"),
        }
    return {}


def sound_rows(lives: Lives, period: Period) -> Iterator[Part]:
    """No mistake was planted: every row of the only deposit, that of the last quarter, is kept."""
    if period.last != lives.fin:
        return
    rows: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for dossier in lives.dossiers:
        for event in dossier.events:
            if event.evenement in _TABLE_OF:
                rows[dossier.centre][_TABLE_OF[event.evenement]] += 1
    for table, facts in lives.faits.items():
        for fact in facts:
            rows[fact.centre][table] += 1
    for (year, code), persons in population().items():
        centre = centre_of(code, date(int(year), 1, 1))
        if centre in lives.centres:
            rows[centre]["stat_locale"] += len(persons) if "TOTAL" in persons else len(persons) + 1
    for centre, counted in rows.items():
        for table, number in counted.items():
            if table in lives.deposees[centre]:
                yield Part(centre, number, number, classes={"table_nom": table})


RECIPES = {
    "I58": Recipe(complete_fields, shared(100), "T", dimensions=("table_nom", "champ")),
    "I60": Recipe(sound_rows, shared(100), "T", dimensions=("table_nom",)),
}
