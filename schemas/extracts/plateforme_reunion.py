"""T16 plateforme_reunion."""

from __future__ import annotations

import datetime
from typing import Annotated, ClassVar

from schemas.contract import Code, Day, Extract, Identifier, Table, Whole, champ


class PlateformeReunion(Extract):
    """One meeting of one platform of organisations that the centre runs or takes part in.

    How the data come to be: attendance lists. Weak where: a meeting of two platforms at once is counted twice;
    participants are people present, organisations are those that they spoke for.
    """

    contrat: ClassVar[Table] = Table(
        name="plateforme_reunion",
        numero="T16",
        grain="une réunion d'une plateforme",
        key=("reunion_id",),
        niveau=3,
        missions=("2", "3"),
    )

    reunion_id: Annotated[str, Identifier()] = champ("Identifiant de la réunion", exemple="RE-0045")
    plateforme_id: Annotated[str, Identifier()] = champ("Identifiant de la plateforme", exemple="PF-LOGEMENT")
    thematique: Annotated[str, Code("axe_pli")] = champ("Thématique (axes du plan local)", exemple="LOGEMENT")
    date: Annotated[datetime.date, Day()] = champ("Date de la réunion", exemple="2026-06-18")
    organisations_presentes: Annotated[int, Whole(0, 9999)] = champ("Organisations présentes", exemple="11")
    participants: Annotated[int, Whole(0, 9999)] = champ("Personnes présentes", exemple="16")
    commune_refnis: Annotated[str | None, Code("commune", at="date", unreadable="V17", mapped="V17-M")] = champ(
        "Commune de la réunion : code REFNIS ; vide si elle est à distance", nul=True, exemple="92094"
    )
