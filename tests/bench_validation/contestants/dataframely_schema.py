"""dataframely, completed to the same outputs: Schema.filter over the texts and the values that Polars reads from them.

Native: the types of the values. As rules of the schema: what is missing or unreadable, old codes, the row rules; its
own `nullable` and `regex` would need the trimmed texts held beside the raw ones, and more memory. Completed: the typed
rows are the valid and the invalid ones in the order of their lines, the failing cells come from the rule columns of the
failure.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import dataframely as dy
import polars as pl

from schemas.contract import Code, Day, Whole
from tests.bench_validation.contestants.counts import CELLS, ROWS, write_counts
from tests.bench_validation.contestants.forms import PARQUET, broken, cells, kept, read, scan, typed
from tests.bench_validation.table import COLUMNS, RULES, TABLE, successors


def judge(source: Path, out: Path) -> None:
    """`out` holds the three files."""
    valid, failure = _schema().filter(read(scan(source)).collect())
    details = failure._df
    flags = {rule: ~pl.col(f"r_{place}") for place, rule in enumerate(RULES)}
    cells(details.lazy(), flags).collect().write_parquet(out / CELLS, **PARQUET)
    good = valid.select("ligne", *typed(), pl.lit(value=True).alias("retenue"))
    bad = details.select("ligne", *typed(), kept(flags).alias("retenue"))
    rows = pl.concat([good, bad]).sort("ligne")
    rows.write_parquet(out / ROWS, **PARQUET)
    found = details.select(flag.sum().alias(str(place)) for place, flag in enumerate(flags.values())).row(0)
    by_rule = Counter(dict(zip(flags, found, strict=True)))
    write_counts(out, rows.height, rows["retenue"].sum(), by_rule)


def _schema() -> Any:
    """The class that dataframely asks for, made from the contract."""
    members: dict[str, Any] = {"ligne": dy.UInt32()}
    for column in COLUMNS:
        kind, _ = TABLE.fields()[column]
        members[column] = dy.String(nullable=True)
        members[f"v_{column}"] = _column(kind)
        if successors(column):
            members[f"l_{column}"] = _column(kind)
    for place, flag in enumerate(broken().values()):
        members[f"r_{place}"] = dy.rule()(_holds(flag))
    return type("Dossier", (dy.Schema,), members)


def _holds(flag: pl.Expr) -> Any:
    def rule(cls: Any) -> pl.Expr:
        return ~flag

    return rule


def _column(kind: object) -> Any:
    if isinstance(kind, Code):
        return dy.Enum(list(kind.nomenclature.entries), nullable=True)
    if isinstance(kind, Day):
        return dy.Date(nullable=True)
    return dy.Int32(nullable=True) if isinstance(kind, Whole) else dy.String(nullable=True)
