"""Which deposits are in force for a period: each centre's last accepted one, and all official ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from intercentre.core.hub import Hub
from schemas.exchanges.verdict import ACCEPTED, OFFICIAL_SOURCE
from schemas.extracts import TABLES
from schemas.nomenclatures import nomenclature
from schemas.period import Period

if TYPE_CHECKING:
    from intercentre.core.registry.tables import Rank


@dataclass(frozen=True, slots=True)
class StagedDeposit:
    """One accepted deposit whose rows are staged.

    debut_historique  day since which the centre's dossiers are complete; None when the manifest does not say
    rank              of two deposits of a centre, the one of the higher rank is in force
    debuts_par_table  table -> day since which it is complete, where that is later
    dossier           folder of its <table>.parquet
    """

    centre_code: str
    depot_id: str
    periode: Period
    date_etat: date
    debut_historique: date | None
    rank: Rank
    dossier: Path
    debuts_par_table: Mapping[str, date] = field(default_factory=dict)

    @property
    def debut(self) -> date:
        """First day that the deposit describes: what it declares, else the first day of its period."""
        return self.debut_historique or self.periode.debut

    def start_of(self, table: str) -> date:
        """First day that the deposit describes in this table."""
        return max(self.debut, self.debuts_par_table.get(table, self.debut))

    @property
    def tables(self) -> list[str]:
        """The tables that it brings or declares empty: staging leaves no file for any other."""
        return [name for name in TABLES if (self.dossier / f"{name}.parquet").is_file()]


@dataclass(frozen=True, slots=True)
class CentreInForce:
    """One centre and the deposit that speaks for it; `etat` is presente, reportee or manquante."""

    centre_code: str
    depot: StagedDeposit | None
    etat: str

    def covers(self, periode: Period) -> bool:
        """True when the deposit describes every day of `periode`: only then is a zero a zero."""
        return self.depot is not None and self.depot.debut <= periode.debut and periode.fin <= self.depot.date_etat


def accepted_deposits(hub: Hub) -> list[StagedDeposit]:
    """Every accepted deposit whose rows are staged, centres and official statistics alike."""
    from sqlalchemy import select

    from intercentre.core.registry.tables import Depot

    with hub.registry.read() as session:
        rows = session.execute(select(Depot).where(Depot.prepare, Depot.etat.in_(ACCEPTED))).scalars().all()
    return [
        StagedDeposit(
            centre_code=row.centre_code,
            depot_id=row.depot_id,
            periode=Period.parse(row.periode),
            date_etat=row.date_etat or Period.parse(row.periode).fin,
            debut_historique=row.debut_historique,
            rank=row.rank,
            dossier=hub.home.staged(row.centre_code, row.periode, row.depot_id),
            debuts_par_table={name: date.fromisoformat(day) for name, day in (row.debuts_par_table or {}).items()},
        )
        for row in rows
    ]


def centres_in_force(
    deposits: Iterable[StagedDeposit], periode: Period, centres: Sequence[str] | None = None
) -> list[CentreInForce]:
    """One entry per centre, in the order of codes, with its last deposit of `periode` or before."""
    eligible = [deposit for deposit in deposits if deposit.periode.fin <= periode.fin]
    found = []
    for centre in sorted(centres or nomenclature("centre").entries):
        last = max((one for one in eligible if one.centre_code == centre), key=lambda one: one.rank, default=None)
        found.append(CentreInForce(centre, last, _state(last, periode)))
    return found


def official_deposits(deposits: Iterable[StagedDeposit], periode: Period) -> list[StagedDeposit]:
    """Deposits of official statistics of `periode` or before, the latest last."""
    official = (one for one in deposits if one.centre_code == OFFICIAL_SOURCE and one.periode.fin <= periode.fin)
    return sorted(official, key=lambda one: one.rank)


def _state(deposit: StagedDeposit | None, periode: Period) -> str:
    if deposit is None:
        return "manquante"
    return "presente" if deposit.periode.fin == periode.fin else "reportee"
