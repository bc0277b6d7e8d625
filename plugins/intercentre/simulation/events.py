"""vies.parquet: the lives as a list of dated events, from which every indicator can be counted without any extract.

One row is one event, up to the last day of the last deposits: of a dossier that they hold, or of a centre (its
operators, sessions, activities…; only the local statistics, which are real, are not there). Columns:

    personne_vie_id   the person, the same in every centre and dossier (V-000001); null for an event of a centre
    centre            centre of the dossier, or whose event it is
    dossier_id        the dossier's number in that centre; null for an event of a centre
    evenement         of a dossier: TITRE, PREMIER_CONTACT, OUVERTURE, STATUT, ETAPE, TEST, CONVENTION,
                      ETAT_CONVENTION, PROLONGATION, ORIENTATION, ENTREE_ATTENTE, DEBUT_FORMATION, FIN_FORMATION,
                      ABANDON, NON_PRESENTATION, ANNULATION, RELEVE_HEURES, ATTESTATION, COPIE_COMMUNE,
                      DEMANDE_TRANSFERT, then TRANSFERT_SORTANT or TRANSFERT_ENTRANT when it takes effect, or else
                      REFUS_TRANSFERT or ANNULATION_TRANSFERT; CONTREPARTIE_CONNUE when the centre has learnt the
                      number of the other centre's dossier; CLOTURE;
                      of a centre: the name of the table in capitals (OPERATEUR, SESSION_OFFRE, FLUX_COMMUNE…), on the
                      day on which the row is first noted, and again, with what changes, on each day it is changed
    date              day of the event
    objet_id          number of the row of the extract (test, convention, enrolment, attestation, transfer, operator…);
                      a key of several columns is joined by `/`
    detail            channel of the opening; kind of step, test or attestation; axis of an enrolment;
                      CONVENTION or AVENANT; the other centre of a transfer; motive of an extension, of a course
                      given up, of a closure
    niveau            global CEFR level of a test
    date_limite       term of a convention (of its extension, for a PROLONGATION)
    heures            hours: prescribed in French (CONVENTION), followed in the end (FIN_FORMATION, ABANDON), followed
                      so far in a course under way on the last day (RELEVE_HEURES)
    remplace          number of the attestation that this one replaces
    sexe, annee_naissance, nationalite, commune, statut_public
                      facts of the dossier as its last deposit shows them; commune is the code valid at the opening,
                      annee_naissance is null where the centre does not know it. Of a centre's event: its commune
    attributs         what else is known, name → text: codes, days, numbers of other rows, true and false
    quantites         what is counted or measured, name → number; the names are those of the contract
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from intercentre.core.engine import open_engine
from intercentre.simulation.facts import Fact
from intercentre.simulation.lives import Agreement, Enrolment, Episode, Life, Move, Person
from intercentre.simulation.numbering import EpisodeNumbers, Key
from intercentre.simulation.regime_figures import figures_at
from intercentre.simulation.view import Cell, Row, convention_of, half_hours_on, status_on
from schemas.extracts import TABLES

_END = {"TERMINE": "FIN_FORMATION", "ABANDON": "ABANDON", "NON_PRESENTE": "NON_PRESENTATION", "ANNULE": "ANNULATION"}
_CAME_TO_NOTHING = {"REFUSE": "REFUS_TRANSFERT", "ANNULE": "ANNULATION_TRANSFERT"}

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
    "attributs": "MAP(VARCHAR, VARCHAR)",
    "quantites": "MAP(VARCHAR, DECIMAL(12,2))",
}

Attributes = Mapping[str, Cell]


class Event(NamedTuple):
    """What happened to a dossier; the columns between `evenement` and `remplace` above, then what else is known.

    plus  texts, days and numbers alike; the empty ones are left out
    """

    evenement: str
    jour: date
    objet_id: str | None = None
    detail: str | None = None
    niveau: str | None = None
    date_limite: date | None = None
    heures: float | None = None
    remplace: str | None = None
    plus: Attributes = MappingProxyType({})


def episode_events(person: Person, episode: Episode, own: EpisodeNumbers, last_day: date) -> Iterator[Event]:
    """Everything that ever happens to the dossier, also after `last_day`, on which courses under way are read."""
    yield from _opening_events(person, episode, own)
    for step in episode.etapes:
        facts: Attributes = {
            "rang": step.rang,
            "modalite": step.modalite,
            "duree_minutes": step.minutes,
            "langue_interpretee": step.langue,
        }
        yield Event("ETAPE", step.jour, detail=step.type, plus=facts)
    for identifier, test in zip(own.tests, episode.tests, strict=True):
        skills: Attributes = {"co": test.co, "ce": test.ce, "po": test.po, "pe": test.pe}
        result: Attributes = {**skills, "profil": test.profil, "instrument": test.instrument, "reussi": test.reussi}
        yield Event("TEST", test.jour, identifier, test.nature, niveau=test.niveau, plus=result)
    for identifier, agreement in zip(own.conventions, episode.conventions, strict=True):
        yield from _agreement_events(identifier, agreement)
    for rank, enrolment in enumerate(episode.inscriptions):
        yield from _enrolment_events(own, rank, enrolment, last_day)
    for identifier, proof in zip(own.attestations, episode.attestations, strict=True):
        replaced = None if proof.remplace is None else own.attestations[proof.remplace]
        about: Attributes = {
            "convention_id": convention_of(own, proof.conventionnee),
            "transmise_cpas": proof.cpas,
            "transmise_commune": None if episode.admission.statut == "OBLIGE" else False,
        }
        yield Event("ATTESTATION", proof.jour, identifier, proof.type, remplace=replaced, plus=about)
        if proof.copie_commune:
            yield Event("COPIE_COMMUNE", proof.copie_commune, identifier)
    for identifier, move in zip(own.transferts, episode.transferts, strict=True):
        yield from _move_events(identifier, move)
    if episode.cloture:
        yield Event("CLOTURE", episode.cloture, detail=episode.motif)


def _opening_events(person: Person, episode: Episode, own: EpisodeNumbers) -> Iterator[Event]:
    opening = episode.admission
    if opening.date_titre:
        yield Event("TITRE", opening.date_titre, detail=opening.titre)
    if opening.premier_contact:
        yield Event("PREMIER_CONTACT", opening.premier_contact)
    more: Attributes = {
        "bureau_id": opening.bureau,
        "regime_juridique": figures_at(opening.ouverture).code,
        "pays_naissance": person.pays_naissance,
        "titre_sejour": opening.titre,
        "motif_sejour": opening.motif,
        "date_debut_sejour_legal": opening.sejour_legal,
        "mena": opening.mena,
        "niveau_diplome": person.diplome,
        "equivalence": opening.equivalence,
        "situation_pro": opening.situation,
        "langue_principale": person.langue,
        "personne_ref": own.personne,
    }
    yield Event("OUVERTURE", opening.ouverture, detail=opening.canal, plus=more)
    if opening.statut_connu:
        yield Event("STATUT", opening.statut_connu, detail=opening.statut)


def _agreement_events(identifier: str, agreement: Agreement) -> Iterator[Event]:
    kind = "AVENANT" if agreement.avenant else "CONVENTION"
    yield Event(
        "CONVENTION",
        agreement.signature,
        identifier,
        kind,
        date_limite=agreement.echeance,
        heures=agreement.heures_fle,
        plus={
            "heures_fle_prescrites": agreement.heures_fle,
            "heures_cit_prescrites": agreement.heures_cit,
            "heures_isp_prescrites": agreement.heures_isp,
        },
    )
    for since, state in agreement.etats:
        yield Event("ETAT_CONVENTION", since, identifier, state)
    extension = agreement.prolongation
    if extension:
        yield Event("PROLONGATION", extension.decision, identifier, extension.motif, date_limite=extension.echeance)


def _enrolment_events(own: EpisodeNumbers, rank: int, enrolment: Enrolment, last_day: date) -> Iterator[Event]:
    identifier = own.inscriptions[rank]
    more: Attributes = {
        "operateur_id": enrolment.operateur,
        "convention_id": convention_of(own, enrolment.conventionnee),
        "heures_prevues": enrolment.prevues,
    }
    yield Event("ORIENTATION", enrolment.orientation, identifier, enrolment.axe, plus=more)
    if enrolment.attente:
        yield Event("ENTREE_ATTENTE", enrolment.attente, identifier, enrolment.axe)
    if enrolment.debut and enrolment.issue != "NON_PRESENTE":
        joined = {"session_id": own.sessions[rank]}
        yield Event("DEBUT_FORMATION", enrolment.debut, identifier, enrolment.axe, plus=joined)
        if enrolment.debut <= last_day < enrolment.regle:
            so_far = half_hours_on(enrolment, last_day) / 2
            yield Event("RELEVE_HEURES", last_day, identifier, enrolment.axe, heures=so_far)
    followed = enrolment.demi_heures / 2 if enrolment.fin else None
    absent = {"session_id": own.sessions[rank]} if enrolment.issue == "NON_PRESENTE" else {}
    detail = enrolment.motif or enrolment.axe
    yield Event(_END[enrolment.issue], enrolment.regle, identifier, detail, heures=followed, plus=absent)


def _move_events(identifier: str, move: Move) -> Iterator[Event]:
    yield Event("DEMANDE_TRANSFERT", move.demande, identifier, move.centre, plus={"sens": move.sens})
    if move.effet:
        hours = {
            "heures_reprises_fle": Decimal(move.demi_heures_fle) / 2,
            "heures_reprises_cit": Decimal(move.demi_heures_cit) / 2,
        }
        yield Event(f"TRANSFERT_{move.sens}", move.effet, identifier, move.centre, plus=hours)
    else:
        yield Event(_CAME_TO_NOTHING[move.issue], move.accord, identifier, move.centre)
    if move.connu:
        yield Event("CONTREPARTIE_CONNUE", move.connu, identifier, move.centre)


def fact_events(fact: Fact) -> Iterator[tuple[date, str, Row]]:
    """(day, number of the row, columns noted) from the first note to the last change, also after the last deposit."""
    number = "/".join(str(fact.ligne[column]) for column in TABLES[fact.table].contrat.key)
    yield fact.jour, number, fact.ligne
    for day, changes in fact.suites:
        yield day, number, changes


def write_events(
    path: Path,
    lives: Iterable[tuple[Life, int]],
    facts: Iterable[tuple[str, Fact]],
    numbers: Mapping[Key, EpisodeNumbers],
    last_day: date,
) -> None:
    """`path` is the Parquet file.

    lives  (life, place of the episode) of every dossier of the last deposits
    facts  (centre, fact) of every centre
    """
    scratch = path.with_suffix(".csv")
    with scratch.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        for life, place in lives:
            writer.writerows(_rows(life, place, numbers[life.personne.numero, place], last_day))
        for centre, fact in facts:
            writer.writerows(_fact_rows(centre, fact, last_day))
    with open_engine(threads=1) as connection:
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
    for event in episode_events(person, episode, own, last_day):
        if event.jour <= last_day:
            *columns, more = event
            yield (*before, *columns, *after, *_maps(more))


def _fact_rows(centre: str, fact: Fact, last_day: date) -> Iterator[tuple[object, ...]]:
    for day, number, row in fact_events(fact):
        if day <= last_day:
            kind, commune = row.get("type"), row.get("commune_refnis")
            columns = (None, centre, None, fact.table.upper(), day, number, kind, None, None, None, None)
            yield (*columns, None, None, None, commune, None, *_maps(row))


def _maps(more: Attributes) -> tuple[str, str]:
    """The texts and the numbers, each as DuckDB reads a map; nothing for an empty one."""
    return _map(more, _as_attribute), _map(more, _as_quantity)


def _map(more: Attributes, written: Callable[[Cell], str | None]) -> str:
    pairs = [f'"{name}"="{text}"' for name, cell in more.items() if (text := written(cell)) is not None]
    return f"{{{', '.join(pairs)}}}" if pairs else ""


def _as_attribute(cell: Cell) -> str | None:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return str(cell) if isinstance(cell, str | date) else None


def _as_quantity(cell: Cell) -> str | None:
    return str(cell) if isinstance(cell, int | Decimal) and not isinstance(cell, bool) else None
