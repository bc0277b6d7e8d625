"""Simulation: deposits of the centres, from coherent simulated lives, and the centres as real HTTP endpoints.

Reads: the contracts, the nomenclatures and the real population of the communes. Writes: deposits, a ledger of planted
mistakes, the lives themselves. Refuses: a folder that holds anything but a former simulation; an unknown centre.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from intercentre.simulation.scenario import SimulationError, simulate
    from intercentre.simulation.server import CentreServer, serve

_HOMES = {"CentreServer": "server", "SimulationError": "scenario", "serve": "server", "simulate": "scenario"}

__all__ = ["CentreServer", "SimulationError", "serve", "simulate"]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
