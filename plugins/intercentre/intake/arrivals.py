"""The drop folder: arrivees/<CENTRE>/<file or folder>, and arrivees/STATBEL/ for the official population files."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from intercentre.core import custody
from intercentre.core.hub import Hub
from intercentre.intake.official import OfficialFileError, write_official_deposit
from intercentre.intake.receive import OFFICIAL_SOURCE, receive_deposit
from schemas.exchanges.receipt import Receipt
from schemas.nomenclatures import nomenclature

ACTOR = "arrivees"
_SUFFIX_RECEIPT, _SUFFIX_REFUSAL = ".recu.json", ".refus.txt"


def take_arrivals(hub: Hub) -> list[Receipt]:
    """Everything that lay in the drop folder is in custody, with its receipt left in its place.

    A name that starts with a point or ends in `.part` is still being written and is left alone. An official file
    that cannot be read stays where it is, with a `.refus.txt` beside it that says why.
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
    return not entry.with_name(entry.name + _SUFFIX_REFUSAL).exists()


def _take(hub: Hub, source: str, entry: Path) -> Receipt | None:
    if source == OFFICIAL_SOURCE:
        receipt = _take_official(hub, entry)
    else:
        receipt = receive_deposit(hub, entry, centre=source, periode=None, canal="dossier", acteur=ACTOR)
    if receipt is not None:
        entry.with_name(entry.name + _SUFFIX_RECEIPT).write_text(receipt.model_dump_json(indent=1), encoding="utf-8")
        if entry.is_dir():
            shutil.rmtree(entry)
        else:
            entry.unlink()
    return receipt


def _take_official(hub: Hub, entry: Path) -> Receipt | None:
    hub.home.work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=hub.home.work) as scratch:
        folder = Path(scratch) / "depot"
        try:
            period = write_official_deposit(entry, folder)
        except OfficialFileError as error:
            entry.with_name(entry.name + _SUFFIX_REFUSAL).write_text(f"{error}\n", encoding="utf-8")
            with hub.registry.change() as change:
                change.journal(ACTOR, "fichier_officiel_refuse", OFFICIAL_SOURCE)
            return None
        custody.seal(hub, entry)  # the official bytes themselves, beside the deposit made from them
        return receive_deposit(
            hub,
            folder,
            centre=OFFICIAL_SOURCE,
            periode=period,
            canal="dossier",
            acteur=ACTOR,
            fichier=entry.name,
        )
