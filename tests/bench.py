"""Speed and memory of whole commands: medians of interleaved rounds, written to docs/generated/bench.md.

Run with `make bench` on an otherwise idle machine; nothing here is a test and no test is timed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from schemas.editions import EDITIONS
from schemas.exchanges.manifest import MANIFEST_NAME
from tests.bench_report import write_section

ROOT = Path(__file__).parents[1]
COMMAND = Path(sys.executable).with_name("intercentre")
REPORT = ROOT / "docs" / "generated" / "bench.md"


@dataclass
class Measure:
    """One command, its target in seconds, and what was seen."""

    name: str
    target_s: float
    run: Callable[[Path], list[str]]
    seconds: list[float] = field(default_factory=list)
    peak_mb: float = 0.0


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--dossiers", type=int, default=8000)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="intercentre-bench-") as scratch:
        deposits = Path(scratch) / "depots"
        simulate = ["simuler", "--dossiers", str(asked.dossiers), "--periode", "2026-T3", "--graine", "1"]
        subprocess.run([COMMAND, *simulate, "-o", str(deposits)], check=True, capture_output=True)
        measures = [
            Measure("`intercentre --help`", 0.4, lambda _: ["--help"]),
            Measure(
                f"`intercentre executer`, eight centres, {asked.dossiers} dossiers, deposits to release",
                15.0,
                lambda _: ["executer", "--depots", str(deposits), "--accord-simule"],
            ),
            *(
                Measure(
                    f"`intercentre verifier`, one centre's quarter, {_contents(quarter)}",
                    1.5,
                    lambda _, quarter=quarter: ["verifier", str(quarter)],  # type: ignore[misc]
                )
                for quarter in (_eight_tables(_first(deposits), Path(scratch) / "huit"), _first(deposits))
            ),
        ]
        for number in range(asked.rounds):
            for measure in measures:
                observe(measure, Path(scratch) / f"home-{number}")
            shutil.rmtree(Path(scratch) / f"home-{number}", ignore_errors=True)
    write_section(REPORT, "Whole commands", report(measures, asked.rounds))
    print(REPORT.read_text(encoding="utf-8"))


def _first(deposits: Path) -> Path:
    return deposits / "CRIPEL" / "2026-T3"


def _eight_tables(deposit: Path, folder: Path) -> Path:
    """The eight tables of the first contract, of a deposit, with their manifest."""
    folder.mkdir()
    manifest = json.loads((deposit / MANIFEST_NAME).read_text(encoding="utf-8"))
    manifest["tables"] = [one for one in manifest["tables"] if one["nom"] in EDITIONS["1.0.0"].tables]
    (folder / MANIFEST_NAME).write_text(json.dumps(manifest), encoding="utf-8")
    for table in manifest["tables"]:
        shutil.copy(deposit / table["fichier"], folder)
    return folder


def _contents(deposit: Path) -> str:
    tables = json.loads((deposit / MANIFEST_NAME).read_text(encoding="utf-8"))["tables"]
    return f"{sum(table['lignes'] for table in tables)} rows in {len(tables)} tables"


def observe(measure: Measure, home: Path) -> None:
    """Run the command once; its wall time and the peak memory of its largest process."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    environment["INTERCENTRE_HOME"] = str(home)
    started = time.perf_counter()
    subprocess.run([COMMAND, *measure.run(home)], env=environment, check=True, capture_output=True)
    measure.seconds.append(time.perf_counter() - started)
    measure.peak_mb = max(measure.peak_mb, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)


def report(measures: list[Measure], rounds: int) -> str:
    lines = [
        (
            f"Medians of {rounds} interleaved rounds; {os.cpu_count()} cores, Python "
            f"{platform.python_version()}, bytecode compiled. Written by `make bench`."
        ),
        "",
        "| command | target, s | median, s | range, s | median / target |",
        "|---|---:|---:|---:|---:|",
    ]
    for measure in measures:
        median = statistics.median(measure.seconds)
        span = f"{min(measure.seconds):.2f} to {max(measure.seconds):.2f}"
        lines.append(
            f"| {measure.name} | {measure.target_s} | {median:.2f} | {span} | {median / measure.target_s:.2f} |"
        )
    peak = max(measure.peak_mb for measure in measures)
    lines += ["", f"Largest process of all rounds: {peak:.0f} MB.", ""]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
