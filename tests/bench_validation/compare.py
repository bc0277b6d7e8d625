"""What a contestant wrote, against what the data must give; by an engine that took no part in the expectation."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from tests.bench_validation.contestants.counts import ASIDE, CELLS, COUNTS, ROWS
from tests.bench_validation.generate import EXPECTED_CELLS, EXPECTED_ROWS
from tests.bench_validation.table import COLUMNS

_TYPES = {"annee_naissance": "BIGINT"} | {column: "DATE" for column in COLUMNS if column.startswith("date_")}
_CELL = "ligne::BIGINT, colonne::VARCHAR, code::VARCHAR, coalesce(brut, '')::VARCHAR"


@dataclass(frozen=True)
class Difference:
    """How far the outputs are from what was expected; all zero and True when they are equal.

    missing, superfluous  failing cells (line, column, rule, text), repetitions counted
    rows                  lines whose typed values or `retenue` differ, or that are not there, or twice
    in_order              the lines stand in the order of the source
    counted               comptes.json agrees with the expected cells
    """

    missing: int
    superfluous: int
    rows: int
    in_order: bool
    counted: bool

    @property
    def is_none(self) -> bool:
        return (self.missing, self.superfluous, self.rows) == (0, 0, 0) and self.in_order and self.counted

    def __str__(self) -> str:
        if self.is_none:
            return "equal"
        said = [
            f"{self.missing} cells missing" if self.missing else "",
            f"{self.superfluous} cells too many" if self.superfluous else "",
            f"{self.rows} rows differ" if self.rows else "",
            "" if self.in_order else "order of lines lost",
            "" if self.counted else "counts differ",
        ]
        return ", ".join(part for part in said if part)


def compare(folder: Path, out: Path, rows: int) -> Difference:
    """The outputs in `out` for the first `rows` rows of the sample in `folder`."""
    with duckdb.connect(config={"threads": 2, "preserve_insertion_order": True}) as connection:

        def one(sql: str) -> tuple[Any, ...]:
            return connection.execute(sql).fetchall()[0]

        last = rows + 1
        got = f"SELECT {_CELL} FROM read_parquet('{out / CELLS}')"
        due = f"SELECT {_CELL} FROM read_parquet('{folder / EXPECTED_CELLS}') WHERE ligne <= {last}"
        missing, superfluous = one(
            f"SELECT (SELECT count(*) FROM ({due} EXCEPT ALL {got})), (SELECT count(*) FROM ({got} EXCEPT ALL {due}))"
        )
        typed = ", ".join(f"{column}::{_TYPES.get(column, 'VARCHAR')}" for column in COLUMNS)
        line = f"ligne::BIGINT AS ligne, hash({typed}, retenue::BOOLEAN) AS empreinte"
        written = _written(connection, out)
        (differing,) = one(
            f"SELECT count(*) FROM (SELECT {line} FROM {written}) got FULL JOIN"
            f" (SELECT {line} FROM read_parquet('{folder / EXPECTED_ROWS}') WHERE ligne <= {last}) due USING (ligne)"
            " WHERE got.empreinte IS DISTINCT FROM due.empreinte"
        )
        count, ordered = one(f"SELECT count(*), coalesce(bool_and(ligne = file_row_number + 2), false) FROM {written}")
        by_rule = connection.execute(
            f"SELECT code || ' ' || colonne, count(*) FROM ({due}) t(ligne, colonne, code, brut) GROUP BY ALL"
        ).fetchall()
        (kept,) = one(
            f"SELECT count(*) FROM read_parquet('{folder / EXPECTED_ROWS}') WHERE ligne <= {last} AND retenue"
        )
    counts = {"lignes": rows, "retenues": kept, "cellules": sum(n for _, n in by_rule), "regles": dict(by_rule)}
    stated = json.loads((out / COUNTS).read_text(encoding="utf-8"))
    return Difference(missing, superfluous, differing, ordered and count == rows, stated == counts)


def _written(connection: duckdb.DuckDBPyConnection, out: Path) -> str:
    """The typed rows of a contestant. Where no line is written out, a row's line is its place in the file, and the
    lines that are not retained stand in a file of their own."""
    file = f"read_parquet('{out / ROWS}', file_row_number=true)"
    columns = [name for name, *_ in connection.execute(f"DESCRIBE SELECT * FROM {file}").fetchall()]
    if "retenue" in columns:
        return file
    aside = f"(SELECT ligne FROM read_parquet('{out / ASIDE}'))"
    kept = f"* EXCLUDE (ligne), file_row_number + 2 AS ligne, file_row_number + 2 NOT IN {aside} AS retenue"
    return f"(SELECT {kept} FROM {file})"
