"""With which deposits one is compared: its centre's earlier ones, and the last ones of the other centres."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from intercentre.core.hub import Hub
from intercentre.plausibility.refusal import NotStaged
from schemas.exchanges.verdict import ACCEPTED, Verdict
from schemas.nomenclatures import nomenclature
from schemas.period import Period

if TYPE_CHECKING:
    from intercentre.core.registry.tables import Rank


@dataclass(frozen=True, slots=True)
class Staged:
    """An accepted deposit whose rows are staged.

    rank    of two deposits of a centre, the one of the higher rank is in force
    tables  those that it holds, be they declared empty; None: all of them
    """

    depot_id: str
    centre_code: str
    periode: Period
    rank: Rank
    dossier: Path
    tables: frozenset[str] | None = None

    def holds(self, table: str) -> bool:
        """Whether the centre deposited the table: where it did not, no row is no zero."""
        return self.tables is None or table in self.tables


def staged_deposits(hub: Hub) -> list[Staged]:
    """Every accepted deposit whose rows are staged."""
    from sqlalchemy import select

    from intercentre.core.registry.tables import Depot

    with hub.registry.read() as session:
        rows = session.execute(select(Depot).where(Depot.prepare, Depot.etat.in_(ACCEPTED))).scalars().all()
    return [
        Staged(
            row.depot_id,
            row.centre_code,
            Period.parse(row.periode),
            row.rank,
            hub.home.staged(row.centre_code, row.periode, row.depot_id),
            _tables(row.verdict),
        )
        for row in rows
    ]


def _tables(verdict: str | None) -> frozenset[str] | None:
    if verdict is None:
        return None
    return frozenset(count.table for count in Verdict.model_validate_json(verdict).tables)


def find_staged(deposits: Iterable[Staged], depot_id: str) -> Staged:
    """The deposit of that name; raises NotStaged."""
    for deposit in deposits:
        if deposit.depot_id == depot_id:
            return deposit
    raise NotStaged(depot_id)


def earlier_deposits(deposits: Iterable[Staged], judged: Staged, most: int) -> list[Staged]:
    """The centre's last deposit of each earlier period of the same kind, the latest `most` of them, in order."""
    same = [
        one
        for one in deposits
        if one.centre_code == judged.centre_code
        and one.periode.is_quarter == judged.periode.is_quarter
        and one.periode.fin < judged.periode.fin
    ]
    return _last_of_each(same, [one.periode for one in same])[-most:]


def other_centres(deposits: Iterable[Staged], judged: Staged) -> list[Staged]:
    """The last deposit of each other centre, of the same period or before; none beside official statistics."""
    centres = nomenclature("centre").entries
    if judged.centre_code not in centres:
        return []
    others = [
        one
        for one in deposits
        if one.centre_code in centres
        and one.centre_code != judged.centre_code
        and one.periode.fin <= judged.periode.fin
    ]
    return _last_of_each(others, [one.centre_code for one in others])


def same_season(earlier: Sequence[Staged], periode: Period) -> list[Staged]:
    """Those of the same quarter of their year."""
    return [one for one in earlier if one.periode.trimestre == periode.trimestre]


def _last_of_each(deposits: Sequence[Staged], keys: Sequence[object]) -> list[Staged]:
    ranked = sorted(zip(keys, deposits, strict=True), key=lambda pair: pair[1].rank)
    last = dict(ranked)  # the later one of a key replaces the one before
    return sorted(last.values(), key=lambda one: (one.rank, one.centre_code))
