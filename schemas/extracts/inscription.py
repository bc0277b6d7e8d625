"""T05 inscription."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

from schemas.contract import Code, Day, Extract, Identifier, Number, Reference, Table, champ, row_rule
from schemas.findings import Severity
from schemas.thresholds import said, threshold

_WITHOUT_HOURS = ("ATTENTE", "NON_PRESENTE")
_MOST, _RATIO = threshold("HEURES_SUIVIES_MAX"), threshold("HEURES_SUIVIES_PART_MAX")
_WEEK = threshold("HEURES_SEMAINE_MAX")


class Inscription(Extract):
    """One person's enrolment in one course or service of an operator.

    How the data come to be: the orientation by the centre, then the operator's attendance lists. Weak where:
    followed hours arrive late, at the end of the course; waiting starts at the orientation when nothing else is known.
    """

    contrat: ClassVar[Table] = Table(
        name="inscription",
        numero="T05",
        grain="une inscription d'un dossier à une formation ou un service",
        key=("inscription_id",),
        niveau=1,
        missions=("1a", "1d"),
        references=(
            Reference(("dossier_id",), "dossier", ("dossier_id",)),
            Reference(("convention_id",), "convention", ("convention_id",)),
        ),
    )

    inscription_id: Annotated[str, Identifier()] = champ("Identifiant de l'inscription", exemple="I-000087")
    dossier_id: Annotated[str, Identifier()] = champ("Dossier", risque="identifiant", exemple="D-000123")
    convention_id: Annotated[str | None, Identifier()] = champ("Convention", nul=True, exemple="C-000031")
    axe: Annotated[str, Code("axe")] = champ("Axe du parcours", exemple="FLE")
    operateur_id: Annotated[str, Identifier()] = champ("Opérateur (numéro BCE de préférence)", exemple="0400000086")
    session_id: Annotated[str | None, Identifier()] = champ("Session de l'offre", nul=True, exemple="S-0012")
    date_orientation: Annotated[date, Day()] = champ("Date d'orientation vers l'opérateur", exemple="2026-03-01")
    date_entree_attente: Annotated[date | None, Day()] = champ(
        "Date d'entrée en liste d'attente", nul=True, exemple="2026-03-01"
    )
    date_debut: Annotated[date | None, Day(future=True)] = champ("Date de début", nul=True, exemple="2026-04-15")
    date_fin: Annotated[date | None, Day(future=True)] = champ("Date de fin", nul=True, exemple="2026-09-15")
    heures_prevues: Annotated[Decimal | None, Number(0, 9999)] = champ("Heures prévues", nul=True, exemple="400")
    heures_suivies: Annotated[Decimal, Number(0, 9999)] = champ("Heures suivies", exemple="310")
    statut: Annotated[str, Code("statut_inscription")] = champ("État de l'inscription", exemple="TERMINE")
    motif_abandon: Annotated[str | None, Code("motif_abandon")] = champ("Motif d'abandon", nul=True, exemple="EMPLOI")

    @row_rule(
        "V35",
        Severity.A_CORRIGER,
        columns=("heures_suivies", "statut"),
        sql="heures_suivies > 0 AND (statut = 'ATTENTE' OR statut = 'NON_PRESENTE')",
        titre="Heures suivies sans présence",
        message="Des heures suivies sont notées pour une personne en attente ou qui ne s'est pas présentée.",
        remede="Corrigez l'état ou les heures.",
    )
    def hours_need_presence(self) -> bool:
        return self.heures_suivies == 0 or self.statut not in _WITHOUT_HOURS

    @row_rule(
        "V36",
        Severity.A_EXPLIQUER,
        columns=("heures_suivies", "heures_prevues", "date_debut", "date_fin"),
        sql=f"heures_suivies <= {_MOST} AND (heures_suivies > heures_prevues * {_RATIO} OR heures_suivies * 7 > "
        f"{_WEEK} * (date_diff('day', date_debut, date_fin) + 7))",
        titre="Beaucoup d'heures suivies",
        message=f"Les heures suivies dépassent {said('HEURES_SUIVIES_PART_MAX')} fois les heures prévues, "
        f"ou {said('HEURES_SEMAINE_MAX')} heures par semaine.",
        remede="Vérifiez les heures et les dates, ou expliquez.",
    )
    def hours_are_plausible(self) -> bool:
        if self.heures_suivies > _MOST:
            return True
        if self.heures_prevues is not None and self.heures_suivies > self.heures_prevues * _RATIO:
            return False
        if self.date_debut is None or self.date_fin is None:
            return True
        return self.heures_suivies * 7 <= _WEEK * ((self.date_fin - self.date_debut).days + 7)

    @row_rule(
        "V36-E",
        Severity.A_CORRIGER,
        columns=("heures_suivies",),
        sql=f"heures_suivies > {_MOST}",
        titre="Heures suivies impossibles",
        message=f"Plus de {said('HEURES_SUIVIES_MAX')} heures suivies pour une seule inscription.",
        remede="Vérifiez le nombre ; la virgule a peut-être disparu.",
    )
    def hours_are_possible(self) -> bool:
        return self.heures_suivies <= _MOST

    @row_rule(
        "V37",
        Severity.A_CORRIGER,
        columns=("date_fin", "date_debut", "statut"),
        sql="coalesce(date_fin < date_debut, false) OR (statut = 'TERMINE' AND date_fin IS NULL)",
        titre="Fin absente ou avant le début",
        message="La fin précède le début, ou une inscription terminée n'a pas de date de fin.",
        remede="Complétez ou corrigez la date de fin.",
    )
    def end_follows_start(self) -> bool:
        if self.date_fin is None:
            return self.statut != "TERMINE"
        return self.date_debut is None or self.date_fin >= self.date_debut
