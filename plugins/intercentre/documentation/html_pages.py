"""The dictionary and the catalogue of findings as pages that stand alone: one stylesheet, no script, no fetch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from intercentre.core.french import french_count
from intercentre.core.style import stylesheet
from intercentre.documentation.facts import extra_facts
from intercentre.documentation.pages import SCOPE, SEVERITY, without_places
from schemas.contract import Coded, Extract
from schemas.extracts import TABLES, VERSION_CONTRAT
from schemas.findings import FindingCode, Severity
from schemas.nomenclatures import Entry, nomenclature
from schemas.rules import catalogue
from schemas.rules.cross_table import CROSS_TABLE_RULES

_LAYOUTS = Path(__file__).with_name("layouts")
_TONE = {
    Severity.BLOQUANT: "refus",
    Severity.A_CORRIGER: "faire",
    Severity.A_EXPLIQUER: "info",
    Severity.INFORMATION: "neutre",
}
_RISK = {
    "identifiant": "identifiant local",
    "quasi_identifiant": "quasi-identifiant",
    "petit_effectif": "petit effectif possible",
}


@dataclass(frozen=True, slots=True)
class Example:
    """A deposit that raises a finding, or one that does not.

    tables   table → its rows, each with the values that matter; the rest of the row is valid
    places   (table, line, column) where the finding is put; empty when none is raised
    """

    tables: Mapping[str, tuple[Mapping[str, str], ...]]
    places: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Examples:
    """The examples of one code."""

    echoue: Example | None
    passe: Example | None


def dictionary_page() -> str:
    """Every table, column and code of the contract, with an anchor per column and an index of columns."""
    lists = sorted(
        {kind.list_name for table in TABLES.values() for kind, _ in table.fields().values() if isinstance(kind, Coded)}
    )
    return _render(
        "dictionnaire",
        tables=[_table(table) for table in TABLES.values()],
        index=column_index(),
        listes=[{"nom": name, "codes": list(map(_code, nomenclature(name).entries.values()))} for name in lists],
    )


def findings_page(examples: Mapping[str, Examples]) -> str:
    """Every finding by severity, with an anchor per code and its examples where there are some."""
    groups = []
    for severity, sense in SEVERITY.items():
        name, _, effect = sense.partition(" : ")
        entries = [_finding(one, examples) for one in catalogue().values() if one.severity is severity]
        title = name[0].upper() + name[1:]
        groups.append(
            {"nom": severity.value, "titre": title, "effet": effect, "ton": _TONE[severity], "constats": entries}
        )
    return _render("constats", groupes=groups)


def column_index() -> list[tuple[str, list[tuple[str, list[str]]]]]:
    """Letter → its columns in alphabetical order → the tables that have it."""
    places: dict[str, list[str]] = {}
    for name, table in TABLES.items():
        for column in table.fields():
            places.setdefault(column, []).append(name)
    letters: dict[str, list[tuple[str, list[str]]]] = {}
    for column in sorted(places):
        letters.setdefault(column[0].upper(), []).append((column, places[column]))
    return list(letters.items())


def _render(page: str, **facts: Any) -> str:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_LAYOUTS),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["compte"] = french_count
    text = environment.get_template(f"{page}.html").render(
        page=page, version=VERSION_CONTRAT, style=stylesheet(), **facts
    )
    return "\n".join(line.rstrip() for line in text.splitlines() if line.strip()) + "\n"


def _table(table: type[Extract]) -> dict[str, Any]:
    contract = table.contrat
    cross = [rule.finding.code for rule in CROSS_TABLE_RULES if contract.name in rule.tables]
    return {
        "nom": contract.name,
        "numero": contract.numero,
        "grain": contract.grain,
        "cle": contract.key,
        "niveau": contract.niveau,
        "missions": contract.missions,
        "renvois": contract.references,
        "regles": sorted([*(rule.finding.code for rule in table.rules()), *cross]),
        "colonnes": [_column(table, name) for name in table.fields()],
    }


def _column(table: type[Extract], name: str) -> dict[str, Any]:
    kind, info = table.fields()[name]
    extra = extra_facts(table, name)
    return {
        "nom": name,
        "sens": info.description or "",
        "attendu": kind.expected,
        "liste": kind.list_name if isinstance(kind, Coded) else "",
        "obligatoire": not table.optional(name),
        "exemple": extra.get("exemple", ""),
        "base": extra.get("base", ""),
        "risque": _RISK.get(extra.get("risque", ""), ""),
    }


def _code(entry: Entry) -> dict[str, str]:
    remarks = [f"jusqu'au {entry.valide_au:%d/%m/%Y}"] if entry.valide_au else []
    remarks += [f"remplacé par {entry.remplace_par}"] if entry.remplace_par else []
    return {"code": entry.code, "libelle": entry.libelle, "remarque": ", ".join(remarks)}


def _finding(entry: FindingCode, examples: Mapping[str, Examples]) -> dict[str, Any]:
    tables, columns = _place(entry.code)
    shown = examples.get(entry.code, Examples(None, None))
    return {
        "code": entry.code,
        "titre": entry.title,
        "message": without_places(entry.message),
        "remede": without_places(entry.remedy),
        "portee": SCOPE[entry.scope],
        "base": entry.legal_base,
        "missions": entry.missions,
        "tables": tables,
        "colonnes": columns,
        "echoue": shown.echoue,
        "passe": shown.passe,
    }


def _place(code: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Tables and columns that a rule reads, wherever tables share it; nothing for a finding of any table."""
    rules = [(name, rule) for name, table in TABLES.items() for rule in table.rules() if rule.finding.code == code]
    if rules:
        columns = dict.fromkeys(column for _, rule in rules for column in rule.columns)
        return tuple(dict.fromkeys(name for name, _ in rules)), tuple(columns)
    read = next((rule.tables for rule in CROSS_TABLE_RULES if rule.finding.code == code), ())
    return tuple(name for name in read if name in TABLES), ()
