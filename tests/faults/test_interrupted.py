"""Ctrl-C and TERM at awkward moments: nothing is left running, and the person is told so."""

from __future__ import annotations

import json
import signal
import subprocess
from pathlib import Path

import psutil
import pytest

from intercentre.operation.processes import members
from tests.faults.running_hub import COMMAND, clean_environment, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def interrupt(command: list[str], home: Path, seen: str, number: signal.Signals) -> tuple[int, str, list[int]]:
    """The command's exit code, what it printed and what it left, when the signal comes once it has printed `seen`."""
    printed = home.parent / "affiche.txt"
    with printed.open("wb") as stream:
        process = subprocess.Popen([COMMAND, *command], env=clean_environment(home), stdout=stream, stderr=stream)
    wait_until(seen, lambda: seen in printed.read_text() or process.poll() is not None, 120, poll_s=0.05)
    assert process.poll() is None, printed.read_text()
    records = [json.loads(file.read_text()) for file in home.parent.rglob("processus.json")]
    sessions = [record["session"] for one in records for record in one]
    process.send_signal(number)
    code = process.wait(timeout=60)
    return code, printed.read_text(), [*members(sessions), *left_of(home)]


def left_of(home: Path) -> list[int]:
    """Living processes that were given this home."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("INTERCENTRE_HOME", "").startswith(str(home)):
                found.append(process.pid)
        except psutil.Error:
            continue
    return found


@pytest.mark.parametrize(
    ("command", "seen", "number", "code", "said"),
    [
        (["demarrer"], "Démarrage d'Intercentre", signal.SIGINT, 0, "rien ne fonctionne plus"),
        (["demarrer"], "portail : prêt", signal.SIGTERM, 0, "rien ne fonctionne plus"),
        (["demontrer", "--dossiers", "200"], "Airflow collecte", signal.SIGINT, 130, "Démonstration interrompue"),
    ],
)
def test_nothing_is_left(
    tmp_path: Path, command: list[str], seen: str, number: signal.Signals, code: int, said: str
) -> None:
    home = tmp_path / "maison"
    ended, printed, left = interrupt(command, home, seen, number)
    assert (ended, said in printed) == (code, True), printed
    assert "Traceback" not in printed
    assert left == []


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_the_way_in_one_command_leaves_no_second_process(tmp_path: Path, number: signal.Signals, code: int) -> None:
    deposits, home = tmp_path / "depots", tmp_path / "maison"
    simulate = ["simuler", "--dossiers", "80", "--periode", "2026-T3", "--graine", "5", "-o", str(deposits)]
    subprocess.run([COMMAND, *simulate], env=clean_environment(home), check=True, capture_output=True)
    ended, printed, _ = interrupt(["executer", "--depots", str(deposits)], home, " 2026-T3 : ", number)
    assert ended == code, printed
    assert "Traceback" not in printed
    assert printed.rstrip().endswith("Interrompu.")
    wait_until("no process left", lambda: not left_of(home), 30)
