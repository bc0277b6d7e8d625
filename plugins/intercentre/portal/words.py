"""French words and formats of the pages: dates, numbers, states. No page writes its own."""

from __future__ import annotations

from datetime import date, datetime

from intercentre.core.french import NARROW_SPACE, french_count, french_day, french_moment, french_number
from intercentre.core.looks import DECISION_LOOKS, SEVERITY_LOOKS, Look
from schemas.extracts import TABLES
from schemas.nomenclatures import nomenclature
from schemas.period import Period

_TABLE_LABELS = {
    "dossier": "Dossiers",
    "etape_accueil": "Étapes d'accueil",
    "test_langue": "Tests de langue",
    "convention": "Conventions",
    "inscription": "Inscriptions",
    "attestation": "Attestations",
    "transfert": "Transferts",
    "stat_locale": "Statistiques locales",
    "operateur": "Opérateurs",
    "session_offre": "Sessions offertes",
    "flux_commune": "Signalements des communes",
    "agg_obligation": "Suites de l'obligation",
    "bureau": "Bureaux d'accueil",
    "partenariat": "Partenariats",
    "accompagnement_ili": "Accompagnements d'ILI",
    "pli_action": "Actions du plan local",
    "plateforme_reunion": "Réunions de plateformes",
    "activite": "Activités",
    "formation_pro": "Formations de professionnels",
    "interpretariat": "Interprétariat",
    "ressources": "Ressources",
}


STATUSES = {
    # deposits and tables
    "recu": Look("Reçu, contrôle en attente", "attente", "info"),
    **{decision.value: look for decision, look in DECISION_LOOKS.items()},
    "reporte": Look("Reporté du dernier dépôt accepté", "report", "info"),
    "manquant": Look("Attendu", "vide", "faire"),
    "remis": Look("Remis", "oui", "ok"),
    "non_fournie": Look("Absente du dépôt", "vide", "neutre"),
    **{severity.value: look for severity, look in SEVERITY_LOOKS.items()},
    # rounds and votes
    "ouvert": Look("Ouvert", "attente", "info"),
    "accorde": Look("Accordé", "oui", "ok"),
    "rejete": Look("Rejeté", "non", "refus"),
    "sans_quorum": Look("Clos sans quorum", "non", "refus"),
    "remplace": Look("Remplacé par un autre tour", "report", "neutre"),
    "approuve": Look("Approuve", "oui", "ok"),
    "reserve": Look("Approuve avec réserve", "attention", "faire"),
    "oppose": Look("S'oppose", "non", "refus"),
    "attendu": Look("Pas encore exprimé", "vide", "neutre"),
    "sans_avis": Look("Pas d'avis", "vide", "neutre"),
    # anomalies
    "ouverte": Look("Ouverte", "attention", "faire"),
    "expliquee": Look("Expliquée, à reprendre en concertation", "attente", "info"),
    "close": Look("Close", "oui", "ok"),
    "rouverte": Look("Rouverte", "attention", "faire"),
    "tacite": Look("Accord tacite", "report", "info"),
}

# Within a table a badge has little room: the row and the column already say the rest.
SHORT = {
    "accepte": "Acceptée",
    "accepte_avec_quarantaine": "À\u00a0corriger",
    "refuse": "Refusée",
    "recu": "En\u00a0attente",
    "reporte": "Reportée",
    "manquant": "Attendue",
    "non_fournie": "Absente",
}
SHORT_DEPOSIT = SHORT | {"accepte": "Accepté", "refuse": "Refusé", "reporte": "Reporté", "manquant": "Attendu"}
CHANNELS = {
    "collecte": "collecte automatique",
    "api": "programme du centre",
    "portail": "page de dépôt du portail",
    "dossier": "dossier partagé",
    "commande": "commande de l'exploitant",
}
DECISIONS = {
    "accorde": "La publication est accordée.",
    "rejete": "La publication est rejetée.",
    "sans_quorum": "Pas de décision : le quorum n'a pas été atteint.",
    "remplace": "Pas de décision : d'autres chiffres ont remplacé ceux-ci, un autre tour porte sur eux.",
}


def jour(day: date | datetime | None) -> str:
    """« 23 novembre 2026 »; an instant is brought to local time first."""
    if day is None:
        return "non renseigné"
    return french_moment(day).partition(" à ")[0] if isinstance(day, datetime) else french_day(day)


def instant(at: datetime | None) -> str:
    """« 23 novembre 2026 à 14 h 05 », local time."""
    return "non renseigné" if at is None else french_moment(at).replace(" h ", "\u00a0h\u00a0")


def taille(octets: int) -> str:
    """A size that a person can judge: « 12,3 Mo »."""
    for unit, size in (("Go", 1_000_000_000), ("Mo", 1_000_000), ("ko", 1_000)):
        if octets >= size:
            return f"{french_number(octets / size, 1).removesuffix(',0')}{NARROW_SPACE}{unit}"
    return french_count(octets, "octet")


def periode(text: str) -> str:
    """« 3e trimestre 2026 (2026-T3) »."""
    return Period.parse(text).libelle


def majuscule(text: str) -> str:
    """The text with its first letter in upper case, the others as they are."""
    return text[:1].upper() + text[1:]


def table(name: str) -> str:
    """The table as a person calls it."""
    return _TABLE_LABELS.get(name, name.replace("_", " ").capitalize())


def numero(name: str) -> str:
    """The contract's number of a table: « T01 »."""
    return TABLES[name].contrat.numero if name in TABLES else ""


def centre(code: str) -> str:
    """The centre's usual short name."""
    entry = nomenclature("centre").entries.get(code)
    return entry.libelle if entry else code


def denomination(code: str) -> str:
    """The centre's full name."""
    entry = nomenclature("centre").entries.get(code)
    return entry.facts["denomination"] if entry else code


FILTERS = {
    "jour": jour, "instant": instant, "nombre": french_number, "taille": taille, "periode": periode, "table": table,
    "numero": numero, "centre": centre, "denomination": denomination, "pluriel": french_count, "majuscule": majuscule,
}  # fmt: skip
