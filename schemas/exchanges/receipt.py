"""The receipt that a depositor gets, signed, as soon as the bytes are in custody."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict


def deposit_name(centre: str, periode: str, sha256: str) -> str:
    """The name of a deposit: the same bytes always have the same one."""
    return f"{centre}-{periode}-{sha256[:12]}"


class Receipt(BaseModel):
    """Proof of deposit.

    depot_id    `<CENTRE>-<PERIODE>-<first 12 hex of sha256>`: the same bytes always have the same name
    lignes      data rows that the manifest declares, None without a readable manifest
    deja_recu   True when these bytes were in custody already
    signature   SSHSIG over the canonical JSON of the other fields (namespace intercentre-recu)
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    depot_id: str
    centre: str
    periode: str
    canal: str
    fichier: str
    octets: int
    lignes: int | None = None
    sha256: str
    recu_le: datetime
    deja_recu: bool = False
    signature: str | None = None
