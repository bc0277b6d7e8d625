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


def reservations_of(session: Session, tour_id: str) -> tuple[Reservation, ...]:
    """Reservations and oppositions that stand, in the order of the centres' codes."""
    return tuple(
        Reservation(centre, Opinion(vote.avis), vote.motif, tuple(vote.indicateurs))
        for centre, vote in sorted(last_votes(session, tour_id).items())
        if vote.avis != Opinion.APPROUVE
    )
