"""T08: the course sessions that the enrolments of a centre's dossiers belong to, and a few that nobody joined."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import NamedTuple

from intercentre.simulation.chance import Weighted, days_later, stream, weighted
from intercentre.simulation.facts import Fact, numbered, quarter_end
from intercentre.simulation.lives import Enrolment, Life
from intercentre.simulation.numbering import Key
from intercentre.simulation.operators import Operator
from intercentre.simulation.people import Window
from intercentre.simulation.view import Row

COLLECTIVE = ("FLE", "ALPHA", "CITOYENNETE", "ISP")
_LARGEST = 18
_LEVEL = {"FLE": weighted(A1=35, A2=45, B1=20), "ALPHA": weighted(**{"A1.1": 60, "A1": 40})}
_TIMETABLE = weighted(JOUR=72, SOIR=16, WEEKEND=3, MIXTE=9)
_CHILDCARE: Weighted[bool | None] = Weighted(((True, 20), (False, 65), (None, 15)))
_EMPTY_PER_YEAR = 0.4
_EMPTY_HOURS = {"FLE": 120, "ALPHA": 160, "CITOYENNETE": 60, "ISP": 12}

Place = tuple[Key, int]  # dossier, place of the enrolment in it


class Member(NamedTuple):
    """One enrolment of a session."""

    place: Place
    inscription: Enrolment
    debut: date

    def is_inside(self, day: date) -> bool:
        """The person had taken up the place by `day`; one who never came never did."""
        return self.debut <= day and self.inscription.issue != "NON_PRESENTE"


class Offer(NamedTuple):
    """The sessions as facts, and the session of every enrolment that has one."""

    sessions: list[Fact]
    de: Mapping[Place, str]


def draw_offer(
    graine: int, centre: str, episodes: Iterable[tuple[Life, int]], operators: Sequence[Operator], window: Window
) -> Offer:
    """Sessions of one operator, axis and month, of at most 18 persons; announced weeks before they start."""
    rng, elsewhere = stream(graine, "sessions", centre), stream(graine, "sessions d'autres centres", centre)
    by_number = {one.numero: one for one in operators}
    drawn: list[tuple[Fact, tuple[Member, ...]]] = []
    for (operator, axis, _), members in sorted(_groups(episodes).items()):
        for first in range(0, len(members), _LARGEST):
            group = tuple(members[first : first + _LARGEST])
            drawn.append((_session(rng, elsewhere, by_number[operator], axis, group), group))
    drawn += [(fact, ()) for fact in _empty_sessions(rng, operators, window)]
    drawn.sort(key=lambda one: one[0].jour)
    sessions = list(numbered("S", "session_id", (fact for fact, _ in drawn)))
    of = {
        member.place: str(fact.ligne["session_id"])
        for fact, (_, members) in zip(sessions, drawn, strict=True)
        for member in members
    }
    return Offer(sessions, of)


def _groups(episodes: Iterable[tuple[Life, int]]) -> dict[tuple[str, str, str], list[Member]]:
    groups: defaultdict[tuple[str, str, str], list[Member]] = defaultdict(list)
    for life, place in episodes:
        for rank, enrolment in enumerate(life.episodes[place].inscriptions):
            if enrolment.debut and enrolment.axe in COLLECTIVE:
                key = enrolment.operateur, enrolment.axe, f"{enrolment.debut:%Y-%m}"
                groups[key].append(Member(((life.personne.numero, place), rank), enrolment, enrolment.debut))
    for members in groups.values():
        members.sort(key=lambda member: (member.debut, member.place))
    return dict(groups)


def _session(rng: Random, elsewhere: Random, operator: Operator, axis: str, members: Sequence[Member]) -> Fact:
    """A session of the members; people of other centres, drawn from `elsewhere`, take some of the places left."""
    start = members[0].debut
    end = max(member.inscription.fin or member.debut for member in members)
    hours = max(member.inscription.prevues for member in members)
    announced = start - timedelta(days=rng.randint(25, 80))
    places = max(4, len(members) + rng.choice((0, 0, 1, 2, 3, 5)))
    row = _row(rng, operator, axis, start, end, hours, places)
    first, *later = session_counts(members, elsewhere.randint(0, places - len(members)), announced, end)
    return Fact("session_offre", announced, {**row, **first[1]}, tuple(later))


def session_counts(members: Sequence[Member], others: int, announced: date, end: date) -> Iterator[tuple[date, Row]]:
    """(day, inscrits, en_attente, date_releve): at the announcement, at the end of each quarter, at the end.

    others  people of other centres, who come on the first day
    """
    start, day, last = members[0].debut, announced, max(end, members[-1].debut)
    while True:
        inside = sum(member.is_inside(day) for member in members) + (others if start <= day else 0)
        waiting = sum(
            member.inscription.attente is not None and member.inscription.attente <= day < member.debut
            for member in members
        )
        yield day, {"inscrits": inside, "en_attente": waiting, "date_releve": day}
        if day >= last:
            return
        day = quarter_end(day + timedelta(days=1))


def _row(rng: Random, operator: Operator, axis: str, start: date, end: date, hours: int, places: int) -> Row:
    return {
        "operateur_id": operator.numero,
        "axe": axis,
        "niveau_vise": _LEVEL[axis].draw(rng) if axis in _LEVEL else None,
        "commune_refnis": operator.commune,
        "date_debut": start,
        "date_fin": end,
        "heures_programmees": Decimal(hours),
        "places": places,
        "horaire": _TIMETABLE.draw(rng),
        "garde_enfants": _CHILDCARE.draw(rng),
    }


def _empty_sessions(rng: Random, operators: Sequence[Operator], window: Window) -> Iterator[Fact]:
    """Sessions that were offered and that nobody sent by the centre joined."""
    span = (window.fin - window.debut).days
    for operator in operators:
        for axis in operator.axes:
            if axis not in COLLECTIVE or operator.arret or rng.random() >= _EMPTY_PER_YEAR * span / 365 / 4:
                continue
            announced = window.debut + timedelta(days=rng.randrange(span))
            start = days_later(announced, rng.randint(30, 70))
            hours = _EMPTY_HOURS[axis]
            row = _row(rng, operator, axis, start, days_later(start, hours), hours, rng.choice((8, 10, 12, 15)))
            none: Row = {"inscrits": 0, "en_attente": 0, "date_releve": announced}
            yield Fact("session_offre", announced, {**row, **none})
