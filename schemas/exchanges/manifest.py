"""T00 manifeste: what a centre says of its own deposit (manifeste.json)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import PurePosixPath
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from schemas.period import Period

MANIFEST_NAME = "manifeste.json"
LARGEST_MANIFEST = 1_000_000  # bytes
LONGEST_SOFTWARE = 64  # characters
PARTIAL: Literal["PARTIEL"] = "PARTIEL"  # type_depot of a deposit that brings only rows put right
SIMULATION = "simulation-intercentre"  # logiciel_source of deposits that describe nobody
LARGEST_NUMBER = 2_147_483_647  # what every database keeps as an integer

DATED_SINCE = "1.1.0"  # first version of the contract in which a table may have a start of history of its own
NOT_DATED = frozenset(
    {"dossier", "etape_accueil", "convention", "inscription", "attestation", "transfert", "stat_locale"}
)
"""Tables that begin with the dossiers, since persons, stocks and moves are counted from all of them together, and the
local statistics, which say their own period: no start of history of their own."""

Text = Annotated[str, StringConstraints(max_length=255, pattern=r"^[^\x00-\x1f\x7f]*$")]
"""Text that a file system, a registry and a page can hold: no control character, no half of a character."""

Lines = Annotated[tuple[Annotated[int, Field(ge=1, le=LARGEST_NUMBER)], ...], Field(max_length=100_000)]
"""Lines of a file, as a person sees them."""


def is_manifest(name: str) -> bool:
    """Whether a file of this name in a deposit is its manifest: in any folder, whatever its case."""
    return PurePosixPath(name.replace("\\", "/")).name.lower() == MANIFEST_NAME


class DeclaredTable(BaseModel):
    """One table of the deposit; `lignes` counts data rows, without the header."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    nom: Text
    fichier: Text | None = None
    lignes: int = Field(ge=0, le=LARGEST_NUMBER)
    sha256: str | None = Field(default=None, pattern="^[0-9a-f]{64}$")
    declaree_vide: bool = False


class Manifest(BaseModel):
    """The deposit's own description.

    centre_code                 whatever its case: the CERAIC writes itself CeRAIC
    periode_debut, periode_fin  first and last day of a civil quarter or year
    date_etat                   day whose state the extracts give; at least periode_fin
    debut_historique            day since which the centre's flow tables and closed dossiers are complete
    debut_historique_par_table  table -> day since which it is complete, where that is later than debut_historique; only
                                for tables outside NOT_DATED, since DATED_SINCE
    sequence                    grows with every export of the centre, up to LARGEST_NUMBER; a partial deposit repeats
                                that of the deposit it completes
    remplace_depot_id           RECTIFICATIF: the deposit that this one replaces; PARTIEL: the one that it completes
    lignes_remplacees           PARTIEL: table or depot_id/table -> lines in quarantine that leave it whatever their
                                key, since it could not be read or was itself the mistake (docs/decisions/0030)
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    centre_code: Annotated[Text, AfterValidator(str.upper)]
    schema_version: str = Field(pattern=r"^\d+\.\d+\.\d+$")
    type_depot: Literal["TRIMESTRIEL", "ANNUEL", "RECTIFICATIF", "PARTIEL"]
    periode_debut: date
    periode_fin: date
    date_etat: date
    debut_historique: date | None = None
    debut_historique_par_table: Mapping[Text, date] = Field(default_factory=dict)
    remplace_depot_id: Text | None = None
    lignes_remplacees: Mapping[Text, Lines] = Field(default_factory=dict)
    sequence: int = Field(ge=1, le=LARGEST_NUMBER)
    logiciel_source: str = Field(max_length=LONGEST_SOFTWARE)
    methode_pseudo: Literal["P0", "P1", "P2"] = "P0"
    version_cle: Text | None = None
    tables: tuple[DeclaredTable, ...]
    contact_role: str = Field(max_length=64)

    @property
    def is_partial(self) -> bool:
        return self.type_depot == PARTIAL

    @property
    def periode(self) -> Period | None:
        """The civil period that the two bounds make; None when they make none."""
        for period in (Period.quarter_of(self.periode_debut), Period(self.periode_debut.year)):
            if (period.debut, period.fin) == (self.periode_debut, self.periode_fin):
                return period
        return None
