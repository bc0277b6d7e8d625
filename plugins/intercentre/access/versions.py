"""The releases that there are, as the registry knows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from intercentre.access.refusal import AccessError
from intercentre.core.french import utc
from intercentre.core.hub import Hub
from intercentre.core.registry.tables import Publication
from schemas.period import Period


@dataclass(frozen=True, slots=True)
class Release:
    """One release; `folder` is where its files lie."""

    version: str
    periode: str
    publie_le: datetime
    manifeste_sha256: str
    folder: Path

    @property
    def rank(self) -> tuple[Period, int]:
        """Orders releases: by period, then by their rank within it."""
        return Period.parse(self.periode), int(self.version.rpartition(".")[2])


def releases(hub: Hub) -> list[Release]:
    """Every release, the one that was made last first."""
    with hub.registry.read() as session:
        rows = session.execute(select(Publication)).scalars().all()
    found = [
        Release(row.version, row.periode, utc(row.publie_le), row.manifeste_sha256, hub.home.releases / row.version)
        for row in rows
    ]
    return sorted(found, key=lambda one: (one.publie_le, one.rank), reverse=True)


def find_release(hub: Hub, version: str | None) -> Release:
    """The release of that version, or the last one made; raises AccessError when there is none."""
    known = releases(hub)
    if not known:
        raise AccessError("Aucune publication n'a encore été faite.")
    if version is None:
        return known[0]
    for release in known:
        if release.version == version:
            return release
    raise AccessError(
        "Cette publication n'existe pas. Publications : " + ", ".join(release.version for release in known) + "."
    )
