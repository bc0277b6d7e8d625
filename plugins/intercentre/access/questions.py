"""One question, one answer: columns and rows, or a French sentence about what is wrong with the question."""

from __future__ import annotations

from threading import Timer
from typing import TYPE_CHECKING, Any

from intercentre.access.opening import open_analysis, open_release
from intercentre.access.refusal import AccessError
from intercentre.core.hub import Hub

if TYPE_CHECKING:
    import duckdb

Answer = tuple[list[str], list[tuple[Any, ...]]]
DEFAULT_DELAY = 60.0  # seconds; a question on a release takes milliseconds


def sql(hub: Hub, query: str, version: str | None = None, *, delai_s: float = DEFAULT_DELAY) -> Answer:
    """Columns and rows of one SELECT on a release, the last one made when no version is given.

    delai_s  seconds after which the question is given up
    raises   AccessError, in French: no such release, not one reading statement, unknown name, forbidden, too long
    """
    with open_release(hub, version) as connection:
        return ask(connection, query, delai_s)


def sql_analysis(hub: Hub, query: str, version: str | None = None, *, delai_s: float = DEFAULT_DELAY) -> Answer:
    """The same on DISCRI's file of a release."""
    with open_analysis(hub, version) as connection:
        return ask(connection, query, delai_s)


def ask(connection: duckdb.DuckDBPyConnection, query: str, delai_s: float) -> Answer:
    """The answer to one reading statement on an open file; raises AccessError."""
    import duckdb

    timer = Timer(delai_s, connection.interrupt)
    timer.daemon = True
    timer.start()
    try:
        statement = _one_reading_statement(connection, query)
        result = connection.execute(statement)
        return [column[0] for column in result.description or ()], result.fetchall()
    except duckdb.Error as error:
        raise AccessError(_sentence(connection, error, delai_s)) from error
    finally:
        timer.cancel()


def _one_reading_statement(connection: duckdb.DuckDBPyConnection, query: str) -> duckdb.Statement:
    import duckdb

    statements = connection.extract_statements(query)
    if len(statements) != 1:
        raise AccessError("Posez une question à la fois : une seule instruction SELECT.")
    if statements[0].type not in (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN):
        raise AccessError(
            "Seule la lecture est possible : SELECT, DESCRIBE, SUMMARIZE, SHOW ou EXPLAIN. Une publication ne change "
            "jamais, et rien d'autre que ses tables ne peut être lu d'ici."
        )
    return statements[0]


def _sentence(connection: duckdb.DuckDBPyConnection, error: duckdb.Error, delai_s: float) -> str:
    """What happened, in French, then the engine's own first line, which names the place."""
    import duckdb

    if isinstance(error, duckdb.InterruptException):
        return f"La question dure plus de {delai_s:g} secondes : elle a été abandonnée. Restreignez-la."
    if isinstance(error, duckdb.PermissionException):
        return "Interdit : seules les tables de la publication peuvent être lues, aucun fichier ni réseau."
    return f"{_what(connection, error)} Détail : {str(error).splitlines()[0]}"


def _what(connection: duckdb.DuckDBPyConnection, error: duckdb.Error) -> str:
    import duckdb

    if isinstance(error, duckdb.ParserException):
        return "La question n'est pas du SQL bien formé."
    if isinstance(error, duckdb.CatalogException):
        return f"Table ou fonction inconnue. Tables : {', '.join(_tables(connection))}."
    if isinstance(error, duckdb.BinderException):
        return "Colonne inconnue, ou emploi qui ne convient pas à son type. Essayez : DESCRIBE indicateurs."
    if isinstance(error, duckdb.ConversionException):
        return "Une valeur ne peut pas être lue dans le type demandé."
    return "La question n'a pas pu être traitée."


def _tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    rows = connection.execute(
        "SELECT CASE WHEN schema_name = 'main' THEN '' ELSE schema_name || '.' END || table_name FROM duckdb_tables() "
        "UNION ALL SELECT view_name FROM duckdb_views() WHERE NOT internal ORDER BY 1"
    ).fetchall()
    return [row[0] for row in rows]
