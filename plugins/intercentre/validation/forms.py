"""How the cells of one file are written, seen on sampled lines: it decides the quick way to read each column.

A form never changes what a cell means. The quick way reads only what it is made for, without a doubt; any other cell
takes the long way, which knows every form (expressions.read_sql).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from intercentre.validation.header import BLANKS
from intercentre.validation.leaks import LONGEST_CODE
from schemas.contract import Code, Day, Extract, FieldType, Identifier, Number, YesNo


@dataclass(frozen=True)
class Form:
    """The habit of one column.

    is_trimmed   cells have blanks around them
    strangers    texts of a column of codes that are none: an enumeration is slow to refuse a text, so it names these
    is_guarded   such texts are too many to name: a pattern tells the codes
    is_belgian   days are written JJ/MM/AAAA
    has_comma    numbers have a decimal comma
    words        spellings of yes and no other than true and false
    fingerprint  identifiers are as many hexadecimal digits; 0 when they are not
    """

    is_trimmed: bool = False
    strangers: tuple[str, ...] = ()
    is_guarded: bool = False
    is_belgian: bool = False
    has_comma: bool = False
    words: tuple[str, ...] = ()
    fingerprint: int = 0

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

_SHORTEST_FINGERPRINT = 16  # digits; a shorter identifier is read as fast as any other
_TRIED = 3  # texts, of which one has the length of most

_NAMED = 64  # texts that are no codes, in the enumeration of a column

_BELGIAN = re.compile(r"[0-9]{2}/[0-9]{2}/[0-9]{4}")
_COMMA = re.compile(r"-?[0-9]{1,9},[0-9]+")


def observe_forms(table: type[Extract], samples: Sequence[Mapping[str, str]]) -> Forms:
    """The habit of each column in the sampled lines (column → cell as written)."""
    cells = {column: [sample[column] for sample in samples if sample.get(column)] for column in table.fields()}
    texts = {column: [cell.strip(BLANKS) for cell in written] for column, written in cells.items()}
    named = _strangers(table, texts)
    found = []
    for column, (kind, _) in table.fields().items():
        form = _form(kind, cells[column], texts[column])
        if isinstance(kind, Code) and named:
            form = replace(form, **_of_codes(kind, texts[column], named))
        if form != PLAIN:
            found.append((column, form))
    return tuple(found)


def _form(kind: FieldType, cells: Sequence[str], texts: Sequence[str]) -> Form:
    return Form(
        is_trimmed=any(text != cell for text, cell in zip(texts, cells, strict=True)),
        is_belgian=isinstance(kind, Day) and _most(_BELGIAN, texts),
        has_comma=isinstance(kind, Number) and _most(_COMMA, texts),
        words=_words(kind, texts) if isinstance(kind, YesNo) else (),
        fingerprint=_fingerprint(texts) if isinstance(kind, Identifier) else 0,
    )


def _strangers(table: type[Extract], texts: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """Texts in the columns of codes that are no code of their list: « ? », « inconnu », a code of another year.

    They are written into a statement: what is long or has a sign that no one sees is left to be refused slowly.
    """
    found = (
        {text for text in texts[column] if text not in kind.nomenclature.entries and _may_be_named(text)}
        for column, (kind, _) in table.fields().items()
        if isinstance(kind, Code)
    )
    return frozenset().union(*found)


def _may_be_named(text: str) -> bool:
    return 0 < len(text) <= LONGEST_CODE and text.isprintable()


def _of_codes(kind: Code, texts: Sequence[str], named: frozenset[str]) -> dict[str, Any]:
    """What stands in one column of codes is looked for in all of them: a sample is small."""
    known = kind.nomenclature.entries
    own = sum(text not in known for text in set(texts) if text)
    if own > _NAMED:
        return {"is_guarded": True}
    return {"strangers": tuple(sorted(named - known.keys())[:_NAMED])}


def _most(pattern: re.Pattern[str], texts: Sequence[str]) -> bool:
    return 2 * sum(pattern.fullmatch(text) is not None for text in texts) > len(texts)


def _fingerprint(texts: Sequence[str]) -> int:
    """Length of the fingerprints (32, 40, 64 … digits) that most texts are."""
    for length in sorted({len(text) for text in texts[:_TRIED]}):
        if length >= _SHORTEST_FINGERPRINT and length % 2 == 0 and _most(re.compile(f"[0-9a-f]{{{length}}}"), texts):
            return length
    return 0


def _words(kind: YesNo, texts: Sequence[str]) -> tuple[str, ...]:
    spellings = {text for text in texts if text.isascii() and text.lower() in (*kind.yes, *kind.no)}
    return tuple(sorted(spellings - {"true", "false"}))
