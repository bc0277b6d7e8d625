"""How much text the cells of an XLSX hold once the texts that they share are laid out, told before it is opened.

A workbook keeps each text once; a text of a megabyte that a million cells name fits into a few kilobytes.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from intercentre.validation.archive import opened
from intercentre.validation.refusal import RefusalError

MAX_TEXT = 2_000_000_000
"""bytes of a sheet's texts"""

_TEXTS = "xl/sharedstrings.xml"
_CHUNK = 1 << 20
_SHORTEST_CELL = 20  # bytes; no cell that names a shared text takes fewer
_LONGEST_TAG = 80  # bytes of a closing tag; a longer one only joins two texts
_END = re.compile(rb"</(?:[\w.-]{1,64}:)?si\s*>")
_CELL = re.compile(rb"<(?:[\w.-]+:)?c\b")
_LAST = 4096  # bytes in which a cell begins
_NAMED = re.compile(rb"""<(?:[\w.-]+:)?c\b[^>]*\bt\s*=\s*["']s["'][^>]*>\s*<(?:[\w.-]+:)?v[^>]*>\s*([0-9]{1,9})""")


def check_shared_texts(workbook: Path) -> None:
    """Return when no sheet of the XLSX holds more than MAX_TEXT; raise RefusalError DEP-004 otherwise."""
    with opened(workbook) as book:
        texts = [info for info in book.infolist() if info.filename.lower() == _TEXTS]
        sheets = [info for info in book.infolist() if info not in texts and not info.is_dir()]
        cells = max((info.file_size for info in sheets), default=0) // _SHORTEST_CELL
        if sum(info.file_size for info in texts) * cells <= MAX_TEXT:
            return
        lengths = _lengths(book, texts[0])
        if max(lengths, default=0) * cells <= MAX_TEXT:
            return
        if any(_text_of(book, sheet, lengths) > MAX_TEXT for sheet in sheets):
            raise RefusalError("DEP-004")


def _lengths(book: zipfile.ZipFile, texts: zipfile.ZipInfo) -> list[int]:
    """Bytes of each shared text, its markup included."""
    lengths, pending, rest = [], 0, b""
    with book.open(texts) as stream:
        while block := stream.read(_CHUNK):
            *whole, rest = _END.split(rest + block)
            for part in whole:
                lengths.append(pending + len(part))
                pending = 0
            pending += max(0, len(rest) - _LONGEST_TAG)
            rest = rest[-_LONGEST_TAG:]
    return lengths


def _text_of(book: zipfile.ZipFile, sheet: zipfile.ZipInfo, lengths: Sequence[int]) -> int:
    """Bytes of the texts that the cells of a sheet name, each as often as it is named."""
    named: Counter[bytes] = Counter()
    rest = b""
    with book.open(sheet) as stream:
        while block := stream.read(_CHUNK):
            data = rest + block
            cut = max((cell.start() for cell in _CELL.finditer(data, max(0, len(data) - _LAST))), default=len(data))
            named.update(_NAMED.findall(data, 0, cut))
            rest = data[cut:][-_CHUNK:]
    named.update(_NAMED.findall(rest))
    return sum(times * lengths[int(name)] for name, times in named.items() if int(name) < len(lengths))
