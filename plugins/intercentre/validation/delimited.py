"""Delimited text (CSV as Excel, a database or a script writes it), read in one pass.

Where no quotation mark stands in the file, a line is a record and only its delimiters are counted; otherwise Python's
csv reader tells the records. Either way the line number is written into the record: nothing later depends on order.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TextIO

from intercentre.validation.data_end import find_end, open_until
from intercentre.validation.decoding import TextSurvey, survey_text
from intercentre.validation.header import BLANKS, count_known, match_header
from intercentre.validation.raw_table import RawTable, SourceRows
from intercentre.validation.refusal import RefusalError
from intercentre.validation.table_start import SEARCHED, find_start
from schemas.contract import Extract

DELIMITERS = (";", ",", "\t", "|")
LONGEST_LINE = 1_000_000
MOST_COLUMNS = 16_384
"""columns of the widest sheet of a spreadsheet"""

_ENDS = "\r\n"


def read_delimited(source: Path, table: type[Extract], target: Path) -> RawTable:
    """The records of `source` are in `target`; raises RefusalError DEP-005 when there is not even a header."""
    survey = survey_text(source)
    start = _find_header(source, survey, table)
    end = find_end(source, survey.encoding, start.delimiter, table)
    named = replace(start, cells=without_trailing_blanks(start.cells))
    rows, ragged = _copy(source, survey, named, end, target)
    if ragged and len(named.cells) < len(start.cells):
        filled_rows, filled_ragged = _copy(source, survey, start, end, target)
        if len(filled_ragged) < len(ragged):  # a column without a name holds something: it is refused by its place
            named, rows, ragged = start, filled_rows, filled_ragged
        else:
            _copy(source, survey, named, end, target)
    header = match_header(named.cells, table)
    tolerated = [survey.tolerance, "TOL-002" if header.is_rewritten else None, *start.tolerances]
    return RawTable(
        header=header,
        records=target,
        delimiter=";" if survey.is_quoted else start.delimiter,
        is_quoted=survey.is_quoted,
        rows=rows,
        ragged=tuple(ragged),
        tolerances=tuple(code for code in (*tolerated, None if end is None else "TOL-012") if code),
        misplaced=start.misplaced,
    )


def header_cells(source: Path, table: type[Extract]) -> list[str]:
    """The header of the file as it would be read for `table`; raises RefusalError DEP-005."""
    return _find_header(source, survey_text(source), table).cells


@contextmanager
def delimited_rows(source: Path, table: type[Extract]) -> Iterator[SourceRows]:
    """Every record of `source` from the header on, as it was written, while the block lasts.

    raises  RefusalError DEP-005
    """
    survey = survey_text(source)
    start = _find_header(source, survey, table)
    with open_until(source, survey.encoding) as stream:
        _pass_over(stream, start.last_line)
        yield SourceRows(
            header=match_header(start.cells, table),
            ligne=start.line,
            first=0,
            rows=_every_record(stream, start, is_quoted=survey.is_quoted),
        )


@dataclass(frozen=True)
class _Start:
    """Where the data start.

    cells, line  the header, and the last line that it takes
    last_line    the last line above the data: the header's, or that of the units below it
    misplaced    lines above the header that could be data
    """

    cells: list[str]
    delimiter: str
    line: int
    last_line: int
    misplaced: tuple[int, ...]
    tolerances: tuple[str, ...]


def _pass_over(stream: TextIO, lines: int) -> None:
    for _ in islice(stream, lines):
        pass


def _find_header(source: Path, survey: TextSurvey, table: type[Extract]) -> _Start:
    """The header, by the delimiter with which it names most columns; Excel's « sep=; » may announce it."""
    with open_until(source, survey.encoding) as stream:
        announced, lines = _first_lines(stream)
    if not lines:
        raise RefusalError("DEP-005")
    candidates = (announced,) if announced else DELIMITERS
    start = max(
        (_start(lines, delimiter, table) for delimiter in candidates),
        key=lambda found: (count_known(found.cells, table), len(found.cells)),
    )
    if not start.cells or len(start.cells) > MOST_COLUMNS:
        raise RefusalError("DEP-005")
    return start


def _start(lines: list[tuple[int, str]], delimiter: str, table: type[Extract]) -> _Start:
    rows = [_cells(text, delimiter) for _, text in lines]
    found = find_start(rows, table)
    return _Start(
        cells=rows[found.header],
        delimiter=delimiter,
        line=lines[found.header][0],
        last_line=lines[found.rows - 1][0],
        misplaced=tuple(lines[at][0] for at in found.misplaced),
        tolerances=found.tolerances,
    )


def _first_lines(stream: TextIO) -> tuple[str | None, list[tuple[int, str]]]:
    """The delimiter announced, and (last line that it takes, text) of the first records that are not blank."""
    number, announced = 0, None
    lines: list[tuple[int, str]] = []
    while len(lines) < SEARCHED and (text := stream.readline()):
        number += 1
        if announced is None and (declared := re.fullmatch(r"sep=(.)\s*", text)):
            announced = declared[1]
            continue
        opened = number
        while text.count('"') % 2 and number < opened + SEARCHED and (following := stream.readline()):
            text, number = text + following, number + 1
        if text.strip(BLANKS):
            lines.append((number, text[:LONGEST_LINE]))
    return announced, lines


def _cells(text: str, delimiter: str) -> list[str]:
    """The cells of a record; none when it cannot be read as one."""
    try:
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
    except csv.Error:
        return []


def _copy(source: Path, survey: TextSurvey, start: _Start, end: int | None, target: Path) -> tuple[int, list[int]]:
    """The records are in `target`: how many, and the lines that could not be placed."""
    with open_until(source, survey.encoding, end) as stream, target.open("w", encoding="utf-8", newline="") as out:
        _pass_over(stream, start.last_line)
        return (_copy_quoted if survey.is_quoted else _copy_plain)(stream, out, start)


def _copy_plain(stream: TextIO, out: TextIO, start: _Start) -> tuple[int, list[int]]:
    rows, ragged = 0, []
    delimiter, expected = start.delimiter, len(start.cells) - 1
    empty = BLANKS + delimiter
    for ligne, line in enumerate(stream, start.last_line + 1):
        if not line.strip(empty):
            continue
        surplus = line.count(delimiter) - expected
        if surplus > 0:
            line, *others = line.rsplit(delimiter, surplus)
            surplus = len("".join(others).strip(BLANKS))
        if surplus or len(line) > LONGEST_LINE:
            ragged.append(ligne)
            continue
        out.write(f"{ligne}{delimiter}{line.rstrip(_ENDS)}\n")
        rows += 1
    return rows, ragged


def _copy_quoted(stream: TextIO, out: TextIO, start: _Start) -> tuple[int, list[int]]:
    rows, ragged = 0, []
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    for ligne, record, is_multiline in _records(stream, start):
        if record is not None and not any(cell.strip(BLANKS) for cell in record[len(start.cells) :]):
            record = record[: len(start.cells)]
        if record is None or len(record) != len(start.cells):
            if record is None or any(cell.strip(BLANKS) for cell in record):
                ragged.append(ligne)
        elif any(cell.strip(BLANKS) for cell in record):
            writer.writerow([ligne, *(map(on_one_line, record) if is_multiline else record)])
            rows += 1
    return rows, ragged


def _records(stream: Iterable[str], start: _Start) -> Iterator[tuple[int, list[str] | None, bool]]:
    """(line where the record starts, cells or None when unreadable, whether it spans several lines)."""
    reader = csv.reader(stream, delimiter=start.delimiter, strict=True)
    while True:
        before = reader.line_num
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error:
            record = None
        yield start.last_line + before + 1, record, reader.line_num > before + 1


def _every_record(stream: TextIO, start: _Start, *, is_quoted: bool) -> Iterator[tuple[int, list[str]]]:
    """The header, then every record that is not blank; one that cannot be read as cells is one cell, its text."""
    yield start.last_line, start.cells
    if not is_quoted:
        for ligne, line in enumerate(stream, start.last_line + 1):
            if line.strip(BLANKS + start.delimiter):
                yield ligne, line.rstrip(_ENDS).split(start.delimiter)
        return
    read: list[str] = []
    for ligne, record, _ in _records(_remember(stream, read), start):
        text = "".join(read).rstrip(_ENDS)
        read.clear()
        if record is None:
            yield ligne, [text]
        elif any(cell.strip(BLANKS) for cell in record):
            yield ligne, record


def _remember(lines: Iterable[str], read: list[str]) -> Iterator[str]:
    for line in lines:
        read.append(line)
        yield line


def without_trailing_blanks(cells: list[str]) -> list[str]:
    """The cells of a header up to the last one that holds something."""
    while cells and not cells[-1].strip(BLANKS):
        cells = cells[:-1]
    return cells


def on_one_line(cell: str) -> str:
    """A line end inside a cell reads as a space: no type of field admits either, and DuckDB reads one record a line."""
    return cell.replace("\r", " ").replace("\n", " ")
