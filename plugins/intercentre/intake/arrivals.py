"""The drop folder: arrivees/<CENTRE>/<file or folder>, and arrivees/STATBEL/ for the official files."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from sqlalchemy import select

from intercentre.core import custody
from intercentre.core.files import sha256_file, write_bytes
from intercentre.core.hub import Hub
from intercentre.core.packing import zip_folder
from intercentre.core.registry.tables import Depot
from intercentre.intake.official import read_deposit
from intercentre.intake.official_deposit import OfficialDeposit, write_official_deposit
from intercentre.intake.official_table import OfficialFileError
from intercentre.intake.receive import IntakeError, receive_deposit, shown_name
from schemas.exchanges.receipt import Receipt
from schemas.exchanges.verdict import OFFICIAL_SOURCE
from schemas.nomenclatures import nomenclature

ACTOR = "arrivees"
_SUFFIX_RECEIPT, _SUFFIX_REFUSAL = ".recu.json", ".refus.txt"
_LONGEST_NAME = 220  # bytes; file systems take 255, and a file is first written under a longer name


def take_arrivals(hub: Hub) -> list[Receipt]:
    """Everything that lay in the drop folder is in custody, with its receipt left in its place.

    A name that starts with a point or ends in `.part` is still being written and is left alone, and so is a symbolic
    link. What cannot be taken in stays where it is, with a `.refus.txt` beside it that says why, and is tried again
    once it has changed; it never keeps the other arrivals waiting.
    """
    receipts = []
    for source in (*nomenclature("centre").entries, OFFICIAL_SOURCE):
        folder = hub.home.arrivals / source
        folder.mkdir(parents=True, exist_ok=True)
        for entry in sorted(folder.iterdir()):
            if _is_arrival(entry):
                receipt = _take(hub, source, entry)
                if receipt is not None:
                    receipts.append(receipt)
    return receipts


def _is_arrival(entry: Path) -> bool:
    if entry.name.startswith(".") or entry.name.endswith((".part", _SUFFIX_RECEIPT, _SUFFIX_REFUSAL)):
        return False
    if entry.is_symlink() or not (entry.is_file() or entry.is_dir()):
        return False
    refusal = _beside(entry, _SUFFIX_REFUSAL)
    return not refusal.exists() or _state(entry) not in refusal.read_text(encoding="utf-8")


def _take(hub: Hub, source: str, entry: Path) -> Receipt | None:
    state = _state(entry)
    try:
        if source == OFFICIAL_SOURCE:
            receipt = _take_official(hub, entry)
        else:
            receipt = receive_deposit(hub, entry, centre=source, periode=None, canal="dossier", acteur=ACTOR)
    except (IntakeError, OfficialFileError, OSError) as error:
        _refuse(hub, source, entry, state, error)
        return None
    write_bytes(_beside(entry, _SUFFIX_RECEIPT), receipt.model_dump_json(indent=1).encode())
    _beside(entry, _SUFFIX_REFUSAL).unlink(missing_ok=True)
    if _state(entry) == state:  # what changed while it was read is taken again, whole, the next time
        _remove(entry)
    return receipt


def _refuse(hub: Hub, source: str, entry: Path, state: str, error: Exception) -> None:
    if not entry.exists():  # another process has taken it
        return
    why = str(error) if isinstance(error, (IntakeError, OfficialFileError)) else "Le fichier n'a pas pu être lu."
    retry = "Il sera repris dès qu'il aura changé."
    write_bytes(_beside(entry, _SUFFIX_REFUSAL), f"{why}\n{retry}\nÉtat : {state}\n".encode())
    action = "fichier_officiel_refuse" if source == OFFICIAL_SOURCE else "arrivee_refusee"
    with hub.registry.change() as change:
        change.journal(ACTOR, action, source, cause=type(error).__name__)


def _take_official(hub: Hub, entry: Path) -> Receipt:
    deposit = read_deposit(entry)
    sha256 = custody.seal(hub, entry)  # the official bytes themselves, beside the deposit made from them
    hub.home.work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=hub.home.work) as scratch:
        folder = Path(scratch) / "depot"
        write_official_deposit(deposit, folder, _sequence(hub, deposit, Path(scratch)))
        receipt = receive_deposit(
            hub,
            folder,
            centre=OFFICIAL_SOURCE,
            periode=deposit.periode,
            canal="dossier",
            acteur=ACTOR,
            fichier=entry.name,
        )
    with hub.registry.change() as change:
        change.journal(ACTOR, "fichier_officiel_pris", receipt.depot_id, fichier=shown_name(entry.name), sha256=sha256)
    return receipt


def _sequence(hub: Hub, deposit: OfficialDeposit, scratch: Path) -> int:
    """The place of these figures among the official deposits: their former one when they are known, else the next."""
    with hub.registry.read() as session:
        known = session.execute(
            select(Depot.sha256).where(Depot.centre_code == OFFICIAL_SOURCE).order_by(Depot.numero)
        ).scalars()
        digests = list(known)
    for place, digest in enumerate(digests, start=1):
        folder, package = scratch / f"essai-{place}", scratch / f"essai-{place}.zip"
        write_official_deposit(deposit, folder, place)
        zip_folder(folder, package)
        if sha256_file(package) == digest:
            return place
    return len(digests) + 1


def _state(entry: Path) -> str:
    """A short text that changes when the file, or a file of the folder, is written again."""
    facts = []
    for path in sorted((entry, *entry.rglob("*"))):
        try:
            facts.append((str(path.relative_to(entry)), path.lstat().st_size, path.lstat().st_mtime_ns))
        except FileNotFoundError:
            continue
    return hashlib.sha256(repr(facts).encode("utf-8", "replace")).hexdigest()[:16]


def _beside(entry: Path, suffix: str) -> Path:
    """The file beside `entry`; a name too long to take a suffix is cut and told apart by its digest."""
    name, raw = entry.name, os.fsencode(entry.name)
    if len(raw) > _LONGEST_NAME:
        name = f"{name[:40]}-{hashlib.sha256(raw).hexdigest()[:16]}"
    return entry.with_name(name + suffix)


def _remove(entry: Path) -> None:
    if entry.is_dir():
        shutil.rmtree(entry, ignore_errors=True)
    else:
        entry.unlink(missing_ok=True)
