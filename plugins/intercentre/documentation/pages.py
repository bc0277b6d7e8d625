"""The generated pages of docs/generated: dictionary, catalogue of findings. The same schemas give the same text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from intercentre.core.looks import SEVERITY_LOOKS
from intercentre.documentation.facts import LONGEST_LIST, code_list, validity
from intercentre.documentation.indicator_pages import indicator_catalogue
from schemas.contract import Extract
from schemas.extracts import TABLES, VERSION_CONTRAT
from schemas.findings import FindingCode, Scope, Severity
from schemas.nomenclatures import nomenclature
from schemas.rules import catalogue

_NOTICE = "<!-- Page produite par « make docs » à partir de schemas/ : ne pas la modifier à la main. -->"
_PLACE = re.compile(r"\{\w+\}")
EFFECTS = {
    Severity.BLOQUANT: "le dépôt est refusé",
    Severity.A_CORRIGER: "la ligne est mise en quarantaine jusqu'à sa correction, les autres sont prises en compte",
    Severity.A_EXPLIQUER: "les lignes sont gardées, une réponse est attendue",
    Severity.INFORMATION: "rien : il n'y a rien à faire",
}
SCOPE = {
    Scope.CELLULE: "une cellule",
    Scope.LIGNE: "une ligne",
    Scope.TABLE: "une table",
    Scope.DEPOT: "le dépôt",
    Scope.COLLECTE: "la collecte",
    Scope.CENTRES: "deux centres, sans mise en quarantaine",
}


def markdown_pages() -> dict[str, str]:
    """File name under docs/generated → Markdown text."""
    return {"dictionnaire.md": dictionary(), "constats.md": findings(), "indicateurs.md": indicators()}


def dictionary() -> str:
    """Every table, field and code list of the contract, in French."""
    parts = [_NOTICE, "", f"# Dictionnaire du contrat d'échange, version {VERSION_CONTRAT}", ""]
    parts += [
        "Une table du contrat est un fichier du dépôt. Chaque colonne est attendue, même vide ; l'ordre est libre.",
        "",
    ]
    used: set[str] = set()
    for table in TABLES.values():
        parts += _table_section(table)
        used |= {name for kind, _ in table.fields().values() if (name := code_list(kind))}
    parts += ["## Listes de codes", ""]
    for name in sorted(used):
        parts += _list_section(name)
    return "\n".join(parts).rstrip() + "\n"


def _table_section(table: type[Extract]) -> list[str]:
    contract = table.contrat
    missions = f"Mission{'s' * (len(contract.missions) > 1)} {', '.join(contract.missions)}"
    facts = f"Une ligne : {contract.grain}. Clé : {_columns(contract.key)}. Niveau {contract.niveau}. {missions}."
    lines = [f"## {contract.numero} `{contract.name}`", "", facts, ""]
    for reference in contract.references:
        lines += [f"{_columns(reference.columns)} renvoie à `{reference.table}` ({_columns(reference.target)}).", ""]
    rows = [
        (
            f"`{name}`",
            info.description or "",
            kind.expected,
            "oui" if not table.optional(name) else "non",
            _example(info),
        )
        for name, (kind, info) in table.fields().items()
    ]
    lines += _grid(("Colonne", "Sens", "Ce qui est attendu", "Obligatoire", "Exemple"), rows)
    return lines


def _list_section(name: str) -> list[str]:
    entries = list(nomenclature(name).entries.values())
    title = [f"### {name}", ""]
    if len(entries) > LONGEST_LIST:
        return [*title, f"{len(entries)} codes : `schemas/nomenclatures/{name}.csv`.", ""]
    rows = [(f"`{entry.code}`", entry.libelle, validity(entry)) for entry in entries]
    return [*title, *_grid(("Code", "Libellé", "Validité"), rows)]


def findings() -> str:
    """Every finding code with its severity, message, remedy and legal base, in French."""
    parts = [_NOTICE, "", "# Catalogue des constats", ""]
    parts += [
        "Un constat dit ce qui a été vu, où, et que faire. Aucun constat ne contient la valeur d'une cellule.",
        "",
    ]
    for severity, sense in EFFECTS.items():
        entries = [entry for entry in catalogue().values() if entry.severity is severity]
        parts += [f"## {SEVERITY_LOOKS[severity].mot} : {sense}", ""]
        parts += _grid(("Code", "Constat", "Porte sur", "Que faire", "Base", "Missions"), map(_finding_row, entries))
    return "\n".join(parts).rstrip() + "\n"


def without_places(text: str) -> str:
    """A message with an ellipsis where a fact of the deposit will stand."""
    return _PLACE.sub("…", text)


def indicators() -> str:
    """Every indicator with its definition and its traps, in French."""
    return "\n".join([_NOTICE, "", *indicator_catalogue()]).rstrip() + "\n"


def _finding_row(entry: FindingCode) -> Sequence[str]:
    return (
        f"`{entry.code}`",
        f"**{entry.title}.** {without_places(entry.message)}",
        SCOPE[entry.scope],
        without_places(entry.remedy),
        entry.legal_base,
        ", ".join(entry.missions),
    )


def _example(info: object) -> str:
    extra = getattr(info, "json_schema_extra", None) or {}
    return f"`{extra['exemple']}`" if extra.get("exemple") else ""


def _columns(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _grid(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [f"| {' | '.join(header)} |", f"|{'---|' * len(header)}"]
    lines += [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows]
    return [*lines, ""]
