"""The staged rows of all deposits in force, one typed table per extract, each row knowing its deposit."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from intercentre.core.engine import literal, load_rows, side_by_side
from intercentre.harmonisation.deposits import StagedDeposit
from schemas.contract import FieldType
from schemas.extracts import TABLES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_TYPES: dict[type, str] = {
    str: "VARCHAR",
    int: "INTEGER",
    bool: "BOOLEAN",
    datetime.date: "DATE",
    Decimal: "DECIMAL(12,2)",
}
ORIGIN = {"centre_code": "VARCHAR", "depot_id": "VARCHAR", "date_etat": "DATE"}


def columns_of(table: str) -> dict[str, str]:
    """Column → DuckDB type of an extract in the common tables: where the row comes from, then the contract."""
    return ORIGIN | {name: column_type(kind) for name, (kind, _) in TABLES[table].fields().items()}


def column_type(kind: FieldType) -> str:
    """The DuckDB type in which staged rows hold this type of field."""
    return _TYPES[kind.python]


def load_extracts(
    engine: DuckDBPyConnection, deposits: Sequence[StagedDeposit], officials: Sequence[StagedDeposit]
) -> None:
    """Schema `extrait` holds every table of the contract, empty where no deposit has any row.

    officials  deposits of official statistics: only their stat_locale counts
    """
    sources = {
        table: _staged(table, [*deposits, *officials] if table == "stat_locale" else deposits) for table in TABLES
    }
    origins = [
        (path, one.centre_code, one.depot_id, one.date_etat)
        for files in sources.values()
        for path, one in files.items()
    ]
    load_rows(engine, "extrait.origine", {"fichier": "VARCHAR"} | ORIGIN, origins)
    side_by_side(engine, _load_extract, [(table, list(staged)) for table, staged in sources.items()])


def _staged(table: str, deposits: Sequence[StagedDeposit]) -> dict[str, StagedDeposit]:
    """File of the table's staged rows → its deposit, where the deposit has any."""
    paths = {one.dossier / f"{table}.parquet": one for one in deposits}
    return {str(path): one for path, one in paths.items() if path.is_file()}


def _load_extract(engine: DuckDBPyConnection, source: tuple[str, list[str]]) -> None:
    table, paths = source
    columns = columns_of(table)
    load_rows(engine, f"extrait.{table}", columns, [])
    if not paths:
        return
    known = ", ".join(literal(column) for column in columns)
    engine.execute(  # a column that no deposit has yet, of a later edition, stays empty
        f"INSERT INTO extrait.{table} BY NAME SELECT COLUMNS(lambda name: name IN ({known})) "
        "FROM read_parquet($fichiers, filename = 'fichier', union_by_name = true) JOIN extrait.origine USING (fichier)",
        {"fichiers": paths},
    )
