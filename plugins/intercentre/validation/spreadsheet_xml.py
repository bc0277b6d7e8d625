"""The content of an ODS workbook, read as a stream: how far its sheets reach, and whether it links to other files.

One element can stand for a million rows or columns (`number-rows-repeated`): the reader would lay them all out.
source  OpenDocument 1.3, part 3, 9.1.3 (tables), 9.3 (linked tables), 14.6 (DDE)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from xml.parsers import expat

from intercentre.validation.refusal import RefusalError
from intercentre.validation.sheet_extent import MAX_CELLS

MAX_TEXT = 2_000_000_000
"""characters of a sheet, repeated ones included"""

_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
_LINKS = frozenset({"table-source", "cell-range-source", "dde-link", "dde-links", "dde-source", "section-source"})
_ROWS, _COLUMNS = f"{_TABLE} number-rows-repeated", f"{_TABLE} number-columns-repeated"
_FORMULA = f"{_TABLE} formula"
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


def _count(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 12 else 1
