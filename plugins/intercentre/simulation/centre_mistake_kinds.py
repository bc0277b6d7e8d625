"""The kinds of mistakes that are planted in the tables of the centre itself: operators, offer, flows, activities…"""

from __future__ import annotations

from decimal import Decimal

from intercentre.simulation.mistake_forms import (
    BAD_DAYS,
    Fits,
    both,
    current_code,
    emptied,
    filled,
    holds,
    later,
    orphan,
    written,
)
from intercentre.simulation.mistakes import Mistake
from intercentre.simulation.surroundings import Surroundings
from intercentre.simulation.view import Cell, Row

_NO_COMMUNE = ("Namur", "5000", "92O94", "BE352", "B-6000")
_NO_WHOLE = ("douze", "7,5", "env. 10", "-3")
_NO_NUMBER = ("12 h 30", "2h", "n.d.", "1.200,50")
_NO_MONTH = ("juillet 2025", "2025-13", "7-2025", "2025/07", "2205-07")


def _count(row: Row, column: str) -> int:
    value = row[column]
    if not isinstance(value, int):
        raise TypeError(column)
    return value


def _at_least(column: str, least: int) -> Fits:
    return lambda row, _: row.get(column) is not None and _count(row, column) >= least


def _unnamed(row: Row, around: Surroundings) -> bool:
    """No enrolment names the operator."""
    return around.may_change(row["operateur_id"])


def _ended_first(table: str, first: str, last: str, fits: Fits = filled()) -> Mistake:
    """The end is noted before the start."""
    return Mistake(
        "V37-D",
        table,
        last,
        both(fits, filled(first)),
        lambda row, _, rng: {last: later(row, first, -rng.randint(1, 90))},
    )


def _wrong_check(row: Row) -> Cell:
    """The enterprise number with another check."""
    number = str(row["operateur_id"])
    return f"{number[:8]}{int(number[8:]) % 97 + 1:02d}"


_OPERATORS = (
    written("V15", "operateur", "type", ("ASBL", "ILI agréée", "École", "Promotion sociale")),
    written("V17", "operateur", "commune_refnis", _NO_COMMUNE),
    written("V15", "operateur", "axes", ("Français", "FLE ORAL", "FLE;ISP"), _unnamed),
    Mistake("CTR-020", "operateur", "axes", _unnamed, lambda row, _, __: {"axes": f"{row['axes']} {row['axes']}"}),
    written("CTR-023", "operateur", "denomination", ("Lire; écrire", "Langues & Cie !", "Asbl <Rencontres>")),
    written("CTR-005", "operateur", "actif", ("en pause", "X", "2024"), _unnamed),
    emptied("CTR-001", "operateur", "denomination"),
    emptied("CTR-001", "operateur", "type"),
    written("V18", "operateur", "agrement_debut", BAD_DAYS, _unnamed),
    Mistake(
        "CTR-024",
        "operateur",
        "operateur_id",
        lambda row, around: row["operateur_id"] not in around.nommes and _unnamed(row, around),
        lambda row, _, __: {"operateur_id": _wrong_check(row)},
    ),
    _ended_first("operateur", "agrement_debut", "agrement_fin", _unnamed),
)

_SESSIONS = (
    written("V15", "session_offre", "horaire", ("Journée", "8h30-12h", "MATIN")),
    written("V15", "session_offre", "niveau_vise", ("A0", "débutants", "A1/A2")),
    written("V15", "session_offre", "axe", ("Français", "FLE/ALPHA", "CITOYEN")),
    written("V17", "session_offre", "commune_refnis", _NO_COMMUNE),
    written("V18", "session_offre", "date_debut", BAD_DAYS),
    written("V18", "session_offre", "date_releve", BAD_DAYS, holds("inscrits", 0)),
    written("CTR-004", "session_offre", "heures_programmees", _NO_NUMBER),
    written("CTR-003", "session_offre", "places", _NO_WHOLE),
    written("CTR-003", "session_offre", "inscrits", _NO_WHOLE),
    written("CTR-003", "session_offre", "en_attente", _NO_WHOLE),
    written("CTR-005", "session_offre", "garde_enfants", ("halte-garderie", "à voir", "?")),
    emptied("CTR-001", "session_offre", "places"),
    orphan("session_offre", "operateur_id"),
    _ended_first("session_offre", "date_debut", "date_fin"),
    Mistake(
        "V38",
        "session_offre",
        "inscrits",
        _at_least("inscrits", 2),
        lambda row, _, __: {"places": _count(row, "inscrits") - 1},
    ),
    Mistake("V38-E", "session_offre", "places", _at_least("inscrits", 1), lambda *_: {"places": 0}),
    Mistake(
        "V52",
        "session_offre",
        "inscrits",
        # with eleven, one fewer is within the tenth that is tolerated
        lambda row, around: 1 <= around.presents[row["session_id"]] <= 10,
        lambda row, around, _: {"inscrits": around.presents[row["session_id"]] - 1},
    ),
)


