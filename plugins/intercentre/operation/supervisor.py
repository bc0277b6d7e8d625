"""The hub's processes as one: started in order, watched, restarted when one dies, stopped without a remainder."""

from __future__ import annotations

import fcntl
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from intercentre.core.files import write_bytes
from intercentre.operation.health import NotReadyError, Probe, airflow_component_is_healthy, answers, wait_until_ready
from intercentre.operation.layout import Layout
from intercentre.operation.processes import Command, Component, end_sessions, start, stop, undisturbed

READY_S = 180.0
MOST_DEATHS, DEATHS_WITHIN_S = 3, 600.0
LOCK = "exploitation.verrou"
_LABELS = {
    "portail": "portail",
    "api-server": "Airflow, serveur",
    "scheduler": "Airflow, ordonnanceur",
    "dag-processor": "Airflow, lecture des DAG",
}


class AlreadyRunningError(RuntimeError):
    """Another hub runs on this home."""


@dataclass
class Supervisor:
    """The running processes of one hub."""

    layout: Layout
    announce: Callable[[str], None]
    components: dict[str, Component] = field(default_factory=dict)
    deaths: dict[str, list[float]] = field(default_factory=dict)

    def start(self) -> None:
        """Every process is up and healthy. Raises NotReadyError, with nothing left running."""
        commands = {command.name: command for command in self.layout.commands()}
        try:
            self._start(commands.pop("portail"))
            migrate(self.layout)
            for command in commands.values():
                self._start(command)
            wait_until_ready([self._probe(name) for name in self.components], READY_S, self._announce_ready)
        except BaseException:
            self.stop()
            raise

    def watch(self) -> None:
        """Start anew what has died, with what is left of it ended first; raises NotReadyError when it keeps dying."""
        for name, component in list(self.components.items()):
            if not component.is_alive:
                self._count_death(name, component)
                self.announce(f"{_LABELS[name]} : arrêt imprévu, redémarrage")
                end_sessions([component.session])
                self._start(component.command)

    def _count_death(self, name: str, component: Component) -> None:
        now = time.monotonic()
        recent = [instant for instant in self.deaths.get(name, []) if now - instant < DEATHS_WITHIN_S]
        self.deaths[name] = [*recent, now]
        if len(recent) >= MOST_DEATHS:
            log = component.command.log
            raise NotReadyError(f"{_LABELS[name]} s'arrête sans cesse ; la raison est dans {log}.")

    def stop(self) -> list[str]:
        """Nothing of the hub is left; returns what had to be killed."""
        killed = stop(self.components.values())
        self.components.clear()
        self._record()
        return killed

    @property
    def sessions(self) -> list[int]:
        return [component.session for component in self.components.values()]

    def _start(self, command: Command) -> None:
        with undisturbed():
            self.components[command.name] = start(command)
        self._record()

    def _announce_ready(self, name: str) -> None:
        self.announce(f"{name} : prêt")

    def _record(self) -> None:
        """What runs is written down, so that a later start can end what a killed supervisor left behind."""
        records = [
            {"nom": name, "session": component.session, "debut": _birth(component.session)}
            for name, component in self.components.items()
        ]
        write_bytes(record_file(self.layout.home.root), json.dumps(records).encode(), mode=0o600)

    def _probe(self, name: str) -> Probe:
        component, airflow = self.components[name], self.layout.airflow.url
        ready: dict[str, Callable[[], bool]] = {
            "portail": lambda: answers(f"{self.layout.portal_url}/sante"),
            # Airflow builds the doors of its tasks at the first knock, for seconds: knock before the first task does.
            "api-server": lambda: (
                answers(f"{airflow}/api/v2/monitor/health") and answers(f"{airflow}/execution/health", timeout_s=30)
            ),
            "scheduler": lambda: airflow_component_is_healthy(airflow, "scheduler"),
            "dag-processor": lambda: airflow_component_is_healthy(airflow, "dag_processor"),
        }
        return Probe(_LABELS[name], ready[name], lambda: component.is_alive, str(component.command.log))


def migrate(layout: Layout) -> None:
    """Airflow's database has its present schema; raises NotReadyError when it cannot."""
    command = layout.migration()
    layout.airflow.home.mkdir(parents=True, exist_ok=True)
    started: list[Component] = []
    try:
        with undisturbed():
            started.append(start(command))
        code = started[0].process.wait()
    finally:
        stop(started)
    if code:
        raise NotReadyError(f"La base d'Airflow ne peut pas être préparée ; la raison est dans {command.log}.")


@contextmanager
def only_hub_of(home: Path) -> Iterator[None]:
    """No other process runs a hub on `home`; what a killed one left there is ended first.

    raises  AlreadyRunningError  another process holds the home
    """
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (home / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRunningError(f"Un hub fonctionne déjà sur {home}.") from error
        end_sessions(_left_behind(home))
        yield


def record_file(home: Path) -> Path:
    return home / "processus.json"


def _left_behind(home: Path) -> list[int]:
    """Sessions that an earlier hub of this home started and never ended.

    A session's number is not given again while a process of it lives, so a leader that is gone is no obstacle.
    """
    file = record_file(home)
    records = json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
    return [record["session"] for record in records if _birth(record["session"]) in (None, record["debut"])]


def _birth(pid: int) -> float | None:
    """When the process was created; tells a process from a later one that bears the same number."""
    try:
        return float(psutil.Process(pid).create_time())
    except psutil.Error:
        return None
