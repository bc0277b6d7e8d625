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
from schemas.exchanges.verdict import Verdict
from schemas.extracts import TABLES
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


def files(tables: Mapping[str, Sequence[Texts]] | None = None) -> dict[str, bytes]:
    """The eight table files of a deposit; rows complete the defaults, a table that is not named has no row.

    Without any table: one default row in each, but no attestation and no transfer.
    """
    if tables is None:
        tables = {name: [{}] for name in TABLES if name not in ("attestation", "transfert")}
    return {
        f"{name}.csv": csv_bytes(name, [{**DEFAULTS[name], **row} for row in tables.get(name, [])]) for name in TABLES
    }


def manifest(content: Mapping[str, bytes], **changes: Any) -> dict[str, Any]:
    """The manifest of these files, complete and true but for `changes`."""
    return {
        "centre_code": CENTRE,
        "schema_version": "1.0.0",
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
