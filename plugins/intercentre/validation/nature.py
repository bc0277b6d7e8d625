"""What a file is, told by its first bytes and by what an archive says that it holds; its name counts for nothing."""

from __future__ import annotations

from enum import Enum, auto
from pathlib import Path

from intercentre.validation import archive
from intercentre.validation.refusal import RefusalError

OLE2_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML = (b"<!doctype html", b"<html", b"<head", b"<body")
_FOREIGN = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"BZh", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd", b"MSCF", b"\x1f\x9d")
_TAR, _TAR_AT = b"ustar", 257


class Nature(Enum):
    """How a file is to be opened; a ZIP that cannot be listed is a ZIP."""

    EMPTY = auto()
    HTML = auto()
    XLSX = auto()
    ODS = auto()
    OFFICE = auto()  # a ZIP that is another document of an office suite
    ZIP = auto()
    OLE2 = auto()  # XLS, or an encrypted XLSX
    GZIP = auto()
    PARQUET = auto()
    FOREIGN_ARCHIVE = auto()  # tar, RAR, 7z and others
    TEXT = auto()  # or anything else

    @property
    def is_workbook(self) -> bool:
        return self in (Nature.XLSX, Nature.ODS, Nature.OLE2)


def nature_of(path: Path) -> Nature:
    """The nature of the file at `path`."""
    with path.open("rb") as stream:
        start = stream.read(2048)
    if not start:
        return Nature.EMPTY
    if start[:4] in archive.ZIP_MAGIC:
        return _of_zip(path)
    if start.startswith(OLE2_MAGIC):
        return Nature.OLE2
    if start.startswith(b"\x1f\x8b"):
        return Nature.GZIP
    if start.startswith((b"PAR1", b"PARE")):
        return Nature.PARQUET
    if start.startswith(_FOREIGN) or start[_TAR_AT : _TAR_AT + len(_TAR)] == _TAR:
        return Nature.FOREIGN_ARCHIVE
    return Nature.HTML if _is_html(start) else Nature.TEXT


def _is_html(start: bytes) -> bool:
    """Whether it is a web page, as a server answers when nobody is logged in."""
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith(b"<?xml"):
        text = text.partition(b"?>")[2].lstrip()
    return text.startswith(_HTML)


def _of_zip(path: Path) -> Nature:
    """What the directory of a ZIP says; nothing in it is opened."""
    try:
        with archive.opened(path) as opened:
            names = set(opened.namelist())
    except (RefusalError, OSError):
        return Nature.ZIP
    if "xl/workbook.xml" in names:
        return Nature.XLSX
    if {"content.xml", "META-INF/manifest.xml"} <= names:
        return Nature.ODS
    return Nature.OFFICE if "[Content_Types].xml" in names or "mimetype" in names else Nature.ZIP
