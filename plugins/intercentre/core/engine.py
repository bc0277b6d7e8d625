"""The analytical engine, opened one way everywhere, and tables written so that the same rows are the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from schemas.query import Query

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Item = TypeVar("Item")
Result = TypeVar("Result")

ROW_GROUP = 61_440  # rows; 30 vectors of the engine
MEMORY = "3GB"  # beyond it the engine spills to disk where it is given a folder
# Bytes of Parquet up to which a statement keeps to one core and leaves the other to the next (side_by_side). Beyond,
# statements of one core have found no room in MEMORY, at 10,000,000 dossiers: docs/decisions/0065.
ONE_CORE_EACH = 300_000_000
MAIN = "memory"  # the database of an engine that keeps nothing
CORES = 2  # a statement of one thread leaves the other core to the next; one of two threads has both


def open_engine(threads: int = CORES, spill: Path | None = None) -> DuckDBPyConnection:
    """A DuckDB connection in memory that never reaches for the network.

    spill  folder, made when needed and removed at the end, that takes what does not fit in MEMORY
    """
    import duckdb

    config: dict[str, str | bool | int | float | list[str]] = {
        "threads": threads,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "preserve_insertion_order": True,
    }
    if spill is not None:
        config |= {"memory_limit": MEMORY, "temp_directory": str(spill)}
    return without_progress(duckdb.connect(config=config))


def without_progress(engine: DuckDBPyConnection) -> DuckDBPyConnection:
    """The connection and its cursors, which draw no progress: the engine draws it into what a command writes."""
    engine.execute("SET enable_progress_bar = false")
    return engine


def is_large(files: Iterable[Path]) -> bool:
    """Whether statements on these files are made one at a time with all cores, instead of one for each core."""
    return sum(path.stat().st_size for path in files) > ONE_CORE_EACH


def side_by_side(
    engine: DuckDBPyConnection, work: Callable[[DuckDBPyConnection, Item], Result], items: Iterable[Item]
) -> list[Result]:
    """What `work` gives for each item, in their order, each with a cursor of its own.

    As many at a time as keep the cores busy: of large tables (is_large), memory holds what one statement needs.
    """

    def one(item: Item) -> Result:
        with engine.cursor() as own:
            return work(own, item)

    with ThreadPoolExecutor(CORES // scalar(engine, "SELECT current_setting('threads')") or 1) as pool:
        return list(pool.map(one, items))


def write_table(engine: DuckDBPyConnection, table: str, path: Path, key: Sequence[str]) -> int:
    """`path` holds the rows of `table` as Parquet, in the order of `key`; returns their number.

    key  columns that name a row: with a partial key the bytes would depend on the order of arrival
    """
    order = ", ".join(quoted(column) for column in key)
    engine.execute(
        f"COPY (SELECT * FROM {table} ORDER BY {order}) TO {literal(path)} "
        f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP})"
    )
    return count_rows(engine, table)


def count_rows(engine: DuckDBPyConnection, table: str) -> int:
    """How many rows `table` holds."""
    return int(scalar(engine, f"SELECT count(*) FROM {table}"))


def scalar(engine: DuckDBPyConnection, sql: str, parameters: Mapping[str, Any] | None = None) -> Any:
    """The one value of a one-row query."""
    row = engine.execute(sql, parameters).fetchone()
    if row is None:
        raise LookupError("the query returned no row")
    return row[0]


def create_table(
    engine: DuckDBPyConnection, table: str, query: Query, parameters: Mapping[str, Any] | None = None
) -> None:
    """`table` (re)made from the SELECT of a file."""
    known = {name: value for name, value in (parameters or {}).items() if name in query.parameters}
    engine.execute(f"CREATE OR REPLACE TABLE {table} AS {query.text}", known)


def load_rows(
    engine: DuckDBPyConnection, table: str, columns: Mapping[str, str], rows: Sequence[Sequence[Any]]
) -> None:
    """`table` made of `rows`; `columns` is name → DuckDB type, in the order of each row's values."""
    declared = ", ".join(f"{quoted(name)} {kind}" for name, kind in columns.items())
    engine.execute(f"CREATE OR REPLACE TABLE {table} ({declared})")
    if rows:
        by_column = [[row[at] for row in rows] for at in range(len(columns))]
        values = ", ".join(f"unnest(CAST(? AS {kind}[]))" for kind in columns.values())
        engine.execute(f"INSERT INTO {table} SELECT {values}", by_column)


def quoted(name: str) -> str:
    """An identifier as SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: str | Path) -> str:
    """A text as SQL."""
    return "'" + str(value).replace("'", "''") + "'"
