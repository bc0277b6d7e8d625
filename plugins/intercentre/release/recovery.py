"""After a crash: release folders that the registry does not know are adopted, or moved out of the way."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from intercentre.core.files import sha256_file
from intercentre.core.hub import Hub
from intercentre.core.registry.store import Transaction
from intercentre.core.registry.tables import Publication
from intercentre.release.inputs import agreement_on
from intercentre.release.recording import record
from intercentre.release.refusal import PublicationRefusee
from intercentre.release.verification import read_manifest, verify_release
from intercentre.release.version import Version
from schemas.exchanges.release import MANIFEST_NAME
from schemas.period import Period

ACTOR = "intercentre"


def recover(hub: Hub) -> None:
    """Every release folder has its row in the registry.

    A folder whose manifest verifies and whose figures were agreed on is adopted: the crash came after its rename.
    One that does not verify is moved to travail/publications-ecartees and the journal says so; nothing is deleted.
    raises  PublicationRefusee when a folder verifies but the registry knows no agreement on it: then the registry is
            older than the releases, and a person must restore it
    """
    if not hub.home.releases.is_dir():
        return
    with hub.registry.read() as session:
        if not _orphans(hub, set(session.execute(select(Publication.version)).scalars())):
            return
    with hub.registry.change() as change:  # no other publication is under way from here on
        for folder in _orphans(hub, set(change.session.execute(select(Publication.version)).scalars())):
            if _is_whole(change, folder):
                _adopt(change, folder)
            else:
                _set_aside(hub, change, folder)


def _orphans(hub: Hub, known: set[str]) -> list[Path]:
    folders = (folder for folder in hub.home.releases.iterdir() if folder.is_dir() and Version.parse(folder.name))
    return sorted(folder for folder in folders if folder.name not in known)


def _is_whole(change: Transaction, folder: Path) -> bool:
    """True when the folder verifies, bears its own version, and holds figures that are not published already."""
    if verify_release(folder):
        return False
    manifest = read_manifest(folder)
    same = select(Publication).where(
        Publication.periode == manifest.periode, Publication.empreinte == manifest.empreinte
    )
    return manifest.version == folder.name and change.session.execute(same).first() is None


def _adopt(change: Transaction, folder: Path) -> None:
    manifest = read_manifest(folder)
    try:
        agreement = agreement_on(change.session, Period.parse(manifest.periode), manifest.empreinte)
    except PublicationRefusee as refusal:
        raise PublicationRefusee(
            f"La publication {folder.name} est signée et entière, mais le registre ne connaît pas l'accord dont elle "
            "vient : il est sans doute plus ancien que les publications. Restaurez le registre avant de publier."
        ) from refusal
    record(
        change,
        agreement,
        manifest.version,
        manifest.periode,
        sha256_file(folder / MANIFEST_NAME),
        manifest.approbateur,
        manifest.corrections,
    )


def _set_aside(hub: Hub, change: Transaction, folder: Path) -> None:
    aside = hub.home.work / "publications-ecartees"
    aside.mkdir(parents=True, exist_ok=True)
    rank = 1 + sum(other.name.startswith(f"{folder.name}-") for other in aside.iterdir())
    folder.rename(aside / f"{folder.name}-{rank}")
    change.journal(ACTOR, "publication_ecartee", folder.name, dossier=f"{folder.name}-{rank}")
