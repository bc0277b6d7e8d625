"""What a workbook must not hold, told before it is opened: a password, macros, links to other files, a bomb."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from intercentre.validation import archive
from intercentre.validation.nature import Nature
from intercentre.validation.ole2 import check_ole2
from intercentre.validation.refusal import RefusalError
from intercentre.validation.shared_texts import check_shared_texts
from intercentre.validation.sheet_extent import check_extent
from intercentre.validation.spreadsheet_xml import check_content

_MACROS = ("vbaproject.bin", "vbadata.xml")
_MACRO_FOLDERS = ("xl/macrosheets/", "xl/dialogsheets/", "xl/activex/", "basic/", "scripts/", "dialogs/")
_LINK_FOLDERS = ("xl/externallinks/", "xl/querytables/")
_CONNECTIONS = "xl/connections.xml"
_LINK = re.compile(rb"<Relationship\b[^>]*>")
_LARGEST_PART = 10_000_000  # bytes of a part that only lists others


def check_workbook(path: Path, nature: Nature) -> None:
    """Return when the workbook can be opened without harm.

    raises  RefusalError DEP-004 (bomb), DEP-008 (encrypted), DEP-009 (macros), DEP-010 (links to other files),
            DEP-020 (a sheet that reaches too far), DEP-001 or DEP-005 (damaged)
    """
    if nature is Nature.OLE2:
        check_ole2(path)
        return
    names = [info.filename.lower() for info in archive.read_directory(path)]
    if any(name.endswith(_MACROS) or name.startswith(_MACRO_FOLDERS) for name in names):
        raise RefusalError("DEP-009")
    if any(name.startswith(_LINK_FOLDERS) or name == _CONNECTIONS for name in names):
        raise RefusalError("DEP-010")
    with archive.opened(path) as opened:
        if nature is Nature.ODS:
            _check_ods(opened)
        else:
            _check_xlsx(opened)
    if nature is Nature.XLSX:
        check_extent(path)
        check_shared_texts(path)


def _check_xlsx(book: zipfile.ZipFile) -> None:
    if b"macroEnabled" in _small_part(book, "[Content_Types].xml"):
        raise RefusalError("DEP-009")
    for name in book.namelist():
        if name.endswith(".rels") and any(_leads_elsewhere(link) for link in _LINK.findall(_small_part(book, name))):
            raise RefusalError("DEP-010")


def _leads_elsewhere(relationship: bytes) -> bool:
    """Whether a relationship fetches something from outside; a hyperlink waits for somebody to follow it."""
    return b"External" in relationship and b"/hyperlink" not in relationship


def _check_ods(book: zipfile.ZipFile) -> None:
    if b"encryption-data" in _small_part(book, "META-INF/manifest.xml"):
        raise RefusalError("DEP-008")
    with book.open("content.xml") as stream:
        check_content(iter(lambda: stream.read(1 << 20), b""))


def _small_part(book: zipfile.ZipFile, name: str) -> bytes:
    """A part that lists others; b"" when there is none."""
    try:
        info = book.getinfo(name)
    except KeyError:
        return b""
    if info.file_size > _LARGEST_PART:
        raise RefusalError("DEP-004")
    return book.read(info)
