"""Files that exist whole or not at all."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def sha256_file(path: Path) -> str:
    """SHA-256 of a file's bytes, lower-case hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_bytes(path: Path, content: bytes, mode: int = 0o644) -> None:
    """`path` holds `content`, durably; a crash leaves the former file or the new one."""
    with _scratch_file(path, content, mode) as scratch:
        os.replace(scratch, path)
    _sync_folder(path.parent)


def write_once(path: Path, content: bytes, mode: int = 0o600) -> None:
    """`path` holds what its first writer wrote, whoever comes later: several processes may start together."""
    with _scratch_file(path, content, mode) as scratch:
        try:
            os.link(scratch, path)
        except FileExistsError:
            return
    _sync_folder(path.parent)


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
        for file in scratch.rglob("*"):
            if file.is_file():
                with file.open("rb") as stream:
                    os.fsync(stream.fileno())
        scratch.chmod(0o755)
        former = scratch.with_name(f"{scratch.name}.ancien")
        if path.exists():
            os.replace(path, former)
        os.replace(scratch, path)
        shutil.rmtree(former, ignore_errors=True)
    except BaseException:
        shutil.rmtree(scratch, ignore_errors=True)
        raise
    _sync_folder(path.parent)


def place_folder(scratch: Path, path: Path) -> None:
    """`scratch` is at `path`, durably; raises FileExistsError when something is there already: nothing is replaced."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        raise FileExistsError(path.name)
    for file in scratch.rglob("*"):
        if file.is_file():
            with file.open("rb") as stream:
                os.fsync(stream.fileno())
    scratch.chmod(0o755)
    scratch.rename(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
