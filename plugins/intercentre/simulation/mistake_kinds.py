"""The kinds of mistakes that are planted, table by table; those in the tables of dossiers stand here."""

from __future__ import annotations

from datetime import timedelta

from intercentre.simulation.centre_mistake_kinds import CENTRE_KINDS
from intercentre.simulation.mistake_forms import (
    BAD_DAYS,
    Fits,
    anything,
    both,
    current_code,
    day_of,
    emptied,
    filled,
    holds,
    holds_not,
    later,
    orphan,
    repeated,
    unattested,
    written,
)
from intercentre.simulation.mistakes import Mistake
from intercentre.simulation.surroundings import Surroundings
from intercentre.simulation.view import Row
from schemas.extracts import TABLES
from schemas.regimes import parameter_at

# Counted against another table (T09, T08, T20): such a row stays as it is unless the finding is about that count.
_NOT_OF_A_COMMUNE = holds_not("canal_entree", "COMMUNE")
_IN_NO_SESSION = holds("session_id", None)
_NOT_INTERPRETED = holds("interprete", False)

_DOSSIER = (
    written("V15", "dossier", "canal_entree", ("Commune", "MAIRIE", "OCMW")),
    written("V15", "dossier", "nationalite", ("Syrie", "SY", "Maroc", "MA", "ZAR", "RDC")),
    written("V15", "dossier", "sexe", ("Femme", "H", "Homme", "1", "2")),
    written("V15", "dossier", "titre_sejour", ("Carte A", "A+", "annexe 15", "CIRE"), filled("titre_sejour")),
    written("V15", "dossier", "langue_principale", ("ar", "fr", "Arabe", "tr")),
    written("V15", "dossier", "situation_pro", ("CPAS", "Au foyer", "SANS EMPLOI")),
    written("V17", "dossier", "commune_refnis", ("5000", "Namur", "4020", "92O94", "B-6000")),
    written("V18", "dossier", "date_premier_contact", BAD_DAYS),
    written("V18", "dossier", "date_debut_sejour_legal", BAD_DAYS),
    emptied("V20", "dossier", "motif_cloture", alone=True),
    Mistake(
        "V20",
        "dossier",
        "motif_cloture",
        both(holds("date_cloture", None), holds("motif_cloture", None)),
        lambda _, __, rng: {"motif_cloture": rng.choice(("ABANDON", "SANS_SUITE"))},
        alone=True,
    ),
    Mistake(
        "V21",
        "dossier",
        "date_cloture",
        both(filled("date_cloture"), lambda row, around: row["dossier_id"] in around.vides),
        lambda row, _, rng: {"date_cloture": later(row, "date_ouverture", -rng.randint(1, 200))},
        alone=True,
    ),
    Mistake(
        "V22",
        "dossier",
        "date_premier_contact",
        lambda row, around: day_of(row, "date_ouverture") + timedelta(days=30) <= around.date_etat,
        lambda row, _, rng: {
            "date_premier_contact": day_of(row, "date_ouverture") + timedelta(days=rng.randint(1, 30))
        },
    ),
    Mistake(
        "V23",
        "dossier",
        "annee_naissance",
        both(holds("mena", "NON"), filled("annee_naissance")),
        lambda row, _, rng: {"annee_naissance": day_of(row, "date_ouverture").year + rng.randint(1, 60)},
    ),
    Mistake(
        "V24",
        "dossier",
        "statut_public",
        holds("statut_public", "OBLIGE"),
        lambda _, __, rng: {"nationalite": rng.choice(("FRA", "ITA", "ROU", "BEL", "ESP"))},
    ),
    Mistake(
        "V25",
        "dossier",
        "date_debut_sejour_legal",
        lambda row, _: (
            row["statut_public"] == "OBLIGE"
            and parameter_at(day_of(row, "date_ouverture"), "anciennete_max_mois") is not None
        ),
        lambda row, _, rng: {"date_debut_sejour_legal": later(row, "date_ouverture", -rng.randint(1200, 2500))},
    ),
    Mistake(
        "V26",
        "dossier",
        "titre_sejour",
        holds("statut_public", "OBLIGE"),
        lambda _, __, rng: {"titre_sejour": rng.choice(("AI", "ANX", "F"))},
    ),
    Mistake(
        "V27",
        "dossier",
        "regime_juridique",
        unattested,
        lambda row, _, __: {"regime_juridique": "R2018" if row["regime_juridique"] != "R2018" else "R2016"},
    ),
    emptied("CTR-001", "dossier", "commune_refnis"),
    emptied("CTR-001", "dossier", "nationalite"),
    emptied("CTR-001", "dossier", "canal_entree"),
    written("CTR-002", "dossier", "bureau_id", ("Bureau de Namur", "antenne nord", "B/01")),
    orphan("dossier", "bureau_id"),
    written("CTR-003", "dossier", "annee_naissance", ("85", "1985?", "vers 1990", "198")),
)

