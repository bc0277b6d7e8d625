"""pandera on Polars, completed to the same outputs: a lazy validation over the texts and the values that Polars reads.

Native: the types. As checks of the column on which the finding is placed: what is missing or unreadable, old codes, the
row rules (a check of the whole frame would encode every failing row as JSON, and is slower; str_matches would need the
trimmed texts held beside the raw ones). Completed: the line from the index of the failure, the text, the typed rows.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pandera.polars as pa
import polars as pl

from tests.bench_validation.contestants.counts import CELLS, ROWS, write_counts
from tests.bench_validation.contestants.forms import PARQUET, broken, read, scan, typed
from tests.bench_validation.table import COLUMNS, SETS_ASIDE

_FAILURES = {"ligne": pl.UInt32, "colonne": pl.String, "code": pl.String, "brut": pl.String}


def judge(source: Path, out: Path) -> None:
    """`out` holds the three files."""
    frame = read(scan(source)).collect()
    found = _failures(frame)
    found.write_parquet(out / CELLS, **PARQUET)
    aside = found.filter(pl.col("code").is_in(sorted(SETS_ASIDE)))["ligne"].unique()
    retained = ~frame["ligne"].is_in(aside.implode())
    frame.select("ligne", *typed(), retained.alias("retenue")).write_parquet(out / ROWS, **PARQUET)
    by_rule = {(code, column): number for code, column, number in found.group_by("code", "colonne").len().rows()}
    write_counts(out, frame.height, int(retained.sum()), Counter(by_rule))


def _failures(frame: pl.DataFrame) -> pl.DataFrame:
    try:
        _schema().validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        return _completed(errors.failure_cases, frame)
    return pl.DataFrame(schema=_FAILURES)


def _completed(failures: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """ligne, colonne, code, brut."""
    placed = failures.select("index", colonne="column", code="check")
    parts = [
        part.select(
            ligne=frame["ligne"].gather(part["index"]),
            colonne="colonne",
            code="code",
            brut=frame[column].gather(part["index"]),
        )
        for (column,), part in placed.group_by("colonne")
    ]
    return pl.concat(parts)


def _schema() -> Any:
    """The schema of the texts; the values in the frame are there for the checks to read."""
    checks: dict[str, list[Any]] = {column: [] for column in COLUMNS}
    for (code, column), flag in broken().items():
        checks[column].append(pa.Check(_holds(flag), name=code, ignore_na=False))
    return pa.DataFrameSchema({column: pa.Column(pl.String, each, nullable=True) for column, each in checks.items()})


def _holds(flag: pl.Expr) -> Any:
    def check(data: Any) -> pl.LazyFrame:
        return data.lazyframe.select(~flag)

    return check
