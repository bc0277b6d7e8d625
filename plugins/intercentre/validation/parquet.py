"""Parquet, as a database or an analyst writes it: typed columns turned into the texts that the contract reads.

A row has the line that it would have in a spreadsheet, under a header on line 1.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from intercentre.core.engine import literal, open_engine, quoted, scalar
from intercentre.validation import archive
from intercentre.validation.delimited import LONGEST_LINE, MOST_COLUMNS
from intercentre.validation.header import BLANKS, Header, match_header
from intercentre.validation.outputs import without_glob
from intercentre.validation.raw_table import RawTable, SourceRows
from intercentre.validation.refusal import RefusalError
from schemas.contract import Extract

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MAX_CELLS = 300_000_000
"""cells of a file; a few bytes can stand for a million equal rows"""

_BLANKS = literal(BLANKS)
_FAULTS_OF_THE_DISK = (errno.ENOSPC, errno.EIO, errno.EROFS, errno.EDQUOT)
_ENCRYPTED = b"PARE"
_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")
_PLAIN = (*_WHOLE, "VARCHAR", "DATE", "UUID", "TIME", "TIMESTAMP WITH TIME ZONE", "UHUGEINT")
_INSTANTS = ("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS")


def parquet_columns(source: Path) -> list[str]:
    """The names of the columns; raises RefusalError DEP-005 or DEP-008."""
    with _opened(source) as engine:
        return [name for name, _ in _columns(engine)]


def read_parquet(source: Path, table: type[Extract], target: Path) -> RawTable:
    """The records of `source` are in `target`.

    raises  RefusalError DEP-004 (far more than it should hold), DEP-005, DEP-008 (encrypted), DEP-013 (a column of
            the contract of a type that is no text, number, day or yes and no)
    """
    with _opened(source) as engine:
        header, texts = _texts(engine, table)
        _check_size(engine, texts)
        filled = " OR ".join(f"trim({text}, {_BLANKS}) <> ''" for text in texts) or "false"
        long = " OR ".join(f"length({text}) > {LONGEST_LINE}" for text in texts) or "false"
        lines = f"SELECT file_row_number + 2 AS ligne FROM lignes WHERE {long} ORDER BY ligne"
        ragged = tuple(line for (line,) in engine.execute(lines).fetchall())
        (rows,) = engine.execute(
            f"COPY (SELECT file_row_number + 2, {', '.join(texts)} FROM lignes WHERE ({filled}) AND NOT ({long}))"
            f" TO {literal(target)} (FORMAT csv, HEADER false, DELIMITER ';', QUOTE '\"', ESCAPE '\"')"
        ).fetchall()[0]
    return RawTable(
        header=header,
        records=target,
        delimiter=";",
        is_quoted=True,
        rows=rows,
        ragged=ragged,
        tolerances=("TOL-002",) if header.is_rewritten else (),
    )


def parquet_rows(source: Path, table: type[Extract]) -> SourceRows:
    """The header, then every row as the contract reads it; raises RefusalError as read_parquet."""
    with _opened(source) as engine:
        header, texts = _texts(engine, table)
        _check_size(engine, texts)
        names = [name for name, _ in _columns(engine)]
        read = engine.execute(f"SELECT file_row_number + 2, {', '.join(texts)} FROM lignes ORDER BY 1").fetchall()
    rows = [(line, [cell or "" for cell in cells]) for line, *cells in read]
    return SourceRows(header, 1, 0, [(1, names), *((line, cells) for line, cells in rows if any(cells))])


@contextmanager
def _opened(source: Path) -> Iterator[DuckDBPyConnection]:
    """An engine with the view `lignes`; what the file makes fail in the block raises RefusalError DEP-005."""
    import duckdb

    with source.open("rb") as stream:
        if stream.read(4) == _ENCRYPTED:
            raise RefusalError("DEP-008")
    with open_engine() as engine:
        try:
            engine.execute(
                f"CREATE VIEW lignes AS SELECT * FROM read_parquet({literal(without_glob(source))},"
                " file_row_number = true, hive_partitioning = false)"
            )
            yield engine
        except duckdb.IOException as error:
            if any(os.strerror(fault) in str(error) for fault in _FAULTS_OF_THE_DISK):
                raise
            raise RefusalError("DEP-005") from error
        except duckdb.OutOfMemoryException as error:
            raise RefusalError("DEP-004") from error
        except duckdb.Error as error:
            raise RefusalError("DEP-005") from error


def _columns(engine: DuckDBPyConnection) -> list[tuple[str, str]]:
    """(name, type) of each column of the file; raises RefusalError DEP-005 when there are too many."""
    found = [(str(name), str(kind)) for name, kind, *_ in engine.execute("DESCRIBE lignes").fetchall()][:-1]
    if not 0 < len(found) <= MOST_COLUMNS:
        raise RefusalError("DEP-005")
    return found


def _texts(engine: DuckDBPyConnection, table: type[Extract]) -> tuple[Header, list[str]]:
    """The header, and for each column SQL for its text; a column that the contract does not know is not read."""
    columns = _columns(engine)
    header = match_header([name for name, _ in columns], table)
    texts = [
        _text(quoted(name), kind) if known else "''"
        for (name, kind), known in zip(columns, header.columns, strict=True)
    ]
    return header, texts


def _text(column: str, kind: str) -> str:
    """SQL for a value as a person writes it, '' when there is none; raises RefusalError DEP-013."""
    if kind == "BOOLEAN":
        text = f"CASE WHEN {column} THEN 'true' WHEN NOT {column} THEN 'false' END"
    elif kind in ("DOUBLE", "FLOAT"):
        whole = f"CAST(CAST({column} AS BIGINT) AS VARCHAR)"
        exact = f"{column} = trunc({column}) AND abs({column}) < 1e15"
        shortest = f"CAST({column} AS VARCHAR)" if kind == "FLOAT" else f"format('{{:.15g}}', {column})"
        text = f"CASE WHEN {exact} THEN {whole} WHEN {column} IS NOT NULL THEN {shortest} END"
    elif kind.startswith("DECIMAL("):
        text = f"regexp_replace(regexp_replace(CAST({column} AS VARCHAR), '(\\.[0-9]*?)0+$', '\\1'), '\\.$', '')"
    elif kind in _INSTANTS:
        at_midnight = f"{column} = date_trunc('day', {column})"
        day = f"CAST(CAST({column} AS DATE) AS VARCHAR)"
        text = f"CASE WHEN {at_midnight} THEN {day} WHEN {column} IS NOT NULL THEN CAST({column} AS VARCHAR) END"
    elif kind in _PLAIN or kind.startswith("ENUM("):
        text = f"CAST({column} AS VARCHAR)"
    else:
        raise RefusalError("DEP-013")
    return f"coalesce(translate({text}, chr(13) || chr(10), '  '), '')"


def _check_size(engine: DuckDBPyConnection, texts: Sequence[str]) -> None:
    """Return when the file holds no more than it should; raise RefusalError DEP-004, or DEP-005 for a NUL."""
    rows = scalar(engine, "SELECT count(*) FROM lignes")
    if rows * len(texts) > MAX_CELLS:
        raise RefusalError("DEP-004")
    long = [quoted(name) for name, kind in _columns(engine) if kind == "VARCHAR"]
    sizes = " + ".join(f"coalesce(strlen({column}), 0)" for column in long) or "0"
    if (scalar(engine, f"SELECT sum({sizes}) FROM lignes") or 0) > archive.MAX_BYTES:
        raise RefusalError("DEP-004")
    nul = " OR ".join(f"contains({text}, chr(0))" for text in texts)
    if scalar(engine, f"SELECT count(*) FROM lignes WHERE {nul}"):
        raise RefusalError("DEP-005")
