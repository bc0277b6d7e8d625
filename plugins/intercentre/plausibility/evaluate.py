"""Great Expectations on the views of a DuckDB file: no network, no telemetry, no value of a row in its answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from intercentre.plausibility.dialect import address
from intercentre.plausibility.expectations import Expectation
from intercentre.plausibility.measures import Figure
from intercentre.plausibility.refusal import PlausibilityError

_FORMAT = "BOOLEAN_ONLY"  # anything richer may hold values of rows
_EVALUATED = {"raised_exception": False, "exception_traceback": None, "exception_message": None}

Document = dict[str, Any]


def evaluate(database: Path, expectations: Iterable[Expectation]) -> dict[str, Document]:
    """Expectation key → its result as Great Expectations gives it, for every expectation that has bounds.

    raises  PlausibilityError when one of them could not be evaluated: it is neither kept nor broken
    """
    compared = sorted((one for one in expectations if one.bornes), key=lambda one: one.mesure.vue)
    results: list[Document] = []
    if compared:
        results = _run(database, compared)
    _require_evaluated(compared, results)
    return {result["expectation_config"]["meta"]["cle"]: result for result in results}


def _run(database: Path, expectations: Sequence[Expectation]) -> list[Document]:
    import great_expectations as gx  # 4 s and 265 MB: here, and nowhere else
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        analytics_enabled=False,
        progress_bars=ProgressBarsConfig(globally=False, metric_calculations=False),
    )
    context = gx.get_context(mode="ephemeral", project_config=config)
    source = context.data_sources.add_sql(name="depot", connection_string=address(database))
    results: list[Document] = []
    try:
        for view, members in groupby(expectations, key=lambda one: one.mesure.vue):
            asset = source.add_table_asset(name=view, table_name=view)
            batch = asset.add_batch_definition_whole_table("tout").get_batch()
            suite = gx.ExpectationSuite(name=view, expectations=[_as_gx(one) for one in members])
            answer = batch.validate(suite, result_format=_FORMAT).to_json_dict()
            results += answer["results"]
    finally:
        source.get_engine().dispose()
    return results


def _as_gx(expectation: Expectation) -> Any:
    import great_expectations.expectations as gxe

    measure, bounds = expectation.mesure, expectation.bornes
    kinds = {
        Figure.ROWS: gxe.ExpectTableRowCountToBeBetween,
        Figure.SHARE: gxe.ExpectColumnMeanToBeBetween,
        Figure.MEDIAN: gxe.ExpectColumnMedianToBeBetween,
        Figure.TOTAL: gxe.ExpectColumnSumToBeBetween,
    }
    where: Mapping[str, Any] = {} if measure.champ is None else {"column": measure.champ}
    return kinds[measure.figure](
        **where,
        min_value=bounds.minimum if bounds else None,
        max_value=bounds.maximum if bounds else None,
        meta={"cle": expectation.cle, "regle": expectation.regle},
    )


def _require_evaluated(expectations: Sequence[Expectation], results: Sequence[Document]) -> None:
    """Each expectation was evaluated, once; its results come in another order than the suite."""
    evaluated = [
        result["expectation_config"]["meta"]["cle"] for result in results if result["exception_info"] == _EVALUATED
    ]
    missing = sorted({one.cle for one in expectations} - set(evaluated))
    if missing or len(evaluated) != len(expectations) or len(results) != len(expectations):
        raise PlausibilityError(
            f"Attentes qui n'ont pas pu être évaluées : {', '.join(missing) or 'résultats en trop'}."
        )
