"""Pulling one centre's deposit of one period. A centre that is down or wrong harms nobody but itself."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from intercentre.core.hub import Hub
from intercentre.core.registry.tables import Collecte
from intercentre.intake.endpoints import Endpoint
from intercentre.intake.receive import receive_deposit
from intercentre.intake.transfer import Answer, Limits, TransferError, fetch
from schemas.findings import Finding
from schemas.period import Period
from schemas.rules import finding

ACTOR = "collecte"


@dataclass(frozen=True)
class Collection:
    """How one collection ended.

    resultat  depot (new bytes taken in), inchange (the centre has nothing newer) or echec
    depot_id  the deposit taken in, or the one whose bytes the centre still has
    constat   what went wrong, when resultat is echec
    """

    centre: str
    periode: str
    resultat: str
    depot_id: str | None = None
    constat: Finding | None = None


def collect(hub: Hub, endpoint: Endpoint, periode: Period, jeton: str) -> Collection:
    """The centre's file is in custody, or the failure is recorded with its code; never raises for the centre's sake."""
    started = hub.now()
    former = _last_success(hub, endpoint.centre, periode)
    limits = Limits(hub.settings.collecte_octets_max, hub.settings.collecte_delai_s, hub.settings.collecte_essais)
    hub.home.work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=hub.home.work) as scratch:
        target = Path(scratch) / f"{periode}.zip"
        url = endpoint.url.replace("{periode}", str(periode))
        try:
            answer = fetch(url, jeton, former.etag if former else None, target, limits)
        except TransferError as failure:
            constat = finding(failure.code, **failure.facts)
            return _record(hub, started, Collection(endpoint.centre, str(periode), "echec", constat=constat), None)
        if former is not None and not answer.is_new:
            unchanged = Collection(endpoint.centre, str(periode), "inchange", former.depot_id)
            return _record(hub, started, unchanged, answer)
        receipt = receive_deposit(hub, target, centre=endpoint.centre, periode=periode, canal="collecte", acteur=ACTOR)
    resultat = "inchange" if receipt.deja_recu else "depot"
    return _record(hub, started, Collection(endpoint.centre, str(periode), resultat, receipt.depot_id), answer)


def _last_success(hub: Hub, centre: str, periode: Period) -> Collecte | None:
    with hub.registry.read() as session:
        return session.execute(
            select(Collecte)
            .where(Collecte.centre_code == centre, Collecte.periode == str(periode), Collecte.depot_id.is_not(None))
            .order_by(Collecte.numero.desc())
            .limit(1)
        ).scalar_one_or_none()


def _record(hub: Hub, started: datetime, collection: Collection, answer: Answer | None) -> Collection:
    code = collection.constat.code if collection.constat else None
    with hub.registry.change() as change:
        change.session.add(
            Collecte(
                centre_code=collection.centre,
                periode=collection.periode,
                debut=started,
                fin=change.instant,
                resultat=collection.resultat,
                code=code,
                etag=answer.etag if answer else None,
                depot_id=collection.depot_id,
            )
        )
        change.journal(
            ACTOR,
            f"collecte_{collection.resultat}",
            f"{collection.centre}-{collection.periode}",
            code=code,
            depot=collection.depot_id,
        )
    return collection
