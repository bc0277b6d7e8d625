"""T06 attestation."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from schemas.contract import Code, Day, Extract, Identifier, Reference, Table, YesNo, champ


class Attestation(Extract):
    """One attestation issued by the centre; a re-issued one names the one it replaces and counts once.

    How the data come to be: the signed document. Weak where: copies to the commune and the CPAS are noted late.
    """

    contrat: ClassVar[Table] = Table(
        name="attestation",
        numero="T06",
        grain="une attestation délivrée",
        key=("attestation_id",),
        niveau=1,
        missions=("1a",),
        references=(
            Reference(("dossier_id",), "dossier", ("dossier_id",)),
            Reference(("convention_id",), "convention", ("convention_id",)),
            Reference(("remplace_attestation_id",), "attestation", ("attestation_id",)),
        ),
    )

    attestation_id: Annotated[str, Identifier()] = champ("Identifiant de l'attestation", exemple="A-000012")
    dossier_id: Annotated[str, Identifier()] = champ("Dossier", risque="identifiant", exemple="D-000123")
    convention_id: Annotated[str | None, Identifier()] = champ("Convention", nul=True, exemple="C-000031")
    type: Annotated[str, Code("type_attestation")] = champ(
        "Type d'attestation", base="CWASS, art. 152/3, § 4", exemple="FREQUENTATION_PARCOURS"
    )
    date_delivrance: Annotated[date, Day()] = champ("Date de délivrance", exemple="2026-09-30")
    transmise_commune: Annotated[bool | None, YesNo()] = champ("Copie envoyée à la commune", nul=True, exemple="true")
    transmise_cpas: Annotated[str | None, Code("transmise_cpas")] = champ(
        "Copie envoyée au CPAS", nul=True, exemple="SANS_OBJET"
    )
    remplace_attestation_id: Annotated[str | None, Identifier()] = champ(
        "Attestation que celle-ci remplace", nul=True, exemple="A-000011"
    )
