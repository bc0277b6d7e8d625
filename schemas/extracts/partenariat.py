"""T13 partenariat."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from schemas.contract import Code, Day, Extract, Identifier, Reference, Table, YesNo, champ
from schemas.extracts.dates_in_order import dates_in_order


class Partenariat(Extract):
    """One partnership of the centre with one partner for one purpose.

    How the data come to be: signed agreements, and working relations that the centre chooses to count. Weak where: what
    counts as a partnership that nobody signed differs between centres; `formalise` keeps the two apart.
    """

    contrat: ClassVar[Table] = Table(
        name="partenariat",
        numero="T13",
        grain="un partenariat du centre avec un partenaire, pour un objet",
        key=("partenariat_id",),
        niveau=3,
        missions=("1d",),
        references=(Reference(("operateur_id",), "operateur", ("operateur_id",)),),
    )

    partenariat_id: Annotated[str, Identifier()] = champ("Identifiant du partenariat", exemple="PA-0007")
    partenaire_type: Annotated[str, Code("type_partenaire")] = champ("Type de partenaire", exemple="COMMUNE")
    commune_refnis: Annotated[str | None, Code("commune", unreadable="V17", mapped="V17-M")] = champ(
        "Commune du partenaire : code REFNIS à la date d'état", nul=True, exemple="92094"
    )
    operateur_id: Annotated[str | None, Identifier()] = champ(
        "Opérateur, si le partenaire en est un", nul=True, exemple="0400000086"
    )
    objet: Annotated[str, Code("objet_partenariat")] = champ("Objet du partenariat", exemple="CONVENTION_COMMUNE")
    date_debut: Annotated[date, Day()] = champ("Date de début", exemple="2025-03-01")
    date_fin: Annotated[date | None, Day(future=True)] = champ(
        "Date de fin, vide si le partenariat n'a pas de terme", nul=True, exemple="2028-02-29"
    )
    formalise: Annotated[bool, YesNo()] = champ("Une convention écrite est signée", exemple="true")

    partnership_ends_after_its_start = dates_in_order("date_debut", "date_fin")
