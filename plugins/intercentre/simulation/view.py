"""What a centre's tool shows of a dossier on one day: rows of the contract, and nothing that only a later day knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal

from intercentre.simulation.lives import Agreement, Enrolment, Episode, Life, Move, Person
from intercentre.simulation.numbering import EpisodeNumbers, Key
from intercentre.simulation.regime_figures import figures_at

Cell = str | int | bool | date | Decimal | None
Row = dict[str, Cell]


def as_set(codes: Iterable[str]) -> str:
    """Several codes in one cell, as the contract writes them."""
    return " ".join(codes)


def episode_rows(life: Life, place: int, numbers: Mapping[Key, EpisodeNumbers], day: date) -> Iterator[tuple[str, Row]]:
    """(table, row) of one dossier as it stands at the end of `day`; a column that is not there is empty."""
    episode, own = life.episodes[place], numbers[life.personne.numero, place]
    yield "dossier", _dossier(life.personne, episode, own, day)
    yield from _steps(episode, own.dossier, day)
    yield from _tests(episode, own, day)
    yield from _agreements(episode, own, day)
    yield from _enrolments(episode, own, day)
    yield from _certificates(episode, own, day)
    for identifier, move in zip(own.transferts, episode.transferts, strict=True):
        if move.demande <= day:
            other = None if move.episode is None else numbers[life.personne.numero, move.episode].dossier
            yield "transfert", _move(identifier, own.dossier, move, other, day)


def _dossier(person: Person, episode: Episode, own: EpisodeNumbers, day: date) -> Row:
    opening = episode.admission
    closed = episode.cloture is not None and episode.cloture <= day
    return {
        "dossier_id": own.dossier,
        "personne_ref": own.personne,
        "date_premier_contact": opening.premier_contact,
        "date_ouverture": opening.ouverture,
        "date_cloture": episode.cloture if closed else None,
        "motif_cloture": episode.motif if closed else None,
        "statut_public": status_on(episode, day),
        "regime_juridique": figures_at(opening.ouverture).code,
        "canal_entree": opening.canal,
        "bureau_id": opening.bureau,
        "commune_refnis": opening.commune,
        "sexe": person.sexe,
        "annee_naissance": opening.annee_naissance,
        "nationalite": person.nationalite,
        "pays_naissance": person.pays_naissance,
        "titre_sejour": opening.titre,
        "motif_sejour": opening.motif,
        "date_titre": opening.date_titre,
        "date_debut_sejour_legal": opening.sejour_legal,
        "mena": opening.mena,
        "niveau_diplome": person.diplome,
        "equivalence": opening.equivalence,
        "situation_pro": opening.situation,
        "langue_principale": person.langue,
    }


def status_on(episode: Episode, day: date) -> str:
    """The legal status as the centre knew it on `day`."""
    known = episode.admission.statut_connu
    return "A_DETERMINER" if known is not None and day < known else episode.admission.statut


def _steps(episode: Episode, dossier: str, day: date) -> Iterator[tuple[str, Row]]:
    for step in episode.etapes:
        if step.jour <= day:
            yield (
                "etape_accueil",
                {
                    "dossier_id": dossier,
                    "type_etape": step.type,
                    "rang": step.rang,
                    "date": step.jour,
                    "modalite": step.modalite,
                    "duree_minutes": step.minutes,
                    "interprete": step.langue is not None,
                    "langue_interpretee": step.langue,
                },
            )


def _tests(episode: Episode, own: EpisodeNumbers, day: date) -> Iterator[tuple[str, Row]]:
    for identifier, test in zip(own.tests, episode.tests, strict=True):
        if test.jour <= day:
            yield (
                "test_langue",
                {
                    "test_id": identifier,
                    "dossier_id": own.dossier,
                    "date": test.jour,
                    "nature": test.nature,
                    "profil": test.profil,
                    "co": test.co,
                    "ce": test.ce,
                    "po": test.po,
                    "pe": test.pe,
                    "niveau_global": test.niveau,
                    "instrument": test.instrument,
                    "reussi": test.reussi,
                },
            )


def _agreements(episode: Episode, own: EpisodeNumbers, day: date) -> Iterator[tuple[str, Row]]:
    for identifier, agreement in zip(own.conventions, episode.conventions, strict=True):
        if agreement.signature <= day:
            yield "convention", _agreement(identifier, own.dossier, agreement, day)


def _agreement(identifier: str, dossier: str, agreement: Agreement, day: date) -> Row:
    extension = agreement.prolongation
    extended = extension is not None and extension.decision <= day
    since, state = max((state for state in agreement.etats if state[0] <= day), key=lambda state: state[0])
    return {
        "convention_id": identifier,
        "dossier_id": dossier,
        "date_signature": agreement.signature,
        "date_echeance": agreement.echeance,
        "date_echeance_prolongee": extension.echeance if extension and extended else None,
        "motif_prolongation": extension.motif if extension and extended else None,
        "fle_prescrit": agreement.heures_fle > 0,
        "heures_fle_prescrites": Decimal(agreement.heures_fle),
        "cit_prescrite": agreement.heures_cit > 0,
        "heures_cit_prescrites": Decimal(agreement.heures_cit),
        "isp_prescrite": agreement.heures_isp > 0,
        "heures_isp_prescrites": Decimal(agreement.heures_isp) if agreement.heures_isp else None,
        "statut": state,
        "date_statut": since,
        "avenant": agreement.avenant,
    }


def _enrolments(episode: Episode, own: EpisodeNumbers, day: date) -> Iterator[tuple[str, Row]]:
    enrolments = zip(own.inscriptions, own.sessions, episode.inscriptions, strict=True)
    for identifier, session, enrolment in enrolments:
        if enrolment.orientation <= day:
            agreement = convention_of(own, enrolment.conventionnee)
            yield "inscription", _enrolment(identifier, own.dossier, agreement, session, enrolment, day)


def _enrolment(
    identifier: str, dossier: str, agreement: str | None, session: str | None, enrolment: Enrolment, day: date
) -> Row:
    state = state_on(enrolment, day)
    started = enrolment.debut is not None and enrolment.debut <= day
    return {
        "inscription_id": identifier,
        "dossier_id": dossier,
        "convention_id": agreement,
        "axe": enrolment.axe,
        "operateur_id": enrolment.operateur,
        "session_id": session if started else None,
        "date_orientation": enrolment.orientation,
        "date_entree_attente": enrolment.attente if enrolment.attente and enrolment.attente <= day else None,
        "date_debut": enrolment.debut if started else None,
        "date_fin": enrolment.fin if state in ("TERMINE", "ABANDON") else None,
        "heures_prevues": Decimal(enrolment.prevues),
        "heures_suivies": Decimal(half_hours_on(enrolment, day)) / 2,
        "statut": state,
        "motif_abandon": enrolment.motif if state == "ABANDON" else None,
    }


def convention_of(own: EpisodeNumbers, agreed: bool) -> str | None:
    """The convention that something agreed belongs to: the first of the dossier."""
    return own.conventions[0] if agreed and own.conventions else None


def state_on(enrolment: Enrolment, day: date) -> str:
    """ATTENTE until the start, EN_COURS until the issue is known, then the issue."""
    if enrolment.regle <= day:
        return enrolment.issue
    return "EN_COURS" if enrolment.debut is not None and enrolment.debut <= day else "ATTENTE"


def half_hours_on(enrolment: Enrolment, day: date) -> int:
    """Half hours that the centre knows of: all at the end; before, those up to the end of the month before."""
    if enrolment.regle <= day:
        return enrolment.demi_heures
    if enrolment.debut is None or enrolment.fin is None:
        return 0
    reported = (day.replace(day=1) - timedelta(days=1) - enrolment.debut).days
    return max(0, enrolment.demi_heures * reported // max(1, (enrolment.fin - enrolment.debut).days))


def _certificates(episode: Episode, own: EpisodeNumbers, day: date) -> Iterator[tuple[str, Row]]:
    for identifier, proof in zip(own.attestations, episode.attestations, strict=True):
        if proof.jour <= day:
            copied = proof.copie_commune is not None and proof.copie_commune <= day
            yield (
                "attestation",
                {
                    "attestation_id": identifier,
                    "dossier_id": own.dossier,
                    "convention_id": convention_of(own, proof.conventionnee),
                    "type": proof.type,
                    "date_delivrance": proof.jour,
                    "transmise_commune": True if copied else (None if episode.admission.statut == "OBLIGE" else False),
                    "transmise_cpas": proof.cpas,
                    "remplace_attestation_id": None if proof.remplace is None else own.attestations[proof.remplace],
                },
            )


def _move(identifier: str, dossier: str, move: Move, other: str | None, day: date) -> Row:
    settled = move.effet or move.accord
    state = move.issue if settled <= day else "ACCEPTE" if move.effet and move.accord <= day else "DEMANDE"
    effective = move.effet is not None and move.effet <= day
    return {
        "transfert_id": identifier,
        "sens": move.sens,
        "dossier_id": dossier,
        "centre_contrepartie": move.centre,
        "dossier_contrepartie": other if move.connu is not None and move.connu <= day else None,
        "date_demande": move.demande,
        "date_effet": move.effet if effective else None,
        "statut": state,
        "heures_reprises_fle": Decimal(move.demi_heures_fle) / 2 if effective else None,
        "heures_reprises_cit": Decimal(move.demi_heures_cit) / 2 if effective else None,
    }
