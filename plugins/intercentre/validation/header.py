"""The header of a table file against the columns of the contract; the order of columns is free."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from schemas.contract import Extract
from schemas.nomenclatures import Entry, nomenclature

BLANKS = " \t\r\n\u00a0\u2009\u202f"
"""What is trimmed around a cell: space, tab, line ends, the thin and the no-break spaces of French typography."""


@dataclass(frozen=True)
class PersonalColumn:
    """A column whose title announces personal data: its letter, the finding that it gives, what is announced."""

    position: str
    code: str
    announced: str


@dataclass(frozen=True)
class Header:
    """What the columns of a file are.

    columns      for each column of the file, the contract's name, or None when it is not read
    refused      letters of the columns that are undeclared, repeated or without a name
    personal     those that are undeclared and announce personal data
    missing      the contract's columns that the file lacks
    is_rewritten True when a name was recognised in another spelling
    """

    columns: tuple[str | None, ...]
    refused: tuple[str, ...]
    missing: tuple[str, ...]
    is_rewritten: bool
    personal: tuple[PersonalColumn, ...] = ()


def match_header(cells: Sequence[str], table: type[Extract], first: int = 0) -> Header:
    """The contract's name of each header cell; `first` is the position of the first one in the sheet."""
    columns: list[str | None] = []
    refused, personal = [], []
    for position, cell in enumerate(cells):
        name = normalise(cell)
        known = name in table.fields() and name not in columns
        columns.append(name if known else None)
        entry = None if name in table.fields() else _announced(name)
        if entry is not None:
            personal.append(PersonalColumn(letter(first + position), entry.facts["constat"], entry.libelle))
        elif not known:
            refused.append(letter(first + position))
    missing = tuple(name for name in table.fields() if name not in columns)
    rewritten = any(name is not None and name != cell for name, cell in zip(columns, cells, strict=True))
    return Header(tuple(columns), tuple(refused), missing, rewritten, tuple(personal))


def _announced(name: str) -> Entry | None:
    """The entry of the longest expression in a normalised title that announces personal data."""
    words = re.findall("[a-z0-9]+", name[:200])
    expressions = (
        "_".join(words[start : start + length])
        for length in range(min(4, len(words)), 0, -1)
        for start in range(len(words) - length + 1)
    )
    entries = nomenclature("mot_personnel").entries
    return next((entries[expression] for expression in expressions if expression in entries), None)


def count_known(cells: Sequence[str], table: type[Extract]) -> int:
    """How many of the contract's columns these cells name."""
    return len({normalise(cell) for cell in cells} & set(table.fields()))


@lru_cache(maxsize=2048)
def normalise(cell: str) -> str:
    """A header as the contract writes it: case, accents, spaces and hyphens make no difference."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", cell) if not unicodedata.combining(c))
    return re.sub(r"[\s_-]+", "_", plain.strip(BLANKS + "\ufeff").lower())


def letter(position: int) -> str:
    """A column as a spreadsheet names it: 0 is A, 26 is AA."""
    text = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        text = chr(ord("A") + rest) + text
    return text
