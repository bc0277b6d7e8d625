"""The official population file (Statbel, population by commune, sex, nationality, age) made into a T19 deposit."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import zipfile
from collections import Counter
from datetime import date
from pathlib import Path

from schemas.exchanges.manifest import MANIFEST_NAME
from schemas.extracts import TABLES, VERSION_CONTRAT
from schemas.nomenclatures import nomenclature
from schemas.period import Period

_COMMUNE = ("CD_REFNIS", "CD_MUNTY_REFNIS")
_FIGURES = {"BEL": "POPULATION_BELGE", "ETR": "POPULATION_ETRANGERE"}


class OfficialFileError(ValueError):
    """The file is not an official population file; the message is French."""


def write_official_deposit(source: Path, folder: Path) -> Period:
    """`folder` is the deposit of the official figures in `source`; returns its period (first quarter of the year).

    source   ZIP or text; `|` or `;` separated; CD_REFNIS or CD_MUNTY_REFNIS, CD_NATLTY (BEL, ETR), MS_POPULATION,
             and CD_YEAR, or one year in the name of the file as Statbel publishes it
    raises   OfficialFileError
    """
    text = _read_text(source)
    delimiter = "|" if "|" in text[:2000] else ";"
    rows = csv.DictReader(io.StringIO(text), delimiter=delimiter)
    columns = rows.fieldnames or []
    commune = next((name for name in _COMMUNE if name in columns), None)
    if commune is None or "CD_NATLTY" not in columns or "MS_POPULATION" not in columns:
        raise OfficialFileError("Colonnes attendues : CD_REFNIS (ou CD_MUNTY_REFNIS), CD_NATLTY, MS_POPULATION.")
    year = _year(source.name) if "CD_YEAR" not in columns else None
    counts: Counter[tuple[int, str, str]] = Counter()
    known = nomenclature("commune").entries
    try:
        for row in rows:
            if row[commune] in known:  # the file covers all Belgium
                annee = year if year is not None else int(row["CD_YEAR"])
                counts[annee, row[commune], _FIGURES[row["CD_NATLTY"]]] += int(row["MS_POPULATION"])
    except (KeyError, ValueError, TypeError) as error:
        raise OfficialFileError("Le fichier contient une nationalité ou un nombre illisible.") from error
    if not counts:
        raise OfficialFileError("Le fichier ne contient aucune commune de Wallonie.")
    for (annee, code, _), persons in list(counts.items()):
        counts[annee, code, "POPULATION_TOTALE"] += persons
    return _write(counts, folder)


def _read_text(source: Path) -> str:
    content = source.read_bytes()
    if zipfile.is_zipfile(source):
        with zipfile.ZipFile(source) as archive:
            entries = [info for info in archive.infolist() if not info.is_dir()]
            if len(entries) != 1 or entries[0].file_size > 500_000_000:
                raise OfficialFileError("L'archive doit contenir un seul fichier, de taille raisonnable.")
            content = archive.read(entries[0])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _year(name: str) -> int:
    years = re.findall(r"(?<!\d)(20\d{2})(?!\d)", name)
    if len(set(years)) != 1:
        raise OfficialFileError("L'année n'est ni dans le fichier (CD_YEAR) ni, seule, dans son nom.")
    return int(years[0])


def _write(counts: Counter[tuple[int, str, str]], folder: Path) -> Period:
    folder.mkdir(parents=True, exist_ok=True)
    columns = list(TABLES["stat_locale"].fields())
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\n")
    writer.writerow(columns)
    for (annee, code, indicateur), persons in sorted(counts.items()):
        row = {
            "commune_refnis": code,
            "indicateur_local": indicateur,
            "periode": annee,
            "valeur": persons,
            "unite": "personnes",
            "source": "STATBEL",
            "date_source": date(annee, 1, 1).isoformat(),
        }
        writer.writerow([row.get(column, "") for column in columns])
    content = stream.getvalue().encode()
    (folder / "stat_locale.csv").write_bytes(content)
    period = Period(max(annee for annee, _, _ in counts), 1)
    declared: list[dict[str, object]] = [
        {"nom": name, "lignes": 0, "declaree_vide": True} for name in TABLES if name != "stat_locale"
    ]
    declared.append(
        {
            "nom": "stat_locale",
            "fichier": "stat_locale.csv",
            "lignes": len(counts),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
    )
    manifest = {
        "centre_code": "STATBEL",
        "schema_version": VERSION_CONTRAT,
        "type_depot": "TRIMESTRIEL",
        "periode_debut": period.debut.isoformat(),
        "periode_fin": period.fin.isoformat(),
        "date_etat": period.fin.isoformat(),
        "sequence": period.annee * 10,
        "logiciel_source": "statbel-open-data",
        "tables": declared,
        "contact_role": "exploitant",
    }
    (folder / MANIFEST_NAME).write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")
    return period
