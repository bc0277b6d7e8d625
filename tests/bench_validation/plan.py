"""What is run: which contestants on which samples, and the commands beside them."""

from __future__ import annotations

from dataclasses import dataclass

from tests.bench_validation.generate import Sample

FLOOR, OURS, THOUSAND, READING = "floor", "ours", "ours_1000", "reading"
ON_POLARS = ("polars_plan", "dataframely_schema", "pandera_schema")
PYDANTIC, FRICTIONLESS, EXPECTATIONS = "pydantic_rows", "frictionless_rows", "gx_pandas"
JUDGES_NOTHING = (FLOOR, READING)

NAMES = {
    FLOOR: "floor: typed Parquet without any rule (DuckDB)",
    OURS: "Intercentre",
    "polars_plan": "Polars, written by hand",
    "dataframely_schema": "dataframely, completed",
    "pandera_schema": "pandera on Polars, completed",
    PYDANTIC: "pydantic, row by row",
    FRICTIONLESS: "frictionless, completed",
    EXPECTATIONS: "Great Expectations on pandas, completed",
    THOUSAND: "Intercentre with 1,000 rules more",
    READING: "Intercentre, reading alone",
}
PACKAGES = ("duckdb", "polars", "dataframely", "pandera", "pydantic", "frictionless", "great-expectations", "pandas")


@dataclass(frozen=True)
class Run:
    """One contestant on one sample."""

    contestant: str
    sample: Sample


@dataclass(frozen=True)
class Plan:
    """The samples of the race, of the sizes asked for."""

    rows: int
    slow_rows: int
    many_rows: int

    @property
    def tenth(self) -> Sample:
        """One row in ten fails."""
        return Sample("dixieme", self.rows, 0.1)

    @property
    def clean(self) -> Sample:
        return Sample("propre", self.rows, 0.0)

    @property
    def failing(self) -> Sample:
        """Every row fails."""
        return Sample("tout", self.rows, 1.0)

    @property
    def few(self) -> Sample:
        """The first rows of the same data, for frictionless, whose time grows with the rows and with nothing else."""
        return Sample("dixieme", self.slow_rows, 0.1)

    @property
    def many(self) -> Sample:
        return Sample("dixieme", self.many_rows, 0.1)

    @property
    def odd(self) -> Sample:
        """Half of the rows fail, the others are full of what is tolerated: judged once by each, and not timed."""
        return Sample("bizarre", min(20_000, self.rows), 0.5, seed=2, tolerated=True)

    def runs(self, wanted: frozenset[str]) -> list[Run]:
        """Every run of one round, the contestants not `wanted` left out."""
        peers = (*ON_POLARS, PYDANTIC, EXPECTATIONS)
        race = [Run(name, self.tenth) for name in (FLOOR, OURS, *peers, READING, THOUSAND)]
        race.append(Run(FRICTIONLESS, self.few))
        extremes = [Run(name, sample) for sample in (self.clean, self.failing) for name in (FLOOR, OURS, *ON_POLARS)]
        many = [Run(name, self.many) for name in (FLOOR, OURS, "polars_plan")]
        return [run for run in (*race, *extremes, *many) if run.contestant in wanted]
