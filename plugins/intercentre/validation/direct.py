"""A large plain text file, read by the engine where it lies: nothing is copied, and a row's line is its place.

Only a file of which every line surely is one record is read so: UTF-8, no quotation mark, no NUL, one kind of line
end, as many delimiters as its records need, the header on its first line, nothing but data below it. A blank line is no
record to the engine, and the count of rows then tells; a record without a value is told by its marks (workspace.py).

The survey also keeps a line of each stretch of the file, with its number: the forms of the columns are told by them,
and what the engine gives back is held against them (order_is_kept), since an engine may lose the order of rows and keep
every count. Any doubt sends the file the long way (delimited.py).
"""

from __future__ import annotations

import codecs
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from intercentre.validation.compile import text_kept_of
from intercentre.validation.delimited import DELIMITERS
from intercentre.validation.forms import observe_forms
from intercentre.validation.header import BLANKS, Header, count_known, match_header
from intercentre.validation.raw_table import RawTable, Sample
from intercentre.validation.table_start import LAST_LINES, SEARCHED, find_start, is_total
from schemas.contract import Code, CodeSet, Extract, UnreadableError

SMALLEST = 4_000_000
"""bytes; the long way takes a tenth of a second for a file of that size, and needs no proof of order"""

_CHUNK = 1 << 18  # bytes; shorter than 2,048 lines of any extract, the stretch that an engine could misplace
_FIRST_LINE, _LONGEST_LINE, _LOOKS = 2, 1 << 16, 500


def sketch_direct(source: Path, table: type[Extract]) -> RawTable | None:
    """The records of `source` where they lie, not counted yet, to be surveyed while the engine reads them.

    None when the file is small, or when its first and last lines are not plainly a header and data.
    """
    if source.stat().st_size < SMALLEST:
        return None
    with source.open("rb") as stream:
        start = stream.readline(_LONGEST_LINE)
    if start.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or not start.endswith(b"\n"):
        return None
    found = _header(start, table)
    if found is None or _is_framed(source, found[1], table):
        return None
    header, delimiter = found
    lines = (_cells(line, delimiter) for line in _lines_here_and_there(source))
    seen = [_named(header, cells) for cells in lines if len(cells) == len(header.columns)]
    return RawTable(
        header=header,
        records=source,
        delimiter=delimiter,
        is_quoted=False,
        rows=0,
        ragged=(),
        tolerances=("TOL-002",) if header.is_rewritten else (),
        first_line=_FIRST_LINE,
        forms=observe_forms(table, seen),
    )


def survey_direct(sketch: RawTable) -> RawTable | None:
    """The same, its records counted and sampled; None when any line is not surely one record."""
    with sketch.records.open("rb") as stream:
        start = stream.readline()
    width = len(sketch.header.columns)
    found = _survey(sketch.records, len(start), sketch.delimiter.encode() * (width - 1), _end(start))
    if found is None:
        return None
    rows, lines = found
    samples = (Sample(rank, tuple(_cells(line, sketch.delimiter))) for rank, line in lines)
    return replace(sketch, rows=rows, samples=tuple(sample for sample in samples if len(sample.cells) == width))


def _end(line: bytes) -> bytes:
    return b"\r\n" if line.endswith(b"\r\n") else b"\n"


