"""What a deposit says of itself before anyone judges it."""

from __future__ import annotations

import json
import lzma
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from pydantic import ValidationError

from intercentre.intake.manifest_sheet import read_manifest_sheet
from schemas.exchanges.manifest import LARGEST_MANIFEST, LONGEST_SOFTWARE, Manifest, is_manifest
from schemas.period import Period, PeriodError

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
    ElementTree.ParseError,
)
"""What reading a ZIP, or a workbook, that someone else wrote may raise."""


@dataclass(frozen=True)
class Declared:
    """What a readable manifest declares; nothing here is trusted, validation judges it."""

    periode: Period | None = None
    lignes: int | None = None
    logiciel: str | None = None


def peek(source: Path) -> Declared:
    """What the manifest of a ZIP declares, or the sheet that is one in a workbook of rows put right.

    Nothing when there is no readable one. Never raises for what it reads.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            manifest = _manifest(archive)
            if manifest is None:
                said = read_manifest_sheet(archive)
                return Declared(_period(said), None, _software(said)) if said else Declared()
            return Declared(_period(manifest), sum(table.lignes for table in manifest.tables), _software(manifest))
    except (*UNREADABLE_ARCHIVE, ValidationError):
        return Declared()


def _manifest(archive: zipfile.ZipFile) -> Manifest | None:
    named = [info for info in archive.infolist() if is_manifest(info.filename)]
    if len(named) != 1 or named[0].file_size > LARGEST_MANIFEST:
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
    name = manifest.logiciel_source
    return name if name.isprintable() and len(name) <= LONGEST_SOFTWARE else None
