"""How far the cells of a workbook reach, told before it is opened.

The reader lays a sheet out whole, from its first cell to its last: one cell far away in a file of a few kilobytes
would take all the memory there is, and the process with it.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from intercentre.validation.archive import opened
from intercentre.validation.refusal import RefusalError

MAX_CELLS = 30_000_000
"""cells of one sheet, empty ones included: a million rows of the widest table"""

_CHUNK, _OVERLAP = 1 << 20, 256
_SMALL_ROWS = 9_999
_PLAIN = (re.compile(rb'r="([A-Za-z]+)[0-9]'), re.compile(rb'r="[A-Za-z]*([0-9]{5,})"'))
_ANY = (re.compile(rb"""\br\s*=\s*["']([A-Za-z]+)[0-9]"""), re.compile(rb"""\br\s*=\s*["'][A-Za-z]*([0-9]{5,})["']"""))
_CELLS, _PLACED, _WIDEST = (b"<c ", b"<c>", b"<c/", b"<c\t", b"<c\n", b":c ", b":c>", b":c/"), b'<c r="', 16_384
_UNUSUAL = (b"='", b"= ", b" =", b"=\t", b"\t=", b"=\n", b"\n=", b"=\r", b"\r=")


def check_extent(workbook: Path) -> None:
    """Return when every sheet of the XLSX at `workbook` can be laid out; raise RefusalError DEP-020 otherwise."""
    with opened(workbook) as archive:
        for entry in archive.infolist():
            if not entry.is_dir() and _cells(_chunks(archive, entry)) > MAX_CELLS:
                raise RefusalError("DEP-020")


def _chunks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The entry's bytes; each chunk starts with the end of the one before, so that no reference is cut."""
    rest = b""
    with archive.open(entry) as stream:
        while block := stream.read(_CHUNK):
            yield rest + block
            rest = block[-_OVERLAP:]


def _cells(chunks: Iterator[bytes]) -> int:
    """Last column times last row of the references in an XML part; cells without one may all stand in one row."""
    widest, last, unplaced = 0, _SMALL_ROWS, 0
    for chunk in chunks:
        unplaced += sum(map(chunk.count, _CELLS)) - chunk.count(_PLACED)
        columns, rows = _ANY if any(mark in chunk for mark in _UNUSUAL) else _PLAIN
        widest = max(widest, *map(_position, set(columns.findall(chunk))), 0)
        last = max(last, *map(_row, set(rows.findall(chunk))), 0)
    return max(widest, min(unplaced, _WIDEST)) * last


def _position(letters: bytes) -> int:
    """A column's rank, 1 for A; the length tells enough of an impossible one."""
    position = 0
    for letter in letters.upper()[:6]:
        position = position * 26 + letter - ord("A") + 1
    return position


def _row(digits: bytes) -> int:
    return int(digits[:12])
