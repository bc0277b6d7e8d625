"""What a deposit says of itself before anyone judges it."""

from __future__ import annotations

import json
import lzma
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from schemas.exchanges.manifest import MANIFEST_NAME, Manifest
from schemas.period import Period, PeriodError

_LARGEST_MANIFEST = 1_000_000

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
