"""Where a table starts and ends among the lines of a file: title lines, the header, lines of units, lines of totals.

What is recognised is passed over, and said once; a line above the header that could be data is never passed over.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from intercentre.validation.header import BLANKS, count_known, normalise
from schemas.contract import Extract
from schemas.nomenclatures import nomenclature
from schemas.spellings import NUMERIC

SEARCHED = 50
"""lines among which the header is looked for"""

LAST_LINES = 20
"""lines of totals that a table may end with"""

_RECOGNISED = 2  # columns of the contract that a line names, to be a header below other lines
_FEW = 2  # cells that a title line may hold however narrow the table is
_NUMBER = re.compile(NUMERIC)
_IN_BRACKETS = re.compile(r"\(.*\)|\[.*\]", re.DOTALL)


@dataclass(frozen=True)
class Start:
    """Positions among the lines searched, blank ones left out.

    header     line of the column names
    rows       first line of the data
    misplaced  lines above the header that could be data
    tolerances codes of what was passed over
    """

    header: int
    rows: int
    misplaced: tuple[int, ...] = ()
    tolerances: tuple[str, ...] = ()


def find_start(lines: Sequence[Sequence[str]], table: type[Extract]) -> Start:
    """Where `table` starts; `lines` are the first ones that are not blank, at least one."""
    known = [count_known(cells, table) for cells in lines]
    header = known.index(max(known)) if max(known) >= _RECOGNISED else 0
    width = len(_filled(lines[header]))
    above = range(header)
    misplaced = tuple(
        at for at in above if len(_filled(lines[at])) > max(_FEW, width // 2) and not _is_legend(lines[at], table)
    )
    has_legend = header + 1 < len(lines) and _is_legend(lines[header + 1], table)
    passed_over = len(misplaced) < header
    tolerances = [code for code, used in (("TOL-011", passed_over), ("TOL-013", has_legend)) if used]
    return Start(header, header + 1 + has_legend, misplaced, tuple(tolerances))


def is_total(cells: Sequence[str], table: type[Extract]) -> bool:
    """Whether a line below the data is a total or a count: it says so first, and holds too little to be a row."""
    if _filled(cells[len(table.fields()) :]):
        return False
    filled = _filled(cells)
    due = sum(not table.optional(column) for column in table.fields())
    if not filled or len(filled) > max(1, due // 2) or not all(_NUMBER.fullmatch(cell) for cell in filled[1:]):
        return False
    words = re.findall("[a-z]+", normalise(filled[0][:100]))
    starts = {"_".join(words[:length]) for length in range(1, 4)}
    return not starts.isdisjoint(nomenclature("mot_de_total").entries)


def _is_legend(cells: Sequence[str], table: type[Extract]) -> bool:
    """Whether a line only says units, types or the contract's labels of the columns."""
    filled = _filled(cells)
    return len(filled) > 1 and all(_is_unit(cell) or _is_label(cell, table) for cell in filled)


def _is_unit(cell: str) -> bool:
    words = "_".join(re.findall("[a-z]+", normalise(cell[:100])))
    return _IN_BRACKETS.fullmatch(cell) is not None or words in nomenclature("mot_d_unite").entries


def _is_label(cell: str, table: type[Extract]) -> bool:
    return any(normalise(cell) == normalise(info.description or "") for _, info in table.fields().values())


def _filled(cells: Sequence[str]) -> list[str]:
    return [stripped for cell in cells if (stripped := cell.strip(BLANKS))]
