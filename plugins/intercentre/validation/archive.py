"""ZIP archives: nothing is opened before the directory of the archive has been judged."""

from __future__ import annotations

import errno
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from intercentre.validation.refusal import RefusalError

MAX_ENTRIES = 200
MAX_RATIO = 100
MAX_BYTES = 2_000_000_000
ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")

_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_WORKBOOK, _MACROS = "xl/workbook.xml", "xl/vbaProject.bin"
_ENCRYPTED = 0x1


def is_zip(path: Path) -> bool:
    """Whether the file starts as a ZIP does, whatever its name."""
    with path.open("rb") as stream:
        return stream.read(4) in ZIP_MAGIC


def is_workbook(path: Path) -> bool:
    """Whether a ZIP is an XLSX workbook; raises RefusalError when it is no readable archive."""
    return _WORKBOOK in {info.filename for info in read_directory(path)}


def has_macros(path: Path) -> bool:
    return _MACROS in {info.filename for info in read_directory(path)}


def read_directory(path: Path) -> list[zipfile.ZipInfo]:
    """The entries of the archive; raises RefusalError DEP-001 (no archive) or DEP-004 (a dangerous one)."""
    with opened(path) as archive:
        entries = archive.infolist()
    if _is_dangerous(entries, path.stat().st_size):
        raise RefusalError("DEP-004")
    return entries


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """The archive, open; what is damaged in it, met in the block, raises RefusalError DEP-001."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        raise RefusalError("DEP-001") from error
    except OSError as error:
        if error.errno != errno.EINVAL:  # a place before the start of the file, which only a damaged directory names
            raise
        raise RefusalError("DEP-001") from error


def extract(path: Path, folder: Path) -> dict[str, Path]:
    """Name in the archive → extracted file.

    raises  RefusalError DEP-001 (empty, damaged or of an unknown method) or DEP-004 (an archive in the archive)
    """
    entries = [info for info in read_directory(path) if not info.is_dir()]
    if not entries or any(info.compress_type not in _METHODS for info in entries):
        raise RefusalError("DEP-001")
    folder.mkdir(parents=True)
    files = {}
    with opened(path) as archive:
        for number, info in enumerate(entries):
            target = folder / f"{number:03}"  # the entry's own name never reaches the file system
            with archive.open(info) as source, target.open("wb") as stream:
                shutil.copyfileobj(source, stream, 1 << 20)
            if is_zip(target) and _is_nested_archive(target):
                raise RefusalError("DEP-004")
            files[info.filename] = target
    return files


def without_top_folder(files: dict[str, Path]) -> dict[str, Path]:
    """The same files, named from their common top folder when they all lie in one."""
    tops = {PurePosixPath(name).parts[0] for name in files}
    if len(tops) != 1 or any(len(PurePosixPath(name).parts) == 1 for name in files):
        return files
    return {"/".join(PurePosixPath(name).parts[1:]): path for name, path in files.items()}


def _is_nested_archive(path: Path) -> bool:
    """Whether a ZIP in the ZIP is no workbook; a damaged one is left to whoever reads the table that it should be."""
    try:
        return not is_workbook(path)
    except RefusalError as refusal:
        if refusal.code == "DEP-001":
            return False
        raise


def _is_dangerous(entries: list[zipfile.ZipInfo], size: int) -> bool:
    total = sum(info.file_size for info in entries)
    names = [info.filename for info in entries]
    return (
        len(entries) > MAX_ENTRIES
        or len(set(names)) != len(names)
        or total > MAX_BYTES
        or total > MAX_RATIO * max(size, 1)
        or any(info.file_size > MAX_RATIO * max(info.compress_size, 1) for info in entries)
        or any(info.flag_bits & _ENCRYPTED or stat.S_ISLNK(info.external_attr >> 16) for info in entries)
        or any(_leaves_the_archive(name) for name in names)
    )


def _leaves_the_archive(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return not parts or name.startswith("/") or "\\" in name or ":" in name or "\0" in name or ".." in parts
