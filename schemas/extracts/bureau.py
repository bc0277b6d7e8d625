"""T12 bureau."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

from schemas.contract import Code, Day, Extract, Identifier, Number, Table, Whole, champ
from schemas.extracts.dates_in_order import dates_in_order


class Bureau(Extract):
    """One reception office of the centre: its seat, a branch or a regular surgery in another place.

    How the data come to be: the centre's own organisation. Weak where: surgeries open and close without a document;
    opening hours are those announced, not those kept.
    """

    contrat: ClassVar[Table] = Table(
        name="bureau",
        numero="T12",
        grain="un bureau d'accueil du centre",
        key=("bureau_id",),
        niveau=2,
        missions=("1a",),
    )

    bureau_id: Annotated[str, Identifier()] = champ("Identifiant du bureau", exemple="B-01")
    commune_refnis: Annotated[str, Code("commune", unreadable="V17", mapped="V17-M")] = champ(
        "Commune : code REFNIS à la date d'état", exemple="92094"
    )
    type: Annotated[str, Code("type_bureau")] = champ("Siège, antenne ou permanence", exemple="SIEGE")
    ouvert_du: Annotated[date, Day()] = champ("Date d'ouverture du bureau", exemple="2016-09-01")
    ouvert_au: Annotated[date | None, Day(future=True)] = champ(
        "Date de fermeture, vide tant qu'il est ouvert", nul=True, exemple="2027-06-30"
    )
    heures_ouverture_hebdo: Annotated[Decimal | None, Number(0, 168)] = champ(
        "Heures d'ouverture par semaine", nul=True, exemple="32.5"
    )
    ateliers_capacite: Annotated[int | None, Whole(0, 9999)] = champ(
        "Places des ateliers tenus dans ce bureau", nul=True, exemple="20"
    )

    office_closes_after_it_opened = dates_in_order("ouvert_du", "ouvert_au")
