"""The hub's home in one file, and back: with the digest of each file, never over anything that is there."""

from __future__ import annotations

import hashlib
import io
import os
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from intercentre.core.files import place_folder, sha256_file, sync_folder
from intercentre.core.home import Home
from intercentre.core.hub import Hub
from intercentre.core.refusal import Refusal

REGISTRY, SUMS = "registre.sqlite", "SHA256SUMS"
_SQLITE_MAGIC = b"SQLite format 3\0"
_COMPANIONS = ("-wal", "-shm", "-journal")  # of a SQLite file: its copy holds what they hold
_MOVING = "Le hub a écrit pendant la sauvegarde : arrêtez-le (portail et Airflow), puis recommencez."
_DAMAGED = "La sauvegarde est incomplète ou abîmée : rien n'a été restauré."


class BackupError(Refusal):
    """The home cannot be saved or restored; the message is French and says why."""


@dataclass(frozen=True)
class Saved:
    """What a backup holds."""

    fichiers: int
    octets: int


def back_up(hub: Hub, target: Path) -> Saved:
    """`target` is a tar of the hub's home, read again and found whole; its last entry says the digest of each other.

    The registry and every other SQLite file are copied as they stand at one instant; scratch space is left out.

    raises  BackupError when `target` exists or lies in the home, when the registry is no file, when there is no hub,
            and when the hub wrote meanwhile
    """
    home, registry = hub.home.root.resolve(), _registry_file(hub)
    if target.exists():
        raise BackupError(f"{target.name} existe déjà : donnez un autre nom, rien n'est remplacé.")
    if target.resolve().is_relative_to(home):
        raise BackupError("La sauvegarde doit être hors du dossier qu'elle garde.")
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".sauvegarde-") as scratch, _unchanged(registry):
            _write(part, _entries(home, registry, Path(scratch)))
        saved = _check(part)
        part.rename(target)
    finally:
        part.unlink(missing_ok=True)
    sync_folder(target.parent)
    return saved


def restore(archive: Path, home: Path) -> Saved:
    """`home` holds what `archive` does, each file with its digest; a fault leaves nothing.

    raises  BackupError when `home` holds anything, or when the archive is not a whole backup
    """
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise BackupError(f"{home} n'est pas vide : rien n'est remplacé. Donnez un dossier qui n'existe pas encore.")
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.parent, prefix=".restauration-") as name:
        scratch = Path(name) / "maison"
        with _opened(archive) as opened:
            opened.extractall(scratch, filter="data")
        found = {path.relative_to(scratch).as_posix(): path for path in _files(scratch)}
        sums = _read_sums(found[SUMS].read_text(encoding="utf-8")) if SUMS in found else {}
        if not sums or {name: sha256_file(path) for name, path in found.items() if name != SUMS} != sums:
            raise BackupError(_DAMAGED)
        found[SUMS].unlink()
        saved = Saved(len(sums), sum(found[name].stat().st_size for name in sums))
        if home.exists():
            home.rmdir()
        place_folder(scratch, home)
    return saved


def _registry_file(hub: Hub) -> Path:
    from sqlalchemy import make_url

    url = make_url(hub.settings.registry_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise BackupError(
            "Le registre est sur un serveur de bases de données : le guide de l'exploitant dit comment le sauvegarder."
        )
    if not Path(url.database).is_file():
        raise BackupError(f"Il n'y a pas de hub dans {hub.home.root}.")
    return Path(url.database).resolve()


@contextmanager
def _unchanged(registry: Path) -> Iterator[None]:
    """Nobody changes the registry in this block; raises BackupError otherwise, or when a file vanishes."""
    with closing(sqlite3.connect(f"{registry.as_uri()}?mode=ro", uri=True)) as watching:
        before = watching.execute("PRAGMA data_version").fetchone()
        try:
            yield
        except FileNotFoundError as error:
            raise BackupError(_MOVING) from error
        if watching.execute("PRAGMA data_version").fetchone() != before:
            raise BackupError(_MOVING)


def _entries(home: Path, registry: Path, scratch: Path) -> Iterator[tuple[str, Path]]:
    """(name in the archive, file): the registry first, so that what it speaks of is there when it is copied."""
    yield REGISTRY, _copy_sqlite(registry, scratch / "registre")
    work = Home(home).work
    for path in _files(home):
        if path == registry or path.is_relative_to(work) or _is_companion(path):
            continue
        yield path.relative_to(home).as_posix(), _copy_sqlite(path, scratch / "base") if _is_sqlite(path) else path


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _is_sqlite(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(len(_SQLITE_MAGIC)) == _SQLITE_MAGIC


def _is_companion(path: Path) -> bool:
    owners = (path.with_name(path.name.removesuffix(end)) for end in _COMPANIONS if path.name.endswith(end))
    return any(owner.is_file() and _is_sqlite(owner) for owner in owners)


def _copy_sqlite(source: Path, target: Path) -> Path:
    target.unlink(missing_ok=True)
    with (
        closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True)) as read,
        closing(sqlite3.connect(target)) as written,
    ):
        read.backup(written)
    target.chmod(source.stat().st_mode & 0o777)
    return target


def _write(part: Path, entries: Iterable[tuple[str, Path]]) -> None:
    """The archive, for its owner alone: it holds the keys."""
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
            sums = []
            for name, path in entries:
                sums.append(f"{sha256_file(path)}  {name}\n")
                archive.add(path, name, recursive=False, filter=_of_nobody)
            content = "".join(sums).encode()
            last = tarfile.TarInfo(SUMS)
            last.size, last.mode = len(content), 0o600
            archive.addfile(last, io.BytesIO(content))
        stream.flush()
        os.fsync(stream.fileno())


def _of_nobody(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """The entry without the names of this machine's users."""
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry


def _check(archive: Path) -> Saved:
    """What the archive holds; raises BackupError when a file is not the one that its digest names."""
    sums, size, said = {}, 0, ""
    with _opened(archive) as opened:
        for entry in opened:
            stream = opened.extractfile(entry)
            if stream is None:
                raise BackupError(_DAMAGED)
            if entry.name == SUMS:
                said = stream.read().decode()
            else:
                sums[entry.name], size = _digest(stream), size + entry.size
    if _read_sums(said) != sums:
        raise BackupError(_MOVING)
    return Saved(len(sums), size)


def _digest(stream: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while block := stream.read(1 << 20):
        digest.update(block)
    return digest.hexdigest()


def _read_sums(text: str) -> Mapping[str, str]:
    return {name: digest for digest, _, name in (line.partition("  ") for line in text.splitlines())}


@contextmanager
def _opened(archive: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(archive, "r:") as opened:
            yield opened
    except (tarfile.TarError, EOFError, UnicodeDecodeError) as error:
        raise BackupError(_DAMAGED) from error
