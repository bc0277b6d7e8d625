"""Processes of the hub, each the leader of a session of its own, stopped with everything they started.

Airflow's tasks leave their parent's process group but not its session, so a component's session names all its
descendants, even those whose parent has died.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

_POLL_S = 0.1


@dataclass(frozen=True)
class Command:
    """How one component is started; its output goes to `log`."""

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str]
    log: Path


@dataclass(frozen=True)
class Component:
    """A started component."""

    command: Command
    process: subprocess.Popen[bytes]

    @property
    def session(self) -> int:
        return self.process.pid

    @property
    def is_alive(self) -> bool:
        return self.process.poll() is None


def start(command: Command) -> Component:
    """The component runs in a session of its own."""
    command.log.parent.mkdir(parents=True, exist_ok=True)
    with command.log.open("ab") as log:
        process = subprocess.Popen(
            list(command.arguments),
            env=dict(command.environment),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return Component(command, process)


@contextmanager
def undisturbed() -> Iterator[None]:
    """What is done in this block is done whole: Ctrl-C or TERM that comes meanwhile is answered after it.

    A process is started and noted in such a block; between the two, nobody would know of it.
    """
    if threading.current_thread() is not threading.main_thread():  # signals are answered in the main thread alone
        yield
        return
    came: list[int] = []
    former = {
        number: signal.signal(number, lambda number, _frame: came.append(number))
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
        if came:
            signal.raise_signal(came[0])


def stop(components: Iterable[Component], patience_s: float = 10.0) -> list[str]:
    """Every process of every component's session is gone; returns the names of those that had to be killed.

    Leaders are asked first (TERM) so that they end their own workers, then whatever is left, then KILL.
    """
    running = list(components)
    for component in running:
        if component.is_alive:
            component.process.terminate()
    deadline = time.monotonic() + patience_s
    _wait_until(lambda: not any(component.is_alive for component in running), deadline)
    killed = [component.command.name for component in running if component.is_alive]
    end_sessions([component.session for component in running], patience_s=2.0)
    for component in running:
        component.process.wait()
    return killed


def end_sessions(sessions: Sequence[int], patience_s: float = 2.0) -> None:
    """No process is left in these sessions: TERM, then KILL until there is none."""
    _signal_all(members(sessions), signal.SIGTERM)
    _wait_until(lambda: not members(sessions), time.monotonic() + patience_s)
    while left := members(sessions):
        _signal_all(left, signal.SIGKILL)
        time.sleep(_POLL_S)


def members(sessions: Iterable[int]) -> list[int]:
    """The living processes of these sessions (a process that ended and waits for its parent is not one)."""
    wanted = set(sessions)
    return [pid for pid in psutil.pids() if _session_of(pid) in wanted and not _is_ended(pid)]


def memory_bytes(sessions: Iterable[int]) -> int:
    """Memory of these sessions, shared pages counted once where the system tells (PSS), else resident size."""
    return sum(memory_of(pid) for pid in members(sessions))


def memory_of(pid: int) -> int:
    try:
        full = psutil.Process(pid).memory_full_info()
        return int(getattr(full, "pss", full.rss))
    except psutil.Error:
        return 0


def _session_of(pid: int) -> int | None:
    try:
        return os.getsid(pid)
    except OSError:
        return None


def _is_ended(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def _signal_all(pids: Iterable[int], number: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


def _wait_until(done: Callable[[], bool], deadline: float) -> None:
    while not done() and time.monotonic() < deadline:
        time.sleep(_POLL_S)
