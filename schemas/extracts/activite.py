"""T17 activite."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

from schemas.contract import Code, Day, Extract, Identifier, Number, Table, Whole, champ
from schemas.extracts.dates_in_order import dates_in_order
from schemas.extracts.part_within_whole import part_within_whole


class Activite(Extract):
    """One activity of mission 3 (coordination of social action) or 4 (intercultural exchange, citizenship).

    How the data come to be: the programme of the centre and counts at the door. Weak where: people at a public event
    are estimated; `participantes_f` is left empty where nobody counted women apart.
    """

    contrat: ClassVar[Table] = Table(
        name="activite",
        numero="T17",
        grain="une activité de la mission 3 ou 4",
        key=("activite_id",),
        niveau=3,
        missions=("3", "4"),
    )

    activite_id: Annotated[str, Identifier()] = champ("Identifiant de l'activité", exemple="ACT-0102")
    mission: Annotated[str, Code("mission_activite")] = champ("Mission du décret : 3 ou 4", exemple="4")
    type: Annotated[str, Code("type_activite")] = champ("Type d'activité", exemple="RENCONTRE")
    theme: Annotated[str, Code("axe_pli")] = champ("Thème (axes du plan local)", exemple="INTERCULTUREL")
    date_debut: Annotated[date, Day()] = champ("Date de début", exemple="2026-03-21")
    date_fin: Annotated[date, Day(future=True)] = champ("Date de fin (le même jour, en général)", exemple="2026-03-21")
    commune_refnis: Annotated[str | None, Code("commune", at="date_debut", unreadable="V17", mapped="V17-M")] = champ(
        "Commune de l'activité : code REFNIS ; vide si elle est à distance", nul=True, exemple="92094"
    )
    public: Annotated[str, Code("public_activite")] = champ("Public visé", exemple="TOUT_PUBLIC")
    participants: Annotated[int, Whole(0, 99_999)] = champ("Participations", exemple="64")
    participantes_f: Annotated[int | None, Whole(0, 99_999)] = champ(
        "Dont participations de femmes, si elles sont comptées", nul=True, exemple="37"
    )
    partenaires_nb: Annotated[int, Whole(0, 9999)] = champ("Nombre de partenaires", exemple="3")
    heures: Annotated[Decimal | None, Number(0, 9999)] = champ("Durée en heures", nul=True, exemple="4")

    activity_ends_after_its_start = dates_in_order("date_debut", "date_fin")
    women_are_among_those_who_took_part = part_within_whole("participantes_f", "participants")
