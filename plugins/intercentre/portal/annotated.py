"""What is given back to the depositor, made on the fly: nothing of it is left at the hub when it goes out."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from intercentre.core.custody import CustodyError
from intercentre.core.hub import Hub
from intercentre.core.registry.tables import Depot
from intercentre.portal.accounts import Account
from intercentre.portal.refusals import RefusalError

_CHUNK = 1 << 16


def annotated_copy(hub: Hub, depot: Depot, account: Account) -> BinaryIO:
    """The annotated copy, as _given_back."""
    from intercentre.validation import annotate_deposit

    return _given_back(hub, depot, account, annotate_deposit, "copie_annotee")


def rows_to_correct(hub: Hub, depot: Depot, account: Account) -> BinaryIO:
    """The rows in quarantine, ready to be put right, as _given_back; 404 too when there is none."""
    from intercentre.validation import write_deposit_to_correct

    return _given_back(hub, depot, account, write_deposit_to_correct, "lignes_a_corriger")


def _given_back(
    hub: Hub, depot: Depot, account: Account, write: Callable[[Hub, Depot, Path], object], action: str
) -> BinaryIO:
    """The copy, open for reading, its file already removed from the disk; the journal tells that it was asked for.

    raises  RefusalError  403 the deposit is another centre's, 404 it has no verdict or its bytes are kept no longer
    """
    if account.centre != depot.centre_code:
        raise RefusalError(403)
    if depot.verdict is None:
        raise RefusalError(404, "Ce dépôt n'a pas encore de verdict.")
    hub.home.work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=hub.home.work, prefix="annote-") as name:
        target = Path(name) / "copie.xlsx"
        try:
            write(hub, depot, target)
        except CustodyError as error:
            raise RefusalError(404, str(error)) from error
        if not target.exists():
            raise RefusalError(404, "Ce dépôt n'a aucune ligne à corriger.")
        copy = target.open("rb")
    with hub.registry.change() as change:
        change.journal(account.nom, action, depot.depot_id, octets=os.fstat(copy.fileno()).st_size)
    return copy


def chunks(copy: BinaryIO) -> Iterator[bytes]:
    """The bytes of the copy, which is closed at the end, or when nobody wants the rest."""
    with copy:
        while block := copy.read(_CHUNK):
            yield block
