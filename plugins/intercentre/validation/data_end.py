"""Where the data of a text file end: lines of totals below them are not read."""

from __future__ import annotations

import codecs
import csv
import io
from pathlib import Path
from typing import IO, TextIO

from intercentre.validation.header import BLANKS
from intercentre.validation.table_start import LAST_LINES, is_total
from schemas.contract import Extract

_TAIL = 1 << 16
"""bytes at the end of a file in which totals stand"""


def find_end(source: Path, encoding: str, delimiter: str, table: type[Extract]) -> int | None:
    """The byte at which the totals at the end of `source` start; None when there is none."""
    size = source.stat().st_size
    plain = _plain(source, encoding)
    from_byte = max(0, size - _TAIL) & ~1  # no half of a character of UTF-16
    with source.open("rb") as stream:
        stream.seek(from_byte)
        lines = list(io.StringIO(stream.read().decode(plain, "replace"), newline=""))
    lines = lines if from_byte == 0 else lines[1:]
    totals = taken = 0
    for position in range(1, min(len(lines), 2 * LAST_LINES) + 1):
        if is_total(_cells(lines[-position], delimiter), table):
            totals, taken = position, taken + 1
        elif lines[-position].strip(BLANKS + delimiter) or taken == LAST_LINES:
            break
    return size - len("".join(lines[-totals:]).encode(plain)) if totals else None


def open_until(source: Path, encoding: str, end: int | None = None) -> TextIO:
    """The text of `source` with its line ends as they stand, up to a byte if `end` says so."""
    if end is None:
        return source.open(encoding=encoding, newline="")
    return io.TextIOWrapper(io.BufferedReader(_Until(source.open("rb", buffering=0), end)), encoding, newline="")


class _Until(io.RawIOBase):
    """The bytes of a stream up to a place."""

    def __init__(self, stream: IO[bytes], end: int) -> None:
        self._stream, self._left = stream, end

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        read = self._stream.read(min(len(buffer), self._left))
        buffer[: len(read)] = read
        self._left -= len(read)
        return len(read)

    def close(self) -> None:
        self._stream.close()
        super().close()


def _plain(source: Path, encoding: str) -> str:
    """The encoding of the middle of a file, where no mark stands."""
    if encoding != "utf-16":
        return encoding.removesuffix("-sig")
    with source.open("rb") as stream:
        return "utf-16-le" if stream.read(2) == codecs.BOM_UTF16_LE else "utf-16-be"


def _cells(line: str, delimiter: str) -> list[str]:
    """The cells of one line; none when a quoted cell may go on in another."""
    if line.count('"') % 2:
        return []
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []
