"""One simulation of four years of lives, and one hub that computes its observations, for all recounts."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from intercentre import pipeline
from intercentre.core.hub import Hub
from intercentre.core.settings import Settings
from intercentre.simulation import simulate
from schemas.period import Period
from tests.properties.recount.lives import Lives, read_lives

PERIOD, SEED, DOSSIERS = Period(2026, 4), 20, 1800


@pytest.fixture(scope="session")
def simulation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Each centre's last deposit: it holds the whole four years, as every deposit does.

    The centres export as they really do, since some then have not reached the level of some tables.
    """
    folder = tmp_path_factory.mktemp("recount") / "s"
    simulate(folder, dossiers=DOSSIERS, periode=PERIOD, graine=SEED, habitudes="reelles")
    return folder


@pytest.fixture(scope="session")
def computing_hub(simulation: Path, tmp_path_factory: pytest.TempPathFactory) -> Hub:
    """A hub that has taken these deposits up to its observations."""
    home = tmp_path_factory.mktemp("recount_hub")
    hub = Hub(Settings(home=home), now=lambda: datetime(2027, 1, 11, 9, 0, tzinfo=UTC))
    pipeline.run(
        hub, depots=simulation, periode=PERIOD, until="indicateurs", simulated_agreement=False, progress=lambda _: None
    )
    return hub


@pytest.fixture(scope="session")
def observations(computing_hub: Hub) -> Path:
    """The observations that the hub computes of these deposits."""
    return computing_hub.home.observations(PERIOD) / "observations.parquet"


@pytest.fixture(scope="session")
def lives(simulation: Path) -> Lives:
    return read_lives(simulation)
