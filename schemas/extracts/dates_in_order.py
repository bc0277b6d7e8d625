"""The rule that several tables share: what ends does not end before it begins."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from schemas.contract import row_rule
from schemas.findings import Severity


def dates_in_order(first: str, last: str) -> Callable[[Any], bool]:
    """V37-D on the column `last` of a row whose two days are known and in the wrong order."""

    @row_rule(
        "V37-D",
        Severity.A_CORRIGER,
        columns=(last, first),
        sql=f"{last} < {first}",
        titre="Fin avant le début",
        message="La date de fin précède la date de début de la même ligne.",
        remede="Vérifiez les deux dates ; le jour et le mois sont peut-être inversés.",
    )
    def holds(row: Any) -> bool:
        start, end = getattr(row, first), getattr(row, last)
        return start is None or end is None or bool(end >= start)

    return holds
