"""T14 accompagnement_ili."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Annotated, ClassVar

from schemas.contract import Code, Day, Extract, Identifier, Number, Reference, Table, champ


class AccompagnementIli(Extract):
    """One time that the centre accompanied a local integration initiative (ILI).

    How the data come to be: the agenda of the centre's coordinators. Weak where: hours of preparation are counted by
    some centres and not by others; several short contacts are sometimes one row.
    """

    contrat: ClassVar[Table] = Table(
        name="accompagnement_ili",
        numero="T14",
        grain="un accompagnement d'une initiative locale d'intégration",
        key=("accompagnement_id",),
        niveau=3,
        missions=("2",),
        references=(Reference(("operateur_id",), "operateur", ("operateur_id",)),),
    )

    accompagnement_id: Annotated[str, Identifier()] = champ("Identifiant de l'accompagnement", exemple="AC-0031")
    operateur_id: Annotated[str, Identifier()] = champ("Initiative accompagnée (opérateur)", exemple="0400000086")
    date: Annotated[datetime.date, Day()] = champ("Date de l'accompagnement", exemple="2026-05-12")
    type: Annotated[str, Code("type_accompagnement")] = champ("Type d'accompagnement", exemple="SUIVI")
    heures: Annotated[Decimal, Number(0, 999)] = champ("Heures d'accompagnement", exemple="2.5")
