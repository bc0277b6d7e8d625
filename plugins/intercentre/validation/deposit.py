"""A deposit in custody judged once, and its verdict recorded with what the manifest declared."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path, PurePath

from sqlalchemy import select
from sqlalchemy.orm import Session

from intercentre.core import custody
from intercentre.core.files import new_folder
from intercentre.core.french import local_day
from intercentre.core.hub import Hub
from intercentre.core.registry.store import Transaction
from intercentre.core.registry.tables import Depot
from intercentre.validation.completion import Completed, check_completed
from intercentre.validation.package import Examination, Precedent, examine
from intercentre.validation.verdict import verdict_bytes
from schemas.exchanges.manifest import MANIFEST_NAME, Manifest
from schemas.exchanges.verdict import ACCEPTED, Verdict
from schemas.findings import Finding
from schemas.nomenclatures import nomenclature
from schemas.period import Period
from schemas.rules import finding

ACTOR = "validation"
RECEIVED, REFUSED = "recu", "refuse"


class UnknownDepositError(LookupError):
    """No deposit of this name is in the registry."""


class OvertakenError(RuntimeError):
    """The deposit that a partial one completes was replaced while the partial one was judged."""


def validate_deposit(hub: Hub, depot_id: str) -> Verdict:
    """The deposit has its verdict, in the registry and with its typed rows under `home.validated(depot_id)`.

    A deposit that has its verdict is not judged again: the same verdict is returned, and no journal line is added.
    Its day is the day of its receipt, so that judging later changes nothing. It is judged beside the centre's last
    deposit of an earlier period that counts when it is judged; one that comes later does not change the verdict.

    raises  UnknownDepositError; core.custody.CustodyError when its bytes are gone or altered
    """
    with hub.registry.read() as session:
        depot = _known(session, depot_id)
    folder = hub.home.validated(depot_id)
    if depot.verdict is not None and folder.exists():
        return Verdict.model_validate_json(depot.verdict)
    while True:
        before = former_deposit(hub, depot)
        with new_folder(folder) as out:
            examination = _examine(hub, depot, out, precedent_of(hub, before) if before else None)
        try:
            with hub.registry.change() as change:
                return _record(change, depot_id, examination, before.depot_id if before else None)
        except OvertakenError:  # judged again, in the light of what came in between
            continue


def former_deposit(hub: Hub, depot: Depot) -> Depot | None:
    """The centre's deposit in force for the last period before this one's; official statistics have none.

    It is the one that counts: accepted and staged; of several for one period the last, as harmonisation chooses.
    """
    if depot.centre_code not in nomenclature("centre").entries:
        return None
    with hub.registry.read() as session:
        staged = select(Depot).where(Depot.centre_code == depot.centre_code, Depot.prepare, Depot.etat.in_(ACCEPTED))
        known = session.execute(staged).scalars().all()
    end = Period.parse(depot.periode).fin
    earlier = [one for one in known if Period.parse(one.periode).fin < end]
    return max(earlier, key=lambda one: one.rank, default=None)


def precedent_of(hub: Hub, former: Depot) -> Precedent:
    """The staged rows of an accepted deposit, as a later one is judged beside them."""
    periode = Period.parse(former.periode)
    version = Verdict.model_validate_json(former.verdict).version_contrat if former.verdict else ""
    return Precedent(periode, hub.home.staged(former.centre_code, periode, former.depot_id), version)


def _examine(hub: Hub, depot: Depot, out: Path, precedent: Precedent | None) -> Examination:
    hub.home.work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=hub.home.work) as scratch:
        package = Path(scratch) / "depot"
        custody.unseal(hub, depot.sha256, package)

        def further(manifest: Manifest) -> list[Finding]:
            with hub.registry.read() as session:
                return hub_findings(session, depot, manifest)

        def completed(manifest: Manifest) -> Completed | Finding:
            with hub.registry.read() as session:
                return find_completed(hub, session, depot, manifest)

        return examine(
            package,
            centre=depot.centre_code,
            periode=Period.parse(depot.periode),
            today=local_day(depot.recu_le),
            out=out,
            fichier=PurePath(depot.fichier).name or depot.depot_id,
            further=further,
            precedent=precedent,
            completed=completed,
        )


def hub_findings(session: Session, depot: Depot, manifest: Manifest) -> list[Finding]:
    """What only the registry can tell of a manifest: V08 and V09.

    Only deposits received before this one count, and never refused ones: a wrong number in a refused deposit must
    not block those that follow. Official sources have no sequence of their own: a year may come late, or again.
    """
    findings = []
    if manifest.type_depot == "RECTIFICATIF" and not _names_an_accepted_deposit(session, depot, manifest):
        findings.append(finding("V08", fichier=MANIFEST_NAME))
    has_own_sequence = depot.centre_code in nomenclature("centre").entries and not manifest.is_partial
    if has_own_sequence and _comes_too_late(session, depot, manifest):
        findings.append(finding("V09", fichier=MANIFEST_NAME))
    return findings


def find_completed(hub: Hub, session: Session, depot: Depot, manifest: Manifest) -> Completed | Finding:
    """The deposit that a partial one completes, or V08-P, V08-S, V08-Q, V08-E: it must be the one in force."""
    if not _names_an_accepted_deposit(session, depot, manifest):
        return finding("V08-P", fichier=MANIFEST_NAME)
    former = session.get_one(Depot, manifest.remplace_depot_id)
    if _in_force(session, depot) != former.depot_id:
        return finding("V08-S", fichier=MANIFEST_NAME)
    if former.verdict is None or former.date_etat is None:
        return finding("V08-P", fichier=MANIFEST_NAME)
    verdict = Verdict.model_validate_json(former.verdict)
    base = Completed(former.depot_id, verdict, former.date_etat, hub.home.validated(former.depot_id))
    return check_completed(manifest, base)


def _in_force(session: Session, depot: Depot) -> str | None:
    """The deposit that counts for the centre and period of this one: the last accepted, as harmonisation ranks them."""
    accepted = select(Depot).where(
        Depot.centre_code == depot.centre_code,
        Depot.periode == depot.periode,
        Depot.depot_id != depot.depot_id,
        Depot.etat.in_(ACCEPTED),
    )
    ranked = max(session.scalars(accepted), key=lambda one: one.rank, default=None)
    return ranked.depot_id if ranked else None


def _comes_too_late(session: Session, depot: Depot, manifest: Manifest) -> bool:
    """Whether a deposit with this number or a greater one was received before, with another content."""
    others = select(Depot.depot_id).where(
        Depot.centre_code == depot.centre_code,
        Depot.numero < depot.numero,
        Depot.etat != REFUSED,
        Depot.sha256 != depot.sha256,
        Depot.sequence >= manifest.sequence,
    )
    return session.scalars(others).first() is not None


def _names_an_accepted_deposit(session: Session, depot: Depot, manifest: Manifest) -> bool:
    former = session.get(Depot, manifest.remplace_depot_id) if manifest.remplace_depot_id else None
    return (
        former is not None
        and former.depot_id != depot.depot_id
        and (former.centre_code, former.periode) == (depot.centre_code, depot.periode)
        and former.etat in ACCEPTED
    )


def _record(change: Transaction, depot_id: str, examination: Examination, precedent: str | None) -> Verdict:
    """State, verdict and journal line, unless another process recorded the same verdict in the meantime."""
    depot = _known(change.session, depot_id)
    verdict = examination.verdict
    if depot.verdict is not None:
        return Verdict.model_validate_json(depot.verdict)
    completes = verdict.fusion.depot_complete if verdict.fusion else None
    if completes and verdict.is_accepted and _in_force(change.session, depot) != completes:
        raise OvertakenError(depot_id)
    depot.verdict = verdict_bytes(verdict).decode()
    depot.etat = verdict.verdict.value
    depot.juge_le = change.instant
    if examination.declaration:
        manifest = examination.declaration.manifest
        depot.date_etat = examination.declaration.date_etat
        depot.sequence = manifest.sequence if manifest else None
        depot.debut_historique = manifest.debut_historique if manifest else None
        depot.debuts_par_table = _starts(manifest)
    if completes:  # the state of the deposit completed, put right: its place among the deposits stays the same
        former = _known(change.session, completes)
        depot.sequence, depot.debut_historique = former.sequence_retenue, former.debut_historique
        depot.debuts_par_table = former.debuts_par_table
    severities = Counter(found.severite.value for found in verdict.constats)
    change.journal(
        ACTOR,
        "depot_juge",
        depot_id,
        verdict=verdict.verdict.value,
        constats=dict(sorted(severities.items())),
        regles_sha256=verdict.regles_sha256,
        precedent=precedent,
        **({"complete": completes} if completes else {}),
    )
    return verdict


def _starts(manifest: Manifest | None) -> dict[str, str] | None:
    """Table -> ISO day since which it is complete, as the registry keeps it."""
    starts = manifest.debut_historique_par_table if manifest else {}
    return {table: day.isoformat() for table, day in sorted(starts.items())} or None


def _known(session: Session, depot_id: str) -> Depot:
    depot = session.get(Depot, depot_id)
    if depot is None:
        raise UnknownDepositError(depot_id)
    return depot
