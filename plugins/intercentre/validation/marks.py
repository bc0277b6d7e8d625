"""Where findings stand in the depositor's own sheet, and the words beside them: pure, without a value of any cell."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from intercentre.core.looks import WORDS, gravest_first
from intercentre.validation.header import letter
from intercentre.validation.raw_table import SourceRows
from schemas.findings import Finding
from schemas.rules import finding

Cell = tuple[int, int]
"""Row and column of a sheet, both from 0."""

TOLD_AT_ONCE = 5
_LONGEST_NAME = 31  # UTF-16 units, Excel's limit
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f\ufffe\uffff]")
_RESERVED = frozenset({"history"})


def columns_of(source: SourceRows) -> dict[str, int]:
    """What a finding may name → position in the sheet: a column of the contract, or the message on a refused one."""
    personal = {each.position: each for each in source.header.personal}
    places = {}
    for position, name in enumerate(source.header.columns, source.first):
        each = personal.get(letter(position))
        refused = (
            finding(each.code, position=each.position, constat=each.announced)
            if each
            else finding("V06", position=letter(position))
        )
        places[name or refused.message] = position
    return places


def cell_of(found: Finding, source: SourceRows, columns: Mapping[str, int]) -> Cell:
    """The cell that the finding is about; of a whole row the first cell, of a whole column or table the header."""
    line = source.ligne if found.ligne is None else found.ligne
    return line - 1, columns.get(found.colonne or found.message, source.first)


def marks_of(
    findings: Iterable[Finding], source: SourceRows, columns: Mapping[str, int]
) -> dict[int, dict[int, list[Finding]]]:
    """Row → column → the findings on that cell, the gravest first."""
    marks: dict[int, dict[int, list[Finding]]] = {}
    for found in gravest_first(findings):
        row, column = cell_of(found, source, columns)
        marks.setdefault(row, {}).setdefault(column, []).append(found)
    return marks


def note_on(findings: Sequence[Finding]) -> str:
    """What is written beside a marked cell: gravity, code, message, remedy of each finding, the first ones in full."""
    told = [
        f"{WORDS[found.severite]} ({found.code})\n{found.message}\nQue faire : {found.remede}"
        for found in findings[:TOLD_AT_ONCE]
    ]
    more = len(findings) - TOLD_AT_ONCE
    return "\n\n".join([*told, f"Et {more} de plus : voir la feuille des constats."] if more > 0 else told)


def sheet_name(wanted: str, taken: Collection[str]) -> str:
    """`wanted` as Excel admits the name of a sheet, and unlike those `taken`, whatever the case."""
    plain = _FORBIDDEN.sub(" ", wanted).strip(" '") or "Feuille"
    known = {name.casefold() for name in taken} | _RESERVED
    name, number = _cut(plain, _LONGEST_NAME), 1
    while name.casefold() in known:
        number += 1
        suffix = f" ({number})"
        name = _cut(plain, _LONGEST_NAME - len(suffix)) + suffix
    return name


def _cut(text: str, longest: int) -> str:
    """The text within that many UTF-16 units, ending neither in half a character nor in an apostrophe."""
    return text.encode("utf-16-le")[: 2 * longest].decode("utf-16-le", "ignore").rstrip(" '")
