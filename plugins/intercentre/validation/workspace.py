"""One deposit's tables in one DuckDB: loaded, typed, judged row by row, written out.

Tables: one per contract table, under its name (ligne, typed columns), empty when the deposit has
none; a large one lies in a Parquet file in the scratch folder and is seen through a view, so that memory does not grow
with it. `constats` (table_nom, ligne, colonne, code, brut) holds the findings that have a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intercentre.core.engine import open_engine
from intercentre.validation.compile import (
    SOURCE,
    CompiledTable,
    compile_table,
)
from intercentre.validation.direct import order_is_kept, survey_direct
from intercentre.validation.expressions import list_type, quoted, sql_type
from intercentre.validation.judging import (
    Judged,
    Profile,
    break_rules,
    count_personal,
    find_doubts,
    judge_texts,
    tell_broken,
)
from intercentre.validation.outputs import without_glob
from intercentre.validation.raw_table import RawTable
from intercentre.validation.rereading import TEXTS, Rereading
from schemas.contract import Code, Coded, Extract, FieldType
from schemas.nomenclatures import nomenclature

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_PARAMETER = re.compile(r"'(?:[^']|'')*'|--[^\n]*|\$([a-z_]+)")
"""A literal, which may hold a text of the deposit or the name of a folder, a comment, which may hold an apostrophe, or
a parameter: group 1 is then its name."""
_YEARS_AHEAD = 20
_LONGEST_RECORD = 16_000_000  # bytes; no line that delimited.py lets through is longer


FINDINGS = "constats (table_nom, ligne, colonne, code)"
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
    with_texts: bool = False

    @classmethod
    def open(cls, *, centre: str, date_etat: date, scratch: Path, with_texts: bool = False) -> Workspace:
        """An empty workspace; `scratch` is an existing folder for what does not fit into memory.

        with_texts  `constats` also holds the texts of the cells: for the depositor alone
        """
        connection = open_engine()
        connection.execute(f"SET temp_directory = {quoted(str(scratch))}")
        # the plan that this optimizer makes of a long IN is a join, and a join loses the order of rows
        connection.execute("SET disabled_optimizers = 'in_clause'")
        connection.execute(
            "CREATE TABLE constats (table_nom VARCHAR, ligne BIGINT, colonne VARCHAR, code VARCHAR, brut VARCHAR)"
        )
        latest = date_etat.replace(year=date_etat.year + _YEARS_AHEAD, day=1)
        return cls(
            connection, {"centre": centre, "date_etat": date_etat, "dernier_jour_admis": latest}, scratch, with_texts
        )

    @property
    def date_etat(self) -> date:
        """The day whose state the rows are judged at."""
        day = self.parameters["date_etat"]
        if not isinstance(day, date):
            raise TypeError("date_etat")
        return day

    def run(self, statement: str) -> list[tuple[Any, ...]]:
        """Execute one statement with the parameters that it names."""
        named = {found[1] for found in _PARAMETER.finditer(statement)}
        self.connection.execute(statement, {name: value for name, value in self.parameters.items() if name in named})
        return self.connection.fetchall()

    def spelled_out(self, statement: str) -> str:
        """The statement with its parameters as literals: a view cannot hold parameters."""
        return _PARAMETER.sub(
            lambda found: quoted(str(self.parameters[found[1]])) if found[1] else found[0],
            statement,
        )

    def beside(self) -> Workspace:
        """The same database for another thread: tables are shared, temporary ones are its own until it is closed."""
        return replace(self, connection=self.connection.cursor())

    def close(self) -> None:
        self.connection.close()


def create_lists(workspace: Workspace, tables: Iterable[type[Extract]]) -> None:
    """The enumerations that the codes of these tables are read with."""
    names = {kind.list_name for table in tables for kind, _ in table.fields().values() if isinstance(kind, Coded)}
    for name in sorted(names):
        codes = ", ".join(quoted(code) for code in nomenclature(name).entries)
        workspace.connection.execute(f"CREATE TYPE {list_type(name)} AS ENUM ({codes})")


def create_empty(workspace: Workspace, table: type[Extract]) -> None:
    """The table is there, without a row."""
    columns = ", ".join(f"{column} {_plain_type(kind)}" for column, (kind, _) in table.fields().items())
    workspace.run(f"CREATE TABLE {table.contrat.name} (ligne BIGINT, {columns})")


def _plain_type(kind: FieldType) -> str:
    return "VARCHAR" if isinstance(kind, Code) else sql_type(kind)


def load(workspace: Workspace, table: type[Extract], raw: RawTable) -> Profile:
    """The table is there, typed and judged row by row; returns its profile.

    raises  RowsLostError unless every record of `raw` became exactly one row
    """
    show_source(workspace, table, raw)
    compiled = compile_table(table, raw.forms, frozenset(raw.header.missing), with_texts=workspace.with_texts)
    workspace.run(f"CREATE OR REPLACE TABLE {compiled.read} AS {compiled.reading}")
    ((rows, lines),) = workspace.run(f"SELECT count(*), count(DISTINCT ligne) FROM {compiled.read}")
    if rows != raw.rows or lines != raw.rows:
        raise RowsLostError(f"{compiled.name}: {raw.rows} records, {rows} rows, {lines} line numbers")
    judged = judge(workspace, compiled, shown="TABLE")
    workspace.run(f"DROP TABLE {compiled.read}")
    return _profile(workspace, compiled, raw, judged)


def load_direct(workspace: Workspace, table: type[Extract], sketch: RawTable) -> tuple[RawTable, Profile]:
    """As load, of a file that is read where it lies and shown through a view; also returns it surveyed.

    raises  DirectReadingError when it cannot be read so, or the engine did not keep its rows and their order
    """
    show_source(workspace, table, sketch)
    compiled = compile_table(table, sketch.forms, frozenset(sketch.header.missing), with_texts=workspace.with_texts)
    raw, judged = judge_direct(workspace, compiled, sketch, workspace.scratch / f"{compiled.name}.parquet")
    return raw, _profile(workspace, compiled, raw, judged)


def show_source(workspace: Workspace, table: type[Extract], raw: RawTable) -> None:
    """The relation `source` is the records of the table as they were written."""
    workspace.run(f"CREATE OR REPLACE TEMP VIEW {SOURCE} AS {_source_sql(table, raw)}")


def judge(workspace: Workspace, compiled: CompiledTable, *, shown: str) -> Judged:
    """The table that was read, under its name as a TABLE or a VIEW; `constats` holds its findings."""
    workspace.run(f"CREATE OR REPLACE TEMP TABLE textes ({TEXTS})")
    judged = _judge_doubts(workspace, compiled)
    typed = [f"CAST({column} AS {_plain_type(kind)}) AS {column}" for column, kind in compiled.kinds.items()]
    rows = f"SELECT ligne, {', '.join(typed)} FROM ({Rereading(compiled).shown(judged.reread)})"
    workspace.run(f"CREATE {shown} {compiled.name} AS {workspace.spelled_out(rows)}")
    return judged


def _judge_doubts(workspace: Workspace, compiled: CompiledTable) -> Judged:
    """The rules are asked of the rows as they were read while the texts are read the long way; again where that gave
    one of their columns a value.
    """
    doubts = find_doubts(workspace, compiled)
    is_asked = doubts.is_marked or bool(compiled.arranged.together)
    with ThreadPoolExecutor(1) as pool, closing(workspace.beside()) as beside:
        broken = pool.submit(break_rules, beside, compiled) if is_asked else None
        judged = judge_texts(workspace, compiled) if doubts.has_texts else Judged()
        if broken:
            broken.result()
    if came_late := Rereading(compiled).late(judged.reread):
        break_rules(workspace, compiled, came_late)
    if broken or came_late:
        tell_broken(workspace, compiled, judged.kept)
    return judged


def _profile(workspace: Workspace, compiled: CompiledTable, raw: RawTable, judged: Judged) -> Profile:
    """What the texts that were judged tell, the habits of the file, and the cells that were read."""
    habits = {(code, column): raw.rows for column, form in raw.forms for code in form.tolerances}
    read = count_personal(workspace, compiled)
    told = judged.profile
    return {**told, **habits, **{place: number + told.get(place, 0) for place, number in read.items()}}


def judge_direct(
    workspace: Workspace, compiled: CompiledTable, sketch: RawTable, target: Path
) -> tuple[RawTable, Judged]:
    """`target` is the first reading of a file where it lies, in its order; a view shows its rows, which are judged.

    The bytes of the file are surveyed meanwhile: only then is it known that the engine kept the rows and their order.
    Returns the file with its count of rows and its samples.

    raises  DirectReadingError, and nothing of the table is left
    """
    with ThreadPoolExecutor(1) as pool, closing(workspace.beside()) as beside:
        surveyed = pool.submit(survey_direct, sketch)
        rows = _read_to_parquet(workspace, compiled, target)
        file = f"read_parquet({quoted(without_glob(target))}, file_row_number=true)"
        numbered = f"SELECT * REPLACE (file_row_number + {sketch.first_line} AS ligne) FROM {file}"
        workspace.run(f"CREATE VIEW {compiled.read} AS {numbered}")
        proved = pool.submit(_proved, beside, compiled, surveyed, rows, file)
        judged = judge(workspace, compiled, shown="VIEW")
        try:
            return proved.result(), judged
        except DirectReadingError:
            workspace.run(f"DROP VIEW {compiled.name}")
            workspace.run(f"DROP VIEW {compiled.read}")
            workspace.run(f"DELETE FROM constats WHERE table_nom = {quoted(compiled.name)}")
            raise


def _read_to_parquet(workspace: Workspace, compiled: CompiledTable, target: Path) -> int:
    """How many rows the engine read; raises DirectReadingError where it could not read them."""
    from duckdb import Error

    try:
        ((rows,),) = workspace.run(f"COPY (\n{compiled.reading}\n) TO {quoted(str(target))} ({TYPED_PARQUET})")
    except Error as error:
        raise DirectReadingError(compiled.name) from error
    return int(rows)


def _proved(
    workspace: Workspace, compiled: CompiledTable, surveyed: Future[RawTable | None], rows: int, file: str
) -> RawTable:
    """The file as its bytes tell it, held against what the engine read; raises DirectReadingError."""
    raw = surveyed.result()
    if raw is None or rows != raw.rows:
        raise DirectReadingError(f"{compiled.name}: the records could not be counted, or {rows} rows are not theirs")
    _require_order(workspace, compiled, raw, file)
    if _holds_a_void(workspace, compiled, file):
        raise DirectReadingError(f"{compiled.name}: a record without a value")
    return raw


def _require_order(workspace: Workspace, compiled: CompiledTable, raw: RawTable, file: str) -> None:
    """Raise DirectReadingError unless every sampled record stands at its rank in the file that was written."""
    key, ranks = compiled.table.contrat.key, ", ".join(str(sample.rank) for sample in raw.samples)
    texts = [f"brut_{column}" for column in key]
    kept = workspace.run(
        f"SELECT file_row_number, {', '.join(key)}, {', '.join(map(compiled.kept_text, key))} FROM {file}"
        f" WHERE file_row_number IN (SELECT unnest([{ranks}]))"
    )
    by_rank = {rank: dict(zip([*key, *texts], values, strict=True)) for rank, *values in kept}
    if not order_is_kept(compiled.table, raw, by_rank, workspace.date_etat):
        raise DirectReadingError(f"{compiled.name}: rows out of order")


def _holds_a_void(workspace: Workspace, compiled: CompiledTable, file: str) -> bool:
    """Whether all that is due is missing from a record: it may hold nothing at all, and then it is no row."""
    return bool(workspace.run(f"SELECT 1 FROM {file} WHERE {compiled.is_void()} LIMIT 1"))


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
    """SELECT of the contract's columns as text; a column that the file lacks is empty."""
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
        f"{place[name]} AS {name}" if name in place else f"CAST(NULL AS VARCHAR) AS {name}" for name in table.fields()
    ]
    ligne = "ligne" if raw.first_line is None else "NULL AS ligne"
    return f"SELECT {ligne}, {', '.join(selected)} FROM {read}"
