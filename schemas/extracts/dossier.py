"""T01 dossier."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from schemas.contract import Code, Day, Extract, Identifier, Table, Whole, champ, row_rule
from schemas.findings import Severity
from schemas.nomenclatures import nomenclature
from schemas.regimes import add_months, parameter_at, parameter_sql, regime_at, regime_sql
from schemas.thresholds import said, threshold

_UE_PLUS_OU_BELGE = frozenset(
    code for code, entry in nomenclature("pays").entries.items() if entry.facts["ue_plus"] == "O" or code == "BEL"
)
_TITRES_SANS_OBLIGATION = frozenset(
    code for code, entry in nomenclature("titre").entries.items() if entry.facts["obligation"] == "N"
)
_OLDEST, _USUAL = threshold("AGE_OUVERTURE_MAX"), threshold("AGE_OUVERTURE_USUEL")
_MENA_MIN, _MENA_MAX = threshold("MENA_AGE_MIN"), threshold("MENA_AGE_MAX")


def _sql_list(codes: frozenset[str]) -> str:
    return "(" + ", ".join(f"'{code}'" for code in sorted(codes)) + ")"


class Dossier(Extract):
    """One person's episode in one centre, from the opening of the file to its closure.

    How the data come to be: typed by the counsellor at reception, completed after the social assessment.
    Weak where: `motif_sejour` and `situation_pro` are asked once, at opening; `date_titre` is often missing
    for volunteers. A person who comes back later has a second dossier with the same `personne_ref`.
    """

    contrat: ClassVar[Table] = Table(
        name="dossier",
        numero="T01",
        grain="un épisode d'accompagnement d'une personne dans un centre",
        key=("dossier_id",),
        niveau=1,
        missions=("1a", "1c"),
    )

    dossier_id: Annotated[str, Identifier()] = champ(
        "Identifiant du dossier dans l'outil du centre", risque="identifiant", exemple="D-000123"
    )
    personne_ref: Annotated[str, Identifier(64)] = champ(
        "Code local et stable de la personne (jamais un numéro national)", risque="identifiant", exemple="P-004711"
    )
    date_premier_contact: Annotated[date | None, Day()] = champ(
        "Date du premier contact avec le centre", nul=True, exemple="2026-01-12"
    )
    date_ouverture: Annotated[date, Day()] = champ("Date d'ouverture du dossier", exemple="2026-01-15")
    date_cloture: Annotated[date | None, Day()] = champ(
        "Date de clôture, vide tant que le dossier est actif", nul=True, exemple="2026-09-30"
    )
    motif_cloture: Annotated[str | None, Code("motif_cloture")] = champ(
        "Motif de clôture, vide tant que le dossier est actif", nul=True, exemple="ATTESTE"
    )
    statut_public: Annotated[str, Code("statut_public")] = champ(
        "Obligation ou volontariat à l'ouverture", base="CWASS, art. 150 et 152", exemple="OBLIGE"
    )
    regime_juridique: Annotated[str, Code("regime")] = champ(
        "Régime en vigueur à la date d'ouverture", base="CWASS, art. 150", exemple="R2025"
    )
    canal_entree: Annotated[str, Code("canal_entree")] = champ("Par qui la personne est venue", exemple="COMMUNE")
    bureau_id: Annotated[str | None, Identifier()] = champ(
        "Bureau d'accueil où le dossier est ouvert", nul=True, exemple="B-01"
    )
    commune_refnis: Annotated[str, Code("commune", at="date_ouverture", unreadable="V17", mapped="V17-M")] = champ(
        "Commune de domicile : code REFNIS, 00000 inconnue, 99999 hors région",
        risque="quasi_identifiant",
        exemple="92094",
    )
    sexe: Annotated[str, Code("sexe")] = champ("Sexe", risque="quasi_identifiant", exemple="F")
    annee_naissance: Annotated[int | None, Whole(1900, 2100)] = champ(
        "Année de naissance (jamais la date)", nul=True, risque="quasi_identifiant", exemple="1990"
    )
    nationalite: Annotated[str, Code("pays")] = champ(
        "Nationalité actuelle, ISO 3166-1 alpha-3", risque="quasi_identifiant", exemple="SYR"
    )
    pays_naissance: Annotated[str | None, Code("pays")] = champ(
        "Pays de naissance, ISO 3166-1 alpha-3", nul=True, risque="quasi_identifiant", exemple="SYR"
    )
    titre_sejour: Annotated[str | None, Code("titre", at="date_titre")] = champ(
        "Titre de séjour", nul=True, base="AR du 3 octobre 2021", risque="quasi_identifiant", exemple="A"
    )
    motif_sejour: Annotated[str | None, Code("motif")] = champ("Motif de séjour", nul=True, exemple="PI_REF")
    date_titre: Annotated[date | None, Day()] = champ(
        "Date de commande du titre (départ du délai légal)", nul=True, exemple="2025-12-01"
    )
    date_debut_sejour_legal: Annotated[date | None, Day()] = champ(
        "Début du séjour légal en Belgique", nul=True, exemple="2025-10-01"
    )
    mena: Annotated[str, Code("mena")] = champ("Mineur étranger non accompagné", exemple="NON")
    niveau_diplome: Annotated[str | None, Code("isced")] = champ(
        "Niveau du diplôme le plus élevé, ISCED 2011", nul=True, exemple="3"
    )
    equivalence: Annotated[str | None, Code("equivalence")] = champ(
        "Équivalence du diplôme", nul=True, exemple="NON_DEMANDEE"
    )
    situation_pro: Annotated[str | None, Code("situation_pro")] = champ(
        "Situation professionnelle à l'ouverture", nul=True, exemple="DEMANDEUR_EMPLOI"
    )
    langue_principale: Annotated[str | None, Code("langue")] = champ(
        "Langue principale, ISO 639-3", nul=True, exemple="ara"
    )

    @row_rule(
        "V14",
        Severity.A_CORRIGER,
        columns=("dossier_id",),
        sql="length(dossier_id) = 11 AND NOT regexp_matches(dossier_id, '[^0-9]')",
        titre="Identifiant de dossier en forme de numéro national",
        message="L'identifiant du dossier a onze chiffres : il pourrait être un numéro de registre national.",
        remede="Employez le numéro interne du dossier dans votre outil, jamais un numéro national.",
        base="Loi du 8 août 1983, art. 8",
    )
    def identifier_is_not_a_national_number(self) -> bool:
        return not (len(self.dossier_id) == 11 and self.dossier_id.isdigit())

    @row_rule(
        "V20",
        Severity.A_CORRIGER,
        columns=("motif_cloture", "date_cloture"),
        sql="(date_cloture IS NULL) <> (motif_cloture IS NULL)",
        titre="Date et motif de clôture vont ensemble",
        message="La date et le motif de clôture sont remplis l'un sans l'autre.",
        remede="Complétez les deux pour un dossier clos ; laissez les deux vides pour un dossier actif.",
    )
    def closure_has_date_and_motive(self) -> bool:
        return (self.date_cloture is None) == (self.motif_cloture is None)

    @row_rule(
        "V21",
        Severity.A_CORRIGER,
        columns=("date_cloture", "date_ouverture"),
        sql="date_cloture < date_ouverture",
        titre="Clôture avant l'ouverture",
        message="La date de clôture précède la date d'ouverture.",
        remede="Vérifiez les deux dates ; le jour et le mois sont peut-être inversés.",
    )
    def closure_follows_opening(self) -> bool:
        return self.date_cloture is None or self.date_cloture >= self.date_ouverture

    @row_rule(
        "V22",
        Severity.A_EXPLIQUER,
        columns=("date_premier_contact", "date_ouverture"),
        sql="date_premier_contact > date_ouverture",
        titre="Premier contact après l'ouverture",
        message="Le premier contact est noté après l'ouverture du dossier ; les délais d'accueil en seraient faussés.",
        remede="Corrigez l'une des deux dates, ou expliquez.",
    )
    def contact_precedes_opening(self) -> bool:
        return self.date_premier_contact is None or self.date_premier_contact <= self.date_ouverture

    @row_rule(
        "V23",
        Severity.A_CORRIGER,
        columns=("annee_naissance", "date_ouverture"),
        sql=f"year(date_ouverture) - annee_naissance NOT BETWEEN 0 AND {_OLDEST}",
        titre="Âge impossible à l'ouverture",
        message="L'année de naissance donne un âge négatif ou supérieur à "
        f"{said('AGE_OUVERTURE_MAX')} ans à l'ouverture.",
        remede="Vérifiez l'année de naissance ; laissez vide si elle est inconnue.",
    )
    def age_is_possible(self) -> bool:
        return self.annee_naissance is None or 0 <= self.date_ouverture.year - self.annee_naissance <= _OLDEST

    @row_rule(
        "V23-A",
        Severity.A_EXPLIQUER,
        columns=("annee_naissance", "date_ouverture", "statut_public"),
        # the year alone is known: the birthday may come later in the year of the opening
        sql=f"(year(date_ouverture) - annee_naissance) BETWEEN 0 AND {_OLDEST}"
        f" AND (year(date_ouverture) - annee_naissance < {_USUAL} OR (statut_public = 'OBLIGE' AND ("
        f"year(date_ouverture) - annee_naissance < {parameter_sql('date_ouverture', 'age_min')}"
        f" OR year(date_ouverture) - annee_naissance > {parameter_sql('date_ouverture', 'age_max_excl')})))",
        titre="Âge inhabituel pour ce public",
        message=f"L'âge à l'ouverture est inférieur à {said('AGE_OUVERTURE_USUEL')} ans, "
        "ou hors des âges du régime pour une personne obligée.",
        remede="Vérifiez l'année de naissance et le statut ; sinon, expliquez.",
        base="CWASS, art. 152",
    )
    def age_fits_the_public(self) -> bool:
        if self.annee_naissance is None:
            return True
        age = self.date_ouverture.year - self.annee_naissance
        if not 0 <= age <= _OLDEST:
            return True
        if self.statut_public != "OBLIGE":
            return age >= _USUAL
        youngest = parameter_at(self.date_ouverture, "age_min")
        oldest = parameter_at(self.date_ouverture, "age_max_excl")
        return age >= _USUAL and age >= (youngest or 0) and (oldest is None or age <= oldest)

    @row_rule(
        "V24",
        Severity.A_CORRIGER,
        columns=("statut_public", "nationalite"),
        sql=f"statut_public = 'OBLIGE' AND nationalite IN {_sql_list(_UE_PLUS_OU_BELGE)}",
        titre="Obligation d'une personne belge ou UE+",
        message="Une personne belge, de l'Union européenne, de l'EEE ou de Suisse n'est pas soumise à l'obligation.",
        remede="Corrigez le statut (volontaire exempté) ou la nationalité.",
        base="CWASS, art. 150",
    )
    def obliged_is_outside_the_union(self) -> bool:
        return self.statut_public != "OBLIGE" or self.nationalite not in _UE_PLUS_OU_BELGE

    @row_rule(
        "V25",
        Severity.A_EXPLIQUER,
        columns=("date_debut_sejour_legal", "date_ouverture", "statut_public"),
        sql="statut_public = 'OBLIGE' AND date_debut_sejour_legal + to_months("
        + parameter_sql("date_ouverture", "anciennete_max_mois")
        + ") < date_ouverture",
        titre="Obligation au-delà de l'ancienneté légale",
        message="Une personne obligée séjournait légalement depuis plus longtemps que la durée du régime.",
        remede="Vérifiez le début du séjour légal et le statut ; sinon, expliquez.",
        base="CWASS, art. 150",
    )
    def obliged_is_newcomer(self) -> bool:
        months = parameter_at(self.date_ouverture, "anciennete_max_mois")
        if self.statut_public != "OBLIGE" or self.date_debut_sejour_legal is None or months is None:
            return True
        return add_months(self.date_debut_sejour_legal, months) >= self.date_ouverture

    @row_rule(
        "V26",
        Severity.A_EXPLIQUER,
        columns=("titre_sejour", "statut_public"),
        sql=f"statut_public = 'OBLIGE' AND titre_sejour IN {_sql_list(_TITRES_SANS_OBLIGATION)}",
        titre="Titre de séjour qui n'entraîne pas d'obligation",
        message="Ce titre de séjour n'entraîne en principe pas d'obligation.",
        remede="Vérifiez le titre et le statut ; sinon, expliquez.",
        base="CWASS, art. 150",
    )
    def obliged_has_a_title_that_obliges(self) -> bool:
        return self.statut_public != "OBLIGE" or self.titre_sejour not in _TITRES_SANS_OBLIGATION

    @row_rule(
        "V27",
        Severity.A_CORRIGER,
        columns=("regime_juridique", "date_ouverture"),
        # before the first regime no code is right
        sql=f"regime_juridique IS DISTINCT FROM {regime_sql('date_ouverture')}",
        titre="Régime juridique d'une autre date",
        message="Le régime juridique n'est pas celui qui était en vigueur à la date d'ouverture.",
        remede="Indiquez le régime en vigueur à l'ouverture (tableau des régimes du guide).",
        base="CWASS, régimes R1996 à R2025",
    )
    def regime_is_that_of_the_opening(self) -> bool:
        return self.regime_juridique == regime_at(self.date_ouverture)

    @row_rule(
        "V28",
        Severity.A_EXPLIQUER,
        columns=("mena", "annee_naissance", "date_ouverture"),
        sql=f"mena = 'MENA' AND year(date_ouverture) - annee_naissance NOT BETWEEN {_MENA_MIN} AND {_MENA_MAX}",
        titre="Âge inattendu d'un MENA",
        message="Un mineur étranger non accompagné a en principe 16 ou 17 ans à l'ouverture.",
        remede="Vérifiez l'année de naissance, ou indiquez ANCIEN_MENA.",
        base="CWASS, art. 150",
    )
    def unaccompanied_minor_has_the_age(self) -> bool:
        if self.mena != "MENA" or self.annee_naissance is None:
            return True
        return _MENA_MIN <= self.date_ouverture.year - self.annee_naissance <= _MENA_MAX
