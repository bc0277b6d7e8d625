"""Cells of a workbook whose formula gave an error, or no result that was saved: the reader shows them empty.

They are told from the bytes of the sheet, with the text that a person sees in them (schemas.spellings.FORMULA_ERROR),
which no type of field reads.
source  ECMA-376, part 1, 18.3.1.4 and 18.18.11; OpenDocument 1.3, part 3, 19.385; [MS-XLS] 2.4.24 and 2.5.10
"""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from intercentre.validation import archive
from intercentre.validation.nature import Nature, nature_of
from intercentre.validation.ole2 import error_cells
from intercentre.validation.refusal import RefusalError
from intercentre.validation.spreadsheet_xml import FaultyCell, faulty_cells
from schemas.spellings import FORMULA_ERROR, NO_RESULT

Faulty = Mapping[int, Mapping[int, str]]
"""Line (1 is the first) → column (0 is A) → text of the cell."""

MOST_FAULTY = 1_000_000
"""cells of a sheet; a workbook with more was written by a program and never calculated"""

_CHUNK = 1 << 20
_LONGEST_CELL = 1 << 16  # bytes
_PART = rb"<(?:[\w.-]+:)?"
_CELL = re.compile(_PART + rb"c\s")
_FORMULA = _PART + rb"f\b[^<>]*(?:/>|>[^<]*</(?:[\w.-]+:)?f\s*>)\s*"
_ERROR = re.compile(
    _PART
    + rb"""c\s([^<>]*\bt\s*=\s*["']e["'][^<>]*)>\s*(?:"""
    + _FORMULA
    + rb")?(?:"
    + _PART
    + rb"v\b[^<>]*>([^<]{1,40})<)?"
)
_NO_RESULT = re.compile(
    _PART + rb"c\s([^<>]*)>\s*" + _FORMULA + rb"()(?:" + _PART + rb"v\b[^<>]*(?:/>|>\s*</)|</(?:[\w.-]+:)?c\s*>)"
)
_FORMULA_ALONE = re.compile(rb"f(?:\s[^<>]*/)?\s*>\s*<(?:/|(?:[\w.-]+:)?v\b[^<>]*(?:/>|>\s*</))")
"""The end of a formula that no result may follow: quick to look for, before the cells are looked at."""

_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,3})([0-9]{1,7})["']""")
_OF_TEXT = re.compile(rb"""\bt\s*=\s*["'](?:str|s|inlineStr)["']""")
_SHEET = re.compile(_PART + rb"sheet\s[^<>]*>")
_LINK = re.compile(_PART + rb"Relationship\s[^<>]*>")


def formula_errors(source: Path, feuille: str) -> Faulty:
    """The cells of that sheet that hold no value because of their formula.

    raises  RefusalError DEP-005 when they are too many, or the workbook is damaged
    """
    match nature_of(source):
        case Nature.XLSX:
            found = _of_xlsx(source, feuille)
        case Nature.ODS:
            found = _of_ods(source, feuille)
        case _:
            found = error_cells(source, feuille)
    faulty: dict[int, dict[int, str]] = {}
    for number, (line, column, text) in enumerate(found):
        if number == MOST_FAULTY:
            raise RefusalError("DEP-005")
        faulty.setdefault(line, {})[column] = text if re.fullmatch(FORMULA_ERROR, text) else NO_RESULT
    return faulty


def _of_xlsx(source: Path, feuille: str) -> Iterator[FaultyCell]:
    with archive.opened(source) as book:
        part = _part_of(book, feuille)
        if part is not None:
            with book.open(part) as stream:
                for cells in _whole_cells(iter(lambda: stream.read(_CHUNK), b"")):
                    yield from _faulty_of_xlsx(cells)


def _part_of(book: zipfile.ZipFile, feuille: str) -> str | None:
    """Name of the entry that holds the sheet; None where the workbook does not say it."""
    try:
        sheets, links = book.read("xl/workbook.xml"), book.read("xl/_rels/workbook.xml.rels")
    except KeyError:
        return None
    ids = {_attribute(tag, "name"): _attribute(tag, r"[\w.-]+:id") for tag in _SHEET.findall(sheets)}
    targets = {_attribute(tag, "Id"): _attribute(tag, "Target") for tag in _LINK.findall(links)}
    target = targets.get(ids.get(feuille, ""), "")
    part = target[1:] if target.startswith("/") else str(PurePosixPath("xl") / target)
    return part if part in book.NameToInfo else None


def _attribute(tag: bytes, name: str) -> str:
    found = re.search(rf"""\s{name}\s*=\s*(?:"([^"]*)"|'([^']*)')""", tag.decode("utf-8", "replace"))
    return html.unescape(found[1] if found[1] is not None else found[2]) if found else ""


def _whole_cells(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The bytes, cut where a cell begins."""
    rest = b""
    for chunk in chunks:
        data = rest + chunk
        cut = max((cell.start() for cell in _CELL.finditer(data, max(0, len(data) - _LONGEST_CELL))), default=len(data))
        yield data[:cut]
        rest = data[cut:]
    yield rest


def _faulty_of_xlsx(cells: bytes) -> Iterator[FaultyCell]:
    if b'"e"' in cells or b"'e'" in cells:
        yield from _placed(_ERROR, cells)
    if _FORMULA_ALONE.search(cells):
        yield from _placed(_NO_RESULT, cells)


def _placed(pattern: re.Pattern[bytes], cells: bytes) -> Iterator[FaultyCell]:
    for attributes, text in pattern.findall(cells):
        place = _PLACE.search(attributes)
        if place is not None and (pattern is _ERROR or _OF_TEXT.search(attributes) is None):
            yield int(place[2]), _column(place[1]), html.unescape(text.decode("utf-8", "replace"))


def _column(letters: bytes) -> int:
    column = 0
    for letter in letters.upper():
        column = column * 26 + letter - ord("A") + 1
    return column - 1


def _of_ods(source: Path, feuille: str) -> Iterator[FaultyCell]:
    with archive.opened(source) as book:
        with book.open("content.xml") as stream:
            if not any(b"formula" in chunk for chunk in iter(lambda: stream.read(_CHUNK), b"")):
                return
        with book.open("content.xml") as stream:
            yield from faulty_cells(iter(lambda: stream.read(_CHUNK), b""), feuille)
