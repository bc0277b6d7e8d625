"""Periods that a centre's deposit describes, but not yet in a table that the indicator counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intercentre.core.engine import literal
from schemas.indicators import Definition

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def drop_unfinished(engine: DuckDBPyConnection, relation: str, definition: Definition) -> None:
    """`relation` has no row of a centre in a period before the history of a table that the definition needs complete.

    relation  rows with `periode` and `centre_code`; half a year of meetings is no year of meetings
    """
    if definition.tables_completes and "centre" in definition.lieux:
        engine.execute(
            f"DELETE FROM {relation} WHERE (periode, centre_code) IN (SELECT (periode, centre_code) "
            f"FROM hors_histoire WHERE indicateur = {literal(definition.code)})"
        )
