"""Opening a release's file so that nothing but its tables can be reached.

The engine is read-only, sees no other file, loads no extension, sees no variable of the program, spills nothing to
disk, and none of this can be switched back on.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from intercentre.access.refusal import AccessError
from intercentre.access.versions import find_release
from intercentre.core.engine import without_progress
from intercentre.core.hub import Hub

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PUBLIC_FILE = "intercentre-public.duckdb"
_CLOSED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "python_enable_replacements": False,
    "temp_directory": "",
}


def open_release(hub: Hub, version: str | None = None) -> DuckDBPyConnection:
    """A read-only connection to the public file of a release, the last one made when no version is given.

    The same version always answers the same. raises AccessError when there is no such release
    """
    release = find_release(hub, version)
    return _open(release.folder / PUBLIC_FILE, release.version)


def open_folder(folder: Path) -> DuckDBPyConnection:
    """A read-only connection to the public file of a release that somebody was given, without a hub."""
    return _open(folder / PUBLIC_FILE, folder.name)


def analysis_file(hub: Hub, version: str) -> Path:
    """DISCRI's file of a release (zone Z1)."""
    return hub.home.analysis / f"intercentre-analyse-{version}.duckdb"


def open_analysis(hub: Hub, version: str | None = None) -> DuckDBPyConnection:
    """A read-only connection to DISCRI's file of a release (zone Z1): schemas `commun` and `observations`."""
    release = find_release(hub, version)
    return _open(analysis_file(hub, release.version), release.version)


def _open(path: Path, version: str) -> DuckDBPyConnection:
    import duckdb

    if not path.is_file():
        raise AccessError(f"Le fichier {path.name} de la publication {version} est absent : restaurez-le.")
    try:
        engine = without_progress(duckdb.connect(path, read_only=True, config=_CLOSED))
    except duckdb.Error as error:
        raise AccessError(f"Le fichier {path.name} de la publication {version} ne peut pas être ouvert.") from error
    engine.execute("SET lock_configuration = true")
    return engine
