"""A deposit folder as one ZIP, the same bytes for the same files."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path
from typing import NamedTuple

State = tuple[tuple[str, int, int], ...]


class Packed(NamedTuple):
    """The archive, its strong entity tag, and the state of the folder that it was made of."""

    octets: bytes
    etag: str
    etat: State


def pack(folder: Path, former: Packed | None = None) -> Packed:
    """The archive of the folder's files; `former` again when no file changed since."""
    files = sorted(path for path in folder.iterdir() if path.is_file())
    state = tuple((path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in files)
    if former is not None and former.etat == state:
        return former
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path in files:
            entry = zipfile.ZipInfo(path.name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes())
    octets = stream.getvalue()
    return Packed(octets, f'"{hashlib.sha256(octets).hexdigest()}"', state)
