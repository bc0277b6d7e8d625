"""I54 to I57: the people whom two centres meet, the moves between centres, those who come from elsewhere.

Who a person is, the lives know; the centres, which make no pseudonyms here, know it only by a move that both of them
tell. The counts of people therefore tie together the dossiers of a person that such a move ties, and no others. Two
tales of one move that are dated too far apart answer each other no more (rule V64); they still tie the person together
when each names the other's dossier (docs/decisions/0060).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from tests.properties.recount.lives import Dossier, Event, Lives, Period
from tests.properties.recount.parts import Part, Recipe, shared
from tests.properties.recount.places import UNKNOWN, atlas_on

MET = ("ETAPE", "CONVENTION", "ATTESTATION")
NOTHING_CAME_OF_IT = ("REFUS_TRANSFERT", "ANNULATION_TRANSFERT")
FARTHEST_APART = timedelta(days=45)  # TRANSFERT_ECART_JOURS of seuil.csv


@dataclass(frozen=True)
class Side:
    """One side of a move, neither refused nor given up, in one dossier.

    effet  None while it is awaited
    nomme  the centre knows the number of the other centre's dossier
    """

    dossier: Dossier
    sens: str
    contrepartie: str
    demande: date
    effet: date | None
    nomme: bool

    @property
    def jour(self) -> date:
        return self.effet or self.demande

    @property
    def move(self) -> tuple[str, str, str]:
        """The person, the centre that they leave (of a side that leaves) and the one that they go to."""
        return (self.dossier.personne, self.dossier.centre, self.contrepartie)


def people_counted_twice(lives: Lives, period: Period) -> Iterator[Part]:
    """Every presence of a person in a centre; those beyond the person's first are counted twice."""
    person = people_known(lives)
    met: defaultdict[str, set[str]] = defaultdict(set)
    for dossier in lives.dossiers:
        if any(period.holds(day) for day in days_met(dossier)):
            met[person[dossier.centre, dossier.personne]].add(dossier.centre)
    for centres in met.values():
        for rank, centre in enumerate(sorted(centres)):
            yield Part(centre, int(rank > 0), 1)


def departures_without_an_answer(lives: Lives, period: Period) -> Iterator[Part]:
    arrived = arrivals(lives)
    for side in departures(lives):
        if period.holds(side.jour) and is_observed(lives, side.jour, 60):
            classes = {"centre_entrant": side.contrepartie}
            yield Part(side.dossier.centre, int(answer(side, arrived) is None), 1, classes=classes)


def people_lost_on_the_way(lives: Lives, period: Period) -> Iterator[Part]:
    arrived = arrivals(lives)
    for side in departures(lives):
        if side.effet and period.holds(side.effet) and is_observed(lives, side.effet, 90):
            there, latest = answer(side, arrived), side.effet + timedelta(days=90)
            seen = there is not None and any(day <= latest for day in days_met(there.dossier))
            classes = {"appariement": "PAIRE" if there else "SEUL"}
            yield Part(side.dossier.centre, int(not seen), 1, classes=classes)


def people_of_another_territory(lives: Lives, period: Period) -> Iterator[Part]:
    for dossier in lives.dossiers:
        if period.holds(dossier.ouverture) and dossier.opening.commune != UNKNOWN:
            home = atlas_on(lives.fin).find(str(dossier.opening.commune))
            centre = home.centre if home else "HORS_REGION"
            elsewhere = centre != dossier.centre
            yield Part(dossier.centre, int(elsewhere), 1, classes={"centre_domicile": centre if elsewhere else None})


def days_met(dossier: Dossier) -> Iterator[date]:
    """Days on which something was done with the person: a step, a course begun, ended or looked for, a paper."""
    yield from (one.jour for one in dossier.events if one.evenement in MET)
    for enrolment in dossier.enrolments:
        if enrolment.statut != "ANNULE":
            yield enrolment.orientation
        yield from (day for day in (enrolment.debut, enrolment.fin) if day)


def departures(lives: Lives) -> Iterator[Side]:
    return (side for dossier in lives.dossiers for side in sides(dossier) if side.sens == "SORTANT")


def sides(dossier: Dossier) -> Iterator[Side]:
    """The sides of moves that the dossier tells, but those which came to nothing."""
    for asked in dossier.of("DEMANDE_TRANSFERT"):
        own: dict[str, Event] = {one.evenement: one for one in dossier.events if one.objet_id == asked.objet_id}
        if own.keys().isdisjoint(NOTHING_CAME_OF_IT):
            sens = asked.attributs["sens"]
            done = own.get(f"TRANSFERT_{sens}")
            effet = done.jour if done else None
            yield Side(dossier, sens, str(asked.detail), asked.jour, effet, "CONTREPARTIE_CONNUE" in own)


def arrivals(lives: Lives) -> dict[tuple[str, str, str], Side]:
    """(person, centre left, centre reached) → the side that the centre reached tells."""
    return {
        (dossier.personne, side.contrepartie, dossier.centre): side
        for dossier in lives.dossiers
        for side in sides(dossier)
        if side.sens == "ENTRANT"
    }


def answer(departure: Side, arrived: Mapping[tuple[str, str, str], Side]) -> Side | None:
    """The other centre's side of the same person's move, unless it is dated too far from the departure."""
    there = arrived.get(departure.move)
    return there if there and abs(there.jour - departure.jour) <= FARTHEST_APART else None


def people_known(lives: Lives) -> dict[tuple[str, str], str]:
    """(centre, person) → one name for all centres that moves told on both sides tie together."""
    name = {(one.centre, one.personne): f"{one.personne} {one.centre}" for one in lives.dossiers}
    arrived = arrivals(lives)
    for side in departures(lives):
        person, left, reached = side.move
        there = arrived.get(side.move)
        if there and (answer(side, arrived) or (side.nomme and there.nomme)):
            kept, lost = name[left, person], name[reached, person]
            name |= {key: kept for key, given in name.items() if given == lost}
    return name


def is_observed(lives: Lives, day: date, days: int) -> bool:
    """So many days have passed since, and the histories begin before."""
    return lives.debut <= day and day + timedelta(days=days) <= lives.fin


_MOVES = ("transfert",)

RECIPES = {
    "I54": Recipe(people_counted_twice, shared(100), "TA", places=("region",)),
    "I55": Recipe(
        departures_without_an_answer, shared(100), "T", _MOVES, dimensions=("centre_entrant",), silent_when_empty=True
    ),
    "I56": Recipe(
        people_lost_on_the_way,
        shared(100),
        "A",
        _MOVES,
        places=("region",),
        dimensions=("appariement",),
        silent_when_empty=True,
    ),
    "I57": Recipe(people_of_another_territory, shared(100), "A", of_total=("centre_domicile",)),
}
