"""vies.parquet: the lives as a list of dated events, from which every indicator can be counted without any extract.

One row is one event of one dossier that the last deposits hold, up to their last day. Columns:

    personne_vie_id   the person, the same in every centre and dossier (V-000001)
    centre            centre of the dossier
    dossier_id        the dossier's number in that centre
    evenement         PREMIER_CONTACT, OUVERTURE, ETAPE, TEST, CONVENTION, PROLONGATION, ORIENTATION, ENTREE_ATTENTE,
                      DEBUT_FORMATION, FIN_FORMATION, ABANDON, NON_PRESENTATION, ANNULATION, ATTESTATION,
                      TRANSFERT_SORTANT, TRANSFERT_ENTRANT (effective ones), CLOTURE
    date              day of the event
    objet_id          number of the row of the extract: test, convention, enrolment, attestation, transfer
    detail            channel of the opening; kind of step, test or attestation; axis of an enrolment;
                      CONVENTION or AVENANT; the other centre of a transfer; motive of an extension, of a course
                      given up, of a closure
    niveau            global CEFR level of a test
    date_limite       term of a convention (of its extension, for a PROLONGATION)
    heures            hours: prescribed in French (CONVENTION), followed in the end (FIN_FORMATION, ABANDON)
    remplace          number of the attestation that this one replaces
    sexe, annee_naissance, nationalite, commune, statut_public
                      facts of the dossier as its last deposit shows them; commune is the code valid at the opening,
                      annee_naissance is null where the centre does not know it
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from intercentre.simulation.lives import Agreement, Enrolment, Episode, Life
from intercentre.simulation.numbering import EpisodeNumbers, Key
from intercentre.simulation.view import status_on

_END = {"TERMINE": "FIN_FORMATION", "ABANDON": "ABANDON", "NON_PRESENTE": "NON_PRESENTATION", "ANNULE": "ANNULATION"}

COLUMNS = {
    "personne_vie_id": "VARCHAR",
    "centre": "VARCHAR",
    "dossier_id": "VARCHAR",
    "evenement": "VARCHAR",
    "date": "DATE",
    "objet_id": "VARCHAR",
    "detail": "VARCHAR",
    "niveau": "VARCHAR",
    "date_limite": "DATE",
    "heures": "DECIMAL(12,2)",
    "remplace": "VARCHAR",
    "sexe": "VARCHAR",
    "annee_naissance": "INTEGER",
    "nationalite": "VARCHAR",
    "commune": "VARCHAR",
    "statut_public": "VARCHAR",
}


class Event(NamedTuple):
    """What happened to a dossier; the columns between `evenement` and `remplace` above."""

    evenement: str
    jour: date
    objet_id: str | None = None
    detail: str | None = None
    niveau: str | None = None
    date_limite: date | None = None
    heures: float | None = None
    remplace: str | None = None


def episode_events(episode: Episode, own: EpisodeNumbers) -> Iterator[Event]:
    """Everything that ever happens to the dossier, also after the last deposit."""
    opening = episode.admission
    if opening.premier_contact:
        yield Event("PREMIER_CONTACT", opening.premier_contact)
    yield Event("OUVERTURE", opening.ouverture, detail=opening.canal)
    for step in episode.etapes:
        yield Event("ETAPE", step.jour, detail=step.type)
    for identifier, test in zip(own.tests, episode.tests, strict=True):
        yield Event("TEST", test.jour, identifier, test.nature, niveau=test.niveau)
    for identifier, agreement in zip(own.conventions, episode.conventions, strict=True):
        yield from _agreement_events(identifier, agreement)
    for identifier, enrolment in zip(own.inscriptions, episode.inscriptions, strict=True):
        yield from _enrolment_events(identifier, enrolment)
    for identifier, proof in zip(own.attestations, episode.attestations, strict=True):
        replaced = None if proof.remplace is None else own.attestations[proof.remplace]
        yield Event("ATTESTATION", proof.jour, identifier, proof.type, remplace=replaced)
    for identifier, move in zip(own.transferts, episode.transferts, strict=True):
        if move.effet:
            yield Event(f"TRANSFERT_{move.sens}", move.effet, identifier, move.centre)
    if episode.cloture:
        yield Event("CLOTURE", episode.cloture, detail=episode.motif)


def _agreement_events(identifier: str, agreement: Agreement) -> Iterator[Event]:
    kind = "AVENANT" if agreement.avenant else "CONVENTION"
    yield Event(
        "CONVENTION", agreement.signature, identifier, kind, date_limite=agreement.echeance, heures=agreement.heures_fle
    )
    extension = agreement.prolongation
    if extension:
        yield Event("PROLONGATION", extension.decision, identifier, extension.motif, date_limite=extension.echeance)


def _enrolment_events(identifier: str, enrolment: Enrolment) -> Iterator[Event]:
    yield Event("ORIENTATION", enrolment.orientation, identifier, enrolment.axe)
    if enrolment.attente:
        yield Event("ENTREE_ATTENTE", enrolment.attente, identifier, enrolment.axe)
    if enrolment.debut and enrolment.issue != "NON_PRESENTE":
        yield Event("DEBUT_FORMATION", enrolment.debut, identifier, enrolment.axe)
    followed = enrolment.demi_heures / 2 if enrolment.fin else None
    yield Event(_END[enrolment.issue], enrolment.regle, identifier, enrolment.motif or enrolment.axe, heures=followed)


def write_events(
    path: Path, lives: Iterable[tuple[Life, int]], numbers: Mapping[Key, EpisodeNumbers], last_day: date
) -> None:
    """`path` is the Parquet file; `lives` are (life, place of the episode) of every dossier of the last deposits."""
    import duckdb

    scratch = path.with_suffix(".csv")
    with scratch.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        for life, place in lives:
            writer.writerows(_rows(life, place, numbers[life.personne.numero, place], last_day))
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")
        connection.read_csv(
            str(scratch), header=False, columns=COLUMNS, delimiter=",", quotechar='"', date_format="%Y-%m-%d"
        ).write_parquet(str(path), compression="zstd")
    scratch.unlink()


def _rows(life: Life, place: int, own: EpisodeNumbers, last_day: date) -> Iterator[tuple[object, ...]]:
    episode, person = life.episodes[place], life.personne
    opening = episode.admission
    before = (f"V-{person.numero:06d}", episode.centre, own.dossier)
    after = (
        person.sexe,
        opening.annee_naissance,
        person.nationalite,
        opening.commune,
        status_on(episode, last_day),
    )
    for event in episode_events(episode, own):
        if event.jour <= last_day:
            yield (*before, *event, *after)
