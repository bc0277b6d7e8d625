"""Great Expectations on the views of a DuckDB file: no network, no telemetry, no value of a row in its answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from itertools import groupby
from pathlib import Path
from typing import Any

from intercentre.core.expectations.dialect import address

_FORMAT = "BOOLEAN_ONLY"  # anything richer may hold values of rows
_EVALUATED = {"raised_exception": False, "exception_traceback": None, "exception_message": None}

Document = dict[str, Any]


class NotEvaluatedError(RuntimeError):
    """An expectation could not be evaluated, or two measures of one thing differ. French, without any value."""


class Figure(StrEnum):
    """What of a view lies between the bounds."""

    ROWS = "lignes"
    MEAN = "moyenne"
    MEDIAN = "mediane"
    TOTAL = "somme"
    EACH = "chaque valeur"


@dataclass(frozen=True, slots=True)
class Check:
    """One expectation as Great Expectations is asked it.

    cle      names it; unique
    vue      table or view of the file
    champ    column; None for a number of rows
    minimum, maximum  limits included; None: no limit on that side
    """

    cle: str
    regle: str
    vue: str
    figure: Figure
    champ: str | None
    minimum: float | None
    maximum: float | None


Ask = Callable[[Path, Iterable[Check]], dict[str, Document]]
"""`evaluate`, or what has it done by another process."""


def load() -> None:
    """Great Expectations is imported, for whoever evaluates later: 3 s and 265 MB."""
    import_module("great_expectations.expectations")


def evaluate(database: Path, checks: Iterable[Check]) -> dict[str, Document]:
    """Key of each check → its result as Great Expectations gives it.

    raises  NotEvaluatedError when one of them could not be evaluated: it is neither kept nor broken
    """
    asked = sorted(checks, key=lambda one: one.vue)
    results: list[Document] = _run(database, asked) if asked else []
    _require_evaluated(asked, results)
    return {result["expectation_config"]["meta"]["cle"]: result for result in results}


def _run(database: Path, checks: Sequence[Check]) -> list[Document]:
    import great_expectations as gx  # 3 s and 265 MB: here and in `load`
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
    views = {view: list(members) for view, members in groupby(checks, key=lambda one: one.vue)}
    whole = [{"name": "tout"}]  # every row of the view
    assets = [{"type": "table", "name": view, "table_name": view, "batch_definitions": whole} for view in views]
    # All at once: each one that is added later has the whole configuration written to text again.
    source = context.data_sources.add_sql(name="mesures", connection_string=address(database), assets=assets)
    results: list[Document] = []
    try:
        for view, members in views.items():
            batch = source.get_asset(view).get_batch_definition("tout").get_batch()
            suite = gx.ExpectationSuite(name=view, expectations=[_as_gx(one) for one in members])
            answer = batch.validate(suite, result_format=_FORMAT).to_json_dict()
            results += answer["results"]
    finally:
        source.get_engine().dispose()
    return results


def _as_gx(check: Check) -> Any:
    import great_expectations.expectations as gxe

    kinds = {
        Figure.ROWS: gxe.ExpectTableRowCountToBeBetween,
        Figure.MEAN: gxe.ExpectColumnMeanToBeBetween,
        Figure.MEDIAN: gxe.ExpectColumnMedianToBeBetween,
        Figure.TOTAL: gxe.ExpectColumnSumToBeBetween,
        Figure.EACH: gxe.ExpectColumnValuesToBeBetween,
    }
    where: Mapping[str, Any] = {} if check.champ is None else {"column": check.champ}
    return kinds[check.figure](
        **where,
        min_value=check.minimum,
        max_value=check.maximum,
        meta={"cle": check.cle, "regle": check.regle},
    )


def _require_evaluated(checks: Sequence[Check], results: Sequence[Document]) -> None:
    """Each check was evaluated, once; its results come in another order than the suite."""
    evaluated = [
        result["expectation_config"]["meta"]["cle"] for result in results if result["exception_info"] == _EVALUATED
    ]
    missing = sorted({one.cle for one in checks} - set(evaluated))
    if missing or len(evaluated) != len(checks) or len(results) != len(checks):
        raise NotEvaluatedError(
            f"Attentes qui n'ont pas pu être évaluées : {', '.join(missing) or 'résultats en trop'}."
        )
