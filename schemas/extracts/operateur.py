"""T07 operateur."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from schemas.contract import Code, CodeSet, Day, Denomination, Extract, Identifier, Table, YesNo, champ, row_rule
from schemas.extracts.dates_in_order import dates_in_order
from schemas.findings import Severity


class Operateur(Extract):
    """One organisation to which the centre directs people, or whose initiative it accompanies.

    How the data come to be: the centre's own directory, checked against the list of approved initiatives. Weak where:
    one organisation with several sites is sometimes written twice; the end of an approval is noted late.
    """

    contrat: ClassVar[Table] = Table(
        name="operateur",
        numero="T07",
        grain="une organisation vers laquelle le centre oriente, ou qu'il accompagne",
        key=("operateur_id",),
        niveau=2,
        missions=("1d", "2"),
    )

    operateur_id: Annotated[str, Identifier()] = champ(
        "Identifiant de l'opérateur : numéro BCE à dix chiffres de préférence", exemple="0400000086"
    )
    denomination: Annotated[str, Denomination()] = champ(
        "Dénomination de l'organisation (jamais le nom d'une personne)", exemple="Langues et Rencontres asbl"
    )
    type: Annotated[str, Code("type_operateur")] = champ("Type d'opérateur", exemple="ILI_AGREEE")
    commune_refnis: Annotated[str, Code("commune", unreadable="V17", mapped="V17-M")] = champ(
        "Commune du siège : code REFNIS, 99999 hors région", exemple="92094"
    )
    axes: Annotated[str, CodeSet("axe")] = champ(
        "Axes du parcours que l'opérateur propose, séparés par une espace", exemple="FLE CITOYENNETE"
    )
    agrement_debut: Annotated[date | None, Day()] = champ(
        "Début de l'agrément ; des agréments qui se suivent comptent comme un seul",
        nul=True,
        exemple="2025-01-01",
    )
    agrement_fin: Annotated[date | None, Day(future=True)] = champ(
        "Fin de l'agrément, vide s'il n'a pas de terme", nul=True, exemple="2028-12-31"
    )
    actif: Annotated[bool, YesNo()] = champ("L'opérateur est actif à la date d'état", exemple="true")

    approval_ends_after_its_start = dates_in_order("agrement_debut", "agrement_fin")

    @row_rule(
        "CTR-024",
        Severity.A_EXPLIQUER,
        columns=("operateur_id",),
        sql="length(operateur_id) = 10 AND NOT regexp_matches(operateur_id, '[^0-9]')"
        " AND 97 - try_cast(operateur_id[1:8] AS INTEGER) % 97 <> try_cast(operateur_id[9:10] AS INTEGER)",
        titre="Numéro d'entreprise douteux",
        message="L'identifiant a dix chiffres comme un numéro BCE, mais son chiffre de contrôle ne convient pas.",
        remede="Vérifiez le numéro à la Banque-Carrefour des Entreprises ; s'il est interne au centre, dites-le.",
        missions=("1d", "7"),
    )
    def enterprise_number_has_its_check_digits(self) -> bool:
        number = self.operateur_id
        if len(number) != 10 or not number.isdigit():
            return True
        return 97 - int(number[:8]) % 97 == int(number[8:])

    @row_rule(
        "CTR-027",
        Severity.A_EXPLIQUER,
        columns=("operateur_id",),
        sql="length(operateur_id) = 9 AND NOT regexp_matches(operateur_id, '[^0-9]') AND operateur_id[1:1] <> '0'"
        " AND 97 - try_cast(operateur_id[1:7] AS INTEGER) % 97 = try_cast(operateur_id[8:9] AS INTEGER)",
        titre="Numéro d'entreprise sans son zéro",
        message="L'identifiant a neuf chiffres, et ceux d'un numéro BCE dont le zéro du début a disparu.",
        remede="Dans votre tableur, mettez la colonne au format Texte et rétablissez le zéro, dans toutes les tables "
        "qui nomment l'opérateur ; si le numéro est interne au centre, dites-le.",
        missions=("1d", "7"),
    )
    def enterprise_number_kept_its_zero(self) -> bool:
        number = self.operateur_id
        if len(number) != 9 or not number.isdigit() or number[0] == "0":
            return True
        return 97 - int(number[:7]) % 97 != int(number[7:])
