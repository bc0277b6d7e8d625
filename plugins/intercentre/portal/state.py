"""Where a period stands: which centres are in, table by table, and what is expected of whom."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import defer

from intercentre.core.deadline import last_day
from intercentre.core.registry.tables import Depot, Rank
from schemas.exchanges.manifest import SIMULATION
from schemas.exchanges.verdict import ACCEPTED, OFFICIAL_SOURCE, Decision
from schemas.extracts import TABLES
from schemas.nomenclatures import nomenclature
from schemas.period import Period

if TYPE_CHECKING:
    from intercentre.core.hub import Hub


@dataclass(frozen=True)
class DepositFact:
    """What the registry says of one deposit, without its findings."""

    depot_id: str
    numero: int
    centre: str
    periode: Period
    etat: str
    prepare: bool
    canal: str
    rank: Rank
    recu_le: datetime

    @property
    def is_accepted(self) -> bool:
        return self.etat in ACCEPTED


@dataclass(frozen=True)
class CentreState:
    """One centre in one period.

    etat    a key of words.STATUSES: accepte, accepte_avec_quarantaine, refuse, recu, reporte or manquant
    depot   the deposit that counts, or the last one sent when none does; None when there is none
    suivant a later deposit of the same period that was refused although an earlier one counts
    tables  table → state, same keys and non_fournie; in the contract's order
    """

    centre: str
    etat: str
    depot: DepositFact | None = None
    suivant: DepositFact | None = None
    tables: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_in(self) -> bool:
        return self.etat in ACCEPTED


def judge_centre(centre: str, periode: Period, deposits: Iterable[DepositFact]) -> CentreState:
    """The state of `centre` in `periode`, its tables apart.

    The last accepted deposit of the period counts; when there is none, the last accepted one before it is carried over.
    """
    known = [fact for fact in deposits if fact.centre == centre and fact.periode.fin <= periode.fin]
    sent = [fact for fact in known if fact.periode.fin == periode.fin]
    last_sent = max(sent, key=lambda fact: fact.numero, default=None)
    in_force = max((fact for fact in known if fact.is_accepted), key=lambda fact: fact.rank, default=None)
    if in_force is not None and in_force in sent:
        refused_since = last_sent if last_sent and last_sent.etat == Decision.REFUSE else None
        return CentreState(centre, in_force.etat, in_force, refused_since)
    if last_sent is not None:
        return CentreState(centre, last_sent.etat, last_sent)
    return CentreState(centre, "reporte", in_force) if in_force else CentreState(centre, "manquant")


def replacement_of(deposit: Depot, deposits: Iterable[DepositFact]) -> DepositFact | None:
    """The deposit that counts in the place of an accepted one; None while it counts itself. Official ones all count."""
    if deposit.etat not in ACCEPTED or deposit.centre_code == OFFICIAL_SOURCE:
        return None
    in_force = judge_centre(deposit.centre_code, Period.parse(deposit.periode), deposits).depot
    return in_force if in_force and in_force.depot_id != deposit.depot_id else None


def judge_tables(state: CentreState, quarantined: Mapping[str, int]) -> dict[str, str]:
    """The state of each table of the contract.

    quarantined  table → rows in quarantine, for the tables that the deposit holds
    """
    if not state.is_in:
        return dict.fromkeys(TABLES, state.etat)
    return {
        name: "non_fournie"
        if name not in quarantined
        else (Decision.ACCEPTE_AVEC_QUARANTAINE if quarantined[name] else Decision.ACCEPTE).value
        for name in TABLES
    }


def holds_simulated_data(hub: Hub) -> bool:
    """Whether any deposit describes invented lives: every page then says so."""
    with hub.registry.read() as session:
        return session.scalars(select(Depot.depot_id).where(Depot.logiciel == SIMULATION).limit(1)).first() is not None


def period_state(hub: Hub, periode: Period) -> list[CentreState]:
    """The state of each centre in force at the end of the period, tables included, in the order of the list."""
    deposits = read_deposits(hub)
    states = [judge_centre(centre, periode, deposits) for centre in centres_at(periode)]
    return [
        CentreState(
            state.centre, state.etat, state.depot, state.suivant,
            judge_tables(state, _quarantined(hub, state.depot.depot_id) if state.is_in and state.depot else {}),
        )
        for state in states
    ]  # fmt: skip


def centres_at(periode: Period) -> list[str]:
    """The centres that owe a deposit for this period."""
    return [code for code, entry in nomenclature("centre").entries.items() if entry.valid_at(periode.fin)]


def read_deposits(hub: Hub, centre: str | None = None) -> list[DepositFact]:
    """Deposits in the order of their arrival, of one centre or of all."""
    query = select(Depot).options(defer(Depot.verdict), defer(Depot.recepisse)).order_by(Depot.numero)
    if centre is not None:
        query = query.where(Depot.centre_code == centre)
    with hub.registry.read() as session:
        return [
            DepositFact(
                row.depot_id, row.numero, row.centre_code, Period.parse(row.periode), row.etat, row.prepare, row.canal,
                row.rank, row.recu_le,
            )
            for row in session.scalars(query)
        ]  # fmt: skip


def due_period(hub: Hub) -> Period:
    """The period that is being collected: the last civil quarter that is over."""
    return Period.quarter_of(hub.today()).previous()


def deadline(hub: Hub, periode: Period) -> date:
    """Last day on which a deposit of the period is on time."""
    return last_day(hub, periode)


def offered_periods(today: date, known: Sequence[Period] = ()) -> list[Period]:
    """The periods a page offers, the most recent first: eight quarters, two years, and those with deposits."""
    quarter, year = Period.quarter_of(today).previous(), Period(today.year - 1)
    offered = {quarter.shift(-back) for back in range(8)} | {year, year.previous()} | set(known)
    return sorted(offered, key=lambda period: (period.fin, period.is_quarter), reverse=True)


def _quarantined(hub: Hub, depot_id: str) -> Mapping[str, int]:
    with hub.registry.read() as session:
        row = session.execute(select(Depot.verdict, Depot.sha256).where(Depot.depot_id == depot_id)).one()
    return _count_quarantine(row.verdict or '{"tables": []}')


@lru_cache(maxsize=64)
def _count_quarantine(verdict: str) -> Mapping[str, int]:
    content = json.loads(verdict)
    if "fusion" in content:  # a partial deposit: what remains of the whole
        return {table["table"]: table["quarantaine"] for table in content["fusion"]["tables"]}
    return {table["table"]: table["lignes_quarantaine"] for table in content["tables"]}