def _lines_here_and_there(source: Path) -> Iterator[bytes]:
    """One whole line from each of many places that lie evenly in the file."""
    size = source.stat().st_size
    with source.open("rb") as stream:
        for place in range(_LOOKS):
            stream.seek(place * size // _LOOKS)
            stream.readline(_LONGEST_LINE)
            yield stream.readline(_LONGEST_LINE)


def order_is_kept(table: type[Extract], raw: RawTable, rows: Mapping[int, Mapping[str, Any]], date_etat: date) -> bool:
    """Whether the key of every sampled line stands in the row of the same rank.

    rows  rank of the row, from 0 → its typed values and `brut_` texts, for the rank of each sample
    """
    return all(
        sample.rank in rows and _is_same(table, _named(raw.header, sample.cells), rows[sample.rank], date_etat)
        for sample in raw.samples
    )


def _is_same(table: type[Extract], cells: Mapping[str, str], row: Mapping[str, Any], date_etat: date) -> bool:
    for column in table.contrat.key:
        kind, _ = table.fields()[column]
        if (kept := row.get(f"brut_{column}")) is not None:  # it was not read: the texts themselves are compared
            if kept.strip(BLANKS) != text_kept_of(cells.get(column, "").strip(BLANKS)):
                return False
            continue
        try:
            value = kind.read(cells.get(column, "").strip(BLANKS), date_etat)
        except UnreadableError:
            value = None
        is_old = isinstance(kind, Code | CodeSet) and row[column] != value  # read as its successor
        if row[column] != value and not (is_old and value is not None):
            return False
    return True


def _header(start: bytes, table: type[Extract]) -> tuple[Header, str] | None:
    """The header and its delimiter, when the first line names most of the columns and needs no further reading."""
    try:
        text = start.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        return None
    if '"' in text or "\0" in text or "\r" in text:
        return None
    delimiter = max(DELIMITERS, key=lambda each: count_known(text.split(each), table))
    cells = text.split(delimiter)
    if len(cells) < 2 or not cells[-1].strip(BLANKS) or 2 * count_known(cells, table) < len(table.fields()):
        return None
    return match_header(cells, table), delimiter


def _is_framed(source: Path, delimiter: str, table: type[Extract]) -> bool:
    """Whether anything but data may stand below the header, or after the last row: units, a title, totals."""
    with source.open("rb") as stream:
        first = [line for _ in range(SEARCHED) if (line := stream.readline(_LONGEST_LINE))]
        stream.seek(-min(_CHUNK, source.stat().st_size), os.SEEK_END)
        last = stream.read().splitlines()[-LAST_LINES:]
    start = find_start([_cells(line, delimiter) for line in first if line.strip()], table)
    return (start.header, start.rows, start.tolerances) != (0, 1, ()) or any(
        is_total(_cells(line, delimiter), table) for line in last
    )


def _cells(line: bytes, delimiter: str) -> list[str]:
    return line.decode("utf-8", "replace").rstrip("\r\n").split(delimiter)


def _survey(source: Path, start: int, delimiters: bytes, end: bytes) -> tuple[int, list[tuple[int, bytes]]] | None:
    """(records that follow the first `start` bytes, samples of them: rank, line); None at the first doubt.

    A stretch of the file from which all is taken but delimiters and line ends must be the same record, again and again.

    delimiters  of one record, one at least
    """
    record = delimiters + end
    others = bytes(set(range(256)) - set(record + b"\r"))
    records = record * (_CHUNK // len(record) + 2)
    decoder = codecs.getincrementaldecoder("utf-8")()
    signs = 0
    samples: list[tuple[int, bytes]] = []
    with source.open("rb") as stream:
        stream.seek(start)
        while chunk := stream.read(_CHUNK):
            bare = chunk.translate(None, others)
            if not records.startswith(bare, signs % len(record)) or _is_doubtful(chunk) or not _is_text(chunk, decoder):
                return None
            if line := _first_whole_line(chunk):
                samples.append((signs // len(record) + 1, line))
            signs += len(bare)
    rows, rest = divmod(signs, len(record))
    if not signs or rest not in (0, len(delimiters)) or not _is_text(b"", decoder, final=True):
        return None
    return (rows + 1 if rest else rows), samples


def _first_whole_line(chunk: bytes) -> bytes:
    """The line after the first line end, empty where none ends."""
    start = chunk.find(b"\n") + 1
    return chunk[start : max(start, chunk.find(b"\n", start))]


def _is_doubtful(chunk: bytes) -> bool:
    """Whether a quotation mark, a sign that no text holds, or no line end at all is in this stretch."""
    return b'"' in chunk or b"\0" in chunk or b"\n" not in chunk


def _is_text(chunk: bytes, decoder: codecs.IncrementalDecoder, *, final: bool = False) -> bool:
    if chunk.isascii() and not decoder.getstate()[0]:
        return True
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _named(header: Header, cells: Sequence[str]) -> dict[str, str]:
    return {name: cell for name, cell in zip(header.columns, cells, strict=True) if name}