def _more_than_the_dossiers(row: Row, around: Surroundings) -> Row:
    """So many that the year's sum cannot be that of the dossiers, whatever else is wrong with them."""
    more = around.ouvertures[str(row["mois"])[:4]] + 1
    return {
        "signales_par_commune": _count(row, "signales_par_commune") + more,
        "inscrits_au_centre": _count(row, "inscrits_au_centre") + more,
    }


_FLOWS = (
    written("V15", "flux_commune", "source", ("Liste", "RN", "Commune")),
    written("V17", "flux_commune", "commune_refnis", _NO_COMMUNE),
    written("CTR-021", "flux_commune", "mois", _NO_MONTH, current_code, groupe="V54"),
    written("CTR-003", "flux_commune", "signales_par_commune", _NO_WHOLE),
    written("CTR-003", "flux_commune", "sans_suite", _NO_WHOLE),
    written("CTR-003", "flux_commune", "inscrits_au_centre", _NO_WHOLE, groupe="V54"),
    emptied("CTR-001", "flux_commune", "contactes"),
    Mistake(
        "V53",
        "flux_commune",
        "inscrits_au_centre",
        _at_least("inscrits_au_centre", 1),
        lambda row, _, __: {"signales_par_commune": _count(row, "inscrits_au_centre") - 1},
    ),
    Mistake(
        "V54",
        "flux_commune",
        "inscrits_au_centre",
        lambda row, around: (row["commune_refnis"], row["mois"]) in around.reference,
        lambda row, around, _: _more_than_the_dossiers(row, around),
        groupe="V54",
    ),
)

_OBLIGATIONS = (
    written("V15", "agg_obligation", "type", ("Lettre", "AMENDE", "DISPENSE")),
    written("CTR-022", "agg_obligation", "trimestre", ("2025-T5", "T3 2025", "2025", "3e trimestre 2025")),
    written("CTR-003", "agg_obligation", "nombre", _NO_WHOLE),
    emptied("CTR-001", "agg_obligation", "nombre"),
)

_OFFICES = (
    written("V15", "bureau", "type", ("Bureau", "Siège", "DECENTRALISE")),
    written("V17", "bureau", "commune_refnis", _NO_COMMUNE),
    written("V18", "bureau", "ouvert_du", BAD_DAYS),
    written("CTR-004", "bureau", "heures_ouverture_hebdo", _NO_NUMBER),
    written("CTR-003", "bureau", "ateliers_capacite", _NO_WHOLE),
    emptied("CTR-001", "bureau", "type"),
    _ended_first("bureau", "ouvert_du", "ouvert_au"),
)

_PARTNERS = (
    written("V15", "partenariat", "partenaire_type", ("ASBL", "Ville", "Police")),
    written("V15", "partenariat", "objet", ("Convention", "Local prêté", "PIIS")),
    written("V17", "partenariat", "commune_refnis", _NO_COMMUNE, filled("commune_refnis")),
    written("V18", "partenariat", "date_debut", BAD_DAYS),
    written("CTR-005", "partenariat", "formalise", ("signé", "en cours", "oral")),
    emptied("CTR-001", "partenariat", "objet"),
    orphan("partenariat", "operateur_id", filled("operateur_id")),
    _ended_first("partenariat", "date_debut", "date_fin"),
)

_SUPPORT = (
    written("V15", "accompagnement_ili", "type", ("Visite", "APPUI", "Réunion")),
    written("V18", "accompagnement_ili", "date", BAD_DAYS),
    written("CTR-004", "accompagnement_ili", "heures", _NO_NUMBER),
    emptied("CTR-001", "accompagnement_ili", "type"),
    orphan("accompagnement_ili", "operateur_id"),
)

_PLAN = (
    written("V15", "pli_action", "axe", ("Langue", "FRANCAIS", "Emploi/ISP")),
    written("V15", "pli_action", "statut", ("En cours", "FAIT", "TERMINEE")),
    written("V17", "pli_action", "territoire", ("Namur", "91034;92094", "tout le ressort")),
    Mistake(
        "CTR-020",
        "pli_action",
        "territoire",
        filled("territoire"),
        lambda row, _, __: {"territoire": f"{row['territoire']} {str(row['territoire']).split()[0]}"},
    ),
    written("V18", "pli_action", "echeance", BAD_DAYS),
    written("CTR-003", "pli_action", "operateurs_impliques", _NO_WHOLE),
    emptied("CTR-001", "pli_action", "statut"),
    _ended_first("pli_action", "plan_debut", "echeance"),
    _ended_first("pli_action", "plan_debut", "plan_fin"),
)

