"""Templates that a centre fills in, and valid examples: one CSV per table, and one workbook with drop-down lists."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo

from schemas.contract import Coded, CodeSet, Extract, FieldType, YesNo
from schemas.exchanges.manifest import MANIFEST_NAME
from schemas.extracts import TABLES, VERSION_CONTRAT

_LONGEST_TITLE, _LONGEST_MESSAGE = 32, 255
_ROWS_WITH_LISTS = 5000


def write_templates(folder: Path, tables: Sequence[str]) -> list[Path]:
    """The empty templates and a valid example deposit are in `folder`; returns the files, in order.

    gabarit.xlsx  a sheet per table (headers, drop-down lists, what each column expects), a notice, the code lists
    <table>.csv   the header line alone
    exemple/      a deposit that the hub accepts: manifest and one row per table
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = [_write_workbook(folder / "gabarit.xlsx", tables)]
    for name in tables:
        path = folder / f"{name}.csv"
        path.write_bytes(_csv(list(TABLES[name].fields()), []))
        written.append(path)
    return [*written, *_write_example(folder / "exemple", tables)]


def example_row(table: type[Extract]) -> dict[str, str]:
    """The row made of each column's example; rows of different tables refer to each other."""
    return {name: _example(info) for name, (_, info) in table.fields().items()}


def _example(info: FieldInfo) -> str:
    extra = info.json_schema_extra
    return str(extra["exemple"]) if isinstance(extra, dict) else ""


def _write_example(folder: Path, tables: Sequence[str]) -> list[Path]:
    folder.mkdir(exist_ok=True)
    written, declared = [], []
    for name, table in TABLES.items():
        if name not in tables:
            declared.append({"nom": name, "lignes": 0, "declaree_vide": True})
            continue
        content = _csv(list(table.fields()), [_coherent(name, example_row(table))])
        path = folder / f"{name}.csv"
        path.write_bytes(content)
        written.append(path)
        sha256 = hashlib.sha256(content).hexdigest()
        declared.append({"nom": name, "fichier": path.name, "lignes": 1, "sha256": sha256})
    manifest = {
        "centre_code": "CAI",
        "schema_version": VERSION_CONTRAT,
        "type_depot": "TRIMESTRIEL",
        "periode_debut": "2026-07-01",
        "periode_fin": "2026-09-30",
        "date_etat": "2026-09-30",
        "debut_historique": "2022-01-01",
        "sequence": 1,
        "logiciel_source": "exemple",
        "tables": declared,
        "contact_role": "informatique",
    }
    path = folder / MANIFEST_NAME
    path.write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return [path, *written]


# Each column's example explains that column; where columns of the example deposit must agree, these values do.
_COHERENT: dict[str, dict[str, str]] = {
    "convention": {"date_echeance_prolongee": "", "motif_prolongation": ""},
    "inscription": {"motif_abandon": "", "session_id": ""},
    "attestation": {"remplace_attestation_id": ""},
    "transfert": {"sens": "ENTRANT"},
    "flux_commune": {"mois": "2026-01", "inscrits_au_centre": "1"},
    "stat_locale": {"modalite": ""},
    "interpretariat": {"mois": "2026-02"},
}


def _coherent(name: str, row: dict[str, str]) -> dict[str, str]:
    return row | _COHERENT.get(name, {})


def _csv(columns: Sequence[str], rows: Sequence[dict[str, str]]) -> bytes:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, columns, delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode("utf-8-sig")


def _write_workbook(path: Path, tables: Sequence[str]) -> Path:
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": "Gabarit Intercentre", "created": datetime(2026, 1, 1, tzinfo=UTC)})
        bold = book.add_format({"bold": True, "bg_color": "#0b6e6e", "font_color": "#ffffff", "border": 1})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        text = book.add_format({"num_format": "@"})
        _write_notice(book, wrap)
        lists: dict[str, str] = {}
        for name in tables:
            _write_sheet(book, TABLES[name], lists, bold, text)
        _write_lists(book, lists, bold)
    return path


def _write_notice(book: Any, wrap: Any) -> None:
    sheet = book.add_worksheet("Mode d'emploi")
    sheet.set_column(0, 0, 100)
    for row, line in enumerate(
        (
            f"Gabarit du contrat d'échange Intercentre, version {VERSION_CONTRAT}",
            "Une feuille par table. Ne changez pas la première ligne ; remplissez une ligne par enregistrement.",
            "Choisissez les codes dans les listes. Laissez vide ce qui est inconnu et n'est pas obligatoire.",
            "N'écrivez jamais de nom, de numéro national, de date de naissance complète ni d'adresse.",
            "Contrôlez le classeur avant de le déposer : intercentre verifier gabarit.xlsx --centre VOTRE_CENTRE.",
        )
    ):
        sheet.write_string(row, 0, line, wrap)


def _write_sheet(book: Any, table: type[Extract], lists: dict[str, str], bold: Any, text: Any) -> None:
    sheet = book.add_worksheet(table.contrat.name)
    sheet.freeze_panes(1, 0)
    for column, (name, (kind, info)) in enumerate(table.fields().items()):
        sheet.write_string(0, column, name, bold)
        sheet.set_column(column, column, max(12, len(name) + 2), text)
        rule: dict[str, Any] = {"validate": "any"}
        source = _list_source(kind, lists)
        if source:
            rule = {"validate": "list", "source": source, "error_title": "Code inconnu"}
            rule["error_message"] = "Choisissez un code de la liste."
        due = "Obligatoire. " if not table.optional(name) else ""
        rule["input_title"] = name[:_LONGEST_TITLE]
        rule["input_message"] = f"{info.description}. {due}Attendu : {kind.expected}."[:_LONGEST_MESSAGE]
        sheet.data_validation(1, column, _ROWS_WITH_LISTS, column, rule)


def _list_source(kind: FieldType, lists: dict[str, str]) -> str | list[str] | None:
    if isinstance(kind, YesNo):
        return ["true", "false"]
    if not isinstance(kind, Coded):
        return None
    lists.setdefault(kind.list_name, f"liste_{kind.list_name}")
    if isinstance(kind, CodeSet):  # a drop-down list gives one code, and the cell may hold several
        return None
    return f"={lists[kind.list_name]}"


def _write_lists(book: Any, lists: dict[str, str], bold: Any) -> None:
    from schemas.nomenclatures import nomenclature

    sheet = book.add_worksheet("codes")
    for position, (name, range_name) in enumerate(lists.items()):
        column = 2 * position
        entries = [entry for entry in nomenclature(name).entries.values() if entry.remplace_par is None]
        sheet.write_string(0, column, name, bold)
        sheet.write_string(0, column + 1, "libellé", bold)
        for row, entry in enumerate(entries, start=1):
            sheet.write_string(row, column, entry.code)
            sheet.write_string(row, column + 1, entry.libelle)
        letters = _letters(column)
        book.define_name(range_name, f"=codes!${letters}$2:${letters}${len(entries) + 1}")


def _letters(column: int) -> str:
    from xlsxwriter.utility import xl_col_to_name

    return str(xl_col_to_name(column))
