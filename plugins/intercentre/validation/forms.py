"""How the cells of one file are written, seen on sampled lines: it decides the quick way to read each column.

A form never changes what a cell means. The quick way reads only what it is made for, without a doubt; any other cell
takes the long way, which knows every form (expressions.read_sql).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from intercentre.validation.header import BLANKS
from schemas.contract import Code, Day, Extract, FieldType, Number, YesNo


class Guard(Enum):
    """What is asked of a text before the enumeration of a list."""

    NONE = auto()
    LENGTH = auto()
    PATTERN = auto()


@dataclass(frozen=True)
class Form:
    """The habit of one column.

    is_trimmed   cells have blanks around them
    guard        some cells hold no code of the list, and the enumeration is slow to refuse them: their length tells
                 that they are none, or only a pattern does
    is_belgian   days are written JJ/MM/AAAA
    has_comma    numbers have a decimal comma
    words        spellings of yes and no other than true and false
    """

    is_trimmed: bool = False
    guard: Guard = Guard.NONE
    is_belgian: bool = False
    has_comma: bool = False
    words: tuple[str, ...] = ()

    @property
    def tolerances(self) -> tuple[str, ...]:
        """Codes of the tolerances that the habit itself makes use of."""
        used = {
            "TOL-003": self.is_belgian,
            "TOL-004": self.has_comma,
            "TOL-005": bool(self.words),
            "TOL-006": self.is_trimmed,
        }
        return tuple(code for code, is_used in used.items() if is_used)


PLAIN = Form()
Forms = tuple[tuple[str, Form], ...]
"""(column, form) of the columns that are not plain; can be hashed."""

_BELGIAN = re.compile(r"[0-9]{2}/[0-9]{2}/[0-9]{4}")
_COMMA = re.compile(r"-?[0-9]{1,9},[0-9]+")


def observe_forms(table: type[Extract], samples: Sequence[Mapping[str, str]]) -> Forms:
    """The habit of each column in the sampled lines (column → cell as written)."""
    found = []
    for column, (kind, _) in table.fields().items():
        cells = [sample[column] for sample in samples if sample.get(column)]
        form = _form(kind, cells)
        if form != PLAIN:
            found.append((column, form))
    return tuple(found)


def _form(kind: FieldType, cells: Sequence[str]) -> Form:
    texts = [cell.strip(BLANKS) for cell in cells]
    return Form(
        is_trimmed=any(text != cell for text, cell in zip(texts, cells, strict=True)),
        guard=_guard(kind, texts) if isinstance(kind, Code) else Guard.NONE,
        is_belgian=isinstance(kind, Day) and _most(_BELGIAN, texts),
        has_comma=isinstance(kind, Number) and _most(_COMMA, texts),
        words=_words(kind, texts) if isinstance(kind, YesNo) else (),
    )


def _guard(kind: Code, texts: Sequence[str]) -> Guard:
    """The enumeration takes as long to refuse one text as a pattern to read as many texts as the list has codes."""
    known, lengths = kind.nomenclature.entries, kind.lengths
    strangers = [text for text in texts if text and text not in known]
    if len(strangers) * len(known) < len(texts) or not strangers:
        return Guard.NONE
    return Guard.PATTERN if any(len(text.encode()) in lengths for text in strangers) else Guard.LENGTH


def _most(pattern: re.Pattern[str], texts: Sequence[str]) -> bool:
    return 2 * sum(pattern.fullmatch(text) is not None for text in texts) > len(texts)


def _words(kind: YesNo, texts: Sequence[str]) -> tuple[str, ...]:
    spellings = {text for text in texts if text.isascii() and text.lower() in (*kind.yes, *kind.no)}
    return tuple(sorted(spellings - {"true", "false"}))