_MEETINGS = (
    written("V15", "plateforme_reunion", "thematique", ("Logement", "FLE", "DIVERS")),
    written("V17", "plateforme_reunion", "commune_refnis", _NO_COMMUNE),
    written("V18", "plateforme_reunion", "date", BAD_DAYS),
    written("CTR-003", "plateforme_reunion", "participants", _NO_WHOLE),
    written("CTR-002", "plateforme_reunion", "plateforme_id", ("Plateforme logement", "FLE/ALPHA", "Réseau n° 3")),
    emptied("CTR-001", "plateforme_reunion", "organisations_presentes"),
)

_ACTIVITIES = (
    written("V15", "activite", "type", ("Atelier", "Fête", "Ciné-débat")),
    written("V15", "activite", "public", ("Tous", "Femmes", "ECOLE")),
    written("V15", "activite", "mission", ("3 et 4", "IV", "5")),
    written("V17", "activite", "commune_refnis", _NO_COMMUNE),
    written("V18", "activite", "date_debut", BAD_DAYS),
    written("CTR-003", "activite", "partenaires_nb", _NO_WHOLE),
    written("CTR-004", "activite", "heures", _NO_NUMBER),
    emptied("CTR-001", "activite", "participants"),
    Mistake(
        "V39",
        "activite",
        "participantes_f",
        filled("participants"),
        lambda row, _, rng: {"participantes_f": _count(row, "participants") + rng.randint(1, 20)},
    ),
    _ended_first("activite", "date_debut", "date_fin"),
)

_TRAININGS = (
    written("V15", "formation_pro", "type", ("Interculturel", "FLE", "CITOYENNETE")),
    written("V15", "formation_pro", "secteur_principal", ("Asbl", "CPAS", "Crèches")),
    written("V18", "formation_pro", "date_debut", BAD_DAYS),
    written("CTR-002", "formation_pro", "intitule_code", ("Module 1 (bases)", "Démarche interculturelle", "FLE/A1")),
    written("CTR-003", "formation_pro", "organisations_nb", _NO_WHOLE),
    written("CTR-004", "formation_pro", "satisfaction_moyenne", ("4/5", "8", "très bonne")),
    emptied("CTR-001", "formation_pro", "formes"),
    Mistake(
        "V39",
        "formation_pro",
        "formes",
        filled("inscrits"),
        lambda row, _, rng: {"formes": _count(row, "inscrits") + rng.randint(1, 9)},
    ),
    _ended_first("formation_pro", "date_debut", "date_fin"),
)


def _key(row: Row) -> tuple[Cell, ...]:
    return row["mois"], row["langue"], row["prestataire"]


def _covers_the_steps(row: Row, around: Surroundings) -> bool:
    """Without this row, fewer requests than steps; it is the first of its month, where the finding is noted."""
    return _count(row, "honorees") > around.surplus.get(_key(row), _NEVER) >= 0


_NEVER = 10**9
_INTERPRETING = (
    written("V15", "interpretariat", "langue", ("Arabe", "ar", "tigri")),
    written("V15", "interpretariat", "prestataire", ("Setis", "Téléphone", "MEDIATION")),
    written("CTR-021", "interpretariat", "mois", _NO_MONTH, groupe="V56"),
    written("CTR-003", "interpretariat", "honorees", _NO_WHOLE, groupe="V56"),
    written("CTR-003", "interpretariat", "demandes", _NO_WHOLE),
    written("CTR-004", "interpretariat", "heures", _NO_NUMBER),
    emptied("CTR-001", "interpretariat", "demandes"),
    Mistake(
        "V39-A",
        "interpretariat",
        "honorees",
        _at_least("honorees", 1),
        lambda row, _, __: {"demandes": _count(row, "honorees") - 1},
    ),
    Mistake(
        "V56",
        "interpretariat",
        "honorees",
        _covers_the_steps,
        lambda row, around, _: {"honorees": _count(row, "honorees") - around.surplus[_key(row)] - 1},
        groupe="V56",
    ),
)

_STAFF = (
    written("V15", "ressources", "fonction", ("Accueil", "DIRECTION", "Coordination")),
    written("CTR-003", "ressources", "annee", ("2025-2026", "an 2025", "25")),
    written("CTR-004", "ressources", "etp", ("4 ETP", "12,5,1", "1/2")),
    emptied("CTR-001", "ressources", "etp"),
    Mistake("V40", "ressources", "etp", filled("etp"), lambda _, __, rng: {"etp": Decimal(rng.randint(61, 300))}),
)

CENTRE_KINDS: tuple[Mistake, ...] = (
    *_OPERATORS,
    *_SESSIONS,
    *_FLOWS,
    *_OBLIGATIONS,
    *_OFFICES,
    *_PARTNERS,
    *_SUPPORT,
    *_PLAN,
    *_MEETINGS,
    *_ACTIVITIES,
    *_TRAININGS,
    *_INTERPRETING,
    *_STAFF,
)
