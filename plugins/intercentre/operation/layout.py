"""Which processes make a hub on one machine, and what each is given."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import intercentre
from intercentre.core.home import Home
from intercentre.operation.airflow_environment import ADMINISTRATOR, AirflowPlaces, airflow_environment
from intercentre.operation.approvals import SERVICE
from intercentre.operation.credentials import AirflowSecrets, airflow_secrets
from intercentre.operation.processes import Command

# Bytecode makes every process start faster, and another Airflow's settings are not this hub's.
_NOT_HANDED_ON = ("PYTHONDONTWRITEBYTECODE", "AIRFLOW")


@dataclass(frozen=True)
class Layout:
    """One hub on this machine: its home, the ports of its two doors, its secrets, and variables of the person's own."""

    home: Home
    portal_port: int
    airflow: AirflowPlaces
    secrets: AirflowSecrets
    inherited: Mapping[str, str]

    @property
    def portal_url(self) -> str:
        return f"http://127.0.0.1:{self.portal_port}"

    @property
    def logs(self) -> Path:
        return self.home.root / "journaux"

    @property
    def environment(self) -> dict[str, str]:
        """What every process of the hub is given."""
        kept = {name: value for name, value in self.inherited.items() if not name.startswith(_NOT_HANDED_ON)}
        return {
            **kept,
            **_without_proxy(kept),
            **airflow_environment(self.airflow, self.secrets),
            "INTERCENTRE_HOME": str(self.home.root),
            "INTERCENTRE_PORTAIL_URL": self.portal_url,
            "PATH": f"{binaries()}{os.pathsep}{kept.get('PATH', os.defpath)}",
            "PYTHONPATH": os.pathsep.join(str(folder) for folder in _code_folders()),
        }

    def migration(self) -> Command:
        """Brings Airflow's own database to its present schema."""
        return self._command("base-airflow", [str(binaries() / "airflow"), "db", "migrate"], self.environment)

    def commands(self) -> list[Command]:
        """The processes that stay up."""
        airflow = str(binaries() / "airflow")
        portal = [sys.executable, "-m", "intercentre.cli", "portail", "--hote", "127.0.0.1"]
        to_airflow = {
            "INTERCENTRE_AIRFLOW_URL": self.airflow.url,
            "INTERCENTRE_AIRFLOW_COMPTE": SERVICE,
            "INTERCENTRE_AIRFLOW_MOT_DE_PASSE_FICHIER": str(self.secrets.service_password_file),
        }
        return [
            self._command("portail", [*portal, "--port", str(self.portal_port)], self.environment | to_airflow),
            self._command("api-server", [airflow, "api-server"], self.environment),
            self._command("scheduler", [airflow, "scheduler", "--skip-serve-logs"], self.environment),
            self._command("dag-processor", [airflow, "dag-processor"], self.environment),
        ]

    def _command(self, name: str, arguments: list[str], environment: Mapping[str, str]) -> Command:
        return Command(name, arguments, environment, self.logs / f"{name}.log")


def plan(home: Path, portal_port: int, airflow_port: int, inherited: Mapping[str, str]) -> Layout:
    """The layout of the hub at `home`; its secrets exist when this returns."""
    place = Home(home.resolve())
    secrets = airflow_secrets(place.keys, ADMINISTRATOR, SERVICE)
    root = code_root()
    airflow = AirflowPlaces(
        home=place.root / "airflow",
        dags=root / "dags",
        plugins=root / "plugins",
        logs=place.root / "journaux" / "taches",
        port=airflow_port,
    )
    return Layout(place, portal_port, airflow, secrets, inherited)


def binaries() -> Path:
    """The folder of this Python's own programs, where `airflow` is."""
    return Path(sys.executable).parent


def code_root() -> Path:
    """The working tree: the folder that holds dags/, plugins/ and schemas/."""
    return Path(intercentre.__file__).resolve().parents[2]


def _without_proxy(environment: Mapping[str, str]) -> dict[str, str]:
    """The hub's processes speak to one another on this machine, never through a proxy."""
    own = "127.0.0.1,localhost"
    former = environment.get("no_proxy") or environment.get("NO_PROXY", "")
    return dict.fromkeys(("no_proxy", "NO_PROXY"), f"{former},{own}" if former else own)


def _code_folders() -> tuple[Path, Path]:
    root = code_root()
    return root, root / "plugins"
