"""The processes of a hub as one: what dies is started again, what keeps dying ends it all."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from intercentre.operation.health import NotReadyError, Probe, wait_until_ready
from intercentre.operation.layout import Layout
from intercentre.operation.processes import Command, end_sessions, members, start
from intercentre.operation.supervisor import (
    MOST_DEATHS,
    AlreadyRunningError,
    Supervisor,
    migrate,
    only_hub_of,
    record_file,
)

pytestmark = pytest.mark.slow


def command(name: str, program: str, folder: Path) -> Command:
    return Command(name, [sys.executable, "-c", program], dict(os.environ), folder / f"{name}.log")


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(tmp_path: Path, said: list[str]) -> Iterator[Supervisor]:
    layout = SimpleNamespace(home=SimpleNamespace(root=tmp_path))
    made = Supervisor(cast(Layout, layout), said.append)
    yield made
    made.stop()


def put_up(supervisor: Supervisor, name: str, program: str, folder: Path) -> int:
    """The component runs under the supervisor; returns its session."""
    supervisor.components[name] = start(command(name, program, folder))
    return supervisor.components[name].session


def wait_for_death(supervisor: Supervisor, name: str) -> None:
    supervisor.components[name].process.wait(timeout=20)


def test_what_died_is_started_again_and_its_remains_are_ended(
    supervisor: Supervisor, said: list[str], tmp_path: Path
) -> None:
    orphan = "import os, time\nif os.fork() == 0: os.setpgid(0, 0); time.sleep(60)\nos._exit(3)"
    former = put_up(supervisor, "scheduler", orphan, tmp_path)
    kept = put_up(supervisor, "portail", "import time; time.sleep(60)", tmp_path)
    wait_for_death(supervisor, "scheduler")
    assert members([former])
    supervisor.watch()
    assert members([former]) == []
    assert supervisor.components["scheduler"].session != former
    assert supervisor.components["portail"].session == kept
    assert said == ["Airflow, ordonnanceur : arrêt imprévu, redémarrage"]
    recorded = {record["nom"]: record["session"] for record in json.loads(record_file(tmp_path).read_text())}
    assert recorded["scheduler"] == supervisor.components["scheduler"].session


def test_what_keeps_dying_is_given_up_and_its_log_named(supervisor: Supervisor, tmp_path: Path) -> None:
    put_up(supervisor, "portail", "raise SystemExit(1)", tmp_path)
    for _ in range(MOST_DEATHS):
        wait_for_death(supervisor, "portail")
        supervisor.watch()
    wait_for_death(supervisor, "portail")
    with pytest.raises(NotReadyError, match=r"portail s'arrête sans cesse.*portail\.log"):
        supervisor.watch()


def test_one_hub_for_a_home(tmp_path: Path) -> None:
    with only_hub_of(tmp_path), pytest.raises(AlreadyRunningError), only_hub_of(tmp_path):
        pytest.fail("two hubs on one home")
    with only_hub_of(tmp_path):
        pass


def test_what_a_killed_hub_left_is_ended_and_a_stranger_with_its_number_is_not(tmp_path: Path) -> None:
    left = start(command("portail", "import time; time.sleep(60)", tmp_path))
    stranger = start(command("autre", "import time; time.sleep(60)", tmp_path))
    import psutil

    try:
        birth = psutil.Process(left.session).create_time()
        records = [
            {"nom": "portail", "session": left.session, "debut": birth},
            {"nom": "scheduler", "session": stranger.session, "debut": birth - 1000},
        ]
        record_file(tmp_path).write_text(json.dumps(records))
        with only_hub_of(tmp_path):
            assert members([left.session]) == []
            assert members([stranger.session]) == [stranger.session]
    finally:
        end_sessions([left.session, stranger.session])
        left.process.wait()
        stranger.process.wait()


def test_a_database_that_cannot_be_prepared_is_said(tmp_path: Path) -> None:
    failing = command("base-airflow", "raise SystemExit('disque plein')", tmp_path)
    layout = SimpleNamespace(airflow=SimpleNamespace(home=tmp_path / "airflow"), migration=lambda: failing)
    with pytest.raises(NotReadyError, match=r"base-airflow\.log"):
        migrate(cast(Layout, layout))
    assert "disque plein" in failing.log.read_text()


def test_a_process_that_ended_is_not_waited_for() -> None:
    began = time.monotonic()
    with pytest.raises(NotReadyError, match=r"portail s'est arrêté.*portail\.log"):
        wait_until_ready([Probe("portail", lambda: False, lambda: False, "portail.log")], 60, print)
    assert time.monotonic() - began < 5


def test_who_never_answers_is_named_and_who_did_is_announced() -> None:
    announced: list[str] = []
    probes = [
        Probe("portail", lambda: True, lambda: True, "portail.log"),
        Probe("serveur", lambda: False, lambda: True, "api-server.log"),
    ]
    with pytest.raises(NotReadyError, match=r"serveur ne répond pas.*api-server\.log"):
        wait_until_ready(probes, 0.3, announced.append)
    assert announced == ["portail"]
