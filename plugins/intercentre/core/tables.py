"""The tables of a folder: a Parquet file each or, where there is much of them, a folder with a file for each centre.

What one centre's rows tell is then counted from its files alone; whoever wants them all reads them one after another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from intercentre.core.engine import literal, quoted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def tables_in(folder: Path) -> dict[str, tuple[Path, ...]]:
    """Table → its files, in the order of names: <table>.parquet, or <table>/<centre>.parquet."""
    whole = {path.stem: (path,) for path in folder.glob("*.parquet")}
    apart: dict[str, tuple[Path, ...]] = {}
    for path in sorted(folder.glob("*/*.parquet")):
        apart[path.parent.name] = (*apart.get(path.parent.name, ()), path)
    return dict(sorted((whole | apart).items()))


def rows_in(files: Iterable[Path]) -> str:
    """SQL for the rows of these files."""
    return f"read_parquet([{', '.join(map(literal, files))}])"


def show_folder(engine: DuckDBPyConnection, schema: str, folder: Path) -> None:
    """`schema` shows every table of the folder."""
    _show(engine, schema, tables_in(folder))


def show_centres(engine: DuckDBPyConnection, schema: str, folder: Path) -> tuple[str, ...]:
    """Each centre whose rows have files of their own has a database of its name, where `schema` shows them alone.

    A table that lies in one file is shown whole. Returns the centres: none where all tables do.
    """
    tables = tables_in(folder)
    apart = {table for table, files in tables.items() if files[0].parent != folder}
    centres = tuple(sorted({path.stem for table in apart for path in tables[table]}))
    for centre in centres:
        engine.execute(f"ATTACH ':memory:' AS {quoted(centre)}")
        own = {table: (folder / table / f"{centre}.parquet",) for table in apart}
        _show(engine, f"{quoted(centre)}.{schema}", tables | own)
    return centres


def _show(engine: DuckDBPyConnection, schema: str, tables: Mapping[str, tuple[Path, ...]]) -> None:
    engine.execute(f"CREATE SCHEMA {schema}")
    for table, files in tables.items():
        engine.execute(f"CREATE VIEW {schema}.{quoted(table)} AS SELECT * FROM {rows_in(files)}")
