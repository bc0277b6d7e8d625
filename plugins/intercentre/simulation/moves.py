"""A person's dossiers one after the other: the first, a move to another centre, a return."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from random import Random

from intercentre.simulation.admission import draw_admission
from intercentre.simulation.chance import days_later, pause
from intercentre.simulation.journey import draw_episode, hours_so_far
from intercentre.simulation.lives import Episode, Life, Move, Person
from intercentre.simulation.population import other_centres
from intercentre.simulation.practice import Practice

_MOST_EPISODES = 3
_RETURNS_AFTER = {
    "ABANDON": 0.09,
    "SANS_SUITE": 0.06,
    "DEPART_ETRANGER": 0.05,
    "AUTRE": 0.05,
    "DISPENSE": 0.03,
    "ATTESTE": 0.015,
}
_FRENCH = ("FLE", "ALPHA")


def draw_life(
    rng: Random, person: Person, centre: str, day: date, practices: Mapping[str, Practice], horizon: date
) -> Life:
    """All dossiers of one person, from the first one on `day`; none is opened after `horizon`."""
    admission = draw_admission(rng, person, centre, practices[centre], day)
    episodes = [draw_episode(rng, person, centre, practices[centre], admission)]
    while True:
        last = episodes[-1]
        if last.cloture is None or last.cloture > horizon:
            break
        if len(episodes) == _MOST_EPISODES:
            episodes[-1] = _left_the_region(last)
            break
        if last.motif == "DEMENAGEMENT_CRI":
            following = _move(rng, person, episodes, practices, horizon)
        else:
            following = _return(rng, person, episodes, practices, horizon)
        if following is None:
            break
        episodes.append(following)
    return Life(person, tuple(_refused_request(rng, episode) for episode in episodes))


def _return(
    rng: Random, person: Person, episodes: list[Episode], practices: Mapping[str, Practice], horizon: date
) -> Episode | None:
    """A second dossier in the same centre, months later, for some."""
    last = episodes[-1]
    if last.cloture is None or rng.random() >= _RETURNS_AFTER.get(last.motif or "", 0.0):
        return None
    day = days_later(last.cloture, 70 + pause(rng, 220, 900))
    if day > horizon:
        return None
    admission = draw_admission(rng, person, last.centre, practices[last.centre], day)
    return draw_episode(rng, person, last.centre, practices[last.centre], admission)


def _move(
    rng: Random, person: Person, episodes: list[Episode], practices: Mapping[str, Practice], horizon: date
) -> Episode | None:
    """Write the sender's side into its episode; return the receiver's episode with the other side.

    Mostly both sides exist. At times the person never shows up (SORTANT alone), or the sender closed the dossier
    as a move out of the region and knew of no transfer (ENTRANT alone).
    """
    place = len(episodes) - 1
    sender = episodes[place]
    effective = sender.cloture or horizon
    centre = other_centres(sender.centre).draw(rng)
    asked = max(sender.admission.ouverture, effective - timedelta(days=pause(rng, 12, 60)))
    hours = hours_so_far(sender, _FRENCH), hours_so_far(sender, ("CITOYENNETE",))
    opened = days_later(effective, 1 + pause(rng, 14, 60))
    chance = rng.random()
    arrives = chance >= 0.06 and opened <= horizon
    told = days_later(opened, 5) if arrives and rng.random() < 0.3 else None
    if chance < 0.96:
        accepted = asked + timedelta(days=(effective - asked).days // 2)
        leaving = Move(
            "SORTANT", centre, place + 1 if arrives else None, asked, accepted, effective, "EFFECTIF", told, *hours
        )
        episodes[place] = sender._replace(transferts=(*sender.transferts, leaving))
    else:
        episodes[place] = _left_the_region(sender)
    if not arrives:
        return None
    admission = draw_admission(rng, person, centre, practices[centre], opened, canal="AUTRE_CRI")
    known = opened if rng.random() < 0.97 else None
    entering = Move("ENTRANT", sender.centre, place, asked, opened, opened, "EFFECTIF", known, *hours)
    return draw_episode(rng, person, centre, practices[centre], admission)._replace(transferts=(entering,))


def _left_the_region(episode: Episode) -> Episode:
    return episode._replace(motif="DEMENAGEMENT_HORS_REGION") if episode.motif == "DEMENAGEMENT_CRI" else episode


def _refused_request(rng: Random, episode: Episode) -> Episode:
    """A few requests for a transfer come to nothing: the dossier stays where it is."""
    if episode.transferts or episode.cloture is None or rng.random() >= 0.004:
        return episode
    span = (episode.cloture - episode.admission.ouverture).days
    if span < 60:
        return episode
    asked = days_later(episode.admission.ouverture, rng.randrange(span - 30))
    issue = "REFUSE" if rng.random() < 0.4 else "ANNULE"
    decided = days_later(asked, 10)
    request = Move("SORTANT", other_centres(episode.centre).draw(rng), None, asked, decided, None, issue, None, 0, 0)
    return episode._replace(transferts=(request,))
