"""What was seen, as a section of docs/generated/bench.md."""

from __future__ import annotations

import os
import platform
import statistics
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import version

from tests.bench_validation.compare import Difference
from tests.bench_validation.generate import Sample
from tests.bench_validation.measure import Observation
from tests.bench_validation.plan import (
    EXPECTATIONS,
    FLOOR,
    FRICTIONLESS,
    JUDGES_NOTHING,
    NAMES,
    OURS,
    PACKAGES,
    PYDANTIC,
    READING,
    THOUSAND,
    Plan,
    Run,
)
from tests.bench_validation.table import COLUMNS, ROW_RULES, RULES

Cost = Callable[[Observation], float]


@dataclass
class Race:
    """Everything that was seen in the rounds; `load` is how many processes wanted a processor before they began."""

    plan: Plan
    rounds: int
    quarter_rows: int
    load: float
    sizes: dict[Sample, int] = field(default_factory=dict)
    seen: dict[Run, list[Observation]] = field(default_factory=lambda: defaultdict(list))
    differences: dict[Run, list[Difference | None]] = field(default_factory=lambda: defaultdict(list))
    odd: dict[str, Difference | None] = field(default_factory=dict)
    verifier: list[Observation] = field(default_factory=list)

    def median(self, contestant: str, sample: Sample, cost: Cost) -> float | None:
        """None where the contestant did not run on the sample, or is disqualified."""
        run = Run(contestant, sample)
        if run not in self.seen or self.fault(run):
            return None
        return statistics.median(map(cost, self.seen[run]))

    def fault(self, run: Run) -> str:
        """How the outputs of the contestant differed, on this sample or on the odd one; empty when they never did."""
        differences = [*self.differences[run], self.odd.get(run.contestant)]
        return next((str(each) for each in differences if each is not None and not each.is_none), "")


def _wall(seen: Observation) -> float:
    return seen.wall_s


def _work(seen: Observation) -> float:
    return seen.work_s


def _peak(seen: Observation) -> float:
    return seen.peak_mb


def _cpu(seen: Observation) -> float:
    return seen.cpu_s


def text_of(race: Race) -> str:
    """The section, in Markdown."""
    plan = race.plan
    lines = [*_conditions(race), ""]
    for title, sample in (
        (f"{plan.rows:,} rows, one in ten failing", plan.tenth),
        (f"{plan.slow_rows:,} rows of the same data, for the slowest", plan.few),
        (f"{plan.rows:,} rows, none failing", plan.clean),
        (f"{plan.rows:,} rows, all failing", plan.failing),
        (f"{plan.many_rows:,} rows, one in ten failing", plan.many),
    ):
        lines += _table(race, title, sample)
    lines += ["### Against what was asked", "", "| measure | asked | seen | kept |", "|---|---:|---:|---|"]
    lines += [f"| {asked.measure} | {asked.limit} | {asked.said} | {asked.verdict} |" for asked in _asked(race)]
    return "\n".join(lines)


def _conditions(race: Race) -> list[str]:
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    sizes = race.sizes.get(race.plan.tenth, 0) / 1e6
    machine = f"{os.cpu_count()} cores, load {race.load:.1f} before the first, Python {platform.python_version()}"
    data = f"{len(COLUMNS)} columns of `dossier`, {sizes:.0f} MB for {race.plan.rows:,} rows, generated from a seed"
    rules = f"those of the contract on each cell (filled, readable, old codes) and the row rules {', '.join(ROW_RULES)}"
    outputs = (
        "every row as typed Parquet (zstd 1) with its line and `retenue` (or, in a file beside, the lines that are not"
        " retained); every failing cell with line, column, rule"
        " and raw text; exact counts by rule. After every run they are compared with what was planted in the data, cell"
        " by cell and row by row; who differs is disqualified"
    )
    return [
        f"Written by `make bench-validation`: medians of {race.rounds} interleaved rounds, each run a fresh process,",
        f"bytecode compiled, two threads; {machine}, {versions}.",
        "",
        f"Data: UTF-8 CSV with `;`, {data}. Rules: {len(RULES)}, {rules}.",
        f"Outputs: {outputs}.",
        "",
        "Wall, processor time and peak memory are of the whole process; `work` is without Python's start and imports.",
    ]


