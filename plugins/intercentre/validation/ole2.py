"""The directory and the streams of an OLE2 file: what an old workbook (XLS) holds, or what hides an encrypted one.

source  [MS-CFB] 2.2 header, 2.3 FAT, 2.6 directory; [MS-XLS] 2.4 records
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from intercentre.validation.refusal import RefusalError

MAX_BYTES = 200_000_000
"""bytes of a file; XLS holds 65,536 rows at most"""

_LAST_SECTOR = 0xFFFFFFF9
_DIFAT_IN_HEADER = 109
_ENTRY = 128
_STORAGE, _STREAM = 1, 2
_CUTOFF = 4096
_FILEPASS, _SUPBOOK = 0x002F, 0x01AE
_OWN, _ADD_IN = 0x0401, 0x3A01
_WORKBOOKS = ("workbook", "book")


def check_ole2(path: Path) -> None:
    """Return when the file is an XLS workbook that can be opened without harm.

    raises  RefusalError DEP-008 (encrypted), DEP-009 (macros), DEP-010 (external links), DEP-005 (no workbook),
            DEP-004 (too large)
    """
    if path.stat().st_size > MAX_BYTES:
        raise RefusalError("DEP-004")
    try:
        entries, book = _read(path.read_bytes())
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise RefusalError("DEP-005") from error
    names = {name.lower() for name in entries}
    if "encryptedpackage" in names:
        raise RefusalError("DEP-008")
    if any(name.startswith("_vba_project") or name in ("vba", "macros") for name in names):
        raise RefusalError("DEP-009")
    if book is None:
        raise RefusalError("DEP-005")
    for kind, data in _records(book):
        if kind == _FILEPASS:
            raise RefusalError("DEP-008")
        if kind == _SUPBOOK and len(data) >= 4 and struct.unpack_from("<H", data, 2)[0] not in (_OWN, _ADD_IN):
            raise RefusalError("DEP-010")


def _read(data: bytes) -> tuple[list[str], bytes | None]:
    """Names in the directory, and the bytes of the workbook's stream if there is one."""
    shift = struct.unpack_from("<H", data, 30)[0]
    if shift not in (9, 12):
        raise RefusalError("DEP-005")
    size = 1 << shift
    fat_sectors, first_directory = struct.unpack_from("<I", data, 44)[0], struct.unpack_from("<I", data, 48)[0]
    fat = _table(data, size, _difat(data, size)[:fat_sectors])
    directory = _chain(data, size, fat, first_directory)
    names, book = [], None
    for at in range(0, len(directory) - _ENTRY + 1, _ENTRY):
        length, kind = struct.unpack_from("<HB", directory, at + 64)
        if kind not in (_STORAGE, _STREAM, 5):
            continue
        name = directory[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le")
        names.append(name)
        if kind == _STREAM and name.lower() in _WORKBOOKS:
            start, length = struct.unpack_from("<II", directory, at + 116)
            book = _chain(data, size, fat, start)[:length] if length >= _CUTOFF else b""
    return names, book


def _difat(data: bytes, size: int) -> list[int]:
    """Sectors that hold the FAT: those the header names, then those of the DIFAT's own chain."""
    sectors = [*struct.unpack_from(f"<{_DIFAT_IN_HEADER}I", data, 76)]
    following, seen = struct.unpack_from("<I", data, 68)[0], set()
    while following <= _LAST_SECTOR and following not in seen:
        seen.add(following)
        block = struct.unpack_from(f"<{size // 4}I", data, size * (following + 1))
        sectors += block[:-1]
        following = block[-1]
    return [sector for sector in sectors if sector <= _LAST_SECTOR]


def _table(data: bytes, size: int, sectors: list[int]) -> list[int]:
    fat: list[int] = []
    for sector in sectors:
        fat += struct.unpack_from(f"<{size // 4}I", data, size * (sector + 1))
    return fat


def _chain(data: bytes, size: int, fat: list[int], start: int) -> bytes:
    """The sectors from `start` on, each at most once."""
    parts, seen, sector = [], set(), start
    while sector <= _LAST_SECTOR and sector not in seen:
        seen.add(sector)
        parts.append(data[size * (sector + 1) : size * (sector + 2)])
        sector = fat[sector]
    return b"".join(parts)


def _records(book: bytes) -> Iterator[tuple[int, bytes]]:
    """(kind, data) of each record of a workbook's stream."""
    at = 0
    while at + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, at)
        yield kind, book[at + 4 : at + 4 + length]
        at += 4 + length
