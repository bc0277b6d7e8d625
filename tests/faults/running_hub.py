"""A hub that a person keeps up with `intercentre demarrer`, and its simulated centres."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from intercentre.operation.airflow_client import AirflowClient
from intercentre.operation.processes import members

COMMAND = str(Path(sys.executable).with_name("intercentre"))
READY_S = 180.0


def wait_until(what: str, done: Callable[[], bool], patience_s: float, poll_s: float = 0.3) -> None:
    deadline = time.monotonic() + patience_s
    while not done():
        assert time.monotonic() < deadline, f"{what}: not after {patience_s} s"
        time.sleep(poll_s)


def clean_environment(home: Path, **settings: str) -> dict[str, str]:
    """The tests' environment without another hub's settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("INTERCENTRE_", "AIRFLOW"))}
    return kept | {"INTERCENTRE_HOME": str(home)} | settings


@dataclass
class RunningHub:
    """One `intercentre demarrer`; what it printed is in `printed_file`."""

    home: Path
    process: subprocess.Popen[bytes]
    printed_file: Path

    @classmethod
    def start(cls, home: Path, printed_file: Path, **settings: str) -> RunningHub:
        with printed_file.open("wb") as printed:
            process = subprocess.Popen(
                [COMMAND, "demarrer"], env=clean_environment(home, **settings), stdout=printed, stderr=printed
            )
        hub = cls(home, process, printed_file)
        wait_until("start", lambda: "Ctrl-C arrête tout" in hub.printed or process.poll() is not None, READY_S)
        assert process.poll() is None, hub.printed
        return hub

    @property
    def printed(self) -> str:
        return self.printed_file.read_text(encoding="utf-8")

    @property
    def sessions(self) -> dict[str, int]:
        """Component → its session, as the hub itself wrote down."""
        records = json.loads((self.home / "processus.json").read_text())
        return {record["nom"]: record["session"] for record in records}

    def airflow(self) -> AirflowClient:
        address = re.search(r"^Airflow +(\S+)", self.printed, re.MULTILINE)
        assert address is not None
        passwords = json.loads((self.home / "cles" / "airflow-comptes.json").read_text())
        return AirflowClient.sign_in(address[1], "admin", passwords["admin"])

    def portal_url(self) -> str:
        address = re.search(r"^Portail +(\S+)", self.printed, re.MULTILINE)
        assert address is not None
        return address[1]

    def rows(self, question: str) -> list[tuple[object, ...]]:
        """The registry's answer to a question."""
        with closing(sqlite3.connect(self.home / "registre.sqlite", timeout=30)) as registry:
            return registry.execute(question).fetchall()

    def kill(self, component: str) -> int:
        """Every process of the component's session is killed at once; returns how many there were."""
        pids = members([self.sessions[component]])
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        return len(pids)

    def stop(self) -> int:
        """TERM, as a system that shuts down sends it; returns the exit code. Nothing of the hub is left."""
        sessions = list(self.sessions.values())
        self.process.terminate()
        code = self.process.wait(timeout=60)
        assert members(sessions) == []
        return code


def write_centres(file: Path, endpoints: Mapping[str, str]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(f'[centres.{centre}]\nurl = "{url}"\n' for centre, url in endpoints.items()))
