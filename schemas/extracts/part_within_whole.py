"""The rule that several tables share: a number that counts a part does not exceed the number of the whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from schemas.contract import row_rule
from schemas.findings import Severity


def part_within_whole(part: str, whole: str) -> Callable[[Any], bool]:
    """V39 on the column `part` of a row where both numbers are known and the part exceeds the whole."""

    @row_rule(
        "V39",
        Severity.A_CORRIGER,
        columns=(part, whole),
        sql=f"{part} > {whole}",
        titre="Une partie dépasse son total",
        message="Le nombre compte une partie d'un autre nombre de la ligne (participantes, personnes formées), "
        "et il le dépasse.",
        remede="Vérifiez les deux nombres ; ils sont peut-être inversés.",
    )
    def holds(row: Any) -> bool:
        some, every = getattr(row, part), getattr(row, whole)
        return some is None or every is None or bool(some <= every)

    return holds
