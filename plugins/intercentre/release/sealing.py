"""Sums, manifest and signature: what makes a folder a release that anyone can check."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from intercentre.core import sshsig
from intercentre.core.files import sha256_file, write_bytes
from intercentre.core.hub import Hub
from intercentre.release.inputs import ReleaseInputs
from intercentre.release.readme import last_day
from schemas.exchanges.agreement import RoundState
from schemas.exchanges.release import (
    IDENTITE_PUBLICATION,
    MANIFEST_NAME,
    NAMESPACE_PUBLICATION,
    SIGNATURE_NAME,
    SUMS_NAME,
    ReleasedFile,
    ReleaseManifest,
)
from schemas.extracts import VERSION_CONTRAT

ALLOWED_SIGNERS = "allowed_signers"
READ_ONLY = 0o444


def write_sums(folder: Path) -> None:
    """SHA256SUMS lists every file that is there, in the order of names, as `sha256sum -c` reads it."""
    lines = [f"{sha256_file(file)}  {file.name}\n" for file in _files(folder)]
    (folder / SUMS_NAME).write_text("".join(lines), encoding="utf-8", newline="\n")


def seal(
    hub: Hub, folder: Path, inputs: ReleaseInputs, *, approbateur: str, instant: datetime, journal_sha256: str
) -> str:
    """The folder holds its signed manifest and is read-only from now on; returns the manifest's SHA-256."""
    manifest = ReleaseManifest(
        version=str(inputs.version),
        periode=str(inputs.periode),
        date_etat=last_day(inputs),
        publie_le=instant,
        diffusion=inputs.diffusion,
        version_contrat=VERSION_CONTRAT,
        regles_sha256=inputs.regles,
        depots=inputs.depots,
        empreinte=inputs.agreement.empreinte,
        tour_id=inputs.agreement.tour_id,
        decision=RoundState.ACCORDE.value,
        proces_verbal=inputs.agreement.proces_verbal,
        approbateur=approbateur,
        journal_sha256=journal_sha256,
        simule=inputs.simule,
        corrections=inputs.corrections,
        fichiers=tuple(_described(folder)),
    )
    content = (manifest.model_dump_json(indent=2) + "\n").encode()
    key = sshsig.load_or_create_key(hub.home.keys / "publication")
    _publish_key(hub, key)
    (folder / MANIFEST_NAME).write_bytes(content)
    (folder / SIGNATURE_NAME).write_text(sshsig.sign(content, key, NAMESPACE_PUBLICATION), encoding="ascii")
    for file in _files(folder):
        file.chmod(READ_ONLY)
    return sha256_file(folder / MANIFEST_NAME)


def _described(folder: Path) -> Iterable[ReleasedFile]:
    for file in _files(folder):
        yield ReleasedFile(nom=file.name, octets=file.stat().st_size, sha256=sha256_file(file))


def _publish_key(hub: Hub, key: Ed25519PrivateKey) -> None:
    """publications/allowed_signers holds this key; keys of earlier releases stay, so that they can be checked."""
    path = hub.home.releases / ALLOWED_SIGNERS
    line = sshsig.allowed_signer(IDENTITE_PUBLICATION, key, NAMESPACE_PUBLICATION)
    known = path.read_text(encoding="utf-8") if path.is_file() else ""
    if line not in known:
        write_bytes(path, (known + line).encode())


def _files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir(), key=lambda file: file.name)
