"""Bytes in, receipt out. Nothing is judged here and nothing is lost."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from intercentre.core import custody, sshsig
from intercentre.core.hub import Hub
from intercentre.core.packing import zip_folder
from intercentre.core.refusal import Refusal
from intercentre.core.registry.store import Transaction
from intercentre.core.registry.tables import Depot
from intercentre.intake.package import Declared, peek
from schemas.exchanges.receipt import Receipt, deposit_name
from schemas.exchanges.verdict import OFFICIAL_SOURCE
from schemas.nomenclatures import nomenclature
from schemas.period import Period

NAMESPACE_RECEIPT = "intercentre-recu"
IDENTITY_RECEIPT = "recus@intercentre"


class IntakeError(Refusal):
    """The deposit cannot be taken in; the message is French and says why."""


def expected_period(hub: Hub) -> Period:
    """The last civil quarter that is over."""
    return Period.quarter_of(hub.today()).previous()


def receive_deposit(
    hub: Hub,
    source: Path,
    *,
    centre: str,
    periode: Period | None,
    canal: str,
    acteur: str,
    fichier: str | None = None,
) -> Receipt:
    """The bytes of `source` are in custody and the depositor holds a signed receipt.

    source   a file of any kind, or a folder (made into a ZIP)
    periode  what the depositor says; None: what the manifest says, else the last quarter that is over
    canal    collecte, api, portail, dossier or commande
    raises   IntakeError when the centre is unknown or the file too large
    """
    if centre not in nomenclature("centre").entries and centre != OFFICIAL_SOURCE:
        raise IntakeError("Ce centre n'est pas connu du hub.")
    if not (source.is_file() or source.is_dir()):
        raise IntakeError("Le fichier ou le dossier à déposer n'existe pas.")
    hub.home.work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=hub.home.work) as scratch:
        package = source
        if source.is_dir():
            package = Path(scratch) / "depot.zip"
            zip_folder(source, package)
        octets = package.stat().st_size
        if octets > hub.settings.collecte_octets_max:
            raise IntakeError(f"Le dépôt dépasse la taille admise ({_size(hub.settings.collecte_octets_max)}).")
        declared = peek(package)
        sha256 = custody.seal(hub, package)
        period = periode or declared.periode or expected_period(hub)
        name = shown_name(fichier or source.name)
        with hub.registry.change() as change:
            custody.seal(hub, package)  # retention may just have removed the same bytes; it waits from here on
            return _record(hub, change, centre, period, canal, acteur, name, octets, sha256, declared)


def shown_name(name: str) -> str:
    """A file's own name, as the registry can keep and a page can show it: no folder, no control character."""
    last = re.split(r"[/\\]", name)[-1]
    return "".join(sign if sign.isprintable() else "_" for sign in last)[:255] or "depot"


def _size(octets: int) -> str:
    return f"{octets // 1_000_000} Mo" if octets >= 1_000_000 else f"{octets} octets"


def _record(
    hub: Hub,
    change: Transaction,
    centre: str,
    periode: Period,
    canal: str,
    acteur: str,
    fichier: str,
    octets: int,
    sha256: str,
    declared: Declared,
) -> Receipt:
    depot_id = deposit_name(centre, str(periode), sha256)
    known = change.session.get(Depot, depot_id)
    if known is not None and known.sha256 != sha256:  # made on purpose: other bytes, the same first digits
        depot_id = f"{centre}-{periode}-{sha256[:40]}"
        known = change.session.get(Depot, depot_id)
    if known is not None:
        change.journal(acteur, "depot_deja_recu", depot_id, canal=canal)
        return Receipt.model_validate_json(known.recepisse).model_copy(update={"deja_recu": True})
    receipt = _sign(
        hub,
        Receipt(
            depot_id=depot_id,
            centre=centre,
            periode=str(periode),
            canal=canal,
            fichier=fichier,
            octets=octets,
            lignes=declared.lignes,
            sha256=sha256,
            recu_le=change.instant,
        ),
    )
    change.session.add(
        Depot(
            depot_id=depot_id,
            numero=change.next_number(Depot.numero),
            centre_code=centre,
            periode=str(periode),
            canal=canal,
            fichier=receipt.fichier,
            octets=octets,
            sha256=sha256,
            recu_le=change.instant,
            recepisse=receipt.model_dump_json(),
            etat="recu",
            logiciel=declared.logiciel,
        )
    )
    change.journal(acteur, "depot_recu", depot_id, canal=canal, octets=octets, sha256=sha256)
    return receipt


def verify_receipt(hub: Hub, receipt: Receipt) -> None:
    """Return when this hub signed the receipt as it stands; raise core.sshsig.SignatureError otherwise."""
    allowed = sshsig.allowed_signer(IDENTITY_RECEIPT, _key(hub), NAMESPACE_RECEIPT)
    sshsig.verify(_signed_bytes(receipt), receipt.signature or "", allowed, IDENTITY_RECEIPT, NAMESPACE_RECEIPT)


def _sign(hub: Hub, receipt: Receipt) -> Receipt:
    signature = sshsig.sign(_signed_bytes(receipt), _key(hub), NAMESPACE_RECEIPT)
    return receipt.model_copy(update={"signature": signature})


def _key(hub: Hub) -> Ed25519PrivateKey:
    return sshsig.load_or_create_key(hub.home.keys / "recus")


def _signed_bytes(receipt: Receipt) -> bytes:
    content = receipt.model_dump(mode="json", exclude={"signature", "deja_recu"})
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
