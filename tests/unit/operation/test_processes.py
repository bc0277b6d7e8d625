"""Sessions of processes: what a component started is found and ended, whatever it did to escape."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from intercentre.operation.ports import free_port, is_listened_on
from intercentre.operation.processes import (
    Command,
    Component,
    end_sessions,
    members,
    memory_bytes,
    start,
    stop,
    undisturbed,
)

pytestmark = pytest.mark.slow

# A parent whose child leaves its process group (as Airflow's tasks do) and says its number.
FAMILY = """
import os, sys, time, signal
child = os.fork()
if child == 0:
    os.setpgid(0, 0)
    {child}
    time.sleep(60)
os.setpgid(child, child)  # as the child does: whichever of them comes first
print(child, flush=True)
{parent}
time.sleep(60)
"""


@pytest.fixture
def started(tmp_path: Path) -> Iterator[list[Component]]:
    components: list[Component] = []
    yield components
    end_sessions([component.session for component in components])
    for component in components:
        component.process.wait()


def begin(components: list[Component], folder: Path, *, parent: str = "", child: str = "") -> tuple[Component, int]:
    """A running family; returns the leader and the child's number."""
    program = FAMILY.format(parent=parent, child=child)
    component = start(Command("famille", [sys.executable, "-c", program], dict(os.environ), folder / "famille.log"))
    components.append(component)
    log, deadline = component.command.log, time.monotonic() + 20
    while not log.read_text().strip():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return component, int(log.read_text().split()[0])


def is_over(pid: int) -> bool:
    """Whether the process ended; where nobody takes note of its end (a container without init) it stays as a zombie."""
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def test_a_child_outside_the_group_is_still_found(started: list[Component], tmp_path: Path) -> None:
    leader, child = begin(started, tmp_path)
    assert os.getpgid(child) != leader.session
    assert set(members([leader.session])) == {leader.process.pid, child}
    assert memory_bytes([leader.session]) > 1_000_000


def test_stop_ends_parent_and_child(started: list[Component], tmp_path: Path) -> None:
    leader, child = begin(started, tmp_path)
    assert stop([leader]) == []
    assert is_over(child)
    assert leader.process.returncode == -signal.SIGTERM


def test_an_orphan_of_a_killed_parent_is_ended(started: list[Component], tmp_path: Path) -> None:
    leader, child = begin(started, tmp_path)
    leader.process.kill()
    leader.process.wait()
    assert members([leader.session]) == [child]
    end_sessions([leader.session])
    assert is_over(child)


def test_whoever_ignores_term_is_killed_and_named(started: list[Component], tmp_path: Path) -> None:
    deaf = "signal.signal(signal.SIGTERM, signal.SIG_IGN)"
    leader, child = begin(started, tmp_path, parent=deaf, child=deaf)
    assert stop([leader], patience_s=0.5) == ["famille"]
    assert is_over(child)
    assert leader.process.returncode == -signal.SIGKILL


def test_another_session_is_left_alone(started: list[Component], tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    ended, _ = begin(started, tmp_path / "a")
    kept, child = begin(started, tmp_path / "b")
    stop([ended])
    assert set(members([kept.session])) == {kept.process.pid, child}


def test_a_taken_port_is_not_given(tmp_path: Path) -> None:
    import socket

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        taken = listener.getsockname()[1]
        assert is_listened_on(taken)
        assert free_port(taken) != taken
    assert not is_listened_on(taken)
    wished = free_port()
    assert free_port(wished) == wished
    assert free_port(wished, taken=[wished]) != wished


class AskedError(Exception):
    """What a signal raises in these tests."""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_waits_until_a_started_process_is_noted(number: signal.Signals) -> None:
    noted: list[str] = []

    def ask(_number: int, _frame: object) -> None:
        raise AskedError

    def start_and_note() -> None:
        with undisturbed():
            signal.raise_signal(number)
            noted.append("started")

    former = signal.signal(number, ask)
    try:
        with pytest.raises(AskedError):
            start_and_note()
        assert signal.getsignal(number) is ask
    finally:
        signal.signal(number, former)
    assert noted == ["started"]


def test_a_thread_of_its_own_may_start_processes() -> None:
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(_undisturbed_answer).result() == 1


def _undisturbed_answer() -> int:
    with undisturbed():
        return 1
