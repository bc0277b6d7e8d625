"""The lives behind all deposits: as many persons as it takes to have the number of dossiers asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from intercentre.simulation.chance import Weighted, stream
from intercentre.simulation.lives import Episode, Life
from intercentre.simulation.moves import draw_life
from intercentre.simulation.newcomers import draw_person
from intercentre.simulation.population import centre_weights
from intercentre.simulation.practice import practice_of

# A dossier opened so long before the history may still be open when it starts.
_EARLIER_DAYS = 900
_MONTH_SHARE = (1.0, 0.95, 1.0, 0.9, 0.9, 0.95, 0.65, 0.7, 1.0, 0.98, 0.95, 0.7)


class Window(NamedTuple):
    """The days that matter: the start of the declared history and the last day of the last deposit."""

    debut: date
    fin: date

    @property
    def first_opening(self) -> date:
        """The first day on which a dossier of these lives may have been opened."""
        return self.debut - timedelta(days=_EARLIER_DAYS)

    def holds(self, episode: Episode) -> bool:
        """The dossier is in the last deposit: opened by then, and not closed before the history starts."""
        return episode.admission.ouverture <= self.fin and (episode.cloture is None or episode.cloture >= self.debut)


def draw_lives(
    graine: int, dossiers: int, window: Window, centres: Sequence[str], progress: Callable[[str], None]
) -> list[Life]:
    """Lives that together leave exactly `dossiers` dossiers in the last deposits of `centres`."""
    practices = {centre: practice_of(centre, graine) for centre in centre_weights()}
    homes = Weighted((centre, centre_weights()[centre]) for centre in sorted(centres))
    wanted = frozenset(centres)
    lives: list[Life] = []
    missing, numero = dossiers, 0
    while missing > 0:
        numero += 1
        rng = stream(graine, "vie", numero)
        day = _opening_day(rng, window)
        centre = homes.draw(rng)
        life = draw_life(rng, draw_person(rng, numero, day), centre, day, practices, window.fin)
        count = sum(window.holds(episode) and episode.centre in wanted for episode in life.episodes)
        if 0 < count <= missing:
            lives.append(life)
            missing -= count
            if len(lives) % 1000 == 0:
                progress(f"{dossiers - missing} dossiers sur {dossiers}")
    return lives


def _opening_day(rng: Random, window: Window) -> date:
    """A working day, fewer in summer and at the end of the year, a little more every year."""
    first = window.first_opening
    span = (window.fin - first).days + 1
    while True:
        place = rng.randrange(span)
        day = first + timedelta(days=place)
        share = _MONTH_SHARE[day.month - 1] * (0.8 + 0.2 * place / span)
        if day.weekday() < 5 and rng.random() < share:
            return day
