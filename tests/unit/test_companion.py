"""The second process: it does what is asked, says what went wrong, and never outlives the first."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures.process import BrokenProcessPool

import psutil
import pytest

from intercentre.core.companion import companion

ORPHANED = """
import os, signal
from intercentre.core.companion import companion
if __name__ == "__main__":
    beside = companion(os.getpid)
    print(beside.submit(os.getpid).result(), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_everything_is_done_in_one_other_process() -> None:
    with companion(os.getpid) as beside:
        first, second = (beside.submit(os.getpid).result() for _ in range(2))
    assert first == second != os.getpid()
    assert not psutil.pid_exists(first)


def test_what_fails_there_fails_here_with_its_own_error() -> None:
    with companion(os.getpid) as beside, pytest.raises(ValueError, match="invalid literal"):
        beside.submit(int, "x").result()


def test_a_companion_that_was_killed_is_a_fault() -> None:
    with companion(os.getpid) as beside:
        process = beside.submit(os.getpid).result()
        os.kill(process, signal.SIGKILL)
        with pytest.raises(BrokenProcessPool):
            beside.submit(os.getpid).result()


def test_nothing_is_started_for_whoever_asks_nothing() -> None:
    before = len(psutil.Process().children())
    with companion(sys.exit):
        assert len(psutil.Process().children()) == before


def test_it_ends_with_a_parent_that_is_killed() -> None:
    done = subprocess.run([sys.executable, "-c", ORPHANED], capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL
    orphan, until = int(done.stdout), time.monotonic() + 10
    while psutil.pid_exists(orphan) and time.monotonic() < until:
        time.sleep(0.05)
    assert not psutil.pid_exists(orphan)


def test_ctrl_c_is_left_to_the_first_process() -> None:
    with companion(os.getpid) as beside:
        process = beside.submit(os.getpid).result()
        os.kill(process, signal.SIGINT)
        assert beside.submit(os.getpid).result() == process
