"""I58 to I62 equal a count over the simulated lives, or over what the one deposit of each centre makes certain."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.properties.recount import counts_exchange
from tests.properties.recount.counts_comparison import dispersions
from tests.properties.recount.figures import Figure
from tests.properties.recount.lives import REGION, Lives
from tests.properties.recount.parts import TOTAL, Cell, computed, differences, said, told

pytestmark = pytest.mark.slow

# Every deposit arrives on Monday 11 January 2027. It is due on 30 January, a Saturday, hence on Monday 1 February.
QUARTER, DAYS = "2026-T4", -21


@pytest.mark.parametrize("code", sorted(counts_exchange.RECIPES))
def test_the_rows_of_the_extracts_are_those_of_the_lives(lives: Lives, observations: Path, code: str) -> None:
    expected = told(lives, counts_exchange.RECIPES[code])
    assert len(set(expected.values())) > 3, "the lives give hardly any figure"
    assert differences(expected, computed(observations, code)) == {}


def test_every_deposit_is_as_early_as_the_calendar_says(lives: Lives, observations: Path) -> None:
    found = {cell: figure for cell, figure in computed(observations, "I59").items() if figure.denominateur}
    places = [("centre", centre, 1) for centre in lives.centres] + [("region", REGION, len(lives.centres))]
    assert found == {
        Cell(QUARTER, kind, place, TOTAL, TOTAL): Figure(DAYS, None, deposits) for kind, place, deposits in places
    }


def test_no_definition_diverges_from_a_release_that_was_never_made(observations: Path) -> None:
    assert {figure for figure in computed(observations, "I61").values() if figure != Figure(None, 0, 0)} == set()


def test_the_dispersion_between_centres_is_that_of_the_lives(lives: Lives, observations: Path) -> None:
    expected = said(dispersions(lives))
    assert any(figure.valeur for figure in expected.values()), "chance explains everything"
    assert differences(expected, computed(observations, "I62")) == {}
