"""What the registry remembers beside the rows: when deposits came, how many of their rows held, what was agreed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from intercentre.core.engine import open_engine
from intercentre.core.french import local_day
from intercentre.core.registry.rounds import reservations_of
from intercentre.core.registry.tables import Depot, Publication, Tour
from schemas.deadlines import due_day
from schemas.exchanges.verdict import ACCEPTED, Verdict
from schemas.nomenclatures import nomenclature
from schemas.period import Period

if TYPE_CHECKING:
    from intercentre.core.hub import Hub
    from intercentre.core.registry.tables import Rank

RECEIVED_COLUMNS = {
    "centre_code": "VARCHAR",
    "periode": "VARCHAR",
    "echeance": "DATE",
    "date_acceptation": "DATE",
    "retard_jours": "INTEGER",
}
CONFORMITY_COLUMNS = {
    "centre_code": "VARCHAR",
    "periode": "VARCHAR",
    "table_nom": "VARCHAR",
    "lignes": "BIGINT",
    "lignes_sans_erreur": "BIGINT",
}
AGREEMENT_COLUMNS = {
    "centre_code": "VARCHAR",
    "fin": "DATE",
    "indicateur": "VARCHAR",
    "version": "VARCHAR",
    "est_accorde": "BOOLEAN",
}


@dataclass(frozen=True, slots=True)
class ReceivedDeposit:
    """An accepted deposit of a centre.

    rank    of two deposits of one centre and period, the one of the higher rank is in force
    recu_le day of arrival, as people in Wallonia date it
    lignes  (table, rows, rows without an error) of what the deposit left standing
    """

    centre_code: str
    periode: Period
    rank: Rank
    recu_le: date
    lignes: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class AgreedVersion:
    """The version of a definition with which a centre agreed to a release, or did not (`est_accorde`)."""

    centre_code: str
    periode: Period
    indicateur: str
    version: str
    est_accorde: bool


@dataclass(frozen=True, slots=True)
class Record:
    """What harmonisation is handed beside the rows of the deposits."""

    depots: tuple[ReceivedDeposit, ...] = ()
    accords: tuple[AgreedVersion, ...] = ()


def received_rows(depots: Iterable[ReceivedDeposit]) -> list[tuple[Any, ...]]:
    """(centre, period, due day, day of arrival, days late) of the first accepted deposit of each centre and period.

    A deposit that came before its day is late by a negative number. A period outside the calendar has no row.
    """
    first: dict[tuple[str, Period], ReceivedDeposit] = {}
    for depot in sorted(depots, key=lambda one: (one.recu_le, one.rank)):
        first.setdefault((depot.centre_code, depot.periode), depot)
    found = []
    for (centre, periode), depot in first.items():
        due = due_day(periode)
        if due is not None:
            found.append((centre, str(periode), due, depot.recu_le, (depot.recu_le - due).days))
    return found


def conformity_rows(depots: Iterable[ReceivedDeposit]) -> list[tuple[Any, ...]]:
    """(centre, period, table, rows, rows without an error) of the last accepted deposit of each centre and period."""
    last: dict[tuple[str, Period], ReceivedDeposit] = {}
    for depot in sorted(depots, key=lambda one: one.rank):
        last[(depot.centre_code, depot.periode)] = depot
    return [
        (centre, str(periode), table, rows, sound)
        for (centre, periode), depot in last.items()
        for table, rows, sound in depot.lignes
        if rows
    ]


def agreement_rows(accords: Iterable[AgreedVersion]) -> list[tuple[Any, ...]]:
    """(centre, last day of the period, indicator, version, agreed) of each figure of each release."""
    return [(one.centre_code, one.periode.fin, one.indicateur, one.version, one.est_accorde) for one in accords]


def read_record(hub: Hub, last: Period) -> Record:
    """What the registry and the releases say of the periods up to `last`; of releases, of those before it only.

    The release of `last` itself is made from this record: taking it in would change its figures once it is out.
    """
    return Record(_received(hub, last), _agreed(hub, last))


def _received(hub: Hub, last: Period) -> tuple[ReceivedDeposit, ...]:
    from sqlalchemy import select

    wanted = Depot.prepare, Depot.etat.in_(ACCEPTED), Depot.centre_code.in_(nomenclature("centre").entries)
    with hub.registry.read() as session:
        rows = session.execute(select(Depot).where(*wanted)).scalars().all()
    return tuple(
        ReceivedDeposit(row.centre_code, period, row.rank, local_day(row.recu_le), standing_rows(row.verdict))
        for row in rows
        if (period := Period.parse(row.periode)).fin <= last.fin
    )


def standing_rows(verdict: str | None) -> tuple[tuple[str, int, int], ...]:
    """(table, rows, rows without an error) that a stored verdict says; after a partial deposit, those of the whole."""
    if verdict is None:
        return ()
    content = Verdict.model_validate_json(verdict)
    if content.fusion is not None:
        return tuple((one.table, one.retenues + one.quarantaine, one.retenues) for one in content.fusion.tables)
    return tuple((one.table, one.lignes_lues, one.lignes_retenues) for one in content.tables)


def _agreed(hub: Hub, last: Period) -> tuple[AgreedVersion, ...]:
    from sqlalchemy import select

    with hub.registry.read() as session:
        releases = session.execute(select(Publication).order_by(Publication.publie_le)).scalars().all()
        latest = {Period.parse(one.periode): one for one in releases if Period.parse(one.periode).fin < last.fin}
        rounds = {one.version: session.get_one(Tour, one.tour_id) for one in latest.values()}
        reservations = {version: reservations_of(session, tour) for version, tour in rounds.items()}
    found = []
    for period, release in sorted(latest.items()):
        figures = hub.home.releases / release.version / "indicateurs.parquet"
        if not figures.is_file():
            continue
        with open_engine() as engine:
            question = "SELECT DISTINCT indicateur, version_definition FROM read_parquet(?) ORDER BY ALL"
            versions = engine.execute(question, [str(figures)]).fetchall()
        against = reservations[release.version]
        found += [
            AgreedVersion(
                centre, period, code, version, not any(r.centre == centre and r.bears_on(code) for r in against)
            )
            for centre, entry in nomenclature("centre").entries.items()
            if entry.valid_at(period.fin)
            for code, version in versions
        ]
    return tuple(found)
