"""The observation row and the manifest of a release."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict

TOTAL = "_T"
NAMESPACE_PUBLICATION = "intercentre-publication"
IDENTITE_PUBLICATION = "publication@intercentre"

# One row per indicator, period, territory, dimension and category. Column → DuckDB type.
OBSERVATION_COLUMNS: dict[str, str] = {
    "indicateur": "VARCHAR",
    "version_definition": "VARCHAR",
    "periode": "VARCHAR",
    "territoire_type": "VARCHAR",  # region, province, arrondissement, centre, commune
    "territoire": "VARCHAR",
    "dimension": "VARCHAR",
    "modalite": "VARCHAR",
    "valeur": "DOUBLE",
    "numerateur": "DOUBLE",
    "denominateur": "DOUBLE",
    "unite": "VARCHAR",
    "statut_obs": "VARCHAR",  # provisoire, definitif, revise
    "statut_secret": "VARCHAR",  # libre, masque
    "couverture": "VARCHAR",  # centres counted / centres expected, as 8/8
    "reserves": "VARCHAR",  # centres whose reservation bears on this indicator
    "date_etat": "DATE",
}
OBSERVATION_KEY = ("indicateur", "periode", "territoire_type", "territoire", "dimension", "modalite")


class ReleasedFile(BaseModel):
    """One file of the release."""

    model_config = ConfigDict(frozen=True)

    nom: str
    octets: int
    sha256: str


class ReleaseManifest(BaseModel):
    """MANIFEST.json: what was released, from what, agreed by whom; the only place of the run's times."""

    model_config = ConfigDict(frozen=True)

    version: str
    periode: str
    date_etat: date
    publie_le: datetime
    diffusion: str
    version_contrat: str
    regles_sha256: str
    depots: tuple[str, ...]
    tour_id: str
    decision: str
    journal_sha256: str
    fichiers: tuple[ReleasedFile, ...]
