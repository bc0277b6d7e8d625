"""The dictionary and the catalogue of findings as pages that stand alone; a script beside them adds a search."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from intercentre.core.looks import SEVERITY_LOOKS
from intercentre.core.pages import page_environment
from intercentre.core.style import stylesheet
from intercentre.documentation.facts import code_list, extra_facts, validity
from intercentre.documentation.pages import EFFECTS, SCOPE, without_places
from schemas.contract import Extract
from schemas.extracts import TABLES, VERSION_CONTRAT
from schemas.findings import FindingCode
from schemas.nomenclatures import nomenclature
from schemas.rules import catalogue
from schemas.rules.cross_table import CROSS_TABLE_RULES

_LAYOUTS = Path(__file__).with_name("layouts")
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
    mots     the deposit in words, where rows do not say it
    """

    tables: Mapping[str, tuple[Mapping[str, str], ...]] = field(default_factory=dict)
    places: tuple[tuple[str, str, str], ...] = ()
    mots: str = ""


@dataclass(frozen=True, slots=True)
class Examples:
    """The examples of one code."""

    echoue: Example | None
    passe: Example | None


def dictionary_page() -> str:
    """Every table, column and code of the contract, with an anchor per column and an index of columns."""
    lists = sorted(
        {name for table in TABLES.values() for kind, _ in table.fields().values() if (name := code_list(kind))}
    )
    return _render(
        "dictionnaire",
        tables=[_table(table) for table in TABLES.values()],
        index=column_index(),
        listes=[_list(name) for name in lists],
    )


def findings_page(examples: Mapping[str, Examples]) -> str:
    """Every finding by severity, with an anchor per code and its examples where there are some."""
    groups = []
    for severity, sense in EFFECTS.items():
        entries = [_finding(one, examples) for one in catalogue().values() if one.severity is severity]
        look = SEVERITY_LOOKS[severity]
        groups.append({"nom": severity.value, "titre": look.mot, "effet": sense, "look": look, "constats": entries})
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


def search_script() -> str:
    """The script that adds a search field to the pages; it stands beside them."""
    return (_LAYOUTS / "recherche.js").read_text(encoding="utf-8")


def _render(page: str, **facts: Any) -> str:
    template = page_environment(_LAYOUTS).get_template(f"{page}.html")
    text = template.render(page=page, version=VERSION_CONTRAT, style=stylesheet(), **facts)
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
        "liste": code_list(kind),
        "obligatoire": not table.optional(name),
        "exemple": extra.get("exemple", ""),
        "base": extra.get("base", ""),
        "risque": _RISK.get(extra.get("risque", ""), ""),
    }


def _list(name: str) -> dict[str, Any]:
    codes = [
        {"code": entry.code, "libelle": entry.libelle, "validite": validity(entry)}
        for entry in nomenclature(name).entries.values()
    ]
    return {"nom": name, "codes": codes, "datee": any(code["validite"] for code in codes)}


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


def _place(code: str) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Tables, and columns each with its table, that a rule reads; nothing for a finding that any table may raise."""
    asked = {name: [rule for rule in table.rules() if rule.finding.code == code] for name, table in TABLES.items()}
    columns = [(name, column) for name, rules in asked.items() for rule in rules for column in rule.columns]
    if columns:
        return tuple(dict(columns)), tuple(dict.fromkeys(columns))
    read = next((rule.tables for rule in CROSS_TABLE_RULES if rule.finding.code == code), ())
    return tuple(name for name in read if name in TABLES), ()
