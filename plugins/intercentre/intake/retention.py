"""Raw deposits are kept as long as the rule says and no longer; what the hub stands on stays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from intercentre.core import custody
from intercentre.core.hub import Hub
from intercentre.core.registry.tables import Depot
from schemas.exchanges.verdict import ACCEPTED, Verdict

ACTOR = "conservation"


def forget_raw_deposits(hub: Hub) -> int:
    """Raw bytes received more than `duree_depots_jours` ago are gone, and journaled; returns how many were removed.

    Bytes stay while any deposit holds them that is younger, or that is its centre's last accepted one, or that this
    one completes.
    """
    limit = hub.now() - timedelta(days=hub.settings.duree_depots_jours)
    with hub.registry.read() as session:
        deposits = session.execute(select(Depot).order_by(Depot.numero)).scalars().all()
    kept = {deposit.sha256 for deposit in deposits if _instant(deposit) >= limit} | _in_force(deposits)
    due = {deposit.sha256: deposit.depot_id for deposit in deposits if deposit.sha256 not in kept}
    return sum(_forget(hub, sha256, depot_id) for sha256, depot_id in due.items())


def _forget(hub: Hub, sha256: str, depot_id: str) -> bool:
    """The line is written first and kept only when the bytes are gone: a crash between leaves both, or the bytes gone.

    Writers wait for one another here, so nobody deposits the same bytes anew in between.
    """
    with hub.registry.change() as change:
        newer = change.session.execute(
            select(Depot.depot_id).where(Depot.sha256 == sha256, Depot.recu_le >= _limit(hub, change.instant))
        ).first()
        if newer is not None or not hub.home.custody(sha256).exists():
            return False
        change.journal(ACTOR, "octets_effaces", depot_id, sha256=sha256)
        return custody.forget(hub, sha256)


def _limit(hub: Hub, instant: datetime) -> datetime:
    return instant - timedelta(days=hub.settings.duree_depots_jours)


def _in_force(deposits: Iterable[Depot]) -> set[str]:
    """SHA-256 of each source's last accepted deposit, and of all that it completes."""
    last: dict[str, Depot] = {}
    for deposit in deposits:
        if deposit.etat in ACCEPTED:
            former = last.get(deposit.centre_code)
            if former is None or deposit.rank > former.rank:
                last[deposit.centre_code] = deposit
    known = {deposit.depot_id: deposit for deposit in deposits}
    return {known[depot_id].sha256 for deposit in last.values() for depot_id in _stands_on(deposit, known)}


def _stands_on(deposit: Depot, known: Mapping[str, Depot]) -> Iterator[str]:
    """The deposit, the one that it completes, the one that this completes, and so on."""
    standing: Depot | None = deposit
    while standing is not None:
        yield standing.depot_id
        fusion = Verdict.model_validate_json(standing.verdict).fusion if standing.verdict else None
        standing = known.get(fusion.depot_complete) if fusion else None


def _instant(deposit: Depot) -> datetime:
    """The instant of reception; SQLite gives back UTC without its zone."""
    return deposit.recu_le if deposit.recu_le.tzinfo else deposit.recu_le.replace(tzinfo=UTC)
