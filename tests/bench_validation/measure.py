"""One command in a fresh process: wall time, processor time, peak memory of it and of all that it starts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]
THREADS = 2
_EVERY_S = 0.05
_MB = 1024 * 1024


@dataclass(frozen=True)
class Observation:
    """What one run cost.

    wall_s, cpu_s      of the whole process, start of the interpreter included
    import_s, work_s   as the contestant tells them: its imports, then judging and writing; 0 for a command
    peak_mb            greatest resident memory: of the process, as the system keeps it, or of its tree, as sampled
    """

    wall_s: float
    cpu_s: float
    peak_mb: float
    import_s: float = 0.0
    work_s: float = 0.0


def run_contestant(name: str, source: Path, out: Path) -> Observation:
    """One contestant on one file; raises RuntimeError with its last lines when it fails."""
    out.mkdir(parents=True)
    module = "tests.bench_validation.contestant"
    seen, printed = _observe([sys.executable, "-m", module, name, str(source), str(out)], {}, accepted=(0,))
    told = json.loads(printed.splitlines()[-1])
    peak = max(seen.peak_mb, told["peak_mb"])
    return Observation(seen.wall_s, seen.cpu_s, peak, told["import_s"], told["work_s"])


def run_command(command: Sequence[str], environment: Mapping[str, str], accepted: Sequence[int]) -> Observation:
    """One command; `accepted` are the exit codes that are not a failure."""
    return _observe(command, environment, accepted)[0]


def _observe(
    command: Sequence[str], environment: Mapping[str, str], accepted: Sequence[int]
) -> tuple[Observation, str]:
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    variables = inherited | {"POLARS_MAX_THREADS": str(THREADS)} | dict(environment)
    with tempfile.TemporaryFile("w+") as printed, tempfile.TemporaryFile("w+") as complaints:
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, env=variables, stdout=printed, stderr=complaints)
        sampler = _Sampler(process.pid)
        sampler.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        sampler.stop()
        printed.seek(0)
        complaints.seek(0)
        if process.returncode not in accepted:
            raise RuntimeError(f"{' '.join(command)}: exit {process.returncode}\n{complaints.read()[-2000:]}")
        return Observation(wall, usage.ru_utime + usage.ru_stime, sampler.peak_mb), printed.read()


class _Sampler(threading.Thread):
    """Adds up the resident memory of a process and its descendants, every 50 ms; looks for new ones twice a second.

    The system's own peak of a child (ru_maxrss) is not asked: it starts from the memory of the parent.
    """

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._root = psutil.Process(pid)
        self._ended = threading.Event()
        self.peak_mb = 0.0

    def run(self) -> None:
        tree, turn = [self._root], 0
        while not self._ended.wait(_EVERY_S):
            turn += 1
            if turn % 10 == 0:
                tree = [self._root, *self._descendants()]
            self.peak_mb = max(self.peak_mb, sum(map(_resident_mb, tree)))

    def stop(self) -> None:
        self._ended.set()
        self.join()

    def _descendants(self) -> list[psutil.Process]:
        try:
            return self._root.children(recursive=True)
        except psutil.NoSuchProcess:
            return []


def _resident_mb(process: psutil.Process) -> float:
    try:
        return process.memory_info().rss / _MB
    except psutil.NoSuchProcess:
        return 0.0
