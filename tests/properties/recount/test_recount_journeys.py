"""I01 to I31 equal a count written straight over the simulated lives: every place, total and category."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.properties.recount import counts_conventions, counts_dossiers, counts_french, counts_reception
from tests.properties.recount.counts_dossiers import PERSONS, SILENCE
from tests.properties.recount.figures import Figure, nine_tenths
from tests.properties.recount.lives import Lives
from tests.properties.recount.parts import Cell, computed, differences, told

pytestmark = pytest.mark.slow

RECIPES = {
    **counts_dossiers.RECIPES,
    **counts_reception.RECIPES,
    **counts_conventions.RECIPES,
    **counts_french.RECIPES,
}


def expected(lives: Lives, code: str) -> dict[Cell, Figure]:
    if code == "I02":
        return {cell: figure for recipe in PERSONS for cell, figure in told(lives, recipe).items()}
    if code == "I07":
        return told(lives, RECIPES[code]) | longest_waits(lives)
    # Nobody can be said to be lost before the history is long enough to have seen them.
    late = [one for one in lives.periods if code != "I26" or lives.debut <= one.last - SILENCE]
    return told(lives, RECIPES[code], late)


def longest_waits(lives: Lives) -> dict[Cell, Figure]:
    """Beside the median of I07, what nine dossiers of ten do not exceed."""
    recipe = replace(RECIPES["I07"], figure=lambda parts: nine_tenths(part.over for part in parts), dimensions=())
    waits = told(lives, recipe).items()
    return {cell._replace(dimension="quantile", modalite="P90"): one for cell, one in waits if one.denominateur}


@pytest.mark.parametrize("code", sorted({*RECIPES, "I02"}))
def test_every_figure_is_that_of_the_lives(lives: Lives, observations: Path, code: str) -> None:
    figures = expected(lives, code)
    assert len(set(figures.values())) > 3, "the lives give hardly any figure"
    assert differences(figures, computed(observations, code)) == {}
