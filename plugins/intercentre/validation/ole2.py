"""The directory and the streams of an OLE2 file: what an old workbook (XLS) holds, or what hides an encrypted one.

source  [MS-CFB] 2.2 header, 2.3 FAT, 2.6 directory; [MS-XLS] 2.4 records
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from intercentre.validation.refusal import RefusalError

MAX_BYTES = 100_000_000
"""bytes of a file; XLS holds 65,536 rows of 256 columns at most"""

MAX_ROWS, MAX_COLUMNS = 65_536, 256

_LAST_SECTOR = 0xFFFFFFF9
_DIFAT_IN_HEADER = 109
_ENTRY = 128
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_CUTOFF = 4096
_SMALL_SECTOR = 64
_FILEPASS, _SUPBOOK, _DIMENSIONS = 0x002F, 0x01AE, 0x0200
_ONE_CELL = frozenset({0x0006, 0x0203, 0x0204, 0x0205, 0x027E, 0x00FD, 0x00D6})  # formula, number, label, yes or no
_MANY_CELLS = 0x00BD
_DATEMODE = 0x0022
_FORMULA, _BOOL_OR_ERROR, _SHEET, _END, _AN_ERROR = 0x0006, 0x0205, 0x0085, 0x000A, 2
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
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
        if not _is_within_a_sheet(kind, data):
            raise RefusalError("DEP-004")


def counts_from_1904(path: Path) -> bool:
    """Whether the serial dates of an XLS workbook start four years later; raises RefusalError DEP-005 as check_ole2."""
    try:
        _, book = _read(path.read_bytes())
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise RefusalError("DEP-005") from error
    return any(kind == _DATEMODE and data[:2] == b"\x01\x00" for kind, data in _records(book or b""))


def error_cells(path: Path, sheet: str) -> Iterator[tuple[int, int, str]]:
    """(line, column, text) of the cells of a sheet of an XLS workbook that hold an error; lines from 1, columns from 0.

    raises  RefusalError DEP-005 as check_ole2
    """
    try:
        _, book = _read(path.read_bytes())
        starts = [start for start, name in _sheets(book or b"") if name == sheet]
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise RefusalError("DEP-005") from error
    for kind, data in _records((book or b"")[starts[0] :] if starts else b""):
        if kind == _END:
            return
        code = _error_of(kind, data)
        if code is not None:
            line, column = struct.unpack_from("<HH", data)
            yield line + 1, column, _ERRORS.get(code, "")


def _sheets(book: bytes) -> Iterator[tuple[int, str]]:
    """Where each sheet starts, and its name."""
    for kind, data in _records(book):
        if kind == _SHEET and len(data) > 8:
            start, length, is_wide = struct.unpack_from("<I2xBB", data)
            yield start, data[8:].decode("utf-16-le" if is_wide & 1 else "latin-1")[:length]


def _error_of(kind: int, data: bytes) -> int | None:
    """The error that a cell holds, by itself or as the result of its formula."""
    if kind == _BOOL_OR_ERROR and len(data) >= 8 and data[7]:
        return data[6]
    if kind == _FORMULA and len(data) >= 14 and data[12:14] == b"\xff\xff" and data[6] == _AN_ERROR:
        return data[8]
    return None


def _is_within_a_sheet(kind: int, data: bytes) -> bool:
    """Whether a record names no cell beyond the last one that XLS can have: the reader would lay out all before it."""
    if kind == _DIMENSIONS and len(data) >= 12:
        _, last, _, width = struct.unpack_from("<IIHH", data)
        return bool(last <= MAX_ROWS and width <= MAX_COLUMNS)
    if kind in _ONE_CELL and len(data) >= 4:
        return int.from_bytes(data[2:4], "little") < MAX_COLUMNS
    if kind == _MANY_CELLS and len(data) >= 6:
        return int.from_bytes(data[-2:], "little") < MAX_COLUMNS
    return True


def _read(data: bytes) -> tuple[list[str], bytes | None]:
    """Names in the directory, and the bytes of the workbook's stream if there is one."""
    shift = struct.unpack_from("<H", data, 30)[0]
    if shift not in (9, 12):
        raise RefusalError("DEP-005")
    size = 1 << shift
    fat_sectors, first_directory = struct.unpack_from("<I", data, 44)[0], struct.unpack_from("<I", data, 48)[0]
    fat = _table(data, size, _difat(data, size)[:fat_sectors])
    directory = _chain(data, size, fat, first_directory)
    small_fat = _chain(data, size, fat, struct.unpack_from("<I", data, 60)[0])
    small = list(struct.unpack(f"<{len(small_fat) // 4}I", small_fat[: len(small_fat) // 4 * 4]))
    names, book, container = [], None, b""
    for at in range(0, len(directory) - _ENTRY + 1, _ENTRY):
        length, kind = struct.unpack_from("<HB", directory, at + 64)
        if kind not in (_STORAGE, _STREAM, _ROOT):
            continue
        name = directory[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le")
        names.append(name)
        start, length = struct.unpack_from("<II", directory, at + 116)
        if kind == _ROOT:
            container = bytes(_SMALL_SECTOR) + _chain(data, size, fat, start)
        elif kind == _STREAM and length >= _CUTOFF:
            content = _chain(data, size, fat, start)[:length]
        elif kind == _STREAM:
            content = _chain(container, _SMALL_SECTOR, small, start)[:length] if length else b""
        if kind == _STREAM and name.lower() in _WORKBOOKS:
            book = content
    return names, book


def _difat(data: bytes, size: int) -> list[int]:
    """Sectors that hold the FAT: those the header names, then those of the DIFAT's own chain."""
    sectors = [*struct.unpack_from(f"<{_DIFAT_IN_HEADER}I", data, 76)]
    following, seen = struct.unpack_from("<I", data, 68)[0], set()
    while following <= _LAST_SECTOR:
        if following in seen:
            raise RefusalError("DEP-005")
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
    """The sectors from `start` on; raises RefusalError DEP-005 when they have no end."""
    parts, seen, sector = [], set(), start
    while sector <= _LAST_SECTOR:
        if sector in seen:
            raise RefusalError("DEP-005")
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
