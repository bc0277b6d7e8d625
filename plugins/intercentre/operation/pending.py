"""What stood still: a machine stopped between two steps, Airflow was down when the portal called, a deadline passed.

The registry is the truth about all of it; the upkeep DAGs ask here and announce again what was missed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import select

from intercentre.core.deadline import last_day
from intercentre.core.french import utc
from intercentre.core.hub import Hub
from intercentre.core.registry.tables import Depot, Tour
from schemas.exchanges.verdict import ACCEPTED, OFFICIAL_SOURCE
from schemas.period import Period

AT_WORK = timedelta(minutes=10)


def pending_deposits(hub: Hub) -> list[str]:
    """Deposits in custody that were not judged, or accepted and not staged, in the order of their arrival.

    A deposit of the last minutes is left to whoever is at work on it.
    """
    limit = hub.now() - AT_WORK
    with hub.registry.read() as session:
        rows = session.execute(select(Depot).order_by(Depot.numero)).scalars().all()
    stopped = [row for row in rows if row.etat == "recu" or (row.etat in ACCEPTED and not row.prepare)]
    return [row.depot_id for row in stopped if utc(row.recu_le) < limit]


def by_centre(hub: Hub, depot_ids: Iterable[str]) -> list[list[str]]:
    """The deposits, each once, centre by centre, earlier periods first: each is judged beside the one before it."""
    with hub.registry.read() as session:
        rows = session.execute(select(Depot).where(Depot.depot_id.in_(set(depot_ids)))).scalars().all()
    queues: dict[str, list[str]] = {}
    for row in sorted(rows, key=lambda row: (row.centre_code, Period.parse(row.periode).fin, row.numero)):
        queues.setdefault(row.centre_code, []).append(row.depot_id)
    return list(queues.values())


def period_to_refresh(hub: Hub, depot_id: str) -> Period | None:
    """The release period whose figures this deposit changes; None when there is none yet.

    A centre's quarter is its own. Official statistics, and a year's figures, enter the last quarter that a centre has
    deposited.
    """
    with hub.registry.read() as session:
        deposit = session.get_one(Depot, depot_id)
        of_centres = select(Depot.periode).where(Depot.prepare, Depot.centre_code != OFFICIAL_SOURCE)
        prepared = session.execute(of_centres).scalars().all()
    own = Period.parse(deposit.periode)
    if own.is_quarter and deposit.centre_code != OFFICIAL_SOURCE:
        return own
    return max((period for text in prepared if (period := Period.parse(text)).is_quarter), default=None)


def periods_without_round(hub: Hub) -> list[Period]:
    """Quarters whose deposits are no longer awaited, that have protected figures and on which nobody was asked."""
    with hub.registry.read() as session:
        asked = set(session.execute(select(Tour.periode)).scalars())
    protected = hub.home.protected("x").parent
    folders = sorted(protected.iterdir()) if protected.exists() else []
    periods = [Period.parse(folder.name) for folder in folders if not folder.name.startswith(".")]
    return [period for period in periods if str(period) not in asked and _is_past_due(hub, period)]


def _is_past_due(hub: Hub, period: Period) -> bool:
    return period.is_quarter and hub.today() > last_day(hub, period)
