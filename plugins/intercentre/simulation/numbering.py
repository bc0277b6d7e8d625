"""Local numbers: every centre's tool numbers its own rows in the order in which they were created."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from intercentre.simulation.lives import Episode, Life

_DOSSIER_FORMS = {
    "CAI": "D-{:06d}",
    "CERAIC": "CE{:05d}",
    "CIMB": "M{:05d}-P",
    "CRIBW": "BW-{:05d}",
    "CRIC": "F{:05d}",
    "CRILUX": "LUX_{:05d}",
    "CRIPEL": "{:07d}",
    "CRVI": "V{:05d}",
}


class EpisodeNumbers(NamedTuple):
    """Identifiers of one dossier and of its rows, in the order of the episode's own lists.

    sessions  session of each enrolment, None for one that is in no course
    """

    dossier: str
    personne: str
    tests: tuple[str, ...]
    conventions: tuple[str, ...]
    inscriptions: tuple[str, ...]
    attestations: tuple[str, ...]
    transferts: tuple[str, ...]
    sessions: tuple[str | None, ...]


Key = tuple[int, int]  # number of the life, place of the episode in it


def number_everything(lives: Sequence[Life]) -> dict[Key, EpisodeNumbers]:
    """(life, episode) → identifiers. A row keeps its number in every deposit, and a later row has a greater one."""
    by_centre: defaultdict[str, list[tuple[Key, Episode]]] = defaultdict(list)
    for life in lives:
        for place, episode in enumerate(life.episodes):
            by_centre[episode.centre].append(((life.personne.numero, place), episode))
    numbers: dict[Key, EpisodeNumbers] = {}
    for centre in sorted(by_centre):
        numbers.update(_number_centre(centre, by_centre[centre]))
    return numbers


def _number_centre(centre: str, episodes: list[tuple[Key, Episode]]) -> dict[Key, EpisodeNumbers]:
    ordered = sorted(episodes, key=lambda item: (item[1].admission.ouverture, item[0]))
    persons: dict[int, str] = {}
    for (person, _), _ in ordered:
        persons.setdefault(person, f"P-{len(persons) + 1:06d}")
    tests = _in_order("T", ((key, [row.jour for row in episode.tests]) for key, episode in ordered))
    conventions = _in_order("C", ((key, [row.signature for row in episode.conventions]) for key, episode in ordered))
    enrolments = _in_order("I", ((key, [row.orientation for row in episode.inscriptions]) for key, episode in ordered))
    certificates = _in_order("A", ((key, [row.jour for row in episode.attestations]) for key, episode in ordered))
    moves = _in_order("X", ((key, [row.demande for row in episode.transferts]) for key, episode in ordered))
    return {
        key: EpisodeNumbers(
            _DOSSIER_FORMS.get(centre, "D-{:06d}").format(rank),
            persons[key[0]],
            tests[key],
            conventions[key],
            enrolments[key],
            certificates[key],
            moves[key],
            (None,) * len(enrolments[key]),
        )
        for rank, (key, _) in enumerate(ordered, start=1)
    }


def _in_order(letter: str, rows: Iterable[tuple[Key, list[date]]]) -> dict[Key, tuple[str, ...]]:
    """Numbers by day of creation, given back by episode in the episode's own order."""
    created = list(rows)
    places = sorted((day, key, place) for key, days in created for place, day in enumerate(days))
    numbers = {(key, place): f"{letter}-{rank:06d}" for rank, (_, key, place) in enumerate(places, start=1)}
    return {key: tuple(numbers[key, place] for place in range(len(days))) for key, days in created}
