"""Where a deposit stands: what the next level of conformity asks for, what share of its rows is set aside."""

from __future__ import annotations

from dataclasses import dataclass

from intercentre.validation.grouping import TOO_MANY_ROWS
from intercentre.validation.verdict import quarantine_limit
from schemas.editions import CURRENT, EDITIONS
from schemas.exchanges.verdict import Verdict
from schemas.findings import Severity


@dataclass(frozen=True)
class NextLevel:
    """The lowest level that is not reached, and the tables that are not there yet, in the contract's order."""

    niveau: int
    tables: tuple[str, ...]


@dataclass(frozen=True)
class QuarantineShare:
    """The rows of one table that are set aside; seuil and part are ratios, 0 to 1; `refuses` as the verdict judged.

    lues  rows that stand once the deposit counts: after a partial deposit, those of what it completes too
    """

    table: str
    mises_de_cote: int
    lues: int
    seuil: float
    refuses: bool

    @property
    def part(self) -> float:
        return self.mises_de_cote / self.lues


def next_level(verdict: Verdict) -> NextLevel | None:
    """What is missing for the next level; None when the highest is reached."""
    tables = EDITIONS.get(verdict.version_contrat, CURRENT).tables
    higher = sorted({table.contrat.niveau for table in tables.values()} - set(range(verdict.niveau + 1)))
    if not higher:
        return None
    here = set(_standing(verdict)) - _unread(verdict)
    due = (name for name, table in tables.items() if table.contrat.niveau <= higher[0])
    return NextLevel(higher[0], tuple(name for name in due if name not in here))


def quarantine_shares(verdict: Verdict) -> tuple[QuarantineShare, ...]:
    """One share for every table with rows set aside, in the verdict's order."""
    limit = quarantine_limit()
    refused = {found.table for found in verdict.constats if found.code == TOO_MANY_ROWS}
    return tuple(
        QuarantineShare(name, aside, rows, limit, name in refused)
        for name, (aside, rows) in _standing(verdict).items()
        if aside
    )


def _standing(verdict: Verdict) -> dict[str, tuple[int, int]]:
    """Table → rows set aside and rows in all, of the deposit itself or of what it became part of."""
    if verdict.fusion:
        return {one.table: (one.quarantaine, one.retenues + one.quarantaine) for one in verdict.fusion.tables}
    return {count.table: (count.lignes_quarantaine, count.lignes_lues) for count in verdict.tables}


def _unread(verdict: Verdict) -> set[str]:
    """Tables whose file is there and could not be read: a finding blocks them as a whole, no row was read."""
    empty = {count.table for count in verdict.tables if count.fichier and not count.lignes_lues}
    return {
        found.table
        for found in verdict.constats
        if found.table in empty and found.severite is Severity.BLOQUANT and found.code.startswith("DEP-")
    }
