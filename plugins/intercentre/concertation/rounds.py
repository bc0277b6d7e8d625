"""Opening and closing rounds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from intercentre.concertation.centres import voting_centres
from intercentre.concertation.figures import fingerprint
from intercentre.concertation.minutes import minutes
from intercentre.concertation.refusal import ConcertationRefusee
from intercentre.concertation.rule import decide
from intercentre.core.french import utc
from intercentre.core.hub import Hub
from intercentre.core.registry.rounds import round_number, rounds_of, standing_votes
from intercentre.core.registry.store import Transaction
from intercentre.core.registry.tables import Tour, Voix
from schemas.exchanges.agreement import Opinion, RoundState, Vote
from schemas.period import Period

HUB = "intercentre"
_WITHOUT_AGREEMENT = (RoundState.REJETE, RoundState.SANS_QUORUM)


def open_round(hub: Hub, periode: Period | str, *, reprise: bool = False) -> str:
    """The eight centres can vote on the period's protected figures; returns the round's `tour_id`.

    The same figures have the same round; other figures have another, and an open round on the former ones is
    closed as `remplace`. `reprise` opens a new round on figures that were rejected or found no quorum.
    raises  ConcertationRefusee when there are no figures, or more votes are asked for than there are centres
    """
    period = Period.parse(str(periode))
    figures = fingerprint(hub, period)
    with hub.registry.change() as change:
        centres = voting_centres(change.instant.date())
        if not 1 <= hub.settings.quorum <= len(centres):
            raise ConcertationRefusee(
                f"Le quorum réglé ({hub.settings.quorum}) doit aller de 1 à {len(centres)}, le nombre de centres."
            )
        rounds = rounds_of(change.session, str(period))
        same = [tour for tour in rounds if tour.empreinte == figures and tour.etat != RoundState.REMPLACE]
        kept = same[-1] if same and not (reprise and same[-1].etat in _WITHOUT_AGREEMENT) else None
        for tour in rounds:
            if tour.etat == RoundState.OUVERT and tour is not kept:
                close_round(change, tour, RoundState.REMPLACE)
        if kept is not None:
            return kept.tour_id
        number = round_number(rounds[-1]) + 1 if rounds else 1
        opened = Tour(
            tour_id=f"{period}-tour-{number}",
            periode=str(period),
            empreinte=figures,
            ouvert_le=change.instant,
            echeance=change.instant + timedelta(days=hub.settings.delai_jours),
            quorum=hub.settings.quorum,
            etat=RoundState.OUVERT.value,
        )
        change.session.add(opened)
        change.journal(HUB, "tour_ouvert", opened.tour_id, empreinte=figures, quorum=opened.quorum)
        return opened.tour_id


def close_due_rounds(hub: Hub) -> list[str]:
    """Every round whose deadline has passed is decided; returns their `tour_id`."""
    with hub.registry.change() as change:
        open_rounds = select(Tour).where(Tour.etat == RoundState.OUVERT.value).order_by(Tour.tour_id)
        tours = list(change.session.execute(open_rounds).scalars())
        return [tour.tour_id for tour in tours if settle(change, tour) is not RoundState.OUVERT]


def known_round(session: Session, tour_id: str) -> Tour:
    """The round; raises ConcertationRefusee when there is none of this name."""
    tour = session.get(Tour, tour_id)
    if tour is None:
        raise ConcertationRefusee("Ce tour de concertation n'existe pas.")
    return tour


def settle(change: Transaction, tour: Tour) -> RoundState:
    """The round is closed if the rule says so at the instant of the change; returns where it stands."""
    rows = standing_votes(change.session, tour)
    votes = {centre: vote_of(row) for centre, row in rows.items()}
    held = [centre for centre, row in rows.items() if row.tour_id != tour.tour_id]
    centres = voting_centres(utc(tour.ouvert_le).date())
    state = decide(votes, tour.quorum, tuple(centres), is_due=change.instant >= utc(tour.echeance), held=held)
    if state is not RoundState.OUVERT:
        close_round(change, tour, state)
    return state


def close_round(change: Transaction, tour: Tour, state: RoundState) -> None:
    """The round has its last state, its minutes and its journal line."""
    rows = standing_votes(change.session, tour)
    tour.etat, tour.decide_le = state.value, change.instant
    tour.proces_verbal = minutes(tour, rows, voting_centres(utc(tour.ouvert_le).date()))
    change.journal(HUB, f"tour_{state}", tour.tour_id, **_counts(rows))


def vote_of(row: Voix) -> Vote:
    """The vote that a row of the registry holds."""
    return Vote(avis=Opinion(row.avis), motif=row.motif, indicateurs=tuple(row.indicateurs))


def _counts(rows: Mapping[str, Voix]) -> dict[str, int]:
    return {opinion.value: sum(row.avis == opinion for row in rows.values()) for opinion in Opinion}
