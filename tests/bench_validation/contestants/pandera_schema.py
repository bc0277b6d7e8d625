"""pandera on Polars, completed to the same outputs: a lazy validation over the texts and the values that Polars reads.

Native: the types, `nullable`, str_matches and str_length of the identifiers. As checks of the column on which the
finding is placed: what is unreadable, old codes, the row rules (a check of the whole frame would encode every failing
row as JSON, and is slower). Completed: the line from the index of the failure, the text, the typed rows.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pandera.polars as pa
import polars as pl

from schemas.contract import Identifier
from tests.bench_validation.contestants.counts import CELLS, ROWS, write_counts
from tests.bench_validation.contestants.forms import PARQUET, broken, read, scan, typed
from tests.bench_validation.table import COLUMNS, SETS_ASIDE, TABLE

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
    """ligne, colonne, code, brut; an identifier that fails twice is one failing cell."""
    placed = failures.select(
        index=pl.col("index"),
        colonne=pl.col("column").str.strip_prefix("t_"),
        code=pl.when(pl.col("check") == "not_nullable").then(pl.lit("CTR-001")).otherwise(pl.col("check")),
    ).unique()
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
    """The schema of the texts; the other columns of the frame are there for the checks to read."""
    wide: dict[str, list[Any]] = {column: [] for column in COLUMNS}
    narrow: dict[str, Any] = {}
    for (code, column), flag in broken().items():
        kind, _ = TABLE.fields()[column]
        if code == "CTR-001" or (code == "CTR-002" and isinstance(kind, Identifier)):
            checks = [
                pa.Check.str_matches(r"^[A-Za-z0-9_-]+$", name="CTR-002", error="CTR-002"),
                pa.Check.str_length(max_value=kind.length, name="CTR-002", error="CTR-002"),
            ] if isinstance(kind, Identifier) else []  # fmt: skip
            narrow[f"t_{column}"] = pa.Column(pl.String, checks, nullable=TABLE.optional(column))
        else:
            wide[column].append(pa.Check(_holds(flag), name=code, ignore_na=False))
    raw = {column: pa.Column(pl.String, checks, nullable=True) for column, checks in wide.items()}
    return pa.DataFrameSchema(raw | narrow)


def _holds(flag: pl.Expr) -> Any:
    def check(data: Any) -> pl.LazyFrame:
        return data.lazyframe.select(~flag)

    return check
