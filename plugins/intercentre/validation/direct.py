"""A large plain text file, read by the engine where it lies: nothing is copied, and a row's line is its place.

Only a file of which every line surely is one record is read so: UTF-8, no quotation mark, no NUL, one kind of line
end, no blank record, the header on its first line. The survey also keeps a line of each stretch of the file, with its
number: the forms of the columns are told by them, and what the engine gives back is held against them (order_is_kept),
since an engine may lose the order of rows and keep every count. Any doubt sends the file the long way (delimited.py).
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from intercentre.validation.forms import observe_forms
from intercentre.validation.header import BLANKS, Header, count_known, match_header
from intercentre.validation.raw_table import RawTable, Sample
from schemas.contract import Code, CodeSet, Extract, UnreadableError

SMALLEST = 4_000_000
"""bytes; the long way takes a tenth of a second for a file of that size, and needs no proof of order"""

_CHUNK = 1 << 18  # bytes; shorter than 2,048 lines of any extract, the stretch that an engine could misplace
_DELIMITERS = (b";", b",", b"\t", b"|")
_FIRST_LINE = 2


@dataclass
class _Survey:
    """What one pass over the bytes after the header tells; `blank` is a record without a value."""

    delimiter: bytes
    blank: bytes
    ends: int = 0
    returns: int = 0
    delimiters: int = 0
    samples: list[tuple[int, bytes]] = field(default_factory=list)


def read_direct(source: Path, table: type[Extract]) -> RawTable | None:
    """The records of `source` where they lie; None when it is small, or when any line is not surely one record."""
    if source.stat().st_size < SMALLEST:
        return None
    with source.open("rb") as stream:
        start = stream.readline(1 << 16)
    if start.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or not start.endswith(b"\n"):
        return None
    found = _header(start, table)
    if found is None:
        return None
    header, delimiter = found
    width = len(header.columns)
    survey = _Survey(delimiter, delimiter * (width - 1))
    rows = _survey(source, len(start), survey)
    if rows is None or survey.delimiters != rows * (width - 1):
        return None
    if survey.returns != (survey.ends if start.endswith(b"\r\n") else 0):
        return None
    samples = tuple(_samples(survey, width))
    return RawTable(
        header=header,
        records=source,
        delimiter=delimiter.decode(),
        is_quoted=False,
        rows=rows,
        ragged=(),
        tolerances=("TOL-002",) if header.is_rewritten else (),
        first_line=_FIRST_LINE,
        forms=observe_forms(table, [_named(header, sample.cells) for sample in samples]),
        samples=samples,
    )


def order_is_kept(table: type[Extract], raw: RawTable, rows: Mapping[int, Mapping[str, Any]], date_etat: date) -> bool:
    """Whether the key of every sampled line stands in the row of the same rank.

    rows  rank of the row, from 0 → its typed values, for the rank of each sample
    """
    return all(
        sample.rank in rows and _is_same(table, _named(raw.header, sample.cells), rows[sample.rank], date_etat)
        for sample in raw.samples
    )


def _is_same(table: type[Extract], cells: Mapping[str, str], row: Mapping[str, Any], date_etat: date) -> bool:
    for column in table.contrat.key:
        kind, _ = table.fields()[column]
        try:
            value = kind.read(cells.get(column, "").strip(BLANKS), date_etat)
        except UnreadableError:
            value = None
        is_old = isinstance(kind, Code | CodeSet) and row[column] != value  # read as its successor
        if row[column] != value and not (is_old and value is not None):
            return False
    return True


def _header(start: bytes, table: type[Extract]) -> tuple[Header, bytes] | None:
    """The header and its delimiter, when the first line names most of the columns and needs no further reading."""
    try:
        text = start.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        return None
    if '"' in text or "\0" in text or "\r" in text:
        return None
    delimiter = max(_DELIMITERS, key=lambda each: count_known(text.split(each.decode()), table))
    cells = text.split(delimiter.decode())
    if len(cells) < 2 or 2 * count_known(cells, table) < len(table.fields()):
        return None
    return match_header(cells, table), delimiter


def _survey(source: Path, start: int, survey: _Survey) -> int | None:
    """How many records follow the first `start` bytes, with counts and samples in `survey`; None at the first doubt."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    before = b"\n"
    with source.open("rb") as stream:
        stream.seek(start)
        while chunk := stream.read(_CHUNK):
            if _is_doubtful(chunk, before, survey.blank) or not _is_text(chunk, decoder):
                return None
            _count(chunk, survey)
            before = (before + chunk)[-len(survey.blank) - 4 :]
    if not _is_text(b"", decoder, final=True):
        return None
    if before.endswith(b"\n"):
        return survey.ends
    is_blank = not before.rpartition(b"\n")[2].strip(survey.delimiter + b" \t")
    return None if is_blank else survey.ends + 1


def _is_doubtful(chunk: bytes, before: bytes, blank: bytes) -> bool:
    """Whether a quotation mark, a NUL, a record without a value or no line end at all is in this stretch."""
    if b'"' in chunk or b"\0" in chunk or b"\n" not in chunk:
        return True
    voids = (b"\n\n", b"\n\r", b"\n" + blank + b"\n", b"\n" + blank + b"\r")
    seam = before + chunk[: len(blank) + 4]
    return any(void in text for text in (seam, chunk) for void in voids)


def _is_text(chunk: bytes, decoder: codecs.IncrementalDecoder, *, final: bool = False) -> bool:
    if chunk.isascii() and not decoder.getstate()[0]:
        return True
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _count(chunk: bytes, survey: _Survey) -> None:
    """Add a stretch to the counts, and its first whole line to the samples."""
    start = chunk.find(b"\n") + 1
    end = chunk.find(b"\n", start)
    if end > 0:
        survey.samples.append((survey.ends + 1, chunk[start:end]))
    survey.ends += chunk.count(b"\n")
    survey.returns += chunk.count(b"\r")
    survey.delimiters += chunk.count(survey.delimiter)


def _samples(survey: _Survey, width: int) -> Iterator[Sample]:
    for rank, line in survey.samples:
        cells = line.decode("utf-8").rstrip("\r").split(survey.delimiter.decode())
        if len(cells) == width:
            yield Sample(rank, tuple(cells))


def _named(header: Header, cells: Sequence[str]) -> dict[str, str]:
    return {name: cell for name, cell in zip(header.columns, cells, strict=True) if name}
