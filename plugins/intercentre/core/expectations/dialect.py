"""A DuckDB file as SQLAlchemy reads it, and never writes it: what Great Expectations stands on.

Great Expectations reads a result after it has left the connection that made it. The rows are therefore fetched as soon
as the statement has run, and the end of a connection neither commits nor rolls back anything: there is nothing to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, text, types
from sqlalchemy.dialects import registry
from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy
from sqlalchemy.engine.default import DefaultDialect, DefaultExecutionContext
from sqlalchemy.exc import NoSuchTableError

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

DRIVER = "duckdb.intercentre"
_IN_SCHEMA = "WHERE database_name = current_database() AND schema_name = :schema"
_SYSTEM = ("information_schema", "pg_catalog")
_TYPES: dict[str, type[types.TypeEngine[Any]]] = {
    "BIGINT": types.BIGINT,
    "BOOLEAN": types.BOOLEAN,
    "DATE": types.DATE,
    "DOUBLE": types.DOUBLE,
    "INTEGER": types.INTEGER,
    "TIMESTAMP": types.TIMESTAMP,
    "VARCHAR": types.VARCHAR,
}


def address(database: Path, threads: int = 2, memory: str = "1GB") -> str:
    """The address of a DuckDB file for SQLAlchemy, through this dialect."""
    query = {"threads": str(threads), "memory_limit": memory}
    return URL.create("duckdb+intercentre", database=str(database), query=query).render_as_string()


class _Context(DefaultExecutionContext):
    def post_exec(self) -> None:
        if self.cursor.description:
            rows = self.cursor.fetchall()
            self.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(
                self.cursor, self.cursor.description, initial_buffer=rows
            )


class ReadOnlyDuckdb(DefaultDialect):
    """DuckDB opened for reading; the names of its tables, views and columns come from its own catalogue."""

    name = "duckdb"
    driver = "intercentre"
    execution_ctx_cls = _Context
    supports_statement_cache = True
    supports_native_boolean = True
    max_identifier_length = 255
    default_schema_name = "main"

    @classmethod
    def import_dbapi(cls) -> Any:
        import duckdb

        return duckdb

    def create_connect_args(self, url: URL) -> Any:
        config = dict(url.query) | {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
        return [url.database], {"read_only": True, "config": config}

    def initialize(self, connection: Connection) -> None:
        """Nothing to find out: the engine is ours, and its version is pinned."""

    def do_begin(self, dbapi_connection: Any) -> None: ...

    def do_commit(self, dbapi_connection: Any) -> None: ...

    def do_rollback(self, dbapi_connection: Any) -> None: ...

    def get_schema_names(self, connection: Connection, **_: Any) -> list[str]:
        sql = "SELECT schema_name FROM duckdb_schemas() WHERE database_name = current_database() ORDER BY 1"
        return [name for name in _names(connection, sql) if name not in _SYSTEM]

    def get_table_names(self, connection: Connection, schema: str | None = None, **_: Any) -> list[str]:
        sql = f"SELECT table_name FROM duckdb_tables() {_IN_SCHEMA} ORDER BY 1"
        return _names(connection, sql, schema=schema or "main")

    def get_view_names(self, connection: Connection, schema: str | None = None, **_: Any) -> list[str]:
        sql = f"SELECT view_name FROM duckdb_views() {_IN_SCHEMA} ORDER BY 1"
        return _names(connection, sql, schema=schema or "main")

    def has_table(self, connection: Connection, table_name: str, schema: str | None = None, **_: Any) -> bool:
        tables = self.get_table_names(connection, schema)
        return table_name in tables or table_name in self.get_view_names(connection, schema)

    def get_columns(self, connection: Connection, table_name: str, schema: str | None = None, **_: Any) -> list[Any]:
        sql = (
            "SELECT column_name, data_type, is_nullable FROM duckdb_columns()"
            f" {_IN_SCHEMA} AND table_name = :table ORDER BY column_index"
        )
        rows = connection.execute(text(sql), {"schema": schema or "main", "table": str(table_name)}).all()
        if not rows:
            raise NoSuchTableError(table_name)
        return [{"name": name, "type": _type(kind), "nullable": null, "default": None} for name, kind, null in rows]

    def get_pk_constraint(self, connection: Connection, table_name: str, schema: str | None = None, **_: Any) -> Any:
        return {"constrained_columns": [], "name": None}


def _names(connection: Connection, sql: str, **parameters: str) -> list[str]:
    return [str(name) for (name,) in connection.execute(text(sql), parameters)]


def _type(kind: str) -> types.TypeEngine[Any]:
    return types.NUMERIC() if kind.startswith("DECIMAL") else _TYPES.get(kind, types.NullType)()


registry.register(DRIVER, __name__, ReadOnlyDuckdb.__name__)
