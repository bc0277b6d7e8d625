"""T10 agg_obligation."""

from __future__ import annotations

from typing import Annotated, ClassVar

from schemas.contract import Code, Extract, QuarterText, Table, Whole, champ


class AggObligation(Extract):
    """How many steps of one kind followed from the obligation in one quarter: counts only, never a person.

    How the data come to be: the centre counts its letters and the exemptions that it took note of. Weak where: appeals
    and fines are known by the sanctioning officer, and reach the centre late or not at all. Medical exemptions are
    health data: they exist here as a count, and nowhere else.
    """

    contrat: ClassVar[Table] = Table(
        name="agg_obligation",
        numero="T10",
        grain="le nombre d'actes d'un type en un trimestre",
        key=("trimestre", "type"),
        niveau=2,
        missions=("1b",),
    )

    trimestre: Annotated[str, QuarterText()] = champ("Trimestre", exemple="2026-T3")
    type: Annotated[str, Code("type_obligation")] = champ("Type d'acte", base="CWASS, art. 152", exemple="RAPPEL")
    nombre: Annotated[int, Whole(0, 99_999)] = champ("Nombre d'actes", risque="petit_effectif", exemple="14")
