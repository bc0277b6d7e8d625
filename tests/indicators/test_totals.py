"""Totals are the sum of their parts, for each indicator, over simulated deposits.

The sums are made here, from the observations alone; what may not be added is written out.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import duckdb
import pytest

from intercentre import pipeline
from intercentre.core.hub import Hub
from intercentre.core.settings import Settings
from intercentre.simulation import simulate
from schemas.indicators import definitions
from schemas.period import Period

pytestmark = pytest.mark.slow

_PERIOD = Period(2026, 3)
# Different persons, dossiers and operators: one may be in several places, where it counts once in each.
_DIFFERENT = {"I02", "I35", "I37"}
# A category of the numerator is related to the whole denominator: its denominator is that of the total.
_OF_THE_TOTAL = {
    "I13": ["niveau_entree", "niveau_entree_sexe", "niveau_entree_diplome"],
    "I24": ["motif_abandon"],
    "I28": ["motif_prolongation"],
    "I30": ["langue_frequente"],
    "I57": ["centre_domicile"],
}
# A quantile is another reading of the same units; those who wait still are other units: neither is a part of the total.
_NO_CATEGORY = ["_T", "quantile", "attente"]


@pytest.fixture(scope="session")
def observed(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """The table `o`: observations of eight simulated centres that export as they do, without those of no answer."""
    folder = tmp_path_factory.mktemp("totaux")
    simulate(folder / "depots", dossiers=900, periode=_PERIOD, graine=31)
    hub = Hub(Settings(home=folder / "hub"), now=lambda: datetime(2026, 10, 12, 9, 0, tzinfo=UTC))
    pipeline.run(
        hub,
        depots=folder / "depots",
        periode=_PERIOD,
        until="indicateurs",
        simulated_agreement=False,
        progress=lambda _: None,
    )
    engine = duckdb.connect()
    path = str(hub.home.observations(_PERIOD) / "observations.parquet")
    engine.execute("CREATE TABLE o AS SELECT * FROM read_parquet(?) WHERE couverture NOT LIKE '0/%'", [path])
    return engine


def rows(engine: duckdb.DuckDBPyConnection, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
    return engine.execute(sql, list(parameters)).fetchall()


@pytest.mark.parametrize("code", definitions())
class TestTotals:
    def test_the_categories_of_each_breakdown_sum_to_the_total(
        self, observed: duckdb.DuckDBPyConnection, code: str
    ) -> None:
        broken = rows(
            observed,
            """
            WITH t AS (SELECT * FROM o WHERE indicateur = $1 AND dimension = '_T'),
            d AS (
                SELECT periode, territoire, dimension, sum(numerateur) AS n, sum(denominateur) AS d,
                    max(denominateur) AS plus_grand, min(denominateur) AS plus_petit
                FROM o WHERE indicateur = $1 AND dimension NOT IN ('_T', 'quantile', 'attente') GROUP BY ALL
            )
            SELECT d.periode, d.territoire, d.dimension FROM d JOIN t USING (periode, territoire)
            WHERE abs(coalesce(d.n, 0) - coalesce(t.numerateur, 0)) > 1e-6
                OR CASE
                    WHEN list_contains($2, d.dimension)
                        THEN d.plus_grand <> t.denominateur OR d.plus_petit <> t.denominateur
                    ELSE abs(coalesce(d.d, 0) - coalesce(t.denominateur, 0)) > 1e-6
                END
            """,
            code,
            _OF_THE_TOTAL.get(code, []),
        )
        assert broken == []

    def test_every_place_with_a_total_has_every_breakdown(self, observed: duckdb.DuckDBPyConnection, code: str) -> None:
        dimensions = sorted(definitions()[code].ventilations)
        partial = rows(
            observed,
            """
            SELECT periode, territoire,
                list_sort(list(DISTINCT dimension) FILTER (WHERE NOT list_contains($2, dimension))) AS had
            FROM o WHERE indicateur = $1 AND territoire_type IN ('region', 'centre')
            GROUP BY ALL HAVING max(effectif) FILTER (WHERE dimension = '_T') > 0 AND had IS DISTINCT FROM $3
            """,
            code,
            [*_OF_THE_TOTAL.get(code, []), *_NO_CATEGORY],
            dimensions or None,
        )
        assert partial == []

    def test_the_region_is_the_sum_of_its_places(self, observed: duckdb.DuckDBPyConnection, code: str) -> None:
        broken = rows(
            observed,
            """
            WITH r AS (SELECT * FROM o WHERE indicateur = $1 AND dimension = '_T' AND territoire_type = 'region'),
            p AS (
                SELECT territoire_type, periode, sum(numerateur) AS n, sum(denominateur) AS d
                FROM o WHERE indicateur = $1 AND dimension = '_T' AND territoire_type <> 'region' GROUP BY ALL
            )
            SELECT p.territoire_type, r.periode, p.n, r.numerateur, p.d, r.denominateur
            FROM p JOIN r USING (periode)
            WHERE CASE
                WHEN $2 THEN coalesce(p.n, 0) < coalesce(r.numerateur, 0)
                ELSE abs(coalesce(p.n, 0) - coalesce(r.numerateur, 0)) > 1e-6
                    OR abs(coalesce(p.d, 0) - coalesce(r.denominateur, 0)) > 1e-6
            END
            """,
            code,
            code in _DIFFERENT,
        )
        assert broken == []


def test_the_unknown_is_a_category_of_each_dimension_of_a_dossier(observed: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        observed,
        "SELECT DISTINCT dimension FROM o WHERE indicateur = 'I01' AND territoire_type = 'region' AND numerateur > 0 "
        "AND modalite IN ('INC', 'INCONNU', 'A_DETERMINER', '9')",
    )
    expected = {"sexe", "groupe_nationalite", "statut_public", "motif_sejour", "niveau_diplome", "canal_entree"}
    assert expected <= {row[0] for row in found}
