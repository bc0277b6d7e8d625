"""The stage of a demonstration: a fresh home, a hub of its own, and eight simulated centres that answer over HTTP."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from intercentre.core.hub import Hub
from intercentre.core.settings import Settings
from intercentre.operation.credentials import FirstAccounts, first_accounts
from intercentre.operation.layout import Layout, plan
from intercentre.operation.ports import free_port, is_listened_on
from intercentre.operation.processes import Command, Component, members, start, stop, undisturbed
from intercentre.operation.simulated_centres import SimulatedCentres, new_tokens
from intercentre.operation.supervisor import LOCK, Supervisor, only_hub_of
from intercentre.operation.waiting import wait_for

SIMULATION_S = 180.0
_MARK = ".demonstration"


class StageError(RuntimeError):
    """The stage cannot be set up; the message is French."""


@dataclass
class Stage:
    """What runs for a demonstration. `sessions` keeps every session that it ever started."""

    layout: Layout
    centres: SimulatedCentres
    accounts: FirstAccounts
    hub: Supervisor
    others: list[Component] = field(default_factory=list)
    sessions: set[int] = field(default_factory=set)

    def set_up(self, periode: str, dossiers: int, graine: int) -> None:
        """Hub and centres answer; the lives are simulated while the hub starts."""
        simulation = self._start(self.centres.simulation(periode, dossiers, graine))
        self.hub.start()
        if wait_for("Simulation des centres", simulation.process.poll, SIMULATION_S) != 0:
            raise StageError(f"La simulation des centres a échoué ; la raison est dans {simulation.command.log}.")
        self._start(self.centres.service())
        wait_for("Adresses des centres simulés", lambda: is_listened_on(self.centres.port) or None, SIMULATION_S)
        self.hub.announce(f"huit centres simulés : prêts à {self.centres.url}")

    def _start(self, command: Command) -> Component:
        with undisturbed():
            self.others.append(start(command))
        return self.others[-1]

    def running(self) -> set[int]:
        """The sessions started until now."""
        self.sessions.update(self.hub.sessions, (component.session for component in self.others))
        return self.sessions

    def clear(self) -> None:
        """Nothing runs any more."""
        self.running()
        self.hub.stop()
        stop(self.others)

    def left(self) -> tuple[int, int]:
        """How many processes and open ports are left."""
        ports = (self.layout.portal_port, self.layout.airflow.port, self.centres.port)
        return len(members(self.sessions)), sum(is_listened_on(port) for port in ports)


@contextmanager
def fresh_home(home: Path) -> Iterator[None]:
    """`home` is this demonstration's alone, and empty.

    raises  StageError when it holds anything but an earlier demonstration: nothing else is ever emptied
    """
    if home.exists() and any(home.iterdir()) and not (home / _MARK).exists():
        raise StageError(f"{home} contient autre chose qu'une démonstration : il n'est pas effacé.")
    with only_hub_of(home):
        (home / _MARK).touch()
        for entry in home.iterdir():
            if entry.name not in (_MARK, LOCK):
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        yield


def prepare(home: Path, environment: Mapping[str, str], announce: Callable[[str], None]) -> Stage:
    """The stage at `home`, nothing started yet. Settings of another hub in `environment` do not count."""
    tokens = new_tokens()
    inherited = {name: value for name, value in environment.items() if not name.startswith("INTERCENTRE_")}
    inherited |= {f"INTERCENTRE_JETON_{centre}": token for centre, token in tokens.items()}
    centres_port = free_port()
    portal_port = free_port(taken=[centres_port])
    layout = plan(home, portal_port, free_port(taken=[centres_port, portal_port]), inherited)
    centres = SimulatedCentres(home / "centres", centres_port, tokens, layout.environment, layout.logs)
    centres.write_registry(home / "centres.toml")
    accounts = first_accounts(Hub(Settings.from_environment(layout.environment)))
    return Stage(layout, centres, accounts, Supervisor(layout, announce))


def default_home() -> Path:
    """Where a demonstration is played when nobody says where: beside the hub's own data."""
    return Settings.from_environment(os.environ).home / "demo"
