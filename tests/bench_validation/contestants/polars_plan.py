"""Polars, written by hand: one streaming plan with two sinks and the counts."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from tests.bench_validation.contestants.counts import CELLS, ROWS, write_counts
from tests.bench_validation.contestants.forms import PARQUET, broken, cells, kept, read, scan, typed


def judge(source: Path, out: Path) -> None:
    """`out` holds the three files."""
    rules = broken()
    names = {rule: f"m_{place}" for place, rule in enumerate(rules)}
    marked = read(scan(source)).with_columns(**{names[rule]: flag for rule, flag in rules.items()})
    flags = {rule: pl.col(name) for rule, name in names.items()}
    marked = marked.with_columns(retenue=kept(flags))
    failing = marked.filter(pl.any_horizontal(list(flags.values())))
    _, _, counts = pl.collect_all(
        [
            marked.select("ligne", *typed(), "retenue").sink_parquet(out / ROWS, lazy=True, **PARQUET),
            cells(failing, flags).sink_parquet(out / CELLS, lazy=True, **PARQUET),
            marked.select(pl.len(), pl.col("retenue").sum(), *[flag.sum() for flag in flags.values()]),
        ],
        engine="streaming",
    )
    rows, retained, *found = counts.row(0)
    write_counts(out, rows, retained, dict(zip(rules, found, strict=True)))
