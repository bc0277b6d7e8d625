"""Z0: raw bytes as they came, content-addressed, written once, encrypted at rest (age, X25519)."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pyrage
from pyrage import x25519

from intercentre.core.files import sha256_file, write_once
from intercentre.core.hub import Hub


class CustodyError(RuntimeError):
    """Bytes in custody are gone or are not those that were received."""


def seal(hub: Hub, source: Path) -> str:
    """The bytes of `source` are in custody; returns their SHA-256. The same bytes again change nothing."""
    sha256 = sha256_file(source)
    target = hub.home.custody(sha256)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, scratch = tempfile.mkstemp(dir=target.parent, prefix=f".{sha256}.")
        os.close(handle)
        try:
            pyrage.encrypt_file(str(source), scratch, [_identity(hub).to_public()])
            with open(scratch, "rb") as stream:
                os.fsync(stream.fileno())
            os.replace(scratch, target)
        finally:
            Path(scratch).unlink(missing_ok=True)
    return sha256


def unseal(hub: Hub, sha256: str, target: Path) -> None:
    """`target` holds the bytes received as `sha256`; raises CustodyError when they are gone or altered."""
    sealed = hub.home.custody(sha256)
    if not sealed.exists():
        raise CustodyError("Les octets de ce dépôt ne sont plus conservés.")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        pyrage.decrypt_file(str(sealed), str(target), [_identity(hub)])
    except pyrage.DecryptError as error:
        raise CustodyError("Les octets conservés de ce dépôt ne peuvent pas être déchiffrés.") from error
    if sha256_file(target) != sha256:
        raise CustodyError("Les octets conservés de ce dépôt ont changé depuis leur réception.")


def forget(hub: Hub, sha256: str) -> bool:
    """The bytes are removed (retention); True when there were any."""
    sealed = hub.home.custody(sha256)
    existed = sealed.exists()
    sealed.unlink(missing_ok=True)
    return existed


def _identity(hub: Hub) -> x25519.Identity:
    path = hub.home.keys / "z0"
    if not path.exists():
        write_once(path, f"{x25519.Identity.generate()}\n".encode())
    return x25519.Identity.from_str(path.read_text(encoding="ascii").strip())
