"""What a deposit says of itself before anyone judges it, and a folder made into one file."""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from schemas.exchanges.manifest import MANIFEST_NAME, Manifest
from schemas.period import Period

_LARGEST_MANIFEST = 1_000_000


@dataclass(frozen=True)
class Declared:
    """What a readable manifest declares; nothing here is trusted, validation judges it."""

    periode: Period | None = None
    lignes: int | None = None
    logiciel: str | None = None


def zip_folder(folder: Path, target: Path) -> None:
    """`target` is a ZIP of the folder's files; the same files always give the same bytes."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(file.relative_to(folder).as_posix(), date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, file.read_bytes())


def peek(source: Path) -> Declared:
    """What the manifest of a ZIP declares; nothing when there is no readable one."""
    try:
        with zipfile.ZipFile(source) as archive:
            names = [
                info
                for info in archive.infolist()
                if info.filename.rsplit("/", 1)[-1] == MANIFEST_NAME and info.file_size <= _LARGEST_MANIFEST
            ]
            if len(names) != 1:
                return Declared()
            manifest = Manifest.model_validate(json.loads(archive.read(names[0]).decode("utf-8-sig")))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, ValidationError):
        return Declared()
    return Declared(manifest.periode, sum(table.lignes for table in manifest.tables), manifest.logiciel_source)
