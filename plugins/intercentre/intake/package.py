"""What a deposit says of itself before anyone judges it, and a folder made into one file."""

from __future__ import annotations

import json
import lzma
import os
import shutil
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from schemas.exchanges.manifest import MANIFEST_NAME, Manifest
from schemas.period import Period, PeriodError

_LARGEST_MANIFEST = 1_000_000
_COPIED = 1024 * 1024

UNREADABLE_ARCHIVE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,  # encrypted, or nested too deep
    NotImplementedError,
    LookupError,
    struct.error,
)
"""What reading a ZIP that someone else wrote may raise."""


@dataclass(frozen=True)
class Declared:
    """What a readable manifest declares; nothing here is trusted, validation judges it."""

    periode: Period | None = None
    lignes: int | None = None
    logiciel: str | None = None


def zip_folder(folder: Path, target: Path) -> None:
    """`target` is a ZIP of the folder's files; the same files always give the same bytes, whatever the machine.

    A symbolic link is left out: it may lead to what its author has no right to read.
    """
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in _files(folder):
            entry = zipfile.ZipInfo(_entry_name(file.relative_to(folder)), date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix: what reads the mode below
            entry.external_attr = 0o644 << 16
            entry.file_size = file.stat().st_size  # tells zipfile whether the entry needs 64 bits
            with file.open("rb") as stream, archive.open(entry, "w") as writer:
                shutil.copyfileobj(stream, writer, _COPIED)


def _files(folder: Path) -> list[Path]:
    """Every plain file under `folder`, in the order of their names; no link is followed."""
    found = [
        Path(place) / name
        for place, _, names in os.walk(folder)
        for name in names
        if not (Path(place) / name).is_symlink() and (Path(place) / name).is_file()
    ]
    return sorted(found, key=lambda file: file.relative_to(folder).as_posix())


def _entry_name(path: Path) -> str:
    """The name in the archive; bytes that are no text in this system's encoding become a question mark."""
    return path.as_posix().encode("utf-8", "replace").decode("utf-8")


def peek(source: Path) -> Declared:
    """What the manifest of a ZIP declares; nothing when there is no readable one. Never raises for what it reads."""
    try:
        with zipfile.ZipFile(source) as archive:
            manifest = _manifest(archive)
            if manifest is None:
                return Declared()
            return Declared(_period(manifest), sum(table.lignes for table in manifest.tables), _software(manifest))
    except (*UNREADABLE_ARCHIVE, ValidationError):
        return Declared()


def _manifest(archive: zipfile.ZipFile) -> Manifest | None:
    named = [info for info in archive.infolist() if info.filename.rsplit("/", 1)[-1] == MANIFEST_NAME]
    if len(named) != 1 or named[0].file_size > _LARGEST_MANIFEST:
        return None
    return Manifest.model_validate(json.loads(archive.read(named[0]).decode("utf-8-sig")))


def _period(manifest: Manifest) -> Period | None:
    """The manifest's period when it is one that the hub knows."""
    try:
        return Period.parse(str(manifest.periode))
    except (PeriodError, ValueError, OverflowError):
        return None


def _software(manifest: Manifest) -> str | None:
    """The declared software, as the registry can keep and a page can show it."""
    return manifest.logiciel_source if manifest.logiciel_source.isprintable() else None
