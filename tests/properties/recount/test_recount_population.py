"""I51 to I53 equal a count over the reference file of the population, and I52 one over the lives as well."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from intercentre.core.hub import Hub
from intercentre.harmonisation.deposits import accepted_deposits, centres_in_force
from intercentre.harmonisation.harmonise import write_common
from intercentre.indicators.compute import write_observations
from schemas.indicators import definitions
from tests.properties.recount.conftest import PERIOD
from tests.properties.recount.counts_population import RECIPES, newcomers, years
from tests.properties.recount.lives import Lives
from tests.properties.recount.parts import computed, differences, told
from tests.properties.recount.places import atlas_on
from tests.staged import stage

pytestmark = pytest.mark.slow

# Bastogne and Bertogne, which were two communes on 1 January 2024, are one today.
UNITED, UNITED_OF = "82039", ("82003", "82005")


@pytest.mark.parametrize("code", sorted(RECIPES))
def test_every_figure_is_that_of_the_reference_file(lives: Lives, observations: Path, code: str) -> None:
    expected = told(lives, RECIPES[code], years(lives))
    assert len(set(expected.values())) > 3, "hardly any figure"
    assert differences(expected, computed(observations, code)) == {}


def test_no_newcomers_in_proportion_to_a_population_that_nobody_gave(observations: Path) -> None:
    assert computed(observations, "I52") == {}


def test_newcomers_in_proportion_to_a_population_are_those_of_the_lives(
    lives: Lives, computing_hub: Hub, tmp_path: Path
) -> None:
    """A population outside the UE+ is made up, as none is published by commune, for four communes in five."""
    outside_union = made_up_population(lives)
    official = stage(tmp_path, "STATBEL", str(PERIOD), {"stat_locale": [row(*one) for one in outside_union.items()]})
    for name in ("commun", "observations"):
        (tmp_path / name).mkdir()
    centres = centres_in_force(accepted_deposits(computing_hub), PERIOD)
    write_common(tmp_path / "commun", PERIOD, centres, [official])
    write_observations(tmp_path / "observations", tmp_path / "commun", PERIOD, [definitions()["I52"]])
    expected = told(lives, newcomers(outside_union))
    assert {cell.periode for cell in expected} == {"2024", "2025"}
    assert len(set(expected.values())) > 30
    assert differences(expected, computed(tmp_path / "observations" / "observations.parquet", "I52")) == {}


def made_up_population(lives: Lives) -> dict[tuple[str, str], int]:
    """(year, commune code of the time) → persons."""
    chosen = [code for place, code in enumerate(sorted(atlas_on(lives.fin).communes)) if place % 5 or code == UNITED]
    persons = {(year, code): 100 + place for year in ("2024", "2025") for place, code in enumerate(chosen)}
    del persons["2024", UNITED]
    return persons | {("2024", code): 300 for code in UNITED_OF}


def row(key: tuple[str, str], persons: int) -> dict[str, Any]:
    year, commune = key
    return {
        "commune_refnis": commune,
        "indicateur_local": "ETRANGERS_HORS_UE_PLUS_18_64",
        "periode": year,
        "valeur": Decimal(persons),
    }
