"""One at a time on the tables of a period."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from intercentre.core.exclusive import exclusive
from intercentre.core.hub import Hub

HOLDER = """
import sys, time
from pathlib import Path
from intercentre.core.exclusive import exclusive
from intercentre.core.hub import Hub
from intercentre.core.settings import Settings
with exclusive(Hub(Settings(home=Path(sys.argv[1]))), sys.argv[2]):
    print("tenu", flush=True)
    time.sleep(float(sys.argv[3]))
"""


def hold(hub: Hub, periode: str, seconds: float) -> subprocess.Popen[str]:
    """Another process that holds the period; it holds it when this returns."""
    words = [sys.executable, "-c", HOLDER, str(hub.home.root), periode, str(seconds)]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "tenu\n"
    return process


@pytest.mark.slow
def test_a_second_process_waits_for_the_first(hub: Hub) -> None:
    with hold(hub, "2026-T3", 1.0) as other:
        began = time.monotonic()
        with exclusive(hub, "2026-T3"):
            waited = time.monotonic() - began
            assert other.wait() == 0
    assert waited > 0.5


@pytest.mark.slow
def test_another_period_does_not_wait_and_a_killed_holder_blocks_nobody(hub: Hub) -> None:
    with hold(hub, "2026-T2", 60) as other:
        with exclusive(hub, "2026-T3"):
            assert other.poll() is None
        other.kill()
        other.wait()
        with exclusive(hub, "2026-T2"):
            pass


def test_it_is_free_again_after_an_error(make_hub: Callable[..., Hub]) -> None:
    hub = make_hub()
    with pytest.raises(ZeroDivisionError), exclusive(hub, "2026-T3"):
        raise ZeroDivisionError
    with exclusive(hub, "2026-T3"):
        pass
