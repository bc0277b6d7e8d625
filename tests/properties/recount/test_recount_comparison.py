"""I58 to I62 equal a count over the lives, or over what is certain: the day of each deposit, planted agreements."""

from __future__ import annotations

from pathlib import Path

import pytest

from intercentre.core.hub import Hub
from intercentre.harmonisation.deposits import accepted_deposits, centres_in_force
from intercentre.harmonisation.harmonise import write_common
from intercentre.harmonisation.record import AgreedVersion, Record
from intercentre.indicators.compute import write_observations
from schemas.indicators import definitions
from schemas.period import Period
from tests.properties.recount import counts_exchange
from tests.properties.recount.conftest import PERIOD
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


def test_the_definitions_that_diverge_are_those_that_the_centres_did_not_agree_to(
    lives: Lives, computing_hub: Hub, tmp_path: Path
) -> None:
    """Two releases of 2025 are made up; of the later one, the centre of rank n had reservations on n figures of forty.

    Five figures, none of them reserved, had another definition then.
    """
    codes = sorted(definitions())[:40]
    reserved = {centre: set(codes[:rank]) for rank, centre in enumerate(lives.centres)}
    accords = [
        AgreedVersion(centre, Period(2025, quarter), code, version_then(code, codes), code not in reserved[centre])
        for centre in lives.centres
        for quarter, of_release in ((2, codes[:10]), (4, codes))
        for code in of_release
    ]
    for name in ("commun", "observations"):
        (tmp_path / name).mkdir()
    centres = centres_in_force(accepted_deposits(computing_hub), PERIOD)
    write_common(tmp_path / "commun", PERIOD, centres, [], Record(accords=tuple(accords)))
    write_observations(tmp_path / "observations", tmp_path / "commun", PERIOD, [definitions()["I61"]])
    found = computed(tmp_path / "observations" / "observations.parquet", "I61")
    diverging = {centre: rank + 5 for rank, centre in enumerate(lives.centres)}
    places = [("centre", centre, number, 40) for centre, number in diverging.items()]
    places.append(("region", REGION, sum(diverging.values()), 40 * len(diverging)))
    assert {cell: figure for cell, figure in found.items() if figure.denominateur} == {
        Cell("2025", kind, place, TOTAL, TOTAL): Figure(round(100 * over / under, 6), over, under)
        for kind, place, over, under in places
    }


def version_then(code: str, codes: list[str]) -> str:
    return "0.9.0" if code in codes[-5:] else definitions()[code].version


def test_the_dispersion_between_centres_is_that_of_the_lives(lives: Lives, observations: Path) -> None:
    expected = said(dispersions(lives))
    assert any(figure.valeur for figure in expected.values()), "chance explains everything"
    assert differences(expected, computed(observations, "I62")) == {}
