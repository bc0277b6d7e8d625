"""Whether a deposit came in time (V07)."""

from __future__ import annotations

from datetime import date

from intercentre.core.french import french_day
from intercentre.validation.manifest import Declaration
from schemas.deadlines import due_day
from schemas.findings import Finding
from schemas.nomenclatures import nomenclature
from schemas.period import Period, PeriodError
from schemas.rules import finding

RECTIFICATIF = "RECTIFICATIF"


def lateness(declaration: Declaration, today: date) -> list[Finding]:
    """V07 when `today` is after the day on which the period's deposits are due.

    A correction of a deposit or of rows has no deadline, nor have official statistics, nor a period that the calendar
    does not know.
    """
    if declaration.centre not in nomenclature("centre").entries or _corrects(declaration):
        return []
    try:
        due = due_day(Period.parse(declaration.periode))
    except PeriodError:
        return []
    return [finding("V07", echeance=french_day(due))] if due is not None and today > due else []


def _corrects(declaration: Declaration) -> bool:
    manifest = declaration.manifest
    return manifest is not None and (manifest.type_depot == RECTIFICATIF or manifest.is_partial)
