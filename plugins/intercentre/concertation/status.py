"""A round as people see it: eight named places, who said what, what is awaited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from intercentre.concertation.centres import voting_centres
from intercentre.concertation.rounds import known_round
from intercentre.core.french import utc
from intercentre.core.hub import Hub
from intercentre.core.registry.rounds import reservations_of, standing_votes
from intercentre.core.registry.tables import Tour, Voix
from schemas.exchanges.agreement import Opinion, Reservation, RoundState

_DECIDED = (RoundState.ACCORDE, RoundState.REJETE)


@dataclass(frozen=True, slots=True)
class Place:
    """One centre's place in a round.

    avis      None while nothing was said; `tacite` is set instead once silence was counted as agreement
    repris    the opinion is a reservation or an opposition of an earlier round, held until the centre speaks again
    """

    centre: str
    nom: str
    avis: Opinion | None
    tacite: bool
    motif: str
    indicateurs: tuple[str, ...]
    emise_le: datetime | None
    repris: bool = False

    @property
    def has_spoken(self) -> bool:
        """Whether the centre said something of these figures."""
        return self.avis is not None and not self.repris


@dataclass(frozen=True, slots=True)
class RoundStatus:
    """Where a round stands. Instants are UTC; `places` has one entry for each centre, in the order of the codes."""

    tour_id: str
    periode: str
    empreinte: str
    etat: RoundState
    ouvert_le: datetime
    echeance: datetime
    quorum: int
    decide_le: datetime | None
    proces_verbal: str | None
    places: tuple[Place, ...]

    @property
    def votes_exprimes(self) -> int:
        return sum(place.has_spoken for place in self.places)

    @property
    def attendus(self) -> tuple[str, ...]:
        """Codes of the centres that have not voted while they still can."""
        if self.etat is not RoundState.OUVERT:
            return ()
        return tuple(place.centre for place in self.places if not place.has_spoken)


def round_status(hub: Hub, tour_id: str) -> RoundStatus:
    """Where the round stands; raises ConcertationRefusee when there is no such round."""
    with hub.registry.read() as session:
        tour = known_round(session, tour_id)
        rows = standing_votes(session, tour)
    state, centres = RoundState(tour.etat), voting_centres(utc(tour.ouvert_le).date())
    return RoundStatus(
        tour_id=tour.tour_id,
        periode=tour.periode,
        empreinte=tour.empreinte,
        etat=state,
        ouvert_le=utc(tour.ouvert_le),
        echeance=utc(tour.echeance),
        quorum=tour.quorum,
        decide_le=utc(tour.decide_le) if tour.decide_le else None,
        proces_verbal=tour.proces_verbal,
        places=tuple(_place(code, name, rows.get(code), tour) for code, name in centres.items()),
    )


def reservations(hub: Hub, tour_id: str) -> list[Reservation]:
    """The reservations and oppositions that stand in a round, in the order of the centres' codes."""
    with hub.registry.read() as session:
        return list(reservations_of(session, known_round(session, tour_id)))


def _place(code: str, name: str, row: Voix | None, tour: Tour) -> Place:
    if row is None:
        return Place(code, name, None, RoundState(tour.etat) in _DECIDED, "", (), None)
    said = Opinion(row.avis), False, row.motif, tuple(row.indicateurs), utc(row.emise_le)
    return Place(code, name, *said, repris=row.tour_id != tour.tour_id)
