"""Retention: raw bytes are kept as long as they may be needed, and no longer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from intercentre.core import custody
from intercentre.core.hub import Hub
from intercentre.core.registry.tables import Depot

ACTOR = "entretien"


def forget_old_deposits(hub: Hub) -> list[str]:
    """Raw bytes older than the retention setting are gone; returns their SHA-256.

    The journal names what is forgotten before it is: a stop in between only means doing it again.
    """
    with hub.registry.read() as session:
        deposits = session.execute(select(Depot).order_by(Depot.numero)).scalars().all()
    limit = hub.now() - timedelta(days=hub.settings.duree_depots_jours)
    old = [sha256 for sha256 in forgettable(deposits, limit) if hub.home.custody(sha256).exists()]
    for sha256 in old:
        with hub.registry.change() as change:
            change.journal(ACTOR, "octets_effaces", sha256, apres_jours=hub.settings.duree_depots_jours)
        custody.forget(hub, sha256)
    return old


def forgettable(deposits: Iterable[Depot], limit: datetime) -> list[str]:
    """SHA-256 of the bytes that no deposit needs any more, in the order of their arrival.

    Bytes that several deposits share are needed as long as one of them was received after `limit`, or waits for its
    verdict.
    """
    needed: dict[str, bool] = {}
    for deposit in deposits:
        received = deposit.recu_le if deposit.recu_le.tzinfo else deposit.recu_le.replace(tzinfo=UTC)
        still = received >= limit or deposit.etat == "recu"
        needed[deposit.sha256] = needed.get(deposit.sha256, False) or still
    return [sha256 for sha256, still in needed.items() if not still]
