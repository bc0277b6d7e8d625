"""The expectations on a deposit, asked of Great Expectations."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from intercentre.core import expectations as core
from intercentre.core.expectations.evaluate import Document
from intercentre.plausibility.expectations import Expectation
from intercentre.plausibility.measures import Figure
from intercentre.plausibility.refusal import PlausibilityError

_FIGURES = {
    Figure.ROWS: core.Figure.ROWS,
    Figure.SHARE: core.Figure.MEAN,
    Figure.MEDIAN: core.Figure.MEDIAN,
    Figure.TOTAL: core.Figure.TOTAL,
}


def evaluate(database: Path, expectations: Iterable[Expectation]) -> dict[str, Document]:
    """Expectation key → its result as Great Expectations gives it, for every expectation that has bounds.

    raises  PlausibilityError when one of them could not be evaluated: it is neither kept nor broken
    """
    try:
        return core.evaluate(database, [check for one in expectations if (check := _as_check(one))])
    except core.NotEvaluatedError as fault:
        raise PlausibilityError(str(fault)) from fault


def _as_check(one: Expectation) -> core.Check | None:
    if one.bornes is None:
        return None
    figure = _FIGURES[one.mesure.figure]
    return core.Check(
        one.cle, one.regle, one.mesure.vue, figure, one.mesure.champ, one.bornes.minimum, one.bornes.maximum
    )
