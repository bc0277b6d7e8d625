"""Signatures that stock `ssh-keygen -Y verify` checks (SSHSIG, Ed25519).

Source: OpenSSH PROTOCOL.sshsig.
"""

from __future__ import annotations

import base64
import hashlib
import re
import struct
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_ssh_private_key,
    load_ssh_public_key,
)

from intercentre.core.files import write_once

_MAGIC = b"SSHSIG"
_HASH = b"sha512"
_SIGNER = re.compile(
    r'(?P<principals>[^\s#"]\S*)\s+(?:namespaces="(?P<namespaces>[^"]*)"\s+)?ssh-ed25519\s+(?P<key>[A-Za-z0-9+/=]+)(?:\s.*)?'
)
_ARMOUR = ("-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----")


class SignatureError(ValueError):
    """The signature is not one, or not of this content, key or namespace."""


def load_or_create_key(path: Path) -> Ed25519PrivateKey:
    """The signing key at `path` (OpenSSH format, mode 600), made on first use."""
    if not path.exists():
        key = Ed25519PrivateKey.generate()
        write_once(path, key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))
    loaded = load_ssh_private_key(path.read_bytes(), password=None)
    if not isinstance(loaded, Ed25519PrivateKey):
        raise SignatureError("La clé de signature n'est pas une clé Ed25519.")
    return loaded


def public_line(key: Ed25519PrivateKey) -> str:
    """The public key as one OpenSSH line."""
    return key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()


def allowed_signer(identity: str, key: Ed25519PrivateKey, namespace: str) -> str:
    """One line of an allowed_signers file."""
    return f'{identity} namespaces="{namespace}" {public_line(key)}\n'


def sign(content: bytes, key: Ed25519PrivateKey, namespace: str) -> str:
    """An armoured SSHSIG over `content`."""
    signature = key.sign(_signed_data(content, namespace))
    blob = (
        _MAGIC
        + struct.pack(">I", 1)
        + _string(_public_blob(key.public_key()))
        + _string(namespace.encode())
        + _string(b"")
        + _string(_HASH)
        + _string(_string(b"ssh-ed25519") + _string(signature))
    )
    text = base64.b64encode(blob).decode()
    lines = [text[start : start + 70] for start in range(0, len(text), 70)]
    return "\n".join((_ARMOUR[0], *lines, _ARMOUR[1])) + "\n"


def verify(content: bytes, armoured: str, allowed_signers: str, identity: str, namespace: str) -> None:
    """Return when an allowed key of `identity` signed `content` in `namespace`; raise SignatureError otherwise."""
    try:
        inner = armoured.split(_ARMOUR[0])[1].split(_ARMOUR[1])[0]
        blob = base64.b64decode("".join(inner.split()), validate=True)
        if blob[:6] != _MAGIC or blob[6:10] != struct.pack(">I", 1):
            raise SignatureError("Signature d'un autre format.")
        public, named, reserved, hashed, signature = _strings(blob[10:], 5)
        algorithm, raw = _strings(signature, 2)
    except (IndexError, ValueError, struct.error) as error:
        raise SignatureError("Signature illisible.") from error
    if (named, reserved, hashed, algorithm) != (namespace.encode(), b"", _HASH, b"ssh-ed25519"):
        raise SignatureError("Signature faite pour un autre usage.")
    for key in _keys_of(allowed_signers, identity, namespace):
        if _public_blob(key) == public:
            try:
                key.verify(raw, _signed_data(content, namespace))
            except InvalidSignature as error:
                raise SignatureError("Le contenu a changé depuis la signature.") from error
            return
    raise SignatureError("La clé de la signature n'est pas parmi les clés admises.")


def _keys_of(allowed_signers: str, identity: str, namespace: str) -> list[Ed25519PublicKey]:
    """Keys that an allowed_signers file gives to `identity` for `namespace`; a line not fully understood gives none."""
    keys = []
    for line in allowed_signers.splitlines():
        match = _SIGNER.fullmatch(line.strip())
        if match is None or identity not in match["principals"].split(","):
            continue
        if match["namespaces"] is not None and namespace not in match["namespaces"].split(","):
            continue
        try:
            key = load_ssh_public_key(f"ssh-ed25519 {match['key']}".encode())
        except (ValueError, UnsupportedAlgorithm):
            continue
        if isinstance(key, Ed25519PublicKey):
            keys.append(key)
    return keys


def _signed_data(content: bytes, namespace: str) -> bytes:
    digest = hashlib.sha512(content).digest()
    return _MAGIC + _string(namespace.encode()) + _string(b"") + _string(_HASH) + _string(digest)


def _public_blob(key: Ed25519PublicKey) -> bytes:
    return _string(b"ssh-ed25519") + _string(key.public_bytes(Encoding.Raw, PublicFormat.Raw))


def _string(content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + content


def _strings(blob: bytes, count: int) -> list[bytes]:
    parts = []
    for _ in range(count):
        (length,) = struct.unpack(">I", blob[:4])
        parts.append(blob[4 : 4 + length])
        if len(parts[-1]) != length:
            raise ValueError("truncated")
        blob = blob[4 + length :]
    if blob:
        raise ValueError("trailing bytes")
    return parts
