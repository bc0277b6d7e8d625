"""The observation row and the manifest of a release."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict

TOTAL = "_T"
NAMESPACE_PUBLICATION = "intercentre-publication"
IDENTITE_PUBLICATION = "publication@intercentre"
MANIFEST_NAME = "MANIFEST.json"
SIGNATURE_NAME = "MANIFEST.json.sig"
SUMS_NAME = "SHA256SUMS"

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
# What a person reads about each column, in every format of the release.
OBSERVATION_DESCRIPTIONS: dict[str, str] = {
    "indicateur": "Code de l'indicateur ; sa définition est dans definitions",
    "version_definition": "Version de la définition avec laquelle le chiffre est calculé",
    "periode": "Trimestre (2026-T3) ou année (2026) observés",
    "territoire_type": "region, province, arrondissement, centre ou commune",
    "territoire": "Code du territoire : centre, code REFNIS, ou région de langue française",
    "dimension": "Ventilation (sexe, groupe d'âge, …) ; _T : toutes les catégories ensemble",
    "modalite": "Catégorie dans la ventilation ; _T : total",
    "valeur": "Le chiffre, dans l'unité de la colonne unite ; vide s'il est masqué ou sans objet",
    "numerateur": "Numérateur d'un taux",
    "denominateur": "Dénominateur d'un taux",
    "unite": "Unité du chiffre ; les parts sont en pour cent (0 à 100)",
    "statut_obs": "provisoire, definitif, ou revise : autre valeur que dans la publication précédente",
    "statut_secret": "libre, ou masque (secret statistique) : la valeur existe et n'est pas communiquée",
    "couverture": "Centres comptés / centres attendus",
    "reserves": "Centres dont une réserve porte sur cet indicateur, voir reserves ; vide s'il n'y en a pas",
    "date_etat": "Jour dont les extraits des centres donnent l'état",
}
OBSERVATION_KEY = ("indicateur", "periode", "territoire_type", "territoire", "dimension", "modalite")


class ReleasedFile(BaseModel):
    """One file of the release."""

    model_config = ConfigDict(frozen=True)

    nom: str
    octets: int
    sha256: str


class CorrectionCount(BaseModel):
    """How many accepted corrections changed a row behind the figures, and how many found nothing to change."""

    model_config = ConfigDict(frozen=True)

    appliquees: int = 0
    sans_effet: int = 0


class ReleaseManifest(BaseModel):
    """MANIFEST.json: what was released, from what, agreed by whom; the only place of the run's times.

    empreinte       SHA-256 of the protected observations that the centres agreed on
    diffusion       restreinte or ouverte
    decision        state of the round; proces_verbal is its minutes
    approbateur     the account that gave the last « bon à publier »
    journal_sha256  last link of the journal before the release
    simule          True when a deposit behind the figures is simulated
    corrections     accepted corrections of rows (none in a release made before there were any)
    fichiers        every file of the release but the manifest and its signature
    """

    model_config = ConfigDict(frozen=True)

    version: str
    periode: str
    date_etat: date
    publie_le: datetime
    diffusion: str
    version_contrat: str
    regles_sha256: str
    depots: tuple[str, ...]
    empreinte: str
    tour_id: str
    decision: str
    proces_verbal: str
    approbateur: str
    journal_sha256: str
    simule: bool
    corrections: CorrectionCount = CorrectionCount()
    fichiers: tuple[ReleasedFile, ...]
