"""What was deposited: a ZIP, a folder or one file, told apart by content and never by name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from intercentre.validation import archive
from intercentre.validation.refusal import RefusalError
from intercentre.validation.sheet_extent import check_extent

_HTML = (b"<!doctype html", b"<html", b"<head", b"<body")
_OF_SYSTEMS = frozenset({"thumbs.db", "desktop.ini", ".ds_store"})


@dataclass(frozen=True)
class Package:
    """The files of a deposit: name as the depositor gave it → where it can be read."""

    files: dict[str, Path]
    is_one_file: bool = False


def open_package(source: Path, scratch: Path, name: str) -> Package:
    """The files of `source`; raises RefusalError DEP-001 to DEP-004.

    scratch  an existing folder to extract to
    name     what the depositor called the file
    """
    package = _open(source, scratch, name)
    for path in package.files.values():
        if _is_sound_workbook(path):
            check_extent(path)
    return package


def _open(source: Path, scratch: Path, name: str) -> Package:
    if source.is_dir():
        return _open_folder(source)
    if source.stat().st_size == 0:
        raise RefusalError("DEP-002")
    if is_html(source):
        raise RefusalError("DEP-003")
    if archive.is_zip(source) and not archive.is_workbook(source):
        return _package(archive.extract(source, scratch / "archive"))
    return Package({name: source}, is_one_file=True)


def is_html(path: Path) -> bool:
    """Whether the file is a web page, as a server answers when nobody is logged in."""
    with path.open("rb") as stream:
        start = stream.read(2048).removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith(b"<?xml"):
        start = start.partition(b"?>")[2].lstrip()
    return start.startswith(_HTML)


def _is_sound_workbook(path: Path) -> bool:
    """Whether it is an XLSX with a readable directory; any other ZIP is left to whoever reads a table from it."""
    try:
        return archive.is_zip(path) and archive.is_workbook(path)
    except RefusalError as refusal:
        if refusal.code == "DEP-001":
            return False
        raise


def _open_folder(folder: Path) -> Package:
    found = sorted(path for path in folder.rglob("*") if not path.is_dir())
    if any(path.is_symlink() or not path.is_file() for path in found) or len(found) > archive.MAX_ENTRIES:
        raise RefusalError("DEP-004")  # a link, a pipe or a device may lead anywhere, or never end
    if sum(path.stat().st_size for path in found) > archive.MAX_BYTES:
        raise RefusalError("DEP-004")
    files = {_readable_name(path.relative_to(folder)): path for path in found}
    if not files:
        raise RefusalError("DEP-001")
    if len(files) != len(found):
        raise RefusalError("DEP-004")
    return _package(files)


def _readable_name(path: Path) -> str:
    """The file's name as a finding can show it: bytes that are no text become a question mark."""
    return path.as_posix().encode("utf-8", "replace").decode("utf-8")


def _package(files: dict[str, Path]) -> Package:
    """The package of these files: an operating system's own files first left out, then one common top folder."""
    return Package(archive.without_top_folder(_without_system_files(files)))


def _without_system_files(files: dict[str, Path]) -> dict[str, Path]:
    return {name: path for name, path in files.items() if not _is_of_a_system(PurePosixPath(name))}


def _is_of_a_system(name: PurePosixPath) -> bool:
    return "__MACOSX" in name.parts or name.name.lower() in _OF_SYSTEMS
