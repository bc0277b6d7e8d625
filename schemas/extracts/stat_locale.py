"""T19 stat_locale."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

from schemas.contract import Code, Day, Extract, Identifier, Number, PeriodText, Table, champ


class StatLocale(Extract):
    """One local statistic of one commune: what the decree's mission 6 asks the centre to gather.

    How the data come to be: official open data (Statbel, IWEPS, Forem) or the commune's own figures. A figure keeps
    the commune code of its time; harmonisation brings it forward through mergers.
    """

    contrat: ClassVar[Table] = Table(
        name="stat_locale",
        numero="T19",
        grain="un indicateur local d'une commune et d'une période, selon une source",
        key=("commune_refnis", "indicateur_local", "periode", "source"),
        niveau=1,
        missions=("6",),
    )

    commune_refnis: Annotated[str, Code("commune", at="date_source", unreadable="V17", mapped="V17-M")] = champ(
        "Commune : code REFNIS en vigueur à la date de la source", exemple="92094"
    )
    indicateur_local: Annotated[str, Code("indicateur_local")] = champ("Indicateur local", exemple="POPULATION_TOTALE")
    periode: Annotated[str, PeriodText()] = champ("Période du chiffre", exemple="2015")
    valeur: Annotated[Decimal, Number(0, 999_999_999)] = champ("Valeur", exemple="110632")
    unite: Annotated[str, Identifier()] = champ("Unité", exemple="personnes")
    source: Annotated[str, Code("source_stat")] = champ("Source", exemple="STATBEL")
    date_source: Annotated[date, Day()] = champ("Date de référence du chiffre dans la source", exemple="2015-01-01")
    modalite: Annotated[str | None, Identifier()] = champ("Modalité, s'il y en a une", nul=True, exemple="HORS_UE27")