_STEPS = (
    written("V15", "etape_accueil", "modalite", ("Collectif", "VISIO", "entretien", "TELEPHONE")),
    written("V18", "etape_accueil", "date", BAD_DAYS, _NOT_INTERPRETED),
    emptied("V29", "etape_accueil", "langue_interpretee", holds("interprete", True)),
    written("CTR-003", "etape_accueil", "duree_minutes", ("1h30", "1,5", "90 min", "deux heures")),
    written("CTR-005", "etape_accueil", "interprete", ("SETIS", "parfois", "?"), _NOT_INTERPRETED),
    emptied("CTR-001", "etape_accueil", "modalite"),
    orphan("etape_accueil", "dossier_id", holds_not("type_etape", "BILAN_SOCIAL")),
)

_HIGHEST = "C2"


def _below_the_top(row: Row, _: Surroundings) -> bool:
    return None not in (row["co"], row["ce"], row["po"], row["pe"]) and _HIGHEST not in (
        row["co"],
        row["ce"],
        row["po"],
        row["pe"],
    )


_TESTS = (
    written("V15", "test_langue", "profil", ("ALPHABETISATION", "Alpha", "FLE-BASE")),
    written("V15", "test_langue", "niveau_global", ("A0", "débutant", "A2+", "A1-A2")),
    written("V15", "test_langue", "pe", ("A0", "A1/A2", "a1"), holds("profil", "FLE", "FLE_BASE")),
    written("V18", "test_langue", "date", BAD_DAYS),
    Mistake("V30", "test_langue", "niveau_global", _below_the_top, lambda _, __, ___: {"niveau_global": _HIGHEST}),
    written("CTR-002", "test_langue", "instrument", ("Test CRI (oral)", "TCF / DELF", "Évaluation")),
    written("CTR-005", "test_langue", "reussi", ("réussi", "échec", "A2"), holds("nature", "VALIDATION")),
    emptied("CTR-001", "test_langue", "instrument"),
    orphan("test_langue", "dossier_id", holds("nature", "SORTIE")),
)

_AGREEMENTS = (
    Mistake(
        "V31",
        "convention",
        "date_echeance",
        anything,
        lambda row, _, rng: {"date_echeance": later(row, "date_signature", -rng.randint(0, 60))},
    ),
    Mistake(
        "V32",
        "convention",
        "date_echeance",
        lambda row, _: (
            row["avenant"] == 0
            and row["date_echeance_prolongee"] is None
            and parameter_at(day_of(row, "date_signature"), "delai_mois") is not None
        ),
        lambda row, _, rng: {"date_echeance": later(row, "date_echeance", rng.choice((-180, -92, 184, 365)))},
    ),
    Mistake(
        "V33",
        "convention",
        "heures_fle_prescrites",
        holds("fle_prescrit", True),
        lambda *_: {"heures_fle_prescrites": 0},
    ),
    Mistake(
        "V33",
        "convention",
        "heures_fle_prescrites",
        both(holds("fle_prescrit", False), unattested),
        lambda *_: {"heures_fle_prescrites": 120},
    ),
    Mistake(
        "V34",
        "convention",
        "heures_fle_prescrites",
        lambda row, _: (
            row["fle_prescrit"] is True and (parameter_at(day_of(row, "date_signature"), "heures_fle_min") or 0) > 100
        ),
        lambda _, __, rng: {"heures_fle_prescrites": rng.choice((40, 60, 100))},
    ),
    written("CTR-004", "convention", "heures_cit_prescrites", ("60h", "60.000,0", "soixante")),
    written("CTR-004", "convention", "heures_fle_prescrites", ("400 h", "4 x 100", "1.400,50")),
    written("CTR-005", "convention", "isp_prescrite", ("à voir", "4h", "X")),
    written("V15", "convention", "statut", ("CLOTUREE", "En cours", "RESPECTEE")),
    written("V18", "convention", "date_statut", BAD_DAYS),
    emptied("CTR-001", "convention", "date_statut"),
    written("CTR-003", "convention", "avenant", ("non", "1er", "A")),
    orphan("convention", "dossier_id", holds_not("avenant", 0)),
)


