"""T11 transfert."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

from schemas.contract import Code, Day, Extract, Identifier, Number, Reference, Table, champ


class Transfert(Extract):
    """One side of a person's move between two centres; the other centre declares the other side.

    How the data come to be: the message between the two centres. Weak where: the receiving centre knows the sender's
    dossier number, the sender rarely knows the receiver's.
    """

    contrat: ClassVar[Table] = Table(
        name="transfert",
        numero="T11",
        grain="un côté d'un transfert entre deux centres",
        key=("transfert_id",),
        niveau=1,
        missions=("1c", "7"),
        references=(Reference(("dossier_id",), "dossier", ("dossier_id",)),),
    )

    transfert_id: Annotated[str, Identifier()] = champ("Identifiant du transfert", exemple="X-000004")
    sens: Annotated[str, Code("sens_transfert")] = champ("Sortant ou entrant", exemple="SORTANT")
    dossier_id: Annotated[str, Identifier()] = champ("Dossier dans ce centre", risque="identifiant", exemple="D-000123")
    centre_contrepartie: Annotated[str, Code("centre")] = champ("L'autre centre", exemple="CRIC")
    dossier_contrepartie: Annotated[str | None, Identifier()] = champ(
        "Dossier dans l'autre centre, s'il est connu", nul=True, risque="identifiant", exemple="F2201"
    )
    date_demande: Annotated[date, Day()] = champ("Date de la demande", exemple="2026-05-04")
    date_effet: Annotated[date | None, Day()] = champ("Date d'effet", nul=True, exemple="2026-05-20")
    statut: Annotated[str, Code("statut_transfert")] = champ("État du transfert", exemple="EFFECTIF")
    heures_reprises_fle: Annotated[Decimal | None, Number(0, 3000)] = champ(
        "Heures de français reprises", nul=True, exemple="120"
    )
    heures_reprises_cit: Annotated[Decimal | None, Number(0, 1000)] = champ(
        "Heures de citoyenneté reprises", nul=True, exemple="20"
    )
