"""Right-censoring of a median of waits: how many wait still, and are no part of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intercentre.core.engine import literal
from intercentre.indicators.aggregation import territory_sql
from schemas.indicators import STILL_WAITING, WAITING, Definition

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def set_waiting_apart(engine: DuckDBPyConnection, definition: Definition) -> None:
    """The table `cellule` keeps the units whose wait is over, and `cumul` has the share of those who wait still.

    One row per period and place, outside the sums: `numerateur` those who wait still (no `valeur`), `denominateur` and
    `effectif` with those whose wait is over; `mediane`, the figure before it is completed, is their share in %.
    """
    if not definition.attente:
        return
    for place in definition.territoires:
        engine.execute(
            "INSERT INTO cumul BY NAME "
            f"SELECT {literal(definition.code)} AS indicateur, "
            f"periode, {literal(place)} AS territoire_type, {territory_sql(place)} AS territoire, "
            f"{literal(WAITING)} AS dimension, {literal(STILL_WAITING)} AS modalite, "
            "CAST(count(*) FILTER (WHERE valeur IS NULL) AS DOUBLE) AS numerateur, "
            "CAST(count(*) AS DOUBLE) AS denominateur, "
            "round(100.0 * count(*) FILTER (WHERE valeur IS NULL) / count(*), 6) AS mediane, "
            "count(*) AS effectif, true AS est_mure FROM cellule GROUP BY ALL"
        )
    engine.execute("DELETE FROM cellule WHERE valeur IS NULL")
