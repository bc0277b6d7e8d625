"""T02 etape_accueil."""

from __future__ import annotations

import datetime
from typing import Annotated, ClassVar

from schemas.contract import Code, Day, Extract, Identifier, Reference, Table, Whole, YesNo, champ, row_rule
from schemas.findings import Severity


class EtapeAccueil(Extract):
    """One step of the personalised reception module: information, social assessment, placement test, help.

    How the data come to be: the counsellor's agenda. Weak where: several interviews for one assessment are
    sometimes written as one; `rang` tells them apart.
    """

    contrat: ClassVar[Table] = Table(
        name="etape_accueil",
        numero="T02",
        grain="une étape du module d'accueil d'un dossier",
        key=("dossier_id", "type_etape", "rang"),
        niveau=1,
        missions=("1a",),
        references=(Reference(("dossier_id",), "dossier", ("dossier_id",)),),
    )

    dossier_id: Annotated[str, Identifier()] = champ("Dossier", risque="identifiant", exemple="D-000123")
    type_etape: Annotated[str, Code("type_etape")] = champ("Type d'étape", exemple="BILAN_SOCIAL")
    rang: Annotated[int, Whole(1, 999)] = champ("Rang de l'étape parmi celles du même type", exemple="1")
    date: Annotated[datetime.date, Day()] = champ("Date de l'étape", exemple="2026-02-03")
    modalite: Annotated[str, Code("modalite")] = champ("Individuelle, collective ou à distance", exemple="INDIVIDUEL")
    duree_minutes: Annotated[int | None, Whole(0, 1440)] = champ("Durée en minutes", nul=True, exemple="90")
    interprete: Annotated[bool, YesNo()] = champ("Un interprète était présent", exemple="true")
    langue_interpretee: Annotated[str | None, Code("langue")] = champ(
        "Langue interprétée, exigée si un interprète était présent", nul=True, exemple="ara"
    )

    @row_rule(
        "V29",
        Severity.A_CORRIGER,
        columns=("langue_interpretee", "interprete"),
        sql="interprete AND langue_interpretee IS NULL",
        titre="Interprète sans langue",
        message="Un interprète était présent, mais la langue interprétée n'est pas indiquée.",
        remede="Indiquez la langue (ISO 639-3), ou « und » si elle est inconnue.",
    )
    def interpreting_names_its_language(self) -> bool:
        return not self.interprete or self.langue_interpretee is not None
