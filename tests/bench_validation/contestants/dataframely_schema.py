"""dataframely, completed to the same outputs: Schema.filter over the texts and the values that Polars reads from them.

Native: the types, `nullable`, `regex` and `max_length` of the identifiers. As rules of the schema: what is unreadable,
old codes, the row rules. Completed: the typed rows are the valid and the invalid ones in the order of their lines, the
failing cells come from the rule columns of the failure.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import dataframely as dy
import polars as pl

from schemas.contract import Code, Day, Identifier, Whole
from tests.bench_validation.contestants.counts import CELLS, ROWS, write_counts
from tests.bench_validation.contestants.forms import PARQUET, broken, cells, kept, read, scan, typed
from tests.bench_validation.table import COLUMNS, RULES, TABLE


def judge(source: Path, out: Path) -> None:
    """`out` holds the three files."""
    valid, failure = _schema().filter(read(scan(source)).collect())
    details, names = failure._df, _rules_of(failure._rule_columns)
    flags = {
        rule: ~pl.all_horizontal([pl.col(name).fill_null(value=True) for name in names[rule]]) if rule in names
        else pl.lit(value=False)
        for rule in RULES
    }  # fmt: skip
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
    members: dict[str, Any] = {"ligne": dy.Any()}
    for column in COLUMNS:
        kind, _ = TABLE.fields()[column]
        limits = {"regex": r"\A[A-Za-z0-9_-]+\z", "max_length": kind.length} if isinstance(kind, Identifier) else {}
        members[column] = dy.String(nullable=True)
        members[f"t_{column}"] = dy.String(nullable=TABLE.optional(column), **limits)
        members[f"l_{column}"] = _column(kind)
        members[f"v_{column}"] = _column(kind)
    for place, ((code, column), flag) in enumerate(broken().items()):
        if code == "CTR-001" or (isinstance(TABLE.fields()[column][0], Identifier) and code == "CTR-002"):
            continue
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


def _rules_of(rule_columns: list[str]) -> dict[tuple[str, str], list[str]]:
    """Our rule → dataframely's rule columns that say it."""
    found: dict[tuple[str, str], list[str]] = {}
    for name in rule_columns:
        if name.startswith("r_"):
            found.setdefault(RULES[int(name[2:])], []).append(name)
            continue
        column, said = name.split("|")
        code = {"nullability": "CTR-001", "regex": "CTR-002", "max_length": "CTR-002"}[said]
        found.setdefault((code, column[2:]), []).append(name)
    return found
