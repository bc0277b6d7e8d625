"""The releases on the shelf: which versions there are, which files each holds, and the path of one of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from intercentre.core.registry.tables import Publication
from intercentre.portal.refusals import RefusalError
from schemas.period import Period

if TYPE_CHECKING:
    from intercentre.core.hub import Hub

SIGNERS = "allowed_signers"
_DESCRIPTIONS = {
    "LISEZMOI.txt": "Ce que contient la publication, par où commencer",
    "indicateurs.xlsx": "Les indicateurs en classeur, pour un tableur",
    "indicateurs.csv": "Les indicateurs en CSV (virgules, UTF-8)",
    "indicateurs.parquet": "Les indicateurs en Parquet",
    "bulletin.html": "Le bulletin à lire dans un navigateur",
    "bulletin.pdf": "Le bulletin à imprimer",
    "qualite.html": "Le rapport de qualité",
    "reserves.csv": "Les réserves des centres, à lire avec les chiffres",
    "changements.md": "Ce qui change depuis la publication précédente",
    "intercentre-public.duckdb": "La base DuckDB, pour des requêtes SQL",
    "definitions.csv": "Ce que compte chaque indicateur et comment le lire",
    "protection.json": "Ce que le secret statistique a masqué, et ce qu'il ne protège pas encore",
    "SHA256SUMS": "Les empreintes de tous les fichiers",
    "MANIFEST.json": "Le manifeste signé : qui, quand, à partir de quoi",
    "MANIFEST.json.sig": "La signature du manifeste",
}
_FIRST = tuple(_DESCRIPTIONS)


@dataclass(frozen=True)
class ReleaseFile:
    """One file of a release."""

    nom: str
    octets: int
    description: str


@dataclass(frozen=True)
class Release:
    """One release, its files in the order in which a person wants them."""

    version: str
    periode: Period
    publie_le: datetime
    fichiers: tuple[ReleaseFile, ...]


def list_releases(hub: Hub) -> list[Release]:
    """Releases, the latest first. The registry says which exist; a folder without its row is not one."""
    with hub.registry.read() as session:
        rows = session.execute(select(Publication).order_by(Publication.publie_le.desc())).scalars().all()
    return [
        Release(row.version, Period.parse(row.periode), row.publie_le, _files(hub.home.releases / row.version))
        for row in rows
    ]


def find_file(hub: Hub, version: str, name: str) -> Path:
    """The path of one file of one release; raises RefusalError 404.

    Version and name are looked up, never joined to a path as they come: nothing outside a release can be named.
    """
    release = next((known for known in list_releases(hub) if known.version == version), None)
    file = next((file for file in release.fichiers if file.nom == name), None) if release else None
    if release is None or file is None:
        raise RefusalError(404, "Ce fichier n'est dans aucune publication.")
    return hub.home.releases / release.version / file.nom


def signers_file(hub: Hub) -> Path:
    """The public keys with which releases are checked; raises RefusalError 404 before the first release."""
    path = hub.home.releases / SIGNERS
    if not path.is_file():
        raise RefusalError(404, "Aucune publication n'a encore été signée.")
    return path


def _files(folder: Path) -> tuple[ReleaseFile, ...]:
    if not folder.is_dir():
        return ()
    found = [path for path in folder.iterdir() if path.is_file() and not path.is_symlink()]
    found.sort(key=lambda path: (_FIRST.index(path.name) if path.name in _FIRST else len(_FIRST), path.name))
    return tuple(ReleaseFile(path.name, path.stat().st_size, _DESCRIPTIONS.get(path.name, "")) for path in found)
