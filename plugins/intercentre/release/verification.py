"""Checking a release as a stranger would: signature first, then every byte, then what the figures say."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from pathlib import Path

from pydantic import ValidationError

from intercentre.core import sshsig
from intercentre.core.files import sha256_file
from intercentre.release.controls import check_content
from intercentre.release.sealing import ALLOWED_SIGNERS
from intercentre.release.version import Version
from schemas.exchanges.release import (
    IDENTITE_PUBLICATION,
    MANIFEST_NAME,
    NAMESPACE_PUBLICATION,
    SIGNATURE_NAME,
    SUMS_NAME,
    ReleaseManifest,
)
from schemas.period import Period, PeriodError

_ARMOUR = ("-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----")


def verify_release(folder: Path, allowed_signers: Path | None = None) -> list[str]:
    """French sentences about everything that is wrong with the release; empty when it is what was signed.

    allowed_signers  file of the keys that may sign; None: the one beside the folder, which proves only as much as
                     the place that it was fetched from
    """
    problems = list(_signature(folder, allowed_signers or folder.parent / ALLOWED_SIGNERS))
    if problems:
        return problems  # an unsigned list proves nothing of the files
    try:
        manifest = read_manifest(folder)
        periode = Period.parse(manifest.periode)
    except (ValidationError, PeriodError):
        return [f"{MANIFEST_NAME} : la signature est bonne, mais le manifeste n'a pas la forme attendue."]
    if Version.parse(folder.name) not in (None, Version.parse(manifest.version)):
        return [f"{folder.name} : ce dossier est celui de la publication {manifest.version}, sous un autre nom."]
    problems = [*_files(folder, manifest), *_sums(folder, manifest)]
    return problems or list(check_content(folder, periode))


def read_manifest(folder: Path) -> ReleaseManifest:
    """The manifest of a release folder; raises pydantic's ValidationError when it is not one."""
    return ReleaseManifest.model_validate_json((folder / MANIFEST_NAME).read_bytes())


def _signature(folder: Path, allowed_signers: Path) -> Iterable[str]:
    missing = [name for name in (MANIFEST_NAME, SIGNATURE_NAME) if not _is_plain(folder / name)]
    if missing:
        yield from (f"{name} : fichier absent." for name in missing)
        return
    if not allowed_signers.is_file():
        yield "allowed_signers : fichier des clés admises absent, la signature ne peut pas être vérifiée."
        return
    try:
        armoured = (folder / SIGNATURE_NAME).read_text(encoding="ascii")
        keys = allowed_signers.read_text(encoding="utf-8")
        content = (folder / MANIFEST_NAME).read_bytes()
        sshsig.verify(content, armoured, keys, IDENTITE_PUBLICATION, NAMESPACE_PUBLICATION)
    except sshsig.SignatureError as error:
        yield f"{SIGNATURE_NAME} : {error}"
    except ValueError:  # not text, or a key line that is none
        yield f"{SIGNATURE_NAME} : signature ou clés admises illisibles."
    else:
        if not _is_bare(armoured):
            yield f"{SIGNATURE_NAME} : le fichier a été modifié autour de la signature."


def _is_bare(armoured: str) -> bool:
    """True when the file is the signature and nothing else, as ssh-keygen writes it: lines of 70, no spare bits."""
    text = "".join(armoured.removeprefix(_ARMOUR[0]).partition(_ARMOUR[1])[0].split())
    try:
        exact = base64.b64encode(base64.b64decode(text, validate=True)).decode() == text
    except ValueError:
        return False
    lines = [text[start : start + 70] for start in range(0, len(text), 70)]
    return exact and armoured == "\n".join((_ARMOUR[0], *lines, _ARMOUR[1])) + "\n"


def _files(folder: Path, manifest: ReleaseManifest) -> Iterable[str]:
    listed = {file.nom: file for file in manifest.fichiers}
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*")}
    for name in sorted(present - set(listed) - {MANIFEST_NAME, SIGNATURE_NAME}):
        yield f"{name} : fichier en trop, absent du manifeste."
    for name, file in sorted(listed.items()):
        if name not in present or not _is_plain(folder / name):
            yield f"{name} : fichier absent."
        elif (folder / name).stat().st_size != file.octets:
            yield f"{name} : {(folder / name).stat().st_size} octets au lieu de {file.octets}."
        elif sha256_file(folder / name) != file.sha256:
            yield f"{name} : le contenu a changé (empreinte SHA-256 différente)."


def _sums(folder: Path, manifest: ReleaseManifest) -> Iterable[str]:
    """SHA256SUMS says what the manifest says, for whoever checks with sha256sum alone."""
    expected = "".join(
        f"{file.sha256}  {file.nom}\n"
        for file in sorted(manifest.fichiers, key=lambda file: file.nom)
        if file.nom != SUMS_NAME
    ).encode()
    path = folder / SUMS_NAME
    if SUMS_NAME not in {file.nom for file in manifest.fichiers}:
        yield f"{SUMS_NAME} : absent du manifeste."
    elif _is_plain(path) and hashlib.sha256(expected).hexdigest() != sha256_file(path):
        yield f"{SUMS_NAME} : ne dit pas la même chose que le manifeste."


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()
