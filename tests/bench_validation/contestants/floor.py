"""The floor: DuckDB reads the text and writes the typed Parquet; no rule, no line number, no finding."""

from __future__ import annotations

from pathlib import Path

import duckdb

from tests.bench_validation.contestants.counts import ROW_GROUP, ROWS

_DATES = ("date_premier_contact", "date_ouverture", "date_cloture", "date_titre", "date_debut_sejour_legal")
_WHOLE = ("annee_naissance",)


def judge(source: Path, out: Path) -> None:
    """`out` holds the typed rows."""
    connection = duckdb.connect(config={"threads": 2, "preserve_insertion_order": True})
    with source.open(encoding="utf-8") as stream:
        columns = stream.readline().strip().split(";")
    declared = ", ".join(f"'{column}': 'VARCHAR'" for column in columns)
    connection.execute(
        f"COPY (SELECT {', '.join(map(_typed, columns))} FROM read_csv('{source}', delim=';', quote='', escape='',"
        f" header=true, auto_detect=false, columns={{{declared}}}))"
        f" TO '{out / ROWS}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, PARQUET_VERSION v2,"
        f" ROW_GROUP_SIZE {ROW_GROUP})"
    )


def _typed(column: str) -> str:
    """A cast of the column alone is pushed into the reader, which then stops at a wrong text; coalesce keeps it out."""
    if column in _DATES:
        return f"try_cast(coalesce({column}, '') AS DATE) AS {column}"
    if column in _WHOLE:
        return f"try_cast(coalesce({column}, '') AS INTEGER) AS {column}"
    return column
