"""The kinds of mistakes that are planted, table by table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from intercentre.simulation.mistakes import Mistake, Surroundings
from intercentre.simulation.view import Cell, Row
from schemas.extracts import TABLES
from schemas.nomenclatures import nomenclature
from schemas.regimes import parameter_at

Fits = Callable[[Row, Surroundings], bool]

_BAD_DAYS = ("31/02/2025", "2025-13-05", "00/00/0000", "janvier 2025", "2205-03-14", "1089-06-01", "05/2025")


def _any(_: Row, __: Surroundings) -> bool:
    return True


def _filled(*columns: str) -> Fits:
    return lambda row, _: all(row.get(column) is not None for column in columns)


def _is(column: str, *values: Cell) -> Fits:
    return lambda row, _: row.get(column) in values


def _not(column: str, *values: Cell) -> Fits:
    return lambda row, _: row.get(column) not in values


def _both(*conditions: Fits) -> Fits:
    return lambda row, around: all(condition(row, around) for condition in conditions)


def _unattested(row: Row, around: Surroundings) -> bool:
    return row["dossier_id"] not in around.attestes


def _day(row: Row, column: str) -> date:
    value = row[column]
    if not isinstance(value, date):
        raise TypeError(column)
    return value


def _written(code: str, table: str, column: str, texts: tuple[str, ...], fits: Fits = _any) -> Mistake:
    """Something that the field cannot hold is typed in the cell."""
    return Mistake(code, table, column, fits, lambda _, __, rng: {column: rng.choice(texts)})


def _emptied(code: str, table: str, column: str, fits: Fits = _any, *, alone: bool = False) -> Mistake:
    """The cell is left empty."""
    return Mistake(code, table, column, _both(fits, _filled(column)), lambda _, __, ___: {column: None}, alone)


def _orphan(table: str, column: str, fits: Fits = _any) -> Mistake:
    """The reference names a row that is not in the deposit."""
    return Mistake(
        "V41", table, column, fits, lambda _, __, rng: {column: f"Z-{rng.randrange(10**6):06d}"}, column == "dossier_id"
    )


def _repeated(table: str, fits: Fits = _any) -> Mistake:
    """The row is there twice, as after an export that was appended to."""
    return Mistake("CTR-007", table, TABLES[table].contrat.key[0], fits, lambda *_: {}, twice=True)


def _on_day(row: Row, column: str, days: int) -> Row:
    return {column: _day(row, column) + timedelta(days=days)}


_DOSSIER = (
    _written("V15", "dossier", "canal_entree", ("Commune", "MAIRIE", "OCMW")),
    _written("V15", "dossier", "nationalite", ("Syrie", "SY", "Maroc", "MA", "ZAR", "RDC")),
    _written("V15", "dossier", "sexe", ("Femme", "H", "Homme", "1", "2")),
    _written("V15", "dossier", "titre_sejour", ("Carte A", "A+", "annexe 15", "CIRE"), _filled("titre_sejour")),
    _written("V15", "dossier", "langue_principale", ("ar", "fr", "Arabe", "tr")),
    _written("V15", "dossier", "situation_pro", ("CPAS", "Au foyer", "SANS EMPLOI")),
    _written("V17", "dossier", "commune_refnis", ("5000", "Namur", "4020", "92O94", "B-6000", "1348")),
    _written("V18", "dossier", "date_premier_contact", _BAD_DAYS),
    _written("V18", "dossier", "date_debut_sejour_legal", _BAD_DAYS),
    _emptied("V20", "dossier", "motif_cloture", alone=True),
    Mistake(
        "V20",
        "dossier",
        "motif_cloture",
        _both(_is("date_cloture", None), _is("motif_cloture", None)),
        lambda _, __, rng: {"motif_cloture": rng.choice(("ABANDON", "SANS_SUITE"))},
        alone=True,
    ),
    Mistake(
        "V21",
        "dossier",
        "date_cloture",
        _both(_filled("date_cloture"), lambda row, around: row["dossier_id"] in around.vides),
        lambda row, _, rng: {"date_cloture": _day(row, "date_ouverture") - timedelta(days=rng.randint(1, 200))},
        alone=True,
    ),
    Mistake(
        "V22",
        "dossier",
        "date_premier_contact",
        lambda row, around: _day(row, "date_ouverture") + timedelta(days=30) <= around.date_etat,
        lambda row, _, rng: {"date_premier_contact": _day(row, "date_ouverture") + timedelta(days=rng.randint(1, 30))},
    ),
    Mistake(
        "V23",
        "dossier",
        "annee_naissance",
        _both(_is("mena", "NON"), _filled("annee_naissance")),
        lambda row, _, rng: {"annee_naissance": _day(row, "date_ouverture").year + rng.randint(1, 60)},
    ),
    Mistake(
        "V24",
        "dossier",
        "statut_public",
        _is("statut_public", "OBLIGE"),
        lambda _, __, rng: {"nationalite": rng.choice(("FRA", "ITA", "ROU", "BEL", "ESP"))},
    ),
    Mistake(
        "V25",
        "dossier",
        "date_debut_sejour_legal",
        lambda row, _: (
            row["statut_public"] == "OBLIGE"
            and parameter_at(_day(row, "date_ouverture"), "anciennete_max_mois") is not None
        ),
        lambda row, _, rng: {
            "date_debut_sejour_legal": _day(row, "date_ouverture") - timedelta(days=rng.randint(1200, 2500))
        },
    ),
    Mistake(
        "V26",
        "dossier",
        "titre_sejour",
        _is("statut_public", "OBLIGE"),
        lambda _, __, rng: {"titre_sejour": rng.choice(("AI", "ANX", "F"))},
    ),
    Mistake(
        "V27",
        "dossier",
        "regime_juridique",
        _unattested,
        lambda row, _, __: {"regime_juridique": "R2018" if row["regime_juridique"] != "R2018" else "R2016"},
    ),
    _emptied("CTR-001", "dossier", "commune_refnis"),
    _emptied("CTR-001", "dossier", "nationalite"),
    _emptied("CTR-001", "dossier", "canal_entree"),
    _written("CTR-002", "dossier", "bureau_id", ("Bureau de Namur", "antenne nord", "B/01")),
    _written("CTR-003", "dossier", "annee_naissance", ("85", "1985?", "vers 1990", "198")),
)

_STEPS = (
    _written("V15", "etape_accueil", "modalite", ("Collectif", "VISIO", "entretien", "TELEPHONE")),
    _written("V18", "etape_accueil", "date", _BAD_DAYS),
    _emptied("V29", "etape_accueil", "langue_interpretee", _is("interprete", True)),
    _written("CTR-003", "etape_accueil", "duree_minutes", ("1h30", "1,5", "90 min", "deux heures")),
    _written("CTR-005", "etape_accueil", "interprete", ("SETIS", "parfois", "?")),
    _emptied("CTR-001", "etape_accueil", "modalite"),
    _orphan("etape_accueil", "dossier_id", _not("type_etape", "BILAN_SOCIAL")),
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
    _written("V15", "test_langue", "profil", ("ALPHABETISATION", "Alpha", "FLE-BASE")),
    _written("V15", "test_langue", "niveau_global", ("A0", "débutant", "A2+", "A1-A2")),
    _written("V15", "test_langue", "pe", ("A0", "A1/A2", "a1"), _is("profil", "FLE", "FLE_BASE")),
    _written("V18", "test_langue", "date", _BAD_DAYS),
    Mistake("V30", "test_langue", "niveau_global", _below_the_top, lambda _, __, ___: {"niveau_global": _HIGHEST}),
    _written("CTR-002", "test_langue", "instrument", ("Test CRI (oral)", "TCF / DELF", "Évaluation")),
    _written("CTR-005", "test_langue", "reussi", ("réussi", "échec", "A2"), _is("nature", "VALIDATION")),
    _emptied("CTR-001", "test_langue", "instrument"),
    _orphan("test_langue", "dossier_id", _is("nature", "SORTIE")),
)

_AGREEMENTS = (
    Mistake(
        "V31",
        "convention",
        "date_echeance",
        _any,
        lambda row, _, rng: {"date_echeance": _day(row, "date_signature") - timedelta(days=rng.randint(0, 60))},
    ),
    Mistake(
        "V32",
        "convention",
        "date_echeance",
        lambda row, _: (
            row["avenant"] == 0
            and row["date_echeance_prolongee"] is None
            and parameter_at(_day(row, "date_signature"), "delai_mois") is not None
        ),
        lambda row, _, rng: _on_day(row, "date_echeance", rng.choice((-180, -92, 184, 365))),
    ),
    Mistake(
        "V33", "convention", "heures_fle_prescrites", _is("fle_prescrit", True), lambda *_: {"heures_fle_prescrites": 0}
    ),
    Mistake(
        "V33",
        "convention",
        "heures_fle_prescrites",
        _both(_is("fle_prescrit", False), _unattested),
        lambda *_: {"heures_fle_prescrites": 120},
    ),
    Mistake(
        "V34",
        "convention",
        "heures_fle_prescrites",
        lambda row, _: (
            row["fle_prescrit"] is True and (parameter_at(_day(row, "date_signature"), "heures_fle_min") or 0) > 100
        ),
        lambda _, __, rng: {"heures_fle_prescrites": rng.choice((40, 60, 100))},
    ),
    _written("CTR-004", "convention", "heures_cit_prescrites", ("60h", "60.000,0", "soixante")),
    _written("CTR-004", "convention", "heures_fle_prescrites", ("400 h", "4 x 100", "1.400,50")),
    _written("CTR-005", "convention", "isp_prescrite", ("à voir", "4h", "X")),
    _written("V15", "convention", "statut", ("CLOTUREE", "En cours", "RESPECTEE")),
    _written("V18", "convention", "date_statut", _BAD_DAYS),
    _emptied("CTR-001", "convention", "date_statut"),
    _written("CTR-003", "convention", "avenant", ("non", "1er", "A")),
    _orphan("convention", "dossier_id", _not("avenant", 0)),
)

_FOLLOWED = _both(_is("statut", "TERMINE"), _filled("heures_prevues"))

_ENROLMENTS = (
    _written("V15", "inscription", "statut", ("EN COURS", "Terminé", "FINI", "ABSENT")),
    _written("V15", "inscription", "axe", ("Français", "FLE/ALPHA", "CITOYEN")),
    _written("V15", "inscription", "motif_abandon", ("Travail", "GARDE", "MALADIE"), _is("statut", "ABANDON")),
    _written("V18", "inscription", "date_orientation", _BAD_DAYS),
    _written("V18", "inscription", "date_debut", _BAD_DAYS, _filled("date_debut")),
    Mistake(
        "V35",
        "inscription",
        "heures_suivies",
        _is("statut", "ATTENTE", "NON_PRESENTE"),
        lambda _, __, rng: {"heures_suivies": rng.choice((1, 2, 3))},
    ),
    Mistake(
        "V36",
        "inscription",
        "heures_suivies",
        _both(_FOLLOWED, _not("heures_prevues", 0)),
        lambda row, _, rng: {"heures_suivies": int(str(row["heures_prevues"])) * rng.choice((2, 3))},
    ),
    Mistake(
        "V36-E",
        "inscription",
        "heures_suivies",
        _FOLLOWED,
        lambda _, __, rng: {"heures_suivies": rng.randint(3001, 9999)},
    ),
    _emptied("V37", "inscription", "date_fin", _is("statut", "TERMINE")),
    _written("CTR-004", "inscription", "heures_suivies", ("12 h 30", "env. 100", "1.200,50", "-")),
    _written("CTR-002", "inscription", "operateur_id", ("Promotion sociale", "Lire & Écrire", "EPS/Namur")),
    _emptied("CTR-001", "inscription", "operateur_id"),
    _orphan("inscription", "convention_id", _filled("convention_id")),
    _orphan("inscription", "dossier_id", _unattested),
)


def _renewed(row: Row, _: Surroundings) -> bool:
    return row["type"] == "FREQUENTATION_PARCOURS" and row["remplace_attestation_id"] is not None


def _first_of_its_kind(row: Row, around: Surroundings) -> bool:
    return (
        row["type"] == "FREQUENTATION_PARCOURS"
        and row["remplace_attestation_id"] is None
        and row["attestation_id"] not in around.remplacees
        and row["dossier_id"] in around.signatures
    )


_CERTIFICATES = (
    _written("V15", "attestation", "type", ("Fréquentation", "ATTESTATION", "PARCOURS")),
    _written("V15", "attestation", "transmise_cpas", ("sans objet", "N/A", "à faire")),
    _written("V18", "attestation", "date_delivrance", _BAD_DAYS),
    _written("CTR-005", "attestation", "transmise_commune", ("envoyée", "par mail", "?")),
    _emptied("CTR-001", "attestation", "date_delivrance"),
    _orphan("attestation", "convention_id", _filled("convention_id")),
    _orphan(
        "attestation",
        "remplace_attestation_id",
        _both(_is("remplace_attestation_id", None), _not("type", "FREQUENTATION_PARCOURS")),
    ),
    _orphan("attestation", "dossier_id", _not("type", "FREQUENTATION_PARCOURS")),
    _emptied("V50", "attestation", "remplace_attestation_id", _renewed, alone=True),
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
    _written("V15", "transfert", "statut", ("Transféré", "OK", "CLOS")),
    _written("V15", "transfert", "centre_contrepartie", ("CRIL", "Charleroi", "CRI-BW")),
    _written("V18", "transfert", "date_demande", _BAD_DAYS),
    _written("CTR-004", "transfert", "heures_reprises_fle", ("120h", "toutes", "1.120,5")),
    _emptied("CTR-001", "transfert", "date_demande"),
    _orphan("transfert", "dossier_id", _both(_is("sens", "ENTRANT"), _unattested)),
    Mistake(
        "V65", "transfert", "centre_contrepartie", _any, lambda _, around, __: {"centre_contrepartie": around.centre}
    ),
)


def _current_code(row: Row, around: Surroundings) -> bool:
    return nomenclature("commune").successor(str(row["commune_refnis"]), around.date_etat) is None


_STATISTICS = (
    _written("V17", "stat_locale", "commune_refnis", ("Namur", "5000", "92O94", "BE352")),
    _written("V15", "stat_locale", "indicateur_local", ("POP_TOTALE", "Population", "ETRANGERS")),
    _written("V15", "stat_locale", "source", ("Statbel", "DGSIE", "INS")),
    _written("V18", "stat_locale", "date_source", _BAD_DAYS, _current_code),
    _written("CTR-002", "stat_locale", "unite", ("nombre d'habitants", "%", "hab.")),
    _written("CTR-004", "stat_locale", "valeur", ("12 34", "12.345,6", "n.d.", "<5")),
    _written("CTR-008", "stat_locale", "periode", ("01/01/2015", "T3 2015", "2015-09")),
)

_REPEATED = tuple(
    _repeated(table, _not("type", "FREQUENTATION_PARCOURS") if table == "attestation" else _any) for table in TABLES
)

KINDS: tuple[Mistake, ...] = (
    *_DOSSIER,
    *_STEPS,
    *_TESTS,
    *_AGREEMENTS,
    *_ENROLMENTS,
    *_CERTIFICATES,
    *_MOVES,
    *_STATISTICS,
    *_REPEATED,
)
