"""T08 session_offre."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

from schemas.contract import Code, Day, Extract, Identifier, Number, Reference, Table, Whole, YesNo, champ, row_rule
from schemas.extracts.dates_in_order import dates_in_order
from schemas.findings import Severity


class SessionOffre(Extract):
    """One session that an operator offers, with its places and those taken on the day of the survey.

    How the data come to be: the centre asks the operators, as a rule once a quarter; a session keeps one row, that of
    its last survey. Weak where: operators count people of other centres among those enrolled, as they should here, and
    waiting lists of several sessions overlap.
    """

    contrat: ClassVar[Table] = Table(
        name="session_offre",
        numero="T08",
        grain="une session offerte par un opérateur, à son dernier relevé",
        key=("session_id",),
        niveau=2,
        missions=("1d",),
        references=(Reference(("operateur_id",), "operateur", ("operateur_id",)),),
    )

    session_id: Annotated[str, Identifier()] = champ("Identifiant de la session", exemple="S-0012")
    operateur_id: Annotated[str, Identifier()] = champ("Opérateur", exemple="0400000086")
    axe: Annotated[str, Code("axe")] = champ("Axe du parcours", exemple="FLE")
    niveau_vise: Annotated[str | None, Code("cecrl")] = champ("Niveau visé (français)", nul=True, exemple="A2")
    commune_refnis: Annotated[str, Code("commune", at="date_debut", unreadable="V17", mapped="V17-M")] = champ(
        "Commune où la session se donne : code REFNIS", exemple="92094"
    )
    date_debut: Annotated[date, Day(future=True)] = champ("Date de début", exemple="2026-09-07")
    date_fin: Annotated[date, Day(future=True)] = champ("Date de fin", exemple="2027-01-29")
    heures_programmees: Annotated[Decimal, Number(0, 9999)] = champ("Heures programmées", exemple="240")
    places: Annotated[int, Whole(0, 9999)] = champ("Places offertes", exemple="15")
    inscrits: Annotated[int, Whole(0, 9999)] = champ(
        "Personnes inscrites au relevé, de tout centre", risque="petit_effectif", exemple="12"
    )
    en_attente: Annotated[int, Whole(0, 9999)] = champ(
        "Personnes en liste d'attente au relevé", risque="petit_effectif", exemple="4"
    )
    horaire: Annotated[str, Code("horaire")] = champ("Horaire", exemple="JOUR")
    garde_enfants: Annotated[bool | None, YesNo()] = champ("Une garde d'enfants est offerte", nul=True, exemple="false")
    date_releve: Annotated[date, Day()] = champ("Date du relevé des places", exemple="2026-09-28")

    session_ends_after_its_start = dates_in_order("date_debut", "date_fin")

    @row_rule(
        "V38",
        Severity.A_EXPLIQUER,
        columns=("inscrits", "places"),
        sql="places > 0 AND inscrits > places",
        titre="Plus d'inscrits que de places",
        message="La session compte plus de personnes inscrites que de places.",
        remede="Vérifiez les deux nombres, ou expliquez (rotation, places ajoutées).",
        missions=("1d",),
    )
    def enrolled_fit_the_places(self) -> bool:
        return self.places == 0 or self.inscrits <= self.places

    @row_rule(
        "V38-E",
        Severity.A_CORRIGER,
        columns=("places", "inscrits"),
        sql="places = 0 AND inscrits > 0",
        titre="Des inscrits sans aucune place",
        message="La session compte des personnes inscrites alors qu'elle n'a aucune place.",
        remede="Indiquez le nombre de places offertes, ou corrigez le nombre d'inscrits.",
        missions=("1d",),
    )
    def enrolled_need_places(self) -> bool:
        return self.places > 0 or self.inscrits == 0
