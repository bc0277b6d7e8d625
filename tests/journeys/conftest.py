"""One simulated quarter taken from deposits to release, in as many empty homes as asked for, by the command line."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.journeys.journey import PERIOD, Journey, intercentre


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Journey]:
    """Journeys by name; each is its own home, all from one simulation with two periods."""
    deposits = tmp_path_factory.mktemp("simulation") / "depots"
    intercentre("simuler", "--dossiers", 900, "--periode", PERIOD, "--graine", 11, "--periodes", 2, "-o", deposits)
    known: dict[str, Journey] = {}

    def journey(name: str = "premier") -> Journey:
        if name not in known:
            home = tmp_path_factory.mktemp(name)
            intercentre("executer", "--depots", deposits, "--accord-simule", home=home)
            known[name] = Journey(deposits, home)
        return known[name]

    return journey
