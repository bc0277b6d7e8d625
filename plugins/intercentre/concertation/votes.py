"""Taking a vote."""

from __future__ import annotations

import re

from intercentre.concertation.centres import voting_centres
from intercentre.concertation.figures import fingerprint, indicators
from intercentre.concertation.refusal import ConcertationRefusee
from intercentre.concertation.rounds import known_round, settle
from intercentre.core.french import french_moment, utc
from intercentre.core.hub import Hub
from intercentre.core.registry.store import Transaction
from intercentre.core.registry.tables import Tour, Voix
from schemas.exchanges.agreement import Opinion, RoundState, Vote

STATE_LABEL = {
    RoundState.OUVERT: "ouvert",
    RoundState.ACCORDE: "clos : la publication est accordée",
    RoundState.REJETE: "clos : la publication est rejetée",
    RoundState.SANS_QUORUM: "clos : le quorum n'a pas été atteint",
    RoundState.REMPLACE: "clos : d'autres chiffres ont pris la place de ceux-ci",
}
# A reason is printed in the release: what could name a person has no place there.
_PERSONAL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+|\d{2}[ .-]?\d{2}[ .-]?\d{2}[ .-]?\d{3}[ .-]?\d{2}", re.ASCII)


def cast_vote(hub: Hub, tour_id: str, centre: str, vote: Vote, compte: str) -> RoundState:
    """The centre's vote is kept and counts from now on; the round is decided at once when it was the last awaited.

    A centre that votes again changes its mind: the last vote counts, all of them stay.
    compte   the account that speaks for the centre, for the journal
    raises   ConcertationRefusee: unknown or closed round, unknown centre, figures that changed since the round was
             opened, reservation or opposition without reason, unknown indicator
    """
    with hub.registry.read() as session:
        periode = known_round(session, tour_id).periode
    figures, known = fingerprint(hub, periode), indicators(hub, periode)
    checked = check_vote(vote, known)
    with hub.registry.change() as change:
        tour = known_round(change.session, tour_id)
        _refuse_unless_open(change, tour, centre)
        if tour.empreinte != figures:
            raise ConcertationRefusee(
                "Les chiffres de cette période ont changé depuis l'ouverture de ce tour : un autre tour va s'ouvrir "
                "sur les nouveaux chiffres, votez alors."
            )
        change.session.add(
            Voix(
                numero=change.next_number(Voix.numero),
                tour_id=tour_id,
                centre_code=centre,
                avis=checked.avis.value,
                motif=checked.motif,
                indicateurs=list(checked.indicateurs),
                emise_le=change.instant,
                compte=compte,
            )
        )
        change.session.flush()
        change.journal(compte, "voix_emise", tour_id, centre=centre, avis=checked.avis, indicateurs=checked.indicateurs)
        return settle(change, tour)


def check_vote(vote: Vote, known: frozenset[str]) -> Vote:
    """The vote as it is kept: reason on one line, indicators in order; raises ConcertationRefusee."""
    motif = on_one_line(vote.motif)
    if vote.avis is Opinion.APPROUVE and vote.indicateurs:
        raise ConcertationRefusee(
            "Une approbation ne nomme aucun indicateur : choisissez « réserve » pour que votre remarque soit imprimée "
            "à côté des chiffres qu'elle vise, ou approuvez sans nommer d'indicateur."
        )
    if vote.avis is not Opinion.APPROUVE and not motif:
        raise ConcertationRefusee(
            "Une réserve ou une opposition demande un motif : dites en une phrase ce qui pose question."
        )
    if names_a_person(motif):
        raise ConcertationRefusee(
            "Le motif est publié : n'y écrivez ni adresse électronique ni numéro qui désigne une personne."
        )
    if not known.issuperset(vote.indicateurs):
        raise ConcertationRefusee(
            "Un indicateur nommé n'existe pas dans les chiffres de ce tour. Codes possibles : "
            + ", ".join(sorted(known))
            + "."
        )
    return Vote(avis=vote.avis, motif=motif, indicateurs=tuple(sorted(set(vote.indicateurs))))


def on_one_line(motif: str) -> str:
    """A reason as it is kept: printable characters, single spaces."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in motif).split())


def names_a_person(motif: str) -> bool:
    """Whether a reason holds an e-mail address or a number of the national register."""
    return _PERSONAL.search(motif) is not None


def _refuse_unless_open(change: Transaction, tour: Tour, centre: str) -> None:
    if centre not in voting_centres(utc(tour.ouvert_le).date()):
        raise ConcertationRefusee("Ce centre n'est pas connu de la concertation : aucun vote n'est enregistré.")
    if tour.etat != RoundState.OUVERT:
        raise ConcertationRefusee(f"Ce tour est {STATE_LABEL[RoundState(tour.etat)]}. Aucun vote n'est plus possible.")
    if change.instant >= utc(tour.echeance):
        raise ConcertationRefusee(
            f"L'échéance de ce tour est passée ({french_moment(tour.echeance)}). Aucun vote n'est plus possible."
        )
