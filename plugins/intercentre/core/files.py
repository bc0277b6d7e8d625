"""Files that exist whole or not at all."""

from __future__ import annotations

import ctypes
import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_HERE, _EXCHANGE = -100, 2  # AT_FDCWD and RENAME_EXCHANGE of linux/fs.h


def sha256_file(path: Path) -> str:
    """SHA-256 of a file's bytes, lower-case hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_bytes(path: Path, content: bytes, mode: int = 0o644) -> None:
    """`path` holds `content`, durably; a crash leaves the former file or the new one."""
    with _scratch_file(path, content, mode) as scratch:
        os.replace(scratch, path)
    sync_folder(path.parent)


def write_once(path: Path, content: bytes, mode: int = 0o600) -> None:
    """`path` holds what its first writer wrote, whoever comes later: several processes may start together."""
    with _scratch_file(path, content, mode) as scratch:
        try:
            os.link(scratch, path)
        except FileExistsError:
            return
    sync_folder(path.parent)


@contextmanager
def _scratch_file(path: Path, content: bytes, mode: int) -> Iterator[Path]:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(name, mode)
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """A scratch folder that becomes `path` when the block ends well; an existing `path` is replaced whole.

    Replacing is for derived data that can be made again; what must never change is guarded by its caller.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}."))
    try:
        yield scratch
        _sync_tree(scratch)
        scratch.chmod(0o755)
        _put_folder(scratch, path)
        sync_folder(path.parent)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)  # what failed, or the former content


def _put_folder(scratch: Path, path: Path) -> None:
    """`path` is what `scratch` was, in one step: no reader and no crash finds it missing or mixed."""
    try:
        os.replace(scratch, path)
    except OSError as error:
        if error.errno not in (errno.EEXIST, errno.ENOTEMPTY):
            raise
        if not _exchange(scratch, path):  # a file system that cannot exchange: two steps are all there is
            former = scratch.with_name(f"{scratch.name}.ancien")
            os.replace(path, former)
            os.replace(scratch, path)
            os.replace(former, scratch)


def _exchange(one: Path, other: Path) -> bool:
    """The two paths have changed places (Linux renameat2); False where the system cannot do it."""
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    return bool(rename(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0)


def place_folder(scratch: Path, path: Path) -> None:
    """`scratch` is at `path`, durably; raises FileExistsError when something is there already: nothing is replaced."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        raise FileExistsError(path.name)
    _sync_tree(scratch)
    scratch.chmod(0o755)
    scratch.rename(path)
    sync_folder(path.parent)


def _sync_tree(folder: Path) -> None:
    for path in (*folder.rglob("*"), folder):
        if path.is_dir():
            sync_folder(path)
        elif path.is_file():
            with path.open("rb") as stream:
                os.fsync(stream.fileno())


def sync_folder(folder: Path) -> None:
    """The names in `folder` are durable: a file renamed into it survives a power cut (Windows has no such step)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
