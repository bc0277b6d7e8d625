"""All that a centre notes beside its dossiers: facts of every other table, coherent with the dossiers that it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from intercentre.simulation.activities import activity_facts, training_facts
from intercentre.simulation.facts import Fact
from intercentre.simulation.interpreting import interpreting_facts
from intercentre.simulation.lives import Life
from intercentre.simulation.local_work import meeting_facts, plan_facts, support_facts
from intercentre.simulation.numbering import EpisodeNumbers, Key
from intercentre.simulation.obligations import obligation_facts
from intercentre.simulation.offer import Place, draw_offer
from intercentre.simulation.offices import office_facts
from intercentre.simulation.operators import draw_operators, operator_facts
from intercentre.simulation.partnerships import partnership_facts
from intercentre.simulation.people import Window
from intercentre.simulation.practice import practice_of
from intercentre.simulation.signals import signal_facts
from intercentre.simulation.staff import staff_facts


class World(NamedTuple):
    """The centre's facts, and the session of each enrolment of its dossiers that has one."""

    faits: list[Fact]
    sessions: Mapping[Place, str]


def draw_world(graine: int, centre: str, episodes: Sequence[tuple[Life, int]], window: Window) -> World:
    """The facts of one centre; `episodes` are the dossiers (life, place) that its last deposit holds."""
    practice = practice_of(centre, graine)
    operators = draw_operators(graine, centre, practice, window)
    offer = draw_offer(graine, centre, episodes, operators, window)
    facts = [
        *operator_facts(operators, window),
        *offer.sessions,
        *signal_facts(graine, centre, episodes, window),
        *obligation_facts(graine, centre, episodes, window),
        *office_facts(graine, centre, practice.nombre_bureaux, window),
        *partnership_facts(graine, centre, operators, window),
        *support_facts(graine, centre, operators, window),
        *plan_facts(graine, centre, window),
        *meeting_facts(graine, centre, window),
        *activity_facts(graine, centre, window),
        *training_facts(graine, centre, window),
        *interpreting_facts(graine, centre, episodes, window),
        *staff_facts(graine, centre, window),
    ]
    return World(facts, offer.de)


def with_sessions(numbers: Mapping[Key, EpisodeNumbers], sessions: Mapping[Place, str]) -> dict[Key, EpisodeNumbers]:
    """The numbers, each enrolment with the number of its session."""
    return {
        key: own._replace(sessions=tuple(sessions.get((key, rank)) for rank in range(len(own.inscriptions))))
        for key, own in numbers.items()
    }
