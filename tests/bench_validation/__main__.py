"""Speed and memory of validation against its peers; written into docs/generated/bench.md.

Run with `make bench-validation` on an otherwise idle machine; nothing here is a test and no test is timed. Every run
is a process of its own; a round runs everything once, each round beginning elsewhere in the list. After each run its
outputs are compared with what the data must give (compare.py): a contestant that differs once is disqualified.
"""

from __future__ import annotations

import argparse
import compileall
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from tests.bench_report import write_section
from tests.bench_validation.compare import Difference, compare
from tests.bench_validation.generate import SOURCE, generate
from tests.bench_validation.measure import ROOT, Observation, run_command, run_contestant
from tests.bench_validation.plan import JUDGES_NOTHING, NAMES, Plan, Run
from tests.bench_validation.report import Race, text_of

COMMAND = Path(sys.executable).with_name("intercentre")
QUARTER = ("simuler", "--centres", "CRIPEL", "--dossiers", "940", "--periode", "2026-T3", "--graine", "1",
           "--taux-erreurs", "0.02")  # fmt: skip
ACCEPTED, FINDINGS_THAT_BLOCK = 0, 1


def main() -> None:
    asked = _options()
    for folder in ("plugins", "schemas", "tests/bench_validation"):
        compileall.compile_dir(ROOT / folder, quiet=1)
    plan = Plan(asked.rows, min(asked.slow_rows, asked.rows), asked.rows * 5)
    runs = plan.runs(frozenset(asked.only or NAMES))
    with _home() as home:
        race = Race(plan, asked.rounds, _quarter(home), os.getloadavg()[0])
        for sample in sorted({run.sample for run in runs} | {plan.odd}, key=lambda sample: sample.rows):
            _say(f"data: {sample.folder(home).name}")
            race.sizes[sample] = (_apart(generate, sample, home) / SOURCE).stat().st_size
        for name in dict.fromkeys(run.contestant for run in runs if run.contestant not in JUDGES_NOTHING):
            race.odd[name] = _run(Run(name, plan.odd), home)[1]
        for number in range(asked.rounds):
            start = number * len(runs) // asked.rounds
            for run in (*runs[start:], *runs[:start]):
                seen, difference = _run(run, home)
                race.seen[run].append(seen)
                race.differences[run].append(difference)
                _say(f"round {number + 1}: {run.contestant} on {run.sample.name}-{run.sample.rows}:"
                     f" {seen.wall_s:.2f} s, {seen.peak_mb:.0f} MB, {difference}")  # fmt: skip
            race.verifier.append(_verify(home))
    text = text_of(race)
    if not asked.dry:
        write_section(ROOT / "docs" / "generated" / "bench.md", "Validation", text)
    print(text)


def _options() -> argparse.Namespace:
    options = argparse.ArgumentParser(prog="python -m tests.bench_validation", description=__doc__)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument(
        "--rows", type=int, default=1_000_000, help="rows of the race; the largest file has five times as many"
    )
    options.add_argument("--slow-rows", type=int, default=20_000, help="rows for frictionless")
    options.add_argument("--only", nargs="+", choices=NAMES, help="these contestants alone")
    options.add_argument("--dry", action="store_true", help="print the section, leave docs/generated/bench.md as it is")
    return options.parse_args()


@contextlib.contextmanager
def _home() -> Iterator[Path]:
    """The folder of the data: BENCH_DATA, kept from one run to the next, or a temporary one."""
    kept = os.environ.get("BENCH_DATA")
    if kept:
        Path(kept).mkdir(parents=True, exist_ok=True)
        yield Path(kept)
        return
    with tempfile.TemporaryDirectory(prefix="intercentre-bench-") as name:
        yield Path(name)


def _apart(work: Callable[..., Any], *arguments: object) -> Any:
    """Done in a process that ends with it: the memory of this one stays small."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def _run(run: Run, home: Path) -> tuple[Observation, Difference | None]:
    """One run and how its outputs differ; None where there is nothing to compare."""
    folder, out = run.sample.folder(home), home / "sortie"
    shutil.rmtree(out, ignore_errors=True)
    try:
        seen = run_contestant(run.contestant, folder / SOURCE, out)
        difference = None if run.contestant in JUDGES_NOTHING else _apart(compare, folder, out, run.sample.rows)
    finally:
        shutil.rmtree(out, ignore_errors=True)
    return seen, difference


def _quarter(home: Path) -> int:
    """A simulated centre's quarter is there; returns its rows, headers left out."""
    quarter = home / "trimestre"
    shutil.rmtree(quarter, ignore_errors=True)
    subprocess.run([COMMAND, *QUARTER, "-o", quarter], check=True, capture_output=True)
    tables = [path for path in (quarter / "CRIPEL" / "2026-T3").iterdir() if path.suffix == ".csv"]
    return sum(len(path.read_bytes().splitlines()) - 1 for path in tables)


def _verify(home: Path) -> Observation:
    return run_command(
        [str(COMMAND), "verifier", str(home / "trimestre" / "CRIPEL" / "2026-T3")],
        {"INTERCENTRE_HOME": str(home / "foyer")},
        (ACCEPTED, FINDINGS_THAT_BLOCK),
    )


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
