"""T18 formation_pro."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

from schemas.contract import Code, Day, Extract, Identifier, Number, Table, Whole, champ
from schemas.extracts.dates_in_order import dates_in_order
from schemas.extracts.part_within_whole import part_within_whole


class FormationPro(Extract):
    """One training that the centre gave to professionals or volunteers of other organisations.

    How the data come to be: enrolment and attendance lists, an evaluation form at the end. Weak where: the mean of
    satisfaction says little without `repondants`; a course given twice is two rows with one `intitule_code`.
    """

    contrat: ClassVar[Table] = Table(
        name="formation_pro",
        numero="T18",
        grain="une formation donnée à des professionnels",
        key=("formation_id",),
        niveau=3,
        missions=("5",),
    )

    formation_id: Annotated[str, Identifier()] = champ("Identifiant de la formation", exemple="FP-0018")
    intitule_code: Annotated[str, Identifier()] = champ("Code de l'intitulé, propre au centre", exemple="CIT-FORM")
    type: Annotated[str, Code("type_formation")] = champ(
        "Type de formation", base="CWASS, art. 152/3, § 2", exemple="CITOYENNETE_FORMATEURS"
    )
    date_debut: Annotated[date, Day(future=True)] = champ("Date de début", exemple="2026-04-20")
    date_fin: Annotated[date, Day(future=True)] = champ("Date de fin", exemple="2026-04-24")
    heures: Annotated[Decimal, Number(0, 9999)] = champ("Heures de formation", exemple="30")
    inscrits: Annotated[int, Whole(0, 9999)] = champ("Personnes inscrites", exemple="14")
    formes: Annotated[int, Whole(0, 9999)] = champ("Personnes formées (présentes)", exemple="12")
    organisations_nb: Annotated[int, Whole(0, 9999)] = champ("Nombre d'organisations représentées", exemple="9")
    secteur_principal: Annotated[str, Code("secteur")] = champ("Secteur le plus représenté", exemple="ASSOCIATIF")
    satisfaction_moyenne: Annotated[Decimal | None, Number(1, 5)] = champ(
        "Satisfaction moyenne, de 1 à 5", nul=True, exemple="4.3"
    )
    repondants: Annotated[int | None, Whole(0, 9999)] = champ(
        "Personnes qui ont répondu à l'évaluation", nul=True, exemple="11"
    )

    training_ends_after_its_start = dates_in_order("date_debut", "date_fin")
    trained_were_enrolled = part_within_whole("formes", "inscrits")
