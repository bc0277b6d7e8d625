"""The high end of a median: how long the last tenth waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intercentre.core.engine import literal
from intercentre.indicators.aggregation import territory_sql
from schemas.indicators import QUANTILE, QUANTILES, Definition

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def add_quantiles(engine: DuckDBPyConnection, definition: Definition) -> None:
    """The table `cumul` also holds the quantiles that the definition asks for, one row per period and place.

    They are categories of the dimension `quantile`, over the units of the total, the rows of `cellule`. `effectif` is
    the number of units beyond the quantile, one at least: whom the figure describes, and by whom protection judges.
    """
    for name in definition.quantiles:
        probability = QUANTILES[name]
        for place in definition.territoires:
            engine.execute(
                "INSERT INTO cumul BY NAME "
                f"SELECT {literal(definition.code)} AS indicateur, "
                f"periode, {literal(place)} AS territoire_type, {territory_sql(place)} AS territoire, "
                f"{literal(QUANTILE)} AS dimension, {literal(name)} AS modalite, "
                "CAST(count(*) AS DOUBLE) AS denominateur, "
                f"CAST(quantile_cont(valeur, {probability}) AS DOUBLE) AS mediane, "
                f"greatest(1, CAST(floor((1 - {probability}) * count(*) + 1e-9) AS BIGINT)) AS effectif, "
                f"true AS est_mure FROM cellule GROUP BY ALL"
            )
