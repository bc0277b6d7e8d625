"""What the regime of a day prescribes, as centres apply it: also figures still to be confirmed."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import NamedTuple

from schemas.regimes import regimes

# Before 2016 no hours were in the law: what centres then offered (the first figures that the law later took up).
_HOURS_FRENCH, _HOURS_CITIZENSHIP, _HOURS_WORK, _MONTHS = 120, 20, 4, 18


class RegimeFigures(NamedTuple):
    """Hours and months of one regime; `anciennete` None where the regime obliges nobody."""

    code: str
    heures_fle: int
    heures_cit: int
    heures_isp: int
    mois: int
    anciennete: int | None


@cache
def figures_at(day: date) -> RegimeFigures:
    """The figures of the regime in force on `day`; raises ValueError before the first regime."""
    entry = next((entry for entry in regimes() if entry.valid_at(day)), None)
    if entry is None:
        raise ValueError("no regime in force on that day")

    def number(name: str, otherwise: int) -> int:
        return int(entry.facts[name] or otherwise)

    seniority = entry.facts["anciennete_max_mois"]
    return RegimeFigures(
        entry.code,
        number("heures_fle_min", _HOURS_FRENCH),
        number("heures_cit_min", _HOURS_CITIZENSHIP),
        number("heures_isp_min", _HOURS_WORK),
        number("delai_mois", _MONTHS),
        int(seniority) if seniority else None,
    )