def _table(race: Race, title: str, sample: Sample) -> Iterator[str]:
    runs = [run for run in race.seen if run.sample == sample]
    if not runs:
        return
    yield from (f"### {title.capitalize()}", "")
    yield "| contestant | wall, s | range, s | work, s | CPU, s | peak, MB | rows/s | wall / floor | result |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|---|"
    floor = race.median(FLOOR, sample, _wall)
    for run in runs:
        name, fault = NAMES[run.contestant], race.fault(run)
        if fault:
            yield f"| {name} | | | | | | | | disqualified: {fault} |"
            continue
        walls = [seen.wall_s for seen in race.seen[run]]
        wall, work, cpu, peak = (statistics.median(map(cost, race.seen[run])) for cost in (_wall, _work, _cpu, _peak))
        ratio = f"{wall / floor:.2f}" if floor else ""
        result = "" if run.contestant in JUDGES_NOTHING else "equal"
        yield (
            f"| {name} | {wall:.2f} | {min(walls):.2f} to {max(walls):.2f} | {work:.2f} | {cpu:.2f} | {peak:.0f}"
            f" | {sample.rows / wall:,.0f} | {ratio} | {result} |"
        )
    yield ""


@dataclass(frozen=True)
class _Asked:
    """One demand; `value` is None when it could not be measured, and must be at most (or, if not, at least) `bound`."""

    measure: str
    bound: float
    value: float | None
    unit: str = ""
    at_most: bool = True

    @property
    def limit(self) -> str:
        return f"{'≤' if self.at_most else '≥'} {self.bound:g}{self.unit}"

    @property
    def said(self) -> str:
        return "not measured" if self.value is None else f"{self.value:.2f}{self.unit}"

    @property
    def verdict(self) -> str:
        if self.value is None:
            return ""
        return "yes" if (self.value <= self.bound if self.at_most else self.value >= self.bound) else "**no**"


def _asked(race: Race) -> Iterator[_Asked]:
    tenth, plan = race.plan.tenth, race.plan
    wall, peak = race.median(OURS, tenth, _wall), race.median(OURS, tenth, _peak)
    yield _Asked("wall time / floor (1.25 is the ambition)", 1.4, _over(wall, race.median(FLOOR, tenth, _wall)))
    for name in ("dataframely_schema", "pandera_schema"):
        yield _Asked(f"wall time / {NAMES[name]}", 1.0, _over(wall, race.median(name, tenth, _wall)))
    yield _Asked("peak memory / dataframely's", 0.333, _over(peak, race.median("dataframely_schema", tenth, _peak)))
    for name, least in ((PYDANTIC, 5), (EXPECTATIONS, 20)):
        faster = _over(race.median(name, tenth, _wall), wall)
        yield _Asked(f"times faster than {NAMES[name]}", least, faster, at_most=False)
    few = race.median(FRICTIONLESS, plan.few, _work)
    scaled = None if few is None else few * plan.rows / plan.slow_rows
    label = f"times faster than {NAMES[FRICTIONLESS]} (its work on {plan.slow_rows:,} rows, extrapolated)"
    yield _Asked(label, 20, _over(scaled, wall), at_most=False)
    yield _Asked("wall time, all rows failing / none", 1.35,
                 _over(race.median(OURS, plan.failing, _wall), race.median(OURS, plan.clean, _wall)))  # fmt: skip
    many = race.median(OURS, plan.many, _wall)
    yield _Asked(f"wall time of {plan.many_rows:,} rows / five times that of {plan.rows:,}", 1.15,
                 _over(many, None if wall is None else 5 * wall))  # fmt: skip
    yield _Asked(f"peak memory at {plan.many_rows:,} rows", 450, race.median(OURS, plan.many, _peak), " MB")
    verifier = statistics.median(seen.wall_s for seen in race.verifier) if race.verifier else None
    yield _Asked(
        f"`intercentre verifier` in a fresh process, a quarter of {race.quarter_rows:,} rows", 1.5, verifier, " s"
    )
    thousand, reading = race.median(THOUSAND, tenth, _work), race.median(READING, tenth, _work)
    ours = race.median(OURS, tenth, _work)
    further = None if thousand is None or ours is None else thousand - ours
    yield _Asked("1,000 row rules more: their time / that of reading the table", 1.0, _over(further, reading))


def _over(numerator: float | None, denominator: float | None) -> float | None:
    return None if numerator is None or not denominator else numerator / denominator
