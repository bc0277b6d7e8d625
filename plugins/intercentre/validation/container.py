"""What was deposited: a ZIP, a folder or one file, told apart by content and never by name.

Nothing is opened before it was judged: what is dangerous, protected or takes from elsewhere is refused here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from intercentre.validation import archive
from intercentre.validation.compressed import decompress
from intercentre.validation.nature import Nature, nature_of
from intercentre.validation.refusal import RefusalError
from intercentre.validation.workbook_safety import check_workbook
from schemas.exchanges.manifest import is_manifest

_OF_SYSTEMS = frozenset({"thumbs.db", "desktop.ini", ".ds_store"})
_DAMAGED = frozenset({"DEP-001", "DEP-005"})


@dataclass(frozen=True)
class Package:
    """The files of a deposit: name as the depositor gave it → where it can be read.

    delivered  the same for the files that had to be decompressed: where the bytes as deposited are
    """

    files: dict[str, Path]
    is_one_file: bool = False
    delivered: Mapping[str, Path] = field(default_factory=dict)


def open_package(source: Path, scratch: Path, name: str) -> Package:
    """The files of `source`; raises RefusalError DEP-001 to DEP-004, DEP-008 to DEP-012, DEP-016, DEP-020.

    scratch  an existing folder to extract to
    name     what the depositor called the file
    """
    package = _decompressed(_open(source, scratch, name), scratch)
    for each, path in package.files.items():
        try:
            _check(path)
        except RefusalError as refusal:
            raise RefusalError(refusal.code, each) from refusal
    return package


def _open(source: Path, scratch: Path, name: str) -> Package:
    if source.is_dir():
        return _open_folder(source)
    match nature_of(source):
        case Nature.EMPTY:
            raise RefusalError("DEP-002")
        case Nature.HTML:
            raise RefusalError("DEP-003")
        case Nature.ZIP:
            return _package(archive.extract(source, scratch / "archive"))
    return Package({name: source}, is_one_file=True)


def _decompressed(package: Package, scratch: Path) -> Package:
    """The package with what gzip made of single files undone."""
    files, delivered = dict(package.files), {}
    for number, (name, path) in enumerate(package.files.items()):
        if nature_of(path) is Nature.GZIP:
            try:
                decompress(path, scratch / f"gzip-{number:03}")
            except RefusalError as refusal:
                if refusal.code in _DAMAGED and not package.is_one_file:
                    continue
                raise RefusalError(refusal.code, name) from refusal
            files[name], delivered[name] = scratch / f"gzip-{number:03}", path
    return Package(files, package.is_one_file, delivered)


def _check(path: Path) -> None:
    """Return when the file can be opened without harm; a damaged workbook cannot, since nobody knows what it holds."""
    nature = nature_of(path)
    if nature is Nature.FOREIGN_ARCHIVE:
        raise RefusalError("DEP-012")
    if nature is Nature.ZIP and _is_readable(path):
        raise RefusalError("DEP-011")
    if nature.is_workbook:
        try:
            check_workbook(path, nature)
        except RefusalError as refusal:
            raise RefusalError("DEP-005" if refusal.code in _DAMAGED else refusal.code) from refusal


def _is_readable(path: Path) -> bool:
    """Whether a ZIP can be listed; one that cannot is left to whoever reads a table from it."""
    try:
        archive.read_directory(path)
    except RefusalError as refusal:
        if refusal.code in _DAMAGED:
            return False
        raise
    return True


def _open_folder(folder: Path) -> Package:
    found = sorted(path for path in folder.rglob("*") if not path.is_dir())
    if any(path.is_symlink() or not path.is_file() for path in found) or len(found) > archive.MAX_ENTRIES:
        raise RefusalError("DEP-004")  # a link, a pipe or a device may lead anywhere, or never end
    if sum(path.stat().st_size for path in found) > archive.MAX_BYTES:
        raise RefusalError("DEP-004")
    files = {_readable_name(path.relative_to(folder)): path for path in found}
    if len(files) != len(found):
        raise RefusalError("DEP-004")
    return _package(files)


def _readable_name(path: Path) -> str:
    """The file's name as a finding can show it: bytes that are no text become a question mark."""
    return path.as_posix().encode("utf-8", "replace").decode("utf-8")


def _package(files: dict[str, Path]) -> Package:
    """The package of these files: an operating system's own files first left out, then one common top folder.

    raises  RefusalError DEP-002 when no file is left, DEP-016 when they are several deposits
    """
    own = _without_system_files(files)
    if not own:
        raise RefusalError("DEP-002")
    if sum(map(is_manifest, own)) > 1:
        raise RefusalError("DEP-016")
    return Package(archive.without_top_folder(own))


def _without_system_files(files: dict[str, Path]) -> dict[str, Path]:
    return {name: path for name, path in files.items() if not _is_of_a_system(PurePosixPath(name))}


def _is_of_a_system(name: PurePosixPath) -> bool:
    return "__MACOSX" in name.parts or name.name.lower() in _OF_SYSTEMS
