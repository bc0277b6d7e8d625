"""Rounds of concertation as a page lists them; what a round is, the concertation room says."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from intercentre.core.registry.tables import Tour
from intercentre.portal.refusals import RefusalError
from schemas.exchanges.agreement import RoundState

if TYPE_CHECKING:
    from intercentre.concertation import Place, RoundStatus
    from intercentre.core.hub import Hub
    from schemas.period import Period


def list_rounds(hub: Hub, periode: Period | None = None) -> list[RoundStatus]:
    """Rounds, the latest first; of one period or of all."""
    from intercentre.concertation import round_status

    query = select(Tour.tour_id).order_by(Tour.ouvert_le.desc(), Tour.tour_id.desc())
    if periode is not None:
        query = query.where(Tour.periode == str(periode))
    with hub.registry.read() as session:
        identifiers = session.execute(query).scalars().all()
    return [round_status(hub, tour_id) for tour_id in identifiers]


def find_round(hub: Hub, tour_id: str) -> RoundStatus:
    """The round of this identifier; raises RefusalError 404."""
    from intercentre.concertation import ConcertationRefusee, round_status

    try:
        return round_status(hub, tour_id)
    except ConcertationRefusee as error:
        raise RefusalError(404) from error


def place_of(round_: RoundStatus | None, centre: str | None) -> Place | None:
    """The centre's place in the round."""
    return next((place for place in round_.places if place.centre == centre), None) if round_ else None


def takes_votes(round_: RoundStatus, now: datetime) -> bool:
    """Whether a vote still counts."""
    return round_.etat is RoundState.OUVERT and now < round_.echeance


def opinion_of(round_: RoundStatus, place: Place) -> str:
    """The place's key in words.STATUSES: its vote, else why there is none."""
    if place.avis is not None:
        return place.avis.value
    if place.tacite:
        return "tacite"
    return "attendu" if round_.etat is RoundState.OUVERT else "sans_avis"
