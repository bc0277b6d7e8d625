"""Z0: raw bytes as they came, content-addressed, written once, encrypted at rest (age, X25519)."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyrage
from pyrage import x25519

from intercentre.core.files import sha256_file, sync_folder, write_once
from intercentre.core.hub import Hub
from intercentre.core.refusal import Refusal


class CustodyError(Refusal):
    """Bytes in custody are gone or are not those that were received."""


def seal(hub: Hub, source: Path) -> str:
    """The bytes of `source` are in custody; returns their SHA-256. The same bytes again change nothing."""
    sha256 = sha256_file(source)
    target = hub.home.custody(sha256)
    if not target.exists():
        recipient = _identity(hub, create=True).to_public()
        with _scratch(target) as scratch:
            with source.open("rb") as clear, scratch.open("wb") as stream:
                pyrage.encrypt_io(clear, stream, [recipient])
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(scratch, target)
        sync_folder(target.parent)
    return sha256


def unseal(hub: Hub, sha256: str, target: Path) -> None:
    """`target` holds the bytes received as `sha256`; raises CustodyError when they are gone or altered.

    Nothing is at `target` after a CustodyError: altered bytes are never handed over.
    """
    sealed = hub.home.custody(sha256)
    if not sealed.exists():
        raise CustodyError("Les octets de ce dépôt ne sont plus conservés.")
    identity = _identity(hub, create=False)
    with _scratch(target) as scratch:
        try:
            with sealed.open("rb") as stream, scratch.open("wb") as clear:
                pyrage.decrypt_io(stream, clear, [identity])
        except (pyrage.DecryptError, OSError) as error:
            raise CustodyError("Les octets conservés de ce dépôt ne peuvent pas être déchiffrés.") from error
        if sha256_file(scratch) != sha256:
            raise CustodyError("Les octets conservés de ce dépôt ont changé depuis leur réception.")
        os.replace(scratch, target)


def forget(hub: Hub, sha256: str) -> bool:
    """The bytes are removed (retention); True when there were any."""
    sealed = hub.home.custody(sha256)
    existed = sealed.exists()
    sealed.unlink(missing_ok=True)
    return existed


def _identity(hub: Hub, *, create: bool) -> x25519.Identity:
    path = hub.home.keys / "z0"
    if not path.exists():
        if not create:
            raise CustodyError("La clé des octets conservés manque (cles/z0) : restaurez-la avant de continuer.")
        write_once(path, f"{x25519.Identity.generate()}\n".encode())
    return x25519.Identity.from_str(path.read_text(encoding="ascii").strip())


@contextmanager
def _scratch(target: Path) -> Iterator[Path]:
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    os.close(handle)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)
