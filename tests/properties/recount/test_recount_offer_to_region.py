"""I32 to I57 and I63 equal a count written straight over the simulated lives: every place, total and category."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.properties.recount import counts_moves, counts_offer, counts_work
from tests.properties.recount.lives import Lives
from tests.properties.recount.parts import computed, differences, told

pytestmark = pytest.mark.slow

RECIPES = {**counts_offer.RECIPES, **counts_work.RECIPES, **counts_moves.RECIPES}


@pytest.mark.parametrize("code", sorted(RECIPES))
def test_every_figure_is_that_of_the_lives(lives: Lives, observations: Path, code: str) -> None:
    expected = told(lives, RECIPES[code])
    assert len(set(expected.values())) > 3, "the lives give hardly any figure"
    assert differences(expected, computed(observations, code)) == {}
