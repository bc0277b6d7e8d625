"""T09 flux_commune."""

from __future__ import annotations

from typing import Annotated, ClassVar

from schemas.contract import Code, Extract, MonthText, Table, Whole, champ, row_rule
from schemas.findings import Severity


class FluxCommune(Extract):
    """What became, in one month, of the newcomers whom one commune made known to the centre.

    How the data come to be: the list that the commune sends, or the national register where the centre may read it;
    the centre notes what followed. Weak where: communes that send nothing have no row or a row of zeros, which are not
    the same, and late lists are counted in the month of their reception.
    """

    contrat: ClassVar[Table] = Table(
        name="flux_commune",
        numero="T09",
        grain="les personnes signalées par une commune en un mois",
        key=("commune_refnis", "mois"),
        niveau=2,
        missions=("1b",),
    )

    commune_refnis: Annotated[str, Code("commune", at="mois", unreadable="V17", mapped="V17-M")] = champ(
        "Commune : code REFNIS en vigueur ce mois-là", exemple="92094"
    )
    mois: Annotated[str, MonthText()] = champ("Mois", exemple="2026-07")
    signales_par_commune: Annotated[int, Whole(0, 99_999)] = champ(
        "Personnes signalées par la commune", risque="petit_effectif", exemple="9"
    )
    documents_remis: Annotated[int | None, Whole(0, 99_999)] = champ(
        "Documents d'information remis par la commune",
        nul=True,
        risque="petit_effectif",
        exemple="9",
    )
    contactes: Annotated[int, Whole(0, 99_999)] = champ(
        "Personnes que le centre a contactées", risque="petit_effectif", exemple="8"
    )
    inscrits_au_centre: Annotated[int, Whole(0, 99_999)] = champ(
        "Personnes qui ont ouvert un dossier au centre", risque="petit_effectif", exemple="6"
    )
    sans_suite: Annotated[int, Whole(0, 99_999)] = champ(
        "Personnes restées sans suite", risque="petit_effectif", exemple="2"
    )
    source: Annotated[str, Code("source_flux")] = champ("Source du nombre de signalements", exemple="LISTE_COMMUNE")

    @row_rule(
        "V53",
        Severity.A_EXPLIQUER,
        columns=("inscrits_au_centre", "signales_par_commune"),
        sql="inscrits_au_centre > signales_par_commune",
        titre="Plus d'inscrits que de signalements",
        message="Plus de personnes ont ouvert un dossier que la commune n'en a signalé ce mois-là.",
        remede="Vérifiez les deux nombres, ou expliquez (liste reçue en retard, personnes venues d'elles-mêmes).",
        missions=("1b",),
    )
    def enrolled_were_made_known(self) -> bool:
        return self.inscrits_au_centre <= self.signales_par_commune
