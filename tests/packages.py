"""Deposits written by hand, byte by byte: what the tests of validation start from."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from intercentre.validation import validate_package
from schemas.contract import Extract
from schemas.exchanges.verdict import Verdict
from schemas.extracts import TABLES, TABLES_1_0
from schemas.findings import Severity
from schemas.period import Period

TODAY = date(2026, 10, 12)
CENTRE, PERIODE = "CAI", Period(2026, 3)

Texts = Mapping[str, str]

# One coherent row of each table: a woman from Syria, obliged, seen in Namur in 2026, under a convention.
DEFAULTS: dict[str, dict[str, str]] = {
    "dossier": {
        "dossier_id": "D-1",
        "personne_ref": "P-1",
        "date_premier_contact": "2026-01-12",
        "date_ouverture": "2026-01-15",
        "statut_public": "OBLIGE",
        "regime_juridique": "R2025",
        "canal_entree": "COMMUNE",
        "commune_refnis": "92094",
        "sexe": "F",
        "annee_naissance": "1990",
        "nationalite": "SYR",
        "titre_sejour": "A",
        "date_titre": "2025-12-01",
        "date_debut_sejour_legal": "2025-10-01",
        "mena": "NON",
    },
    "etape_accueil": {
        "dossier_id": "D-1",
        "type_etape": "BILAN_SOCIAL",
        "rang": "1",
        "date": "2026-02-03",
        "modalite": "INDIVIDUEL",
        "interprete": "false",
    },
    "test_langue": {
        "test_id": "T-1",
        "dossier_id": "D-1",
        "date": "2026-02-03",
        "nature": "POSITIONNEMENT",
        "profil": "FLE",
        "niveau_global": "A1",
        "instrument": "POS-2024",
    },
    "convention": {
        "convention_id": "C-1",
        "dossier_id": "D-1",
        "date_signature": "2026-02-20",
        "date_echeance": "2029-02-20",
        "fle_prescrit": "true",
        "heures_fle_prescrites": "400",
        "cit_prescrite": "true",
        "heures_cit_prescrites": "60",
        "isp_prescrite": "false",
        "statut": "EN_COURS",
        "date_statut": "2026-02-20",
        "avenant": "0",
    },
    "inscription": {
        "inscription_id": "I-1",
        "dossier_id": "D-1",
        "axe": "FLE",
        "operateur_id": "0400000086",
        "date_orientation": "2026-03-01",
        "date_debut": "2026-04-01",
        "heures_suivies": "120",
        "statut": "EN_COURS",
    },
    "attestation": {
        "attestation_id": "A-1",
        "dossier_id": "D-1",
        "type": "MODULE_ACCUEIL",
        "date_delivrance": "2026-03-15",
    },
    "transfert": {
        "transfert_id": "X-1",
        "sens": "SORTANT",
        "dossier_id": "D-1",
        "centre_contrepartie": "CRIC",
        "date_demande": "2026-05-04",
        "statut": "EFFECTIF",
    },
    "operateur": {
        "operateur_id": "0400000086",
        "denomination": "Langues et Rencontres asbl",
        "type": "ILI_AGREEE",
        "commune_refnis": "92094",
        "axes": "FLE CITOYENNETE",
        "actif": "true",
    },
    "session_offre": {
        "session_id": "S-1",
        "operateur_id": "0400000086",
        "axe": "FLE",
        "commune_refnis": "92094",
        "date_debut": "2026-04-01",
        "date_fin": "2026-12-18",
        "heures_programmees": "400",
        "places": "15",
        "inscrits": "12",
        "en_attente": "0",
        "horaire": "JOUR",
        "date_releve": "2026-09-28",
    },
    "flux_commune": {
        "commune_refnis": "92094",
        "mois": "2026-07",
        "signales_par_commune": "9",
        "contactes": "8",
        "inscrits_au_centre": "0",
        "sans_suite": "2",
        "source": "LISTE_COMMUNE",
    },
    "agg_obligation": {"trimestre": "2026-T3", "type": "RAPPEL", "nombre": "14"},
    "bureau": {"bureau_id": "B-1", "commune_refnis": "92094", "type": "SIEGE", "ouvert_du": "2016-09-01"},
    "partenariat": {
        "partenariat_id": "PA-1",
        "partenaire_type": "COMMUNE",
        "objet": "CONVENTION_COMMUNE",
        "date_debut": "2025-03-01",
        "formalise": "true",
    },
    "accompagnement_ili": {
        "accompagnement_id": "AC-1",
        "operateur_id": "0400000086",
        "date": "2026-05-12",
        "type": "SUIVI",
        "heures": "2.5",
    },
    "pli_action": {
        "plan_id": "PLI-1",
        "action_id": "1",
        "plan_debut": "2024-01-01",
        "plan_fin": "2029-12-31",
        "axe": "LANGUE",
        "statut": "EN_COURS",
        "echeance": "2026-12-31",
        "operateurs_impliques": "3",
    },
    "plateforme_reunion": {
        "reunion_id": "RE-1",
        "plateforme_id": "PF-1",
        "thematique": "LOGEMENT",
        "date": "2026-06-18",
        "organisations_presentes": "11",
        "participants": "16",
    },
    "activite": {
        "activite_id": "ACT-1",
        "mission": "4",
        "type": "RENCONTRE",
        "theme": "INTERCULTUREL",
        "date_debut": "2026-03-21",
        "date_fin": "2026-03-21",
        "public": "TOUT_PUBLIC",
        "participants": "64",
        "partenaires_nb": "3",
    },
    "formation_pro": {
        "formation_id": "FP-1",
        "intitule_code": "CIT-FORM",
        "type": "CITOYENNETE_FORMATEURS",
        "date_debut": "2026-04-20",
        "date_fin": "2026-04-24",
        "heures": "30",
        "inscrits": "14",
        "formes": "12",
        "organisations_nb": "9",
        "secteur_principal": "ASSOCIATIF",
    },
    "interpretariat": {
        "mois": "2026-07",
        "langue": "ara",
        "prestataire": "SETIS",
        "demandes": "12",
        "honorees": "10",
        "heures": "13.5",
    },
    "ressources": {"annee": "2025", "fonction": "ACCUEIL_PARCOURS", "etp": "12.75"},
    "stat_locale": {
        "commune_refnis": "92094",
        "indicateur_local": "POPULATION_TOTALE",
        "periode": "2015",
        "valeur": "110632",
        "unite": "personnes",
        "source": "STATBEL",
        "date_source": "2015-01-01",
    },
}


def csv_bytes(
    table: str, rows: Sequence[Texts], *, delimiter: str = ";", encoding: str = "utf-8", columns: Sequence[str] = ()
) -> bytes:
    """One table as CSV; what a row does not give is empty."""
    stream = io.StringIO()
    names = columns or list(TABLES[table].fields())
    writer = csv.DictWriter(stream, names, restval="", delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode(encoding)


ALWAYS_THERE = tuple(TABLES_1_0)
"""The tables that a deposit written here always has; the others only when it names them."""


def files(
    tables: Mapping[str, Sequence[Texts]] | None = None, contract: Mapping[str, type[Extract]] = TABLES
) -> dict[str, bytes]:
    """The table files of a deposit; rows complete the defaults, a table that is not named has no row, or no file.

    contract  the tables whose columns are written: those of an earlier version, say

    Without any table: one default row in each that is always there, but no attestation and no transfer.
    """
    if tables is None:
        tables = {name: [{}] for name in ALWAYS_THERE if name not in ("attestation", "transfert")}
    return {
        f"{name}.csv": csv_bytes(
            name, [{**DEFAULTS[name], **row} for row in tables.get(name, [])], columns=list(contract[name].fields())
        )
        for name in contract
        if name in ALWAYS_THERE or name in tables
    }


def manifest(content: Mapping[str, bytes], **changes: Any) -> dict[str, Any]:
    """The manifest of these files, complete and true but for `changes`."""
    return {
        "centre_code": CENTRE,
        "schema_version": "1.1.0",
        "type_depot": "TRIMESTRIEL",
        "periode_debut": "2026-07-01",
        "periode_fin": "2026-09-30",
        "date_etat": "2026-09-30",
        "sequence": 1,
        "logiciel_source": "essai",
        "contact_role": "coordination",
        "tables": [
            {
                "nom": name.removesuffix(".csv"),
                "fichier": name,
                "lignes": max(0, data.count(b"\n") - 1),
                "sha256": hashlib.sha256(data).hexdigest(),
            }
            for name, data in content.items()
        ],
        **changes,
    }


def with_manifest(content: Mapping[str, bytes], **changes: Any) -> dict[str, bytes]:
    """The files and their manifest."""
    return {**content, "manifeste.json": json.dumps(manifest(content, **changes)).encode()}


def write_folder(folder: Path, content: Mapping[str, bytes]) -> Path:
    """The files in a new folder."""
    for name, data in content.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def write_zip(path: Path, content: Mapping[str, bytes]) -> Path:
    """The files in a new ZIP."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return path


def judge(package: Path, out: Path, **options: Any) -> Verdict:
    """The verdict on a package; no share of quarantine refuses it unless `options` say so."""
    given = {"centre": CENTRE, "periode": PERIODE, "today": TODAY, "seuil_quarantaine": 1.0, **options}
    return validate_package(package, out=out, **given)


def places(verdict: Verdict) -> set[tuple[str, str | None, int | None, str | None]]:
    """(code, table, ligne, colonne) of every finding."""
    return {(found.code, found.table, found.ligne, found.colonne) for found in verdict.constats}


def graver(verdict: Verdict) -> set[tuple[str, str | None, int | None, str | None]]:
    """The same without what is only information."""
    informed = {found.code for found in verdict.constats if found.severite is Severity.INFORMATION}
    return {place for place in places(verdict) if place[0] not in informed}
