"""How many expected cells of the deposits in force are filled in, by table, field and month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intercentre.core.engine import literal, load_rows, quoted
from schemas.indicators.completeness import ExpectedFields, expected_fields

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

COMPLETENESS_COLUMNS = {
    "centre_code": "VARCHAR",
    "table_nom": "VARCHAR",
    "champ": "VARCHAR",
    "mois": "VARCHAR",
    "attendues": "BIGINT",
    "remplies": "BIGINT",
}


def measure_completeness(engine: DuckDBPyConnection) -> None:
    """`commun.completude` has one row per centre, table, field and month (2026-07) of the rows of schema `extrait`.

    attendues  cells in which a value is expected, one per row; remplies: those that hold one, "not known" apart
    """
    load_rows(engine, "commun.completude", COMPLETENESS_COLUMNS, [])
    for expected in expected_fields():
        engine.execute(f"INSERT INTO commun.completude BY NAME {_count(expected)}")


def _count(expected: ExpectedFields) -> str:
    """SELECT that reads the table once: its rows by centre and month, then one row per field."""
    day = quoted(expected.date)
    month = day if expected.date == "mois" else f"strftime({day}, '%Y-%m')"
    counts = ", ".join(
        f"count(*) FILTER (WHERE {_is_filled(name, unknown)}) AS {quoted(name)}"
        for name, unknown in expected.champs.items()
    )
    fields = ", ".join(quoted(name) for name in expected.champs)
    return (
        f"SELECT centre_code, {literal(expected.table)} AS table_nom, champ, mois, attendues, remplies FROM ("
        f"SELECT centre_code, {month} AS mois, count(*) AS attendues, {counts} "
        f"FROM extrait.{expected.table} GROUP BY ALL) UNPIVOT (remplies FOR champ IN ({fields}))"
    )


def _is_filled(name: str, unknown: tuple[str, ...]) -> str:
    column = quoted(name)
    codes = ", ".join(literal(code) for code in unknown)
    return f"{column} IS NOT NULL" + (f" AND {column} NOT IN ({codes})" if codes else "")
