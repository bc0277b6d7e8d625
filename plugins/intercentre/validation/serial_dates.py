"""From which day a workbook counts its dates, where a cell holds only their number: 1904 in those made on a Mac."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from pathlib import Path

from intercentre.validation import archive
from intercentre.validation.nature import Nature, nature_of
from intercentre.validation.ole2 import counts_from_1904
from schemas.spellings import SERIAL_ORIGIN

_FROM_1904 = (date(1904, 1, 1) - SERIAL_ORIGIN).days
_XLSX_1904 = re.compile(rb"""date1904\s*=\s*["'](1|true)["']""")
_ODS_ORIGIN = re.compile(rb"""<table:null-date\b[^>]*\bdate-value\s*=\s*["'](\d{4}-\d{2}-\d{2})""")
_ODS_FIRST_TABLE = b"<table:table "
_STEP = 1 << 16


def days_to_add(source: Path) -> int:
    """What makes a serial number of this workbook one that counts from 30 December 1899, as elsewhere.

    raises  RefusalError DEP-001 when the workbook is damaged
    """
    match nature_of(source):
        case Nature.XLSX:
            with archive.opened(source) as book:
                return _FROM_1904 if _XLSX_1904.search(_part(book, "xl/workbook.xml")) else 0
        case Nature.ODS:
            return _days_of_ods(source)
        case Nature.OLE2:
            return _FROM_1904 if counts_from_1904(source) else 0
    return 0


def _days_of_ods(source: Path) -> int:
    """The origin stands before the first table."""
    head = b""
    with archive.opened(source) as book, book.open("content.xml") as stream:
        while _ODS_FIRST_TABLE not in head[-_STEP - len(_ODS_FIRST_TABLE) :] and (more := stream.read(_STEP)):
            head += more
    said = _ODS_ORIGIN.search(head.partition(_ODS_FIRST_TABLE)[0])
    return (date.fromisoformat(said[1].decode()) - SERIAL_ORIGIN).days if said else 0


def _part(book: zipfile.ZipFile, name: str) -> bytes:
    try:
        return book.read(name)
    except KeyError:
        return b""
