"""T04 convention."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

from schemas.contract import (
    Code,
    Day,
    Extract,
    Identifier,
    Number,
    Reference,
    Table,
    Whole,
    YesNo,
    champ,
    row_rule,
)
from schemas.findings import Severity
from schemas.regimes import add_months, parameter_at, parameter_sql
from schemas.thresholds import said, threshold

_TOLERANCE_DAYS = threshold("ECHEANCE_ECART_JOURS")


class Convention(Extract):
    """The agreement that the person and the centre sign after the social assessment; an amendment is a row of its own.

    How the data come to be: the signed document. Weak where: prescribed hours are sometimes those of the law and
    not those of the document.
    """

    contrat: ClassVar[Table] = Table(
        name="convention",
        numero="T04",
        grain="une convention ou un avenant signé",
        key=("convention_id",),
        niveau=1,
        missions=("1a",),
        references=(Reference(("dossier_id",), "dossier", ("dossier_id",)),),
    )

    convention_id: Annotated[str, Identifier()] = champ("Identifiant de la convention", exemple="C-000031")
    dossier_id: Annotated[str, Identifier()] = champ("Dossier", risque="identifiant", exemple="D-000123")
    date_signature: Annotated[date, Day()] = champ("Date de signature", base="CWASS, art. 152", exemple="2026-02-20")
    date_echeance: Annotated[date, Day(future=True)] = champ("Échéance initiale", exemple="2029-02-20")
    date_echeance_prolongee: Annotated[date | None, Day(future=True)] = champ(
        "Échéance après prolongation", nul=True, exemple="2029-08-20"
    )
    motif_prolongation: Annotated[str | None, Code("motif_prolongation")] = champ(
        "Motif de prolongation", nul=True, exemple="LISTE_ATTENTE"
    )
    fle_prescrit: Annotated[bool, YesNo()] = champ("Cours de français prescrits", exemple="true")
    heures_fle_prescrites: Annotated[Decimal, Number(0, 3000)] = champ("Heures de français prescrites", exemple="400")
    cit_prescrite: Annotated[bool, YesNo()] = champ("Formation à la citoyenneté prescrite", exemple="true")
    heures_cit_prescrites: Annotated[Decimal, Number(0, 1000)] = champ("Heures de citoyenneté prescrites", exemple="60")
    isp_prescrite: Annotated[bool, YesNo()] = champ("Orientation socioprofessionnelle prescrite", exemple="false")
    heures_isp_prescrites: Annotated[Decimal | None, Number(0, 1000)] = champ(
        "Heures d'orientation socioprofessionnelle prescrites", nul=True, exemple="4"
    )
    statut: Annotated[str, Code("statut_convention")] = champ("État de la convention", exemple="EN_COURS")
    date_statut: Annotated[date, Day()] = champ("Date de cet état", exemple="2026-02-20")
    avenant: Annotated[int, Whole(0, 99)] = champ("0 pour la convention, 1, 2… pour ses avenants", exemple="0")

    @row_rule(
        "V31",
        Severity.A_CORRIGER,
        columns=("date_echeance", "date_signature"),
        sql="date_echeance <= date_signature",
        titre="Échéance avant la signature",
        message="L'échéance de la convention ne suit pas sa signature.",
        remede="Vérifiez les deux dates.",
    )
    def term_follows_signature(self) -> bool:
        return self.date_echeance > self.date_signature

    @row_rule(
        "V32",
        Severity.A_EXPLIQUER,
        columns=("date_echeance", "date_signature", "date_echeance_prolongee", "avenant"),
        sql="avenant = 0 AND date_echeance_prolongee IS NULL AND date_echeance > date_signature AND abs(date_echeance"
        " - CAST(date_signature + to_months("
        + parameter_sql("date_signature", "delai_mois")
        + f") AS DATE)) > {_TOLERANCE_DAYS}",
        titre="Échéance éloignée du délai légal",
        message=f"L'échéance s'écarte de plus de {said('ECHEANCE_ECART_JOURS')} jours du délai du régime, "
        "sans prolongation.",
        remede="Vérifiez l'échéance, ou indiquez la prolongation et son motif.",
        base="CWASS, art. 152",
    )
    def term_is_that_of_the_regime(self) -> bool:
        months = parameter_at(self.date_signature, "delai_mois")
        if months is None or self.avenant or self.date_echeance_prolongee or self.date_echeance <= self.date_signature:
            return True
        return abs((self.date_echeance - add_months(self.date_signature, months)).days) <= _TOLERANCE_DAYS

    @row_rule(
        "V33",
        Severity.A_CORRIGER,
        columns=("heures_fle_prescrites", "fle_prescrit"),
        sql="fle_prescrit <> (heures_fle_prescrites > 0)",
        titre="Français prescrit et heures en désaccord",
        message="Des heures de français sont prescrites sans que le français le soit, ou l'inverse.",
        remede="Accordez les deux champs.",
    )
    def french_and_its_hours_agree(self) -> bool:
        return self.fle_prescrit == (self.heures_fle_prescrites > 0)

    @row_rule(
        "V34",
        Severity.A_EXPLIQUER,
        columns=("heures_fle_prescrites", "fle_prescrit", "date_signature"),
        sql="fle_prescrit AND heures_fle_prescrites > 0 AND heures_fle_prescrites < "
        + parameter_sql("date_signature", "heures_fle_min"),
        titre="Moins d'heures de français que le minimum",
        message="Les heures de français prescrites sont sous le minimum du régime.",
        remede="Vérifiez les heures, ou expliquez (module réduit, reprise d'heures après un transfert).",
        base="CWASS, art. 152",
    )
    def french_reaches_the_minimum(self) -> bool:
        minimum = parameter_at(self.date_signature, "heures_fle_min")
        if minimum is None or not self.fle_prescrit or self.heures_fle_prescrites <= 0:
            return True
        return self.heures_fle_prescrites >= minimum
