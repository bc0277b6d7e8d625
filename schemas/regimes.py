"""Legal regimes and their dated parameters, as Python and as SQL over a date column.

A parameter of a regime that is still `a_confirmer` is no ground for a finding: it reads as None (NULL), unless the
regime's `confirmes` names it among those that are known already.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from functools import cache

from schemas.nomenclatures import Entry, nomenclature


@cache
def regimes() -> tuple[Entry, ...]:
    """The regimes in the order of their entry into force."""
    return tuple(sorted(nomenclature("regime").entries.values(), key=lambda entry: entry.valide_du))


def regime_at(day: date) -> str | None:
    """The code of the regime in force on `day`."""
    return next((entry.code for entry in regimes() if entry.valid_at(day)), None)


def parameter_at(day: date, name: str) -> int | None:
    """A confirmed parameter (months, hours, years) of the regime in force on `day`."""
    entry = next((entry for entry in regimes() if entry.valid_at(day)), None)
    return None if entry is None else _confirmed(entry, name)


def target_level_at(day: date) -> str | None:
    """The confirmed level of French that the regime in force on `day` aims at (a code of cecrl)."""
    entry = next((entry for entry in regimes() if entry.valid_at(day)), None)
    return None if entry is None else _confirmed_text(entry, "niveau_vise")


def regime_sql(column: str) -> str:
    """SQL for the code of the regime in force on the day in `column`."""
    return _case(column, {entry.code: f"'{entry.code}'" for entry in regimes()})


def parameter_sql(column: str, name: str) -> str:
    """SQL for a confirmed parameter of the regime in force on the day in `column`; NULL when there is none."""
    values = {entry.code: _confirmed(entry, name) for entry in regimes()}
    return _case(column, {code: "NULL" if value is None else str(value) for code, value in values.items()})


def add_months(day: date, months: int) -> date:
    """The same day `months` later, brought back to the end of a shorter month (as DuckDB's intervals do)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _confirmed(entry: Entry, name: str) -> int | None:
    value = _confirmed_text(entry, name)
    return None if value is None else int(value)


def _confirmed_text(entry: Entry, name: str) -> str | None:
    value = entry.facts[name]
    known = entry.facts["statut"] == "confirme" or name in entry.facts["confirmes"].split()
    return value if value and known else None


def _case(column: str, by_regime: dict[str, str]) -> str:
    branches = " ".join(
        f"WHEN {column} >= DATE '{entry.valide_du}' THEN {by_regime[entry.code]}" for entry in reversed(regimes())
    )
    return f"(CASE {branches} END)"
