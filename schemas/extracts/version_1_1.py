"""What version 1.1.0 changes in the tables of version 1.0.0: references to tables that are new, levels of conformity.

A class here is the difference: a subclass with another `contrat`, new row rules, new columns. What it does not say
holds as in its base.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, ClassVar

from schemas.contract import Pseudonym, Reference, Table, champ
from schemas.extracts import dossier, inscription, stat_locale, transfert


class Dossier(dossier.Dossier):
    """The office where the file was opened is a row of `bureau`; a centre may add a regional pseudonym of the person.

    The pseudonym is off by default: even made by a keyed hash, it is a use of the national number, which needs a legal
    base of its own. The column then stays empty.
    """

    contrat: ClassVar[Table] = replace(
        dossier.Dossier.contrat,
        references=(
            *dossier.Dossier.contrat.references,
            Reference(("bureau_id",), "bureau", ("bureau_id",)),
        ),
    )

    personne_pseudo: Annotated[str | None, Pseudonym()] = champ(
        "Pseudonyme régional de la personne, calculé dans le centre ; vide tant que rien ne l'autorise",
        nul=True,
        risque="identifiant",
        base="Loi du 8 août 1983, art. 8 ; RGPD, art. 4, 5) et 87",
        exemple="p1.2026-a.6c1f0e0f5d3bb3a1c7b0f4f0a4d2b7ce9d18a2a5e6734a0fd2f3f3a9be1d9c04",
    )


class Inscription(inscription.Inscription):
    """The operator is a row of `operateur`, the session a row of `session_offre`."""

    contrat: ClassVar[Table] = replace(
        inscription.Inscription.contrat,
        references=(
            *inscription.Inscription.contrat.references,
            Reference(("operateur_id",), "operateur", ("operateur_id",)),
            Reference(("session_id",), "session_offre", ("session_id",)),
        ),
    )


class Transfert(transfert.Transfert):
    """Level 2: a small centre starts with the journey alone (T01 to T06)."""

    contrat: ClassVar[Table] = replace(transfert.Transfert.contrat, niveau=2)


class StatLocale(stat_locale.StatLocale):
    """Level 3: official statistics reach the hub by themselves; a centre adds its own when it has any."""

    contrat: ClassVar[Table] = replace(stat_locale.StatLocale.contrat, niveau=3)
