"""The contract with Great Expectations: what it reads through our dialect is what DuckDB says directly."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from sqlalchemy import Engine, create_engine, exc, inspect, text, types

from intercentre.core.expectations.dialect import address
from intercentre.plausibility.bounds import Bounds
from intercentre.plausibility.evaluate import evaluate
from intercentre.plausibility.expectations import Expectation
from intercentre.plausibility.measures import Figure, Measure
from intercentre.plausibility.refusal import PlausibilityError

PLACES = [("main", "relevé"), ("main", "vue_été"), ("données", "relevé"), ("données", "vue_été")]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tables and views in two schemas, accents in every kind of name, an odd number of rows, empty cells."""
    path = tmp_path_factory.mktemp("dialecte") / "état d’un centre.duckdb"
    with duckdb.connect(str(path)) as engine:
        engine.execute('CREATE SCHEMA "données"')
        for schema in ("main", "données"):
            engine.execute(
                f"""
                CREATE TABLE "{schema}"."relevé" AS
                SELECT sqrt(range * 7 % 101) AS "mesuré", DATE '2024-02-28' + CAST(range * 13 % 700 AS INTEGER) AS jour,
                       CASE WHEN range % 3 <> 0 THEN 'é' || range END AS "préféré", range::INTEGER AS numero,
                       (range / 3)::DECIMAL(12, 2) AS heures, range % 2 = 0 AS pair
                FROM range(1001)
                """
            )
            engine.execute(f'CREATE VIEW "{schema}"."vue_été" AS SELECT * FROM "{schema}"."relevé" WHERE numero < 640')
    return path


@pytest.fixture(scope="module")
def engine(database: Path) -> Iterator[Engine]:
    found = create_engine(address(database))
    yield found
    found.dispose()


class TestDialect:
    def test_names_come_from_the_catalogue(self, engine: Engine) -> None:
        seen = inspect(engine)
        assert seen.get_schema_names() == ["données", "main"]
        assert seen.get_table_names() == ["relevé"]
        assert seen.get_view_names(schema="données") == ["vue_été"]
        assert seen.has_table("vue_été", schema="données")
        assert not seen.has_table("absente")

    @pytest.mark.parametrize(("schema", "table"), PLACES)
    def test_columns_have_their_types(self, engine: Engine, schema: str, table: str) -> None:
        columns = {one["name"]: type(one["type"]) for one in inspect(engine).get_columns(table, schema=schema)}
        assert columns == {
            "mesuré": types.DOUBLE,
            "jour": types.DATE,
            "préféré": types.VARCHAR,
            "numero": types.INTEGER,
            "heures": types.NUMERIC,
            "pair": types.BOOLEAN,
        }

    def test_a_table_that_is_not_there_is_said_so(self, engine: Engine) -> None:
        with pytest.raises(exc.NoSuchTableError):
            inspect(engine).get_columns("absente")

    def test_rows_outlive_the_connection(self, engine: Engine) -> None:
        with engine.connect() as connection:
            result = connection.execute(text("SELECT numero FROM relevé ORDER BY numero LIMIT 3"))
        assert [number for (number,) in result] == [0, 1, 2]

    def test_nothing_can_be_written(self, engine: Engine) -> None:
        with engine.connect() as connection, pytest.raises(exc.DBAPIError, match="read-only"):
            connection.execute(text("CREATE TABLE autre (a INTEGER)"))


@pytest.fixture(scope="module")
def source(database: Path) -> Iterator[Any]:
    import great_expectations as gx

    found = gx.get_context(mode="ephemeral").data_sources.add_sql(name="s", connection_string=address(database))
    yield found
    found.get_engine().dispose()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:`schema_name` is deprecated:DeprecationWarning")
@pytest.mark.parametrize(("schema", "table"), PLACES)
def test_great_expectations_measures_what_direct_sql_does(
    source: Any, database: Path, tmp_path: Path, schema: str, table: str
) -> None:
    import great_expectations as gx
    import great_expectations.expectations as gxe

    asset = source.add_table_asset(name=f"{schema}.{table}", table_name=table, schema_name=schema)
    suite = gx.ExpectationSuite(
        name="contrat",
        expectations=[
            gxe.ExpectTableRowCountToBeBetween(min_value=0, meta={"cle": "lignes"}),
            gxe.ExpectColumnMeanToBeBetween(column="mesuré", min_value=0, meta={"cle": "moyenne"}),
            gxe.ExpectColumnStdevToBeBetween(column="mesuré", min_value=0, meta={"cle": "ecart"}),
            gxe.ExpectColumnMedianToBeBetween(column="mesuré", min_value=0, meta={"cle": "mediane"}),
            gxe.ExpectColumnMinToBeBetween(column="jour", min_value=date(1990, 1, 1), meta={"cle": "premier"}),
            gxe.ExpectColumnMaxToBeBetween(column="jour", min_value=date(1990, 1, 1), meta={"cle": "dernier"}),
            gxe.ExpectColumnValuesToNotBeNull(column="préféré", meta={"cle": "vides"}),
        ],
    )
    answer = asset.add_batch_definition_whole_table("tout").get_batch().validate(suite, result_format="BASIC")
    found = {one.expectation_config.meta["cle"]: one.result for one in answer.results}
    with duckdb.connect(shutil.copy(database, tmp_path)) as engine:
        row = engine.execute(
            'SELECT count(*), avg("mesuré"), stddev_samp("mesuré"), median("mesuré"), min(jour)::VARCHAR, '
            f'max(jour)::VARCHAR, count(*) - count("préféré") FROM "{schema}"."{table}"'
        ).fetchone()
    assert row is not None
    count, mean, deviation, middle, first, last, empty = row
    assert found["lignes"]["observed_value"] == count
    assert found["moyenne"]["observed_value"] == pytest.approx(mean, rel=1e-12)
    assert found["ecart"]["observed_value"] == pytest.approx(deviation, rel=1e-12)
    assert found["mediane"]["observed_value"] == pytest.approx(middle, rel=1e-12)
    assert str(found["premier"]["observed_value"]) == first
    assert str(found["dernier"]["observed_value"]) == last
    assert found["vides"]["unexpected_count"] == empty
    assert empty > 200


@pytest.mark.slow
def test_an_expectation_that_cannot_be_evaluated_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "mesures.duckdb"
    with duckdb.connect(str(path)) as engine:
        engine.execute("CREATE VIEW dossier AS SELECT 50.0::DOUBLE AS part")
    known = Measure("dossier", "dossier", Figure.SHARE, "Part", "part", "sexe")
    absent = Measure("dossier", "dossier", Figure.SHARE, "Part", "absente", "sexe")
    whole = [Expectation("PLA-004", known, Bounds(0, 100))]
    assert [result["success"] for result in evaluate(path, whole).values()] == [True]
    assert evaluate(path, [Expectation("PLA-004", known, None)]) == {}, "nothing to compare with"
    with pytest.raises(PlausibilityError, match=r"PLA-004:dossier\.absente") as fault:
        evaluate(path, [*whole, Expectation("PLA-004", absent, Bounds(0, 100))])
    assert "PLA-004:dossier.part," not in str(fault.value)
    assert "Traceback" not in str(fault.value)