def _elsewhere(row: Row, around: Surroundings) -> list[str]:
    """Operators that enrol others, but not on this axis."""
    return sorted(str(number) for number, axes in around.axes.items() if row["axe"] not in axes)


_FOLLOWED = both(holds("statut", "TERMINE"), filled("heures_prevues"))

_ENROLMENTS = (
    written("V15", "inscription", "statut", ("EN COURS", "Terminé", "FINI", "ABSENT"), _IN_NO_SESSION),
    written("V15", "inscription", "axe", ("Français", "FLE/ALPHA", "CITOYEN")),
    written("V15", "inscription", "motif_abandon", ("Travail", "GARDE", "MALADIE"), holds("statut", "ABANDON")),
    written("V18", "inscription", "date_orientation", BAD_DAYS),
    written("V18", "inscription", "date_debut", BAD_DAYS, both(filled("date_debut"), _IN_NO_SESSION)),
    Mistake(
        "V35",
        "inscription",
        "heures_suivies",
        holds("statut", "ATTENTE", "NON_PRESENTE"),
        lambda _, __, rng: {"heures_suivies": rng.choice((1, 2, 3))},
    ),
    Mistake(
        "V36",
        "inscription",
        "heures_suivies",
        both(_FOLLOWED, holds_not("heures_prevues", 0)),
        lambda row, _, rng: {"heures_suivies": int(str(row["heures_prevues"])) * rng.choice((2, 3))},
    ),
    Mistake(
        "V36-E",
        "inscription",
        "heures_suivies",
        _FOLLOWED,
        lambda _, __, rng: {"heures_suivies": rng.randint(3001, 9999)},
    ),
    emptied("V37", "inscription", "date_fin", holds("statut", "TERMINE")),
    written("CTR-004", "inscription", "heures_suivies", ("12 h 30", "env. 100", "1.200,50", "-")),
    written("CTR-002", "inscription", "operateur_id", ("Promotion sociale", "Lire & Écrire", "EPS/Namur")),
    written("CTR-002", "inscription", "session_id", ("Session de mars", "FLE/2026", "n° 12"), _IN_NO_SESSION),
    emptied("CTR-001", "inscription", "operateur_id"),
    orphan("inscription", "operateur_id"),
    orphan("inscription", "session_id", _IN_NO_SESSION),
    orphan("inscription", "convention_id", filled("convention_id")),
    orphan("inscription", "dossier_id", unattested),
    Mistake(
        "V51",
        "inscription",
        "axe",
        lambda row, around: bool(_elsewhere(row, around)),
        lambda row, around, rng: {"operateur_id": rng.choice(_elsewhere(row, around))},
    ),
    Mistake(
        "V51",
        "inscription",
        "operateur_id",
        lambda row, around: (
            row["statut"] in ("ATTENTE", "EN_COURS") and around.arret is not None and row["axe"] in around.arret[1]
        ),
        lambda _, around, __: {"operateur_id": around.arret[0] if around.arret else None},
    ),
    Mistake(
        "V51",
        "inscription",
        "date_debut",
        lambda row, around: row["statut"] in ("TERMINE", "ABANDON") and row["operateur_id"] in around.agrements,
        lambda row, around, rng: {
            "date_debut": around.agrements[row["operateur_id"]] - timedelta(days=rng.randint(1, 90))
        },
    ),
)


