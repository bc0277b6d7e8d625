"""A folder made into one file."""

from __future__ import annotations

import os
import shutil
import zipfile
from pathlib import Path

_COPIED = 1024 * 1024


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
