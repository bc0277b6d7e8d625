"""T21 ressources."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, ClassVar

from schemas.contract import Code, Extract, Number, Table, Whole, champ, row_rule
from schemas.findings import Severity
from schemas.thresholds import threshold

_ETP_MAX = threshold("ETP_FONCTION_MAX")


class Ressources(Extract):
    """Full-time equivalents of one function of the centre in one year, as a mean over the year.

    How the data come to be: the social accounts. Weak where: one person with several functions is split by estimate;
    replacements during an absence are counted by some centres and not by others.
    """

    contrat: ClassVar[Table] = Table(
        name="ressources",
        numero="T21",
        grain="les équivalents temps plein d'une fonction en une année",
        key=("annee", "fonction"),
        niveau=3,
        missions=("7",),
    )

    annee: Annotated[int, Whole(1990, 2100)] = champ("Année", exemple="2025")
    fonction: Annotated[str, Code("fonction")] = champ("Fonction", exemple="ACCUEIL_PARCOURS")
    etp: Annotated[Decimal, Number(0, 999)] = champ("Équivalents temps plein, moyenne de l'année", exemple="12.75")

    @row_rule(
        "V40",
        Severity.A_EXPLIQUER,
        columns=("etp",),
        sql=f"etp > {_ETP_MAX}",
        titre="Beaucoup de personnel pour une fonction",
        message="La fonction compte plus d'équivalents temps plein qu'attendu dans un centre.",
        remede="Vérifiez le nombre ; la virgule a peut-être disparu. Sinon, expliquez.",
        missions=("7",),
    )
    def staff_is_plausible(self) -> bool:
        return self.etp <= _ETP_MAX
