"""intercentre-public.duckdb: the release as one documented file, the same bytes for the same figures.

The engine writes whole blocks, and whatever lay in memory where a block is not full: rows of the centres were found in
a public file. So the file is written by a fresh process, which has only ever seen the public tables, on memory that is
filled with zeros; strings are stored as dictionaries, since the engine's other encodings vary from run to run
(docs/decisions/0021).
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from intercentre.core.engine import literal, open_engine, quoted
from intercentre.core.refusal import Refusal
from intercentre.release.public_tables import PUBLIC_TABLES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

STORAGE = "v1.0.0"  # the oldest that holds comments: later ones put a random mark in each file
_ZEROED = {"DUCKDB_JE_MALLOC_CONF": "zero:true"}
_MACROS = Path(__file__).parent / "sql" / "macros"


class PublicFileError(Refusal):
    """The process that writes the public file failed; the message is what it said."""


def write_public_database(engine: DuckDBPyConnection, path: Path) -> None:
    """`path` holds the released tables of `engine` with their comments, views and macros."""
    with tempfile.TemporaryDirectory(prefix="publication-") as folder:
        for table, (_, order, _) in PUBLIC_TABLES.items():
            target = literal(Path(folder) / f"{table}.parquet")
            engine.execute(f"COPY (SELECT * FROM {table} ORDER BY {order}) TO {target} (FORMAT parquet)")
        command = [sys.executable, "-P", "-m", __name__, folder, str(path)]
        done = subprocess.run(command, env=os.environ | _ZEROED, capture_output=True, text=True, check=False)
    if done.returncode:
        raise PublicFileError(done.stderr)


def build(source: Path, path: Path) -> None:
    """`path` holds every <table>.parquet of `source`; called in a process of its own, which reads nothing else."""
    with open_engine(threads=1) as engine:
        engine.execute(f"ATTACH {literal(path)} AS publication (STORAGE_VERSION '{STORAGE}')")
        engine.execute("SET force_compression = 'dictionary'")
        engine.execute("USE publication")
        for table, (description, _, columns) in PUBLIC_TABLES.items():
            engine.execute(f"CREATE TABLE {table} AS FROM read_parquet({literal(source / f'{table}.parquet')})")
            _comment(engine, "TABLE", table, description)
            for column, meaning in columns.items():
                _comment(engine, "COLUMN", f"{table}.{quoted(column)}", meaning)
        for mission in _missions(engine):
            _create_mission(engine, mission)
        for macro in sorted(_MACROS.glob("*.sql")):
            engine.execute(macro.read_text(encoding="utf-8"))
        engine.execute("CHECKPOINT publication")
        engine.execute("USE memory")
        engine.execute("DETACH publication")


def _missions(engine: DuckDBPyConnection) -> list[str]:
    """The missions that a released indicator serves."""
    rows = engine.execute("SELECT DISTINCT unnest(string_split(missions, ';')) FROM definitions ORDER BY 1").fetchall()
    return [row[0] for row in rows]


def _create_mission(engine: DuckDBPyConnection, mission: str) -> None:
    view = quoted(f"mission_{mission}")
    engine.execute(
        f"CREATE VIEW {view} AS SELECT * FROM indicateurs WHERE indicateur IN "
        f"(SELECT indicateur FROM definitions WHERE list_contains(string_split(missions, ';'), {literal(mission)}))"
    )
    _comment(engine, "VIEW", view, f"Les chiffres des indicateurs qui servent la mission {mission} du décret.")


def _comment(engine: DuckDBPyConnection, kind: str, name: str, text: str) -> None:
    engine.execute(f"COMMENT ON {kind} {name} IS {literal(text)}")


if __name__ == "__main__":
    build(Path(sys.argv[1]), Path(sys.argv[2]))
