"""I32 to I57 and I63 equal a count written straight over the simulated lives: every place, total and category."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.properties.recount import counts_moves, counts_offer, counts_work
from tests.properties.recount.figures import Figure
from tests.properties.recount.lives import Lives
from tests.properties.recount.parts import Cell, computed, differences, told

pytestmark = pytest.mark.slow

RECIPES = {**counts_offer.RECIPES, **counts_work.RECIPES, **counts_moves.RECIPES}


def waiting_still(lives: Lives) -> dict[Cell, Figure]:
    """Beside the median of I36, the share of those who wait still."""
    shares = told(lives, counts_offer.STILL_WAITING).items()
    return {cell._replace(dimension="attente", modalite="EN_ATTENTE"): one for cell, one in shares if one.denominateur}


@pytest.mark.parametrize("code", sorted(RECIPES))
def test_every_figure_is_that_of_the_lives(lives: Lives, observations: Path, code: str) -> None:
    expected = told(lives, RECIPES[code])
    if code == "I36":
        expected |= waiting_still(lives)
    assert len(set(expected.values())) > 3, "the lives give hardly any figure"
    assert differences(expected, computed(observations, code)) == {}
