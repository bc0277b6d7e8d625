"""What the registry knows of rounds: shared by the room that holds them and the room that publishes."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from intercentre.core.registry.tables import Tour, Voix
from schemas.exchanges.agreement import Opinion, Reservation


def rounds_of(session: Session, periode: str) -> list[Tour]:
    """The rounds of a period, in the order in which they were opened."""
    return sorted(session.execute(select(Tour).where(Tour.periode == periode)).scalars(), key=round_number)


def round_number(tour: Tour) -> int:
    """The rank of a round among those of its period, from 1."""
    return int(tour.tour_id.rpartition("-")[2])


def last_votes(session: Session, tour_id: str) -> dict[str, Voix]:
    """Centre → the vote that counts: the last one that it cast."""
    votes = session.execute(select(Voix).where(Voix.tour_id == tour_id).order_by(Voix.numero)).scalars()
    return {vote.centre_code: vote for vote in votes}


def standing_votes(session: Session, tour: Tour) -> dict[str, Voix]:
    """Centre → the vote that stands: its last one in the round, else what it last held against an earlier one.

    Figures made anew need a new approval; silence on them takes no reservation and no opposition back.
    source  docs/decisions/0020
    """
    said: dict[str, Voix] = {}
    for one in rounds_of(session, tour.periode):
        if round_number(one) < round_number(tour):
            said |= last_votes(session, one.tour_id)
    held = {centre: vote for centre, vote in said.items() if vote.avis != Opinion.APPROUVE}
    return held | last_votes(session, tour.tour_id)


def reservations_of(session: Session, tour: Tour) -> tuple[Reservation, ...]:
    """Reservations and oppositions that stand, in the order of the centres' codes."""
    return tuple(
        Reservation(centre, Opinion(vote.avis), vote.motif, tuple(vote.indicateurs))
        for centre, vote in sorted(standing_votes(session, tour).items())
        if vote.avis != Opinion.APPROUVE
    )
