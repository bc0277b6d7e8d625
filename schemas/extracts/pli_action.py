"""T15 pli_action."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from schemas.contract import Code, CodeSet, Day, Extract, Identifier, Table, Whole, champ
from schemas.extracts.dates_in_order import dates_in_order


class PliAction(Extract):
    """One action of a local integration plan (PLI), as it stands on the date of state.

    How the data come to be: the plan as adopted, then the follow-up by its steering committee. Weak where: an
    action added in the course of the plan is sometimes written under another one; an empty `territoire` is the whole
    territory.
    """

    contrat: ClassVar[Table] = Table(
        name="pli_action",
        numero="T15",
        grain="une action d'un plan local d'intégration",
        key=("plan_id", "action_id"),
        niveau=3,
        missions=("2",),
    )

    plan_id: Annotated[str, Identifier()] = champ("Identifiant du plan", exemple="PLI-2024")
    action_id: Annotated[str, Identifier()] = champ("Identifiant de l'action dans le plan", exemple="A12")
    plan_debut: Annotated[date, Day()] = champ("Début du plan", exemple="2024-01-01")
    plan_fin: Annotated[date, Day(future=True)] = champ("Fin du plan", exemple="2029-12-31")
    axe: Annotated[str, Code("axe_pli")] = champ("Axe du plan", exemple="LANGUE")
    statut: Annotated[str, Code("statut_action")] = champ("État de l'action", exemple="EN_COURS")
    echeance: Annotated[date, Day(future=True)] = champ("Échéance de l'action", exemple="2026-12-31")
    territoire: Annotated[str | None, CodeSet("commune", at="plan_debut", unreadable="V17", mapped="V17-M")] = champ(
        "Communes visées, codes REFNIS séparés par une espace ; vide pour tout le ressort",
        nul=True,
        exemple="91034 92094",
    )
    operateurs_impliques: Annotated[int, Whole(0, 9999)] = champ("Nombre d'opérateurs impliqués", exemple="3")

    plan_ends_after_its_start = dates_in_order("plan_debut", "plan_fin")
    action_is_due_after_the_start_of_its_plan = dates_in_order("plan_debut", "echeance")
