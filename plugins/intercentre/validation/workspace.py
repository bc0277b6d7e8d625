"""One deposit's tables in one in-memory DuckDB: loaded, typed, judged row by row, written out.

Tables: one per contract table, under its name (ligne, typed columns, `constats` places), empty when the deposit has
none; `constats` (table_nom, ligne, colonne, code), the findings that have a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intercentre.core.engine import open_engine
from intercentre.validation.compile import SOURCE, UNPLACED, compile_table, filled_sql, suspects_sql
from intercentre.validation.expressions import list_type, quoted, sql_type
from intercentre.validation.outputs import without_glob
from intercentre.validation.raw_table import RawTable
from schemas.contract import Coded, Extract
from schemas.extracts import TABLES
from schemas.nomenclatures import nomenclature

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_YEARS_AHEAD = 20
_LONGEST_RECORD = 16_000_000  # bytes; no line that delimited.py lets through is longer


class RowsLostError(RuntimeError):
    """The engine did not give back every row that it was given: a fault of ours, never of the deposit."""


@dataclass(frozen=True)
class Workspace:
    """An open database and the facts that the statements may ask for."""

    connection: DuckDBPyConnection
    parameters: Mapping[str, object]

    @classmethod
    def open(cls, *, centre: str, date_etat: date, scratch: Path) -> Workspace:
        """An empty workspace; `scratch` is an existing folder for what does not fit into memory."""
        connection = open_engine()
        connection.execute(f"SET temp_directory = {quoted(str(scratch))}")
        connection.execute("CREATE TABLE constats (table_nom VARCHAR, ligne BIGINT, colonne VARCHAR, code VARCHAR)")
        latest = date_etat.replace(year=date_etat.year + _YEARS_AHEAD, day=1)
        return cls(connection, {"centre": centre, "date_etat": date_etat, "dernier_jour_admis": latest})

    def run(self, statement: str) -> list[tuple[Any, ...]]:
        """Execute one statement with the parameters that it names."""
        named = set(re.findall(r"\$([a-z_]+)", statement))
        self.connection.execute(statement, {name: value for name, value in self.parameters.items() if name in named})
        return self.connection.fetchall()

    def close(self) -> None:
        self.connection.close()


def create_lists(workspace: Workspace) -> None:
    """The enumerations that the codes of the tables are read with."""
    names = {
        kind.list_name for table in TABLES.values() for kind, _ in table.fields().values() if isinstance(kind, Coded)
    }
    for name in sorted(names):
        codes = ", ".join(quoted(code) for code in nomenclature(name).entries)
        workspace.connection.execute(f"CREATE TYPE {list_type(name)} AS ENUM ({codes})")


def create_empty(workspace: Workspace, table: type[Extract]) -> None:
    """The table is there, without a row."""
    columns = ", ".join(f"{column} {sql_type(kind)}" for column, (kind, _) in table.fields().items())
    workspace.run(f"CREATE TABLE {table.contrat.name} (ligne BIGINT, {columns}, constats INTEGER[])")


def load(workspace: Workspace, table: type[Extract], raw: RawTable) -> dict[tuple[str, str], int]:
    """The table is there, typed and judged row by row; returns its profile.

    raises  RowsLostError unless every record of `raw` became exactly one row
    """
    compiled = compile_table(table)
    name = compiled.name
    workspace.run(f"CREATE OR REPLACE TEMP VIEW {SOURCE} AS {_source_sql(table, raw)}")
    workspace.run(f"CREATE TABLE {name} AS {compiled.judge}")
    ((rows, lines),) = workspace.run(f"SELECT count(*), count(DISTINCT ligne) FROM {name}")
    if rows != raw.rows or lines != raw.rows:
        raise RowsLostError(f"{name}: {raw.rows} records, {rows} rows, {lines} line numbers")
    (profile,) = workspace.run(compiled.profile)
    workspace.run(_findings_sql(table, raw))
    return dict(zip(compiled.profiled, map(int, profile), strict=True))


def suspects(workspace: Workspace, column: str) -> tuple[list[tuple[str, int]], int]:
    """Cells of a column of the table loaded last: (text, times) of those that look like personal data; those filled."""
    ((filled,),) = workspace.run(filled_sql(column))
    return workspace.run(suspects_sql(column)), filled


def set_quarantine(workspace: Workspace, codes: Iterable[str]) -> None:
    """The table `quarantaine` holds each line that has a finding of one of these codes."""
    listed = ", ".join(map(quoted, codes))
    workspace.run(
        f"CREATE TABLE quarantaine AS SELECT DISTINCT table_nom, ligne FROM constats WHERE code IN ({listed})"
    )


def findings_by_line(workspace: Workspace) -> list[tuple[str, int, str, str]]:
    """(table, ligne, colonne, code) of every finding that has a line, each once."""
    return workspace.run("SELECT DISTINCT table_nom, ligne, colonne, code FROM constats ORDER BY ALL")


def write_types(workspace: Workspace, table: type[Extract], target: Path) -> int:
    """`target` is the table as Parquet with `retenue`, in the order of its lines; returns the rows in quarantine."""
    name = table.contrat.name
    kept = f"ligne NOT IN (SELECT ligne FROM quarantaine WHERE table_nom = {quoted(name)})"
    workspace.run(
        f"COPY (SELECT ligne, {', '.join(table.fields())}, {kept} AS retenue FROM {name} ORDER BY ligne)"
        f" TO {quoted(str(target))} (FORMAT parquet, COMPRESSION zstd)"
    )
    ((quarantined,),) = workspace.run(f"SELECT count(*) FROM quarantaine WHERE table_nom = {quoted(name)}")
    count: int = quarantined
    return count


def _source_sql(table: type[Extract], raw: RawTable) -> str:
    """SELECT of the contract's columns as text; a column that the file lacks holds what no field can read."""
    cells = [f"c{position}" for position in range(len(raw.header.columns))]
    columns = ", ".join(["'ligne': 'BIGINT'", *(f"'{cell}': 'VARCHAR'" for cell in cells)])
    quote = '"' if raw.is_quoted else ""
    read = (
        f"read_csv({quoted(without_glob(raw.records))}, delim={quoted(raw.delimiter)}, quote='{quote}',"
        f" escape='{quote}', header=false, auto_detect=false, strict_mode=true, null_padding=false,"
        f" max_line_size={_LONGEST_RECORD}, columns={{{columns}}})"
    )
    place = {name: cell for name, cell in zip(raw.header.columns, cells, strict=True) if name}
    selected = [
        f"{place[name]} AS {name}" if name in place else f"{quoted(UNPLACED)} AS {name}" for name in table.fields()
    ]
    return f"SELECT ligne, {', '.join(selected)} FROM {read}"


def _findings_sql(table: type[Extract], raw: RawTable) -> str:
    """INSERT of the row findings, those on columns that the file lacks left out (V06-M says it once)."""
    compiled = compile_table(table)
    codes = ", ".join(quoted(code) for code, _ in compiled.places)
    columns = ", ".join(quoted(column) for _, column in compiled.places)
    missing = ", ".join(map(quoted, raw.header.missing)) or "''"
    return (
        f"INSERT INTO constats SELECT {quoted(compiled.name)}, ligne, [{columns}][place + 1] AS colonne,"
        f" [{codes}][place + 1]"
        f" FROM (SELECT ligne, unnest(constats) AS place FROM {compiled.name} WHERE constats IS NOT NULL)"
        f" WHERE colonne NOT IN ({missing})"
    )
