"""T20 interpretariat."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, ClassVar

from schemas.contract import Code, Extract, MonthText, Number, Table, Whole, champ, row_rule
from schemas.findings import Severity


class Interpretariat(Extract):
    """Requests for interpreting of one month, one language and one provider, and what became of them.

    How the data come to be: orders to the social interpreting service and the centre's own agenda. Weak where: a
    request that nobody could meet is often not written down, which makes unmet need look small.
    """

    contrat: ClassVar[Table] = Table(
        name="interpretariat",
        numero="T20",
        grain="les demandes d'interprétariat d'un mois, d'une langue et d'un prestataire",
        key=("mois", "langue", "prestataire"),
        niveau=2,
        missions=("1a", "3"),
    )

    mois: Annotated[str, MonthText()] = champ("Mois", exemple="2026-07")
    langue: Annotated[str, Code("langue", at="mois")] = champ("Langue interprétée, ISO 639-3", exemple="ara")
    prestataire: Annotated[str, Code("prestataire")] = champ("Prestataire", exemple="SETIS")
    demandes: Annotated[int, Whole(0, 99_999)] = champ("Demandes", risque="petit_effectif", exemple="12")
    honorees: Annotated[int, Whole(0, 99_999)] = champ("Demandes honorées", risque="petit_effectif", exemple="10")
    heures: Annotated[Decimal, Number(0, 99_999)] = champ("Heures d'interprétariat prestées", exemple="13.5")

    @row_rule(
        "V39-A",
        Severity.A_EXPLIQUER,
        columns=("honorees", "demandes"),
        sql="honorees > demandes",
        titre="Plus de demandes honorées que de demandes",
        message="Plus de demandes d'interprétariat ont été honorées ce mois-là qu'il n'y en a eu.",
        remede="Vérifiez les deux nombres, ou expliquez (demandes du mois précédent).",
        missions=("1a", "3"),
    )
    def met_requests_were_made(self) -> bool:
        return self.honorees <= self.demandes
