"""One deposit's tables in one DuckDB: loaded, typed, judged row by row, written out.

Tables: one per contract table, under its name (ligne, typed columns, columns of marks), empty when the deposit has
none; a large one lies in a Parquet file in the scratch folder and is seen through a view, so that memory does not grow
with it. `constats` (table_nom, ligne, colonne, code) holds the findings that have a line.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intercentre.core.engine import open_engine
from intercentre.validation.compile import (
    BETWEEN_TEXTS,
    SOURCE,
    UNPLACED,
    CompiledTable,
    Place,
    compile_table,
    filled_sql,
    longer_sql,
    looks_personal_sql,
    suspects_sql,
)
from intercentre.validation.direct import order_is_kept, survey_direct
from intercentre.validation.expressions import list_type, quoted, sql_type
from intercentre.validation.outputs import without_glob
from intercentre.validation.raw_table import RawTable
from schemas.contract import Code, Coded, Denomination, Extract, FieldType, Identifier
from schemas.extracts import TABLES
from schemas.nomenclatures import nomenclature

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_YEARS_AHEAD = 20
_LONGEST_RECORD = 16_000_000  # bytes; no line that delimited.py lets through is longer


TYPED_PARQUET = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, PARQUET_VERSION v2, ROW_GROUP_SIZE 61440"


class RowsLostError(RuntimeError):
    """The engine did not give back every row that it was given: a fault of ours, never of the deposit."""


class DirectReadingError(RuntimeError):
    """A file that was read where it lies has to be read the long way; nothing of it is in the workspace."""


@dataclass(frozen=True)
class Workspace:
    """An open database and the facts that the statements may ask for."""

    connection: DuckDBPyConnection
    parameters: Mapping[str, object]
    scratch: Path

    @classmethod
    def open(cls, *, centre: str, date_etat: date, scratch: Path) -> Workspace:
        """An empty workspace; `scratch` is an existing folder for what does not fit into memory."""
        connection = open_engine()
        connection.execute(f"SET temp_directory = {quoted(str(scratch))}")
        # the plan that this optimizer makes of a long IN is a join, and a join loses the order of rows
        connection.execute("SET disabled_optimizers = 'in_clause'")
        connection.execute("CREATE TABLE constats (table_nom VARCHAR, ligne BIGINT, colonne VARCHAR, code VARCHAR)")
        latest = date_etat.replace(year=date_etat.year + _YEARS_AHEAD, day=1)
        return cls(connection, {"centre": centre, "date_etat": date_etat, "dernier_jour_admis": latest}, scratch)

    @property
    def date_etat(self) -> date:
        """The day whose state the rows are judged at."""
        day = self.parameters["date_etat"]
        if not isinstance(day, date):
            raise TypeError("date_etat")
        return day

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
    columns = ", ".join(f"{column} {_plain_type(kind)}" for column, (kind, _) in table.fields().items())
    workspace.run(f"CREATE TABLE {table.contrat.name} (ligne BIGINT, {columns})")


def _plain_type(kind: FieldType) -> str:
    return "VARCHAR" if isinstance(kind, Code) else sql_type(kind)


Profile = Mapping[tuple[str, str], int]
"""(what, column) → cells: `TOL-...` that made use of a tolerance, `suspectes` that leaks.py should look at, `longues`
that are longer than any code; a column that is not named has none."""


def load(workspace: Workspace, table: type[Extract], raw: RawTable) -> Profile:
    """The table is there, typed and judged row by row; returns its profile.

    raises  RowsLostError unless every record of `raw` became exactly one row
    """
    show_source(workspace, table, raw)
    _create_table(workspace, table, compile_table(table, raw.forms), raw)
    return _judged(workspace, table, raw)


def load_direct(workspace: Workspace, table: type[Extract], sketch: RawTable) -> tuple[RawTable, Profile]:
    """As load, of a file that is read where it lies and shown through a view; also returns it surveyed.

    raises  DirectReadingError when it cannot be read so, or the engine did not keep its rows and their order
    """
    show_source(workspace, table, sketch)
    raw = judge_to_parquet(workspace, table, sketch, workspace.scratch / f"{table.contrat.name}.parquet")
    return raw, _judged(workspace, table, raw)


def show_source(workspace: Workspace, table: type[Extract], raw: RawTable) -> None:
    """The relation `source` is the records of the table as they were written."""
    workspace.run(f"CREATE OR REPLACE TEMP VIEW {SOURCE} AS {_source_sql(table, raw)}")


def _judged(workspace: Workspace, table: type[Extract], raw: RawTable) -> Profile:
    compiled = compile_table(table, raw.forms)
    counts = _count_places(workspace, compiled)
    _insert_findings(workspace, compiled, counts, raw.header.missing)
    profile = {(place.code, place.column): number for place, number in counts.items() if not place.is_finding}
    profile |= {(code, column): raw.rows for column, form in raw.forms for code in form.tolerances}
    return profile | _count_suspects(workspace, table, counts)


def _create_table(workspace: Workspace, table: type[Extract], compiled: CompiledTable, raw: RawTable) -> None:
    columns = [f"CAST({column} AS {_plain_type(kind)}) AS {column}" for column, (kind, _) in table.fields().items()]
    name = compiled.name
    workspace.run(
        f"CREATE TABLE {name} AS SELECT ligne, {', '.join([*columns, *compiled.marks])} FROM (\n{compiled.judge}\n)"
    )
    ((rows, lines),) = workspace.run(f"SELECT count(*), count(DISTINCT ligne) FROM {name}")
    if rows != raw.rows or lines != raw.rows:
        raise RowsLostError(f"{name}: {raw.rows} records, {rows} rows, {lines} line numbers")


def judge_to_parquet(
    workspace: Workspace, table: type[Extract], sketch: RawTable, target: Path, *, with_texts: bool = False
) -> RawTable:
    """`target` is the typed rows of a file read where it lies, in its order, with their marks; a view shows them.

    The file is surveyed while the engine reads it; returns it with its count of rows and its samples.

    raises  DirectReadingError, and no view is made
    """
    from duckdb import Error

    compiled = compile_table(table, sketch.forms, with_texts=with_texts)
    with ThreadPoolExecutor(1) as beside:
        surveyed = beside.submit(survey_direct, sketch)
        try:
            ((rows,),) = workspace.run(f"COPY (\n{compiled.judge}\n) TO {quoted(str(target))} ({TYPED_PARQUET})")
        except Error as error:
            raise DirectReadingError(compiled.name) from error
        raw = surveyed.result()
    if raw is None or rows != raw.rows:
        raise DirectReadingError(f"{compiled.name}: the records could not be counted, or {rows} rows are not theirs")
    file = f"read_parquet({quoted(without_glob(target))}, file_row_number=true)"
    _require_order(workspace, table, raw, file)
    if _holds_a_void(workspace, compiled, file):
        raise DirectReadingError(f"{compiled.name}: a record without a value")
    shown = ", ".join([*table.fields(), *compiled.marks, *(["bruts"] if with_texts else [])])
    workspace.run(
        f"CREATE VIEW {compiled.name} AS SELECT file_row_number + {raw.first_line} AS ligne, {shown} FROM {file}"
    )
    return raw


def _require_order(workspace: Workspace, table: type[Extract], raw: RawTable, file: str) -> None:
    """Raise DirectReadingError unless every sampled record stands at its rank in the file that was written."""
    key, ranks = table.contrat.key, ", ".join(str(sample.rank) for sample in raw.samples)
    kept = workspace.run(
        f"SELECT file_row_number, {', '.join(key)} FROM {file} WHERE file_row_number IN (SELECT unnest([{ranks}]))"
    )
    by_rank = {rank: dict(zip(key, values, strict=True)) for rank, *values in kept}
    if not order_is_kept(table, raw, by_rank, workspace.date_etat):
        raise DirectReadingError(f"{table.contrat.name}: rows out of order")


def _holds_a_void(workspace: Workspace, compiled: CompiledTable, file: str) -> bool:
    """Whether all that is due is missing from a record: it may hold nothing at all, and then it is no row."""
    due = [place.is_set for place in compiled.places if place.code == "CTR-001"]
    return bool(due) and bool(workspace.run(f"SELECT 1 FROM {file} WHERE {' AND '.join(due)} LIMIT 1"))


def _count_places(workspace: Workspace, compiled: CompiledTable) -> dict[Place, int]:
    """How often each place is marked, for those that are at all; the marked lines are in the table `marques`."""
    texts = ["bruts"] if compiled.has_texts else []
    any_mark = " OR ".join(f"{mark} IS NOT NULL" for mark in compiled.marks)
    workspace.run(
        f"CREATE OR REPLACE TEMP TABLE marques AS SELECT {', '.join(['ligne', *compiled.marks, *texts])}"
        f" FROM {compiled.name}"
        f" WHERE {any_mark}"
    )
    (words,) = workspace.run(
        f"SELECT {', '.join(f'coalesce(bit_or({mark}), 0)' for mark in compiled.marks)} FROM marques"
    )
    seen = [place for place in compiled.places if words[place.word] >> place.bit & 1]
    if not seen:
        return {}
    (numbers,) = workspace.run(
        f"SELECT {', '.join(f'count(*) FILTER (WHERE {place.is_set})' for place in seen)} FROM marques"
    )
    return dict(zip(seen, numbers, strict=True))


def write_cells(workspace: Workspace, compiled: CompiledTable, target: Path) -> dict[tuple[str, str], int]:
    """`target` is every failing cell of a table judged with its texts (ligne, colonne, code, brut); returns counts."""
    counts = {place: number for place, number in _count_places(workspace, compiled).items() if place.is_finding}
    cells = [
        f"SELECT ligne, {quoted(place.column)} AS colonne, {quoted(place.code)} AS code,"
        f" string_split(bruts, {quoted(BETWEEN_TEXTS)})[{compiled.columns.index(place.column) + 1}] AS brut"
        f" FROM marques WHERE {place.is_set}"
        for place in counts
    ]
    none = "SELECT NULL::BIGINT AS ligne, '' AS colonne, '' AS code, '' AS brut WHERE false"
    workspace.run(f"COPY ({' UNION ALL '.join([none, *cells])}) TO {quoted(str(target))} ({TYPED_PARQUET})")
    return {(place.code, place.column): number for place, number in counts.items()}


def _insert_findings(
    workspace: Workspace, compiled: CompiledTable, counts: Mapping[Place, int], missing: Collection[str]
) -> None:
    """`constats` holds the findings on rows; those on columns that the file lacks are left out (V06-M says it once)."""
    for place in counts:
        if place.is_finding and place.column not in missing:
            workspace.run(
                f"INSERT INTO constats SELECT {quoted(compiled.name)}, ligne, {quoted(place.column)},"
                f" {quoted(place.code)} FROM marques WHERE {place.is_set}"
            )


def _count_suspects(
    workspace: Workspace, table: type[Extract], counts: Mapping[Place, int]
) -> dict[tuple[str, str], int]:
    """Cells that look like personal data: in identifiers and names, and among the cells that could not be read.

    A cell that was read as a code, a day, a number or a yes is nothing else, and none of them is long.
    """
    free = [column for column, (kind, _) in table.fields().items() if isinstance(kind, Identifier | Denomination)]
    unread = sorted({place.column for place in counts if place.is_finding})
    looks = {("suspectes", column): looks_personal_sql(column) for column in unread}
    looks |= {("longues", column): longer_sql(column, table.fields()[column][0]) for column in unread}
    read = {("suspectes", column): looks_personal_sql(column) for column in free if column not in unread}
    return _counted(workspace, SOURCE, looks) | _counted(workspace, table.contrat.name, read)


def _counted(workspace: Workspace, relation: str, looks: Mapping[tuple[str, str], str]) -> dict[tuple[str, str], int]:
    if not looks:
        return {}
    (numbers,) = workspace.run(f"SELECT {', '.join(looks.values())} FROM {relation}")
    return dict(zip(looks, numbers, strict=True))


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


def write_types(workspace: Workspace, table: type[Extract], target: Path, judged: type[Extract] | None = None) -> int:
    """`target` is the table as Parquet with `retenue`, in the order of its lines; returns the rows in quarantine.

    judged  the class by which the rows were judged, where it is an earlier version; what it lacks is empty
    """
    name = table.contrat.name
    known = (judged or table).fields()
    columns = ", ".join(
        column if column in known else f"CAST(NULL AS {_plain_type(kind)}) AS {column}"
        for column, (kind, _) in table.fields().items()
    )
    kept = f"ligne NOT IN (SELECT ligne FROM quarantaine WHERE table_nom = {quoted(name)})"
    workspace.run(
        f"COPY (SELECT ligne, {columns}, {kept} AS retenue FROM {name} ORDER BY ligne)"
        f" TO {quoted(str(target))} ({TYPED_PARQUET})"
    )
    ((quarantined,),) = workspace.run(f"SELECT count(*) FROM quarantaine WHERE table_nom = {quoted(name)}")
    count: int = quarantined
    return count


def _source_sql(table: type[Extract], raw: RawTable) -> str:
    """SELECT of the contract's columns as text; a column that the file lacks holds what no field can read."""
    cells = [f"c{position}" for position in range(len(raw.header.columns))]
    borne = [] if raw.first_line is not None else ["'ligne': 'BIGINT'"]
    columns = ", ".join([*borne, *(f"'{cell}': 'VARCHAR'" for cell in cells)])
    quote = '"' if raw.is_quoted else ""
    limits = f"max_line_size={_LONGEST_RECORD}" if raw.first_line is None else f"skip={raw.first_line - 1}"
    read = (
        f"read_csv({quoted(without_glob(raw.records))}, delim={quoted(raw.delimiter)}, quote='{quote}',"
        f" escape='{quote}', header=false, auto_detect=false, strict_mode=true, null_padding=false,"
        f" {limits}, columns={{{columns}}})"
    )
    place = {name: cell for name, cell in zip(raw.header.columns, cells, strict=True) if name}
    selected = [
        f"{place[name]} AS {name}" if name in place else f"{quoted(UNPLACED)} AS {name}" for name in table.fields()
    ]
    ligne = "ligne" if raw.first_line is None else "NULL AS ligne"
    return f"SELECT {ligne}, {', '.join(selected)} FROM {read}"
