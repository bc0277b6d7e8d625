"""I01 to I31 equal a count written straight over the simulated lives, for each centre and the region."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.properties.recount import counts_conventions, counts_dossiers, counts_french, counts_reception
from tests.properties.recount.figures import disagreements
from tests.properties.recount.lives import Lives

pytestmark = pytest.mark.slow

RECOUNTS = {
    **counts_dossiers.RECOUNTS,
    **counts_reception.RECOUNTS,
    **counts_conventions.RECOUNTS,
    **counts_french.RECOUNTS,
}


@pytest.mark.parametrize("code", sorted(RECOUNTS))
def test_every_figure_is_that_of_the_lives(lives: Lives, observations: Path, code: str) -> None:
    assert disagreements(lives, observations, code, RECOUNTS[code]) == {}
