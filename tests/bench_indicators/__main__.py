"""Harmonisation and indicators, each step in a process of its own; written to docs/generated/bench.md.

Run with `make bench-indicators` on an otherwise idle machine; `--dossiers 1000000,10000000` draws as many as asked. Ten
million take about 40 GB of disk while they are harmonised (see `--scratch`), removed at the end.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median

from tests.bench_report import write_section

ROOT = Path(__file__).parents[2]
COMMAND = Path(sys.executable).with_name("intercentre")
REPORT = ROOT / "docs" / "generated" / "bench.md"
REAL, REAL_TARGET_S = 30_000, 6.0
LARGE_ROUNDS, ROUNDS_UP_TO = 3, 1_000_000


@dataclass(frozen=True)
class Seen:
    """One step: wall and processor time in seconds, peak of memory in MB."""

    step: str
    dossiers: int
    wall: float
    cpu: float
    peak: float


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--dossiers", default="1000000,10000000")
    options.add_argument("--scratch", type=Path, help="folder on a disk with room; the machine's own by default")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="intercentre-bench-", dir=asked.scratch) as scratch:
        real = list(at_real_volume(Path(scratch), asked.rounds))
        drawn = [
            seen
            for count in map(int, filter(None, asked.dossiers.split(",")))
            for seen in at_large_volume(Path(scratch) / str(count), count)
        ]
    write_section(REPORT, "Harmonisation and indicators", report(real, drawn))
    print(REPORT.read_text(encoding="utf-8"))


def at_real_volume(scratch: Path, rounds: int) -> Iterator[Seen]:
    """Eight simulated centres whose deposits tell sixteen quarters: common tables and indicators made anew."""
    deposits, home = scratch / "depots", scratch / "hub"
    environment = os.environ | {"INTERCENTRE_HOME": str(home)}
    simulate = ["simuler", "--dossiers", str(REAL), "--periode", "2026-T3", "--graine", "1", "-o", str(deposits)]
    prepare = ["executer", "--depots", str(deposits), "--jusqu-a", "validation"]
    for arguments in (simulate, prepare):
        subprocess.run([COMMAND, *arguments], check=True, capture_output=True, env=environment)
    for _ in range(rounds):
        yield run_step("reconstruction", home, REAL)


def at_large_volume(folder: Path, dossiers: int) -> Iterator[Seen]:
    """Deposits drawn by the engine, then common tables once and indicators in rounds, of which the median is told."""
    folder.mkdir()
    run_step("tirage", folder, dossiers)
    yield run_step("harmonisation", folder, dossiers)
    rounds = [run_step("indicateurs", folder, dossiers) for _ in range(1 if dossiers > ROUNDS_UP_TO else LARGE_ROUNDS)]
    yield sorted(rounds, key=lambda seen: seen.wall)[len(rounds) // 2]


def run_step(step: str, folder: Path, dossiers: int) -> Seen:
    """What a fresh process says of its step."""
    command = [sys.executable, "-m", "tests.bench_indicators.step", step, str(folder), str(dossiers)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    said = json.loads(done.stdout)
    return Seen(step, dossiers, said["mur_s"], said["processeur_s"], said["memoire_mo"])


def report(real: list[Seen], drawn: list[Seen]) -> str:
    """The section of the page."""
    walls = [seen.wall for seen in real]
    lines = [
        (
            f"Written by `make bench-indicators`; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end. "
            "Each step is a fresh process, two threads; imports and the reading of definitions are not counted. "
            f"Indicators of up to {ROUNDS_UP_TO:,} dossiers: the median of {LARGE_ROUNDS} rounds. On a shared machine, "
            "judge by CPU."
        ),
        "",
        (
            f"Real volume: eight simulated centres, {REAL} dossiers, deposits that tell sixteen quarters. Full rebuild "
            f"of the common tables and of all indicators, {len(real)} rounds: median {median(walls):.2f} s "
            f"({min(walls):.2f} to {max(walls):.2f}; target {REAL_TARGET_S:.0f}), CPU "
            f"{median(seen.cpu for seen in real):.2f} s, peak {max(seen.peak for seen in real):.0f} MB. "
            "A centre's new deposit is followed by the same full rebuild (decision 0065; 1 s was asked)."
        ),
        "",
        "| step | dossiers | wall, s | CPU, s | peak, MB | CPU per million dossiers, s |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {one.step} | {one.dossiers:,} | {one.wall:.1f} | {one.cpu:.1f} | {one.peak:.0f} "
        f"| {one.cpu / one.dossiers * 1_000_000:.1f} |"
        for one in drawn
    ]
    lines += ["", "Targets for all indicators: 20 s and 4,096 MB at 1,000,000; linear and 8,192 MB at 10,000,000.", ""]
    counted = [one for one in drawn if one.step == "indicateurs"]
    lines += [
        f"From {less.dossiers:,} to {more.dossiers:,} dossiers, CPU per dossier of the indicators × "
        f"{more.cpu / more.dossiers / (less.cpu / less.dossiers):.2f} (target: at most 1.20).\n"
        for less, more in pairwise(counted)
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
