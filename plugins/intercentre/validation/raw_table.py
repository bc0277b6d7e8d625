"""One table as it was written, every record with its line in the source."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from intercentre.validation.forms import Forms
from intercentre.validation.header import Header


@dataclass(frozen=True)
class Sample:
    """One record as it stands in the source; `rank` counts the records from 0."""

    rank: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class RawTable:
    """Records in a text file that can be read without guessing: `ligne`, then the cells in the source's order.

    records     UTF-8, one record a line, no header; with `first_line`, the source itself, header and all
    first_line  line of the first record, where the records do not bear their lines: a row's line is told by its rank
    forms       how the columns are written, where that was looked at
    samples     records of every stretch of the source, to hold the order of the rows against
    delimiter   between the cells of `records`; `is_quoted` when they may be quoted
    rows        records in that file; lines that are blank in the source are left out
    ragged      lines of the source that could not be placed: another length than the header, or an open quote
    misplaced   lines above the header that could be data, and were not read
    tolerances  codes of what was tolerated in the form of the source
    feuille     sheet of a workbook
    """

    header: Header
    records: Path
    delimiter: str
    is_quoted: bool
    rows: int
    ragged: tuple[int, ...]
    tolerances: tuple[str, ...] = ()
    feuille: str | None = None
    first_line: int | None = None
    forms: Forms = ()
    samples: tuple[Sample, ...] = ()
    misplaced: tuple[int, ...] = ()

    @property
    def rows_read(self) -> int:
        return self.rows + len(self.ragged)

    @property
    def is_whole(self) -> bool:
        """Whether every row and every column of the contract could be placed."""
        return not self.ragged and not self.misplaced and not self.header.missing


@dataclass(frozen=True)
class SourceRows:
    """The same table to be shown to its depositor: every record with its line, what could not be placed included.

    header   what the columns are
    ligne    line of the header
    first    position of the first column, 0 is A
    rows     (line, cells) in the source's order, the header first; blank lines are left out
    feuille  sheet of a workbook
    """

    header: Header
    ligne: int
    first: int
    rows: Iterable[tuple[int, list[str]]]
    feuille: str | None = None
