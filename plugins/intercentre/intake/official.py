"""The official population file (Statbel, population by commune, sex, nationality, age) made into a T19 deposit."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from intercentre.intake.package import UNREADABLE_ARCHIVE
from schemas.exchanges.manifest import MANIFEST_NAME
from schemas.extracts import TABLES, VERSION_CONTRAT
from schemas.nomenclatures import nomenclature
from schemas.period import Period

Figures = Counter[tuple[int, str, str]]
"""Persons by year, commune and local indicator."""

_COMMUNE = ("CD_REFNIS", "CD_MUNTY_REFNIS")
_FIGURES = {"BEL": "POPULATION_BELGE", "ETR": "POPULATION_ETRANGERE"}
_LARGEST = 500_000_000
_YEARS = range(1990, 2101)


class OfficialFileError(ValueError):
    """The file is not an official population file; the message is French."""


def read_official(source: Path) -> Figures:
    """The figures of the Walloon communes in an official population file.

    source   ZIP or text; `|` or `;` separated; CD_REFNIS or CD_MUNTY_REFNIS, CD_NATLTY (BEL, ETR), MS_POPULATION,
             and CD_YEAR, or one year in the name of the file as Statbel publishes it
    raises   OfficialFileError
    """
    if not source.is_file():
        raise OfficialFileError("Un fichier est attendu, pas un dossier.")
    text, name = _read_text(source)
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter="|" if "|" in text[:2000] else ";")
    try:
        return _count(rows, name)
    except csv.Error as error:
        raise OfficialFileError("Le fichier n'est pas un texte à colonnes lisible.") from error


def _count(rows: csv.DictReader[str], name: str) -> Figures:
    columns = rows.fieldnames or []
    commune = next((column for column in _COMMUNE if column in columns), None)
    if commune is None or "CD_NATLTY" not in columns or "MS_POPULATION" not in columns:
        raise OfficialFileError("Colonnes attendues : CD_REFNIS (ou CD_MUNTY_REFNIS), CD_NATLTY, MS_POPULATION.")
    year = _year_in_name(name) if "CD_YEAR" not in columns else None
    known = nomenclature("commune").entries
    figures: Figures = Counter()
    for row in rows:
        code = row[commune]
        if code in known:  # the file covers all Belgium
            annee = year if year is not None else _number(row["CD_YEAR"])
            indicator, persons = _FIGURES.get(row["CD_NATLTY"]), _number(row["MS_POPULATION"])
            if indicator is None or annee not in _YEARS:
                raise OfficialFileError("Le fichier contient une nationalité ou une année inconnue.")
            figures[annee, code, indicator] += persons
            figures[annee, code, "POPULATION_TOTALE"] += persons
    if not figures:
        raise OfficialFileError("Le fichier ne contient aucune commune de Wallonie.")
    return figures


def _number(text: str | None) -> int:
    if text is None or not re.fullmatch(r"[0-9]{1,9}", text.strip()):
        raise OfficialFileError("Le fichier contient un nombre illisible, ou une ligne incomplète.")
    return int(text)


def _read_text(source: Path) -> tuple[str, str]:
    """The text, and the names of the file and of the archive's entry, where the year may stand."""
    if source.stat().st_size > _LARGEST:
        raise OfficialFileError("Le fichier est trop grand.")
    content, name = source.read_bytes(), source.name
    if zipfile.is_zipfile(source):
        try:
            with zipfile.ZipFile(source) as archive:
                entries = [info for info in archive.infolist() if not info.is_dir()]
                if len(entries) != 1 or entries[0].file_size > _LARGEST:
                    raise OfficialFileError("L'archive doit contenir un seul fichier, de taille raisonnable.")
                content, name = archive.read(entries[0]), f"{source.name} {entries[0].filename}"
        except OfficialFileError:
            raise
        except UNREADABLE_ARCHIVE as error:
            raise OfficialFileError("L'archive est endommagée ou protégée.") from error
    try:
        return content.decode("utf-8-sig"), name
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace"), name


def _year_in_name(name: str) -> int:
    years = set(re.findall(r"(?<!\d)(20\d{2})(?!\d)", name))
    if len(years) != 1:
        raise OfficialFileError("L'année n'est ni dans le fichier (CD_YEAR) ni, seule, dans son nom.")
    return int(years.pop())


def official_period(figures: Figures) -> Period:
    """The period of the deposit: the first quarter of the last year in the file (the figures are of 1 January)."""
    return Period(max(annee for annee, _, _ in figures), 1)


def write_official_deposit(figures: Figures, folder: Path, sequence: int) -> None:
    """`folder` is the deposit of the official figures; the same figures and sequence always give the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    content = _table(figures)
    (folder / "stat_locale.csv").write_bytes(content)
    manifest = _manifest(official_period(figures), len(figures), content, sequence)
    (folder / MANIFEST_NAME).write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")


def _table(figures: Figures) -> bytes:
    columns = list(TABLES["stat_locale"].fields())
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\n")
    writer.writerow(columns)
    for (annee, code, indicator), persons in sorted(figures.items()):
        row = {
            "commune_refnis": code,
            "indicateur_local": indicator,
            "periode": annee,
            "valeur": persons,
            "unite": "personnes",
            "source": "STATBEL",
            "date_source": date(annee, 1, 1).isoformat(),
        }
        writer.writerow([row.get(column, "") for column in columns])
    return stream.getvalue().encode()


def _manifest(period: Period, lines: int, content: bytes, sequence: int) -> Mapping[str, object]:
    declared: list[dict[str, object]] = [
        {"nom": name, "lignes": 0, "declaree_vide": True} for name in TABLES if name != "stat_locale"
    ]
    digest = hashlib.sha256(content).hexdigest()
    declared.append({"nom": "stat_locale", "fichier": "stat_locale.csv", "lignes": lines, "sha256": digest})
    return {
        "centre_code": "STATBEL",
        "schema_version": VERSION_CONTRAT,
        "type_depot": "TRIMESTRIEL",
        "periode_debut": period.debut.isoformat(),
        "periode_fin": period.fin.isoformat(),
        "date_etat": period.fin.isoformat(),
        "sequence": sequence,
        "logiciel_source": "statbel-open-data",
        "tables": declared,
        "contact_role": "exploitant",
    }
