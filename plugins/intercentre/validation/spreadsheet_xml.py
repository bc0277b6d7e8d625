"""The content of an ODS workbook, read as a stream: how far its sheets reach, and whether it links to other files.

One element can stand for a million rows or columns (`number-rows-repeated`): the reader would lay them all out.
source  OpenDocument 1.3, part 3, 9.1.3 (tables), 9.3 (linked tables), 14.6 (DDE)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from intercentre.validation.refusal import RefusalError
from intercentre.validation.sheet_extent import MAX_CELLS
from schemas.spellings import FORMULA_ERROR

MAX_TEXT = 2_000_000_000
"""characters of a sheet, repeated ones included"""

_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
_LINKS = frozenset({"table-source", "cell-range-source", "dde-link", "dde-links", "dde-source", "section-source"})
_ROWS, _COLUMNS = f"{_TABLE} number-rows-repeated", f"{_TABLE} number-columns-repeated"
_FORMULA, _NAME = f"{_TABLE} formula", f"{_TABLE} name"
_ERROR_TEXT = re.compile(f"{FORMULA_ERROR}|Err:[0-9]{{3}}")
_CELLS = ("table-cell", "covered-table-cell")


def check_content(chunks: Iterable[bytes]) -> None:
    """Return when every sheet can be laid out and none takes anything from another file.

    raises  RefusalError DEP-004 (entities, too much text), DEP-005 (no well-formed XML), DEP-010 (links) or DEP-020
            (too far)
    """
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = reader.refuse_entities
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise RefusalError("DEP-005") from error  # a reader that is less strict would go on


@dataclass
class _Reader:
    """Where the stream stands: rows and columns before this one, and the farthest that held something."""

    rows: int = 0
    columns: int = 0
    repeated_rows: int = 1
    repeated_columns: int = 1
    widest: int = 0
    last: int = 0
    width: int = 0
    signs: int = 0
    row_signs: int = 0
    characters: int = 0
    cell_is_filled: bool = False

    def refuse_entities(self, *_: object) -> None:
        raise RefusalError("DEP-004")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        if local in _LINKS or "'file:" in attributes.get(_FORMULA, ""):
            raise RefusalError("DEP-010")
        if local == "table":
            self.rows = self.widest = self.last = self.signs = 0
        elif local == "table-row":
            self.columns = self.width = self.row_signs = 0
            self.repeated_rows = _count(attributes.get(_ROWS))
        elif local in _CELLS:
            self.repeated_columns = _count(attributes.get(_COLUMNS))
            self.characters = sum(map(len, attributes.values()))
            self.cell_is_filled = any(key.endswith((" value-type", " formula")) for key in attributes)

    def text(self, data: str) -> None:
        self.characters += len(data)
        self.cell_is_filled = self.cell_is_filled or not data.isspace()

    def end(self, name: str) -> None:
        local = name.rpartition(" ")[2]
        if local in _CELLS:
            self.columns += self.repeated_columns
            if self.cell_is_filled:
                self.width = self.columns
                self.row_signs += self.characters * self.repeated_columns
            self.cell_is_filled = False
        elif local == "table-row":
            self.rows += self.repeated_rows
            if self.width:
                self.last, self.widest = self.rows, max(self.widest, self.width)
                self.signs += self.row_signs * self.repeated_rows
            if self.widest * self.last > MAX_CELLS:
                raise RefusalError("DEP-020")
            if self.signs > MAX_TEXT:
                raise RefusalError("DEP-004")


FaultyCell = tuple[int, int, str]
"""Line (1 is the first), column (0 is A), text."""


def faulty_cells(chunks: Iterable[bytes], table: str) -> Iterator[FaultyCell]:
    """The cells of the sheet `table` whose formula gave an error or has no result; chunks as check_content let pass."""
    finder = _Finder(table)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = finder.start
    parser.EndElementHandler = finder.end
    parser.CharacterDataHandler = finder.said
    for chunk in chunks:
        parser.Parse(chunk, False)
        yield from finder.taken()


@dataclass
class _Finder:
    """Where the stream stands: lines and columns before this one."""

    table: str
    is_inside: bool = False
    lines: int = 0
    columns: int = 0
    repeated: int = 1
    width: int = 1
    text: str | None = None
    has_result: bool = False
    found: list[FaultyCell] = field(default_factory=list)

    def taken(self) -> list[FaultyCell]:
        found, self.found = self.found, []
        return found

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        if local == "table":
            self.is_inside, self.lines = attributes.get(_NAME) == self.table, 0
        elif local == "table-row":
            self.columns, self.repeated = 0, _count(attributes.get(_ROWS))
        elif local in _CELLS:
            of_type = [value for key, value in attributes.items() if key.endswith(" value-type")]
            self.text = "" if self.is_inside and _FORMULA in attributes else None
            self.has_result = bool(of_type) and "error" not in of_type
            self.width = _count(attributes.get(_COLUMNS))

    def said(self, data: str) -> None:
        if self.text is not None:
            self.text += data

    def end(self, name: str) -> None:
        local = name.rpartition(" ")[2]
        if local in _CELLS:
            if self.text is not None and (not self.has_result or _ERROR_TEXT.fullmatch(self.text)):
                places = range(self.columns, self.columns + self.width)
                self.found += [(self.lines + 1, column, self.text) for column in places]
            self.columns, self.text = self.columns + self.width, None
        elif local == "table-row":
            self.lines += self.repeated


def _count(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 12 else 1
