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
_ENCRYPTED = 0x1


def read_directory(path: Path) -> list[zipfile.ZipInfo]:
    """The archive's entries; raises RefusalError DEP-001 (no archive), DEP-004 (dangerous) or DEP-008 (encrypted)."""
    with opened(path) as archive:
        entries = archive.infolist()
    if any(info.flag_bits & _ENCRYPTED for info in entries):
        raise RefusalError("DEP-008")
    if _is_dangerous(entries, path.stat().st_size):
        raise RefusalError("DEP-004")
    return entries


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """The archive, open; what is damaged in it, met in the block, raises RefusalError DEP-001.

    A path told with backslashes, as PowerShell 5 writes it, is told with slashes everywhere, as Python does on Windows
    and as readers of workbooks do: what looks for a part by its name must find it.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                info.filename = info.filename.replace("\\", "/")
                archive.NameToInfo[info.filename] = info
            yield archive
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        raise RefusalError("DEP-001") from error
    except OSError as error:
        if error.errno != errno.EINVAL:  # a place before the start of the file, which only a damaged directory names
            raise
        raise RefusalError("DEP-001") from error


def extract(path: Path, folder: Path) -> dict[str, Path]:
    """Name in the archive → extracted file; raises RefusalError as read_directory, DEP-001 also for another method."""
    entries = [info for info in read_directory(path) if not info.is_dir()]
    if any(info.compress_type not in _METHODS for info in entries):
        raise RefusalError("DEP-001")
    folder.mkdir(parents=True)
    files = {}
    with opened(path) as archive:
        for number, info in enumerate(entries):
            target = folder / f"{number:03}"  # the entry's own name never reaches the file system
            with archive.open(info) as source, target.open("wb") as stream:
                shutil.copyfileobj(source, stream, 1 << 20)
            files[info.filename] = target
    return files


def without_top_folder(files: dict[str, Path]) -> dict[str, Path]:
    """The same files, named from their common top folder when they all lie in one."""
    tops = {PurePosixPath(name).parts[0] for name in files}
    if len(tops) != 1 or any(len(PurePosixPath(name).parts) == 1 for name in files):
        return files
    return {"/".join(PurePosixPath(name).parts[1:]): path for name, path in files.items()}


def _is_dangerous(entries: list[zipfile.ZipInfo], size: int) -> bool:
    total = sum(info.file_size for info in entries)
    names = [info.filename for info in entries]
    return (
        len(entries) > MAX_ENTRIES
        or len(set(names)) != len(names)
        or total > MAX_BYTES
        or total > MAX_RATIO * max(size, 1)
        or any(info.file_size > MAX_RATIO * max(info.compress_size, 1) for info in entries)
        or any(stat.S_ISLNK(info.external_attr >> 16) for info in entries)
        or any(_leaves_the_archive(name) for name in names)
    )


def _leaves_the_archive(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return not parts or name.startswith("/") or ":" in name or "\0" in name or ".." in parts