def _renewed(row: Row, _: Surroundings) -> bool:
    return row["type"] == "FREQUENTATION_PARCOURS" and row["remplace_attestation_id"] is not None


def _first_of_its_kind(row: Row, around: Surroundings) -> bool:
    return (
        row["type"] == "FREQUENTATION_PARCOURS"
        and row["remplace_attestation_id"] is None
        and row["attestation_id"] not in around.remplacees
        and row["dossier_id"] in around.signatures
        and row["dossier_id"] in around.clos
    )


_CERTIFICATES = (
    written("V15", "attestation", "type", ("Fréquentation", "ATTESTATION", "PARCOURS")),
    written("V15", "attestation", "transmise_cpas", ("sans objet", "N/A", "à faire")),
    written("V18", "attestation", "date_delivrance", BAD_DAYS),
    written("CTR-005", "attestation", "transmise_commune", ("envoyée", "par mail", "?")),
    emptied("CTR-001", "attestation", "date_delivrance"),
    orphan("attestation", "convention_id", filled("convention_id")),
    orphan(
        "attestation",
        "remplace_attestation_id",
        both(holds("remplace_attestation_id", None), holds_not("type", "FREQUENTATION_PARCOURS")),
    ),
    orphan("attestation", "dossier_id", holds_not("type", "FREQUENTATION_PARCOURS")),
    emptied("V50", "attestation", "remplace_attestation_id", _renewed, alone=True),
    Mistake(
        "V44",
        "attestation",
        "date_delivrance",
        _first_of_its_kind,
        lambda row, around, rng: {
            "date_delivrance": around.signatures[row["dossier_id"]] - timedelta(days=rng.randint(1, 30))
        },
        alone=True,
    ),
)

_MOVES = (
    written("V15", "transfert", "statut", ("Transféré", "OK", "CLOS")),
    written("V15", "transfert", "centre_contrepartie", ("CRIL", "Charleroi", "CRI-BW")),
    written("V18", "transfert", "date_demande", BAD_DAYS),
    written("CTR-004", "transfert", "heures_reprises_fle", ("120h", "toutes", "1.120,5")),
    emptied("CTR-001", "transfert", "date_demande"),
    orphan("transfert", "dossier_id", both(holds("sens", "ENTRANT"), unattested)),
    Mistake(
        "V65",
        "transfert",
        "centre_contrepartie",
        anything,
        lambda _, around, __: {"centre_contrepartie": around.centre},
    ),
)


_STATISTICS = (
    written("V17", "stat_locale", "commune_refnis", ("Namur", "5000", "92O94", "BE352")),
    written("V15", "stat_locale", "indicateur_local", ("POP_TOTALE", "Population", "ETRANGERS")),
    written("V15", "stat_locale", "source", ("Statbel", "DGSIE", "INS")),
    written("V18", "stat_locale", "date_source", BAD_DAYS, current_code),
    written("CTR-002", "stat_locale", "unite", ("nombre d'habitants", "%", "hab.")),
    written("CTR-004", "stat_locale", "valeur", ("12 34", "12.345,6", "n.d.", "<5")),
    written("CTR-008", "stat_locale", "periode", ("01/01/2015", "T3 2015", "2015-09")),
)

_ONLY: dict[str, Fits] = {
    "attestation": holds_not("type", "FREQUENTATION_PARCOURS"),
    "dossier": _NOT_OF_A_COMMUNE,
    "etape_accueil": _NOT_INTERPRETED,
    "flux_commune": holds("inscrits_au_centre", 0),
    "inscription": _IN_NO_SESSION,
    "interpretariat": holds("honorees", 0),
    "operateur": lambda row, around: around.may_change(row["operateur_id"]),
    "session_offre": holds("inscrits", 0),
}
_REPEATED = tuple(repeated(table, _ONLY.get(table, anything)) for table in TABLES)

KINDS: tuple[Mistake, ...] = (
    *_DOSSIER,
    *_STEPS,
    *_TESTS,
    *_AGREEMENTS,
    *_ENROLMENTS,
    *_CERTIFICATES,
    *_MOVES,
    *_STATISTICS,
    *CENTRE_KINDS,
    *_REPEATED,
)
