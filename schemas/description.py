"""The contract as plain data that JSON can hold: what two versions are compared by.

A version is described once, in schemas/generated/contrat-<version>.json, and never changed afterwards.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from schemas.contract import (
    Code,
    Coded,
    CodeSet,
    Day,
    Denomination,
    Extract,
    FieldType,
    Identifier,
    MonthText,
    Number,
    PeriodText,
    Pseudonym,
    QuarterText,
    RowRule,
    Whole,
    YesNo,
)
from schemas.editions import CURRENT, Edition
from schemas.findings import FindingCode, Severity
from schemas.nomenclatures import Entry, nomenclature

FOLDER = Path(__file__).with_name("generated")
_NAMES: Mapping[type[FieldType], str] = {
    Identifier: "identifiant",
    Pseudonym: "pseudonyme",
    Denomination: "denomination",
    Code: "code",
    CodeSet: "codes",
    PeriodText: "periode",
    MonthText: "mois",
    QuarterText: "trimestre",
}
"""French names of the types that are described alike."""
Description = Mapping[str, Any]


class DescribedRule(BaseModel):
    """A rule, on one row or between rows."""

    severite: Severity
    titre: str
    message: str
    remede: str
    base: str
    condition: str


class DescribedColumn(BaseModel):
    """A column; the bounds of its type stand beside these."""

    libelle: str
    obligatoire: bool
    type: str
    risque: str
    base: str
    exemple: str


class DescribedReference(BaseModel):
    """A foreign key, named by its own columns."""

    table: str
    colonnes: list[str]


class DescribedTable(BaseModel):
    """A table with its columns and the rules on its rows."""

    numero: str
    grain: str
    niveau: int
    missions: list[str]
    cle: list[str]
    renvois: dict[str, DescribedReference]
    colonnes: dict[str, DescribedColumn]
    regles: dict[str, DescribedRule]


class DescribedCode(BaseModel):
    """A code of a list."""

    libelle: str
    valide_du: date
    valide_au: date | None
    remplace_par: str | None


class DescribedContract(BaseModel):
    """What a description must hold to be compared."""

    version: str
    tables: dict[str, DescribedTable]
    regles: dict[str, DescribedRule]
    listes: dict[str, dict[str, DescribedCode]]


class UnknownContractError(ValueError):
    """No contract is described by this number or file; the message is French."""


def describe_contract(edition: Edition = CURRENT) -> dict[str, Any]:
    """The contract that the classes of an edition declare, by default those in force.

    tables   name → grain, key, columns with their types, references, rules on its rows
    regles   rules between rows and tables, by code
    listes   the code lists that a column uses, code by code
    """
    fields = [kind for table in edition.tables.values() for kind, _ in table.fields().values()]
    lists = sorted({kind.list_name for kind in fields if isinstance(kind, Coded)})
    return {
        "version": edition.version,
        "tables": {name: _table(table) for name, table in edition.tables.items()},
        "regles": {
            rule.finding.code: _rule(rule.finding) | {"tables": list(rule.tables), "condition": _select(rule.sql)}
            for rule in edition.rules
        },
        "listes": {name: {code: _entry(one) for code, one in nomenclature(name).entries.items()} for name in lists},
    }


def description_path(version: str) -> Path:
    """Where the description of `version` is kept."""
    return FOLDER / f"contrat-{version}.json"


def description_text(description: Description) -> str:
    """The bytes that are kept, as text."""
    return json.dumps(description, ensure_ascii=False, indent=1) + "\n"


def known_versions() -> list[str]:
    """The versions that have a description, in their order."""
    names = [path.stem.removeprefix("contrat-") for path in FOLDER.glob("contrat-*.json")]
    return sorted(names, key=lambda name: [int(part) for part in name.split(".")])


def read_description(source: str) -> Description:
    """The description kept for a version number, or in a file; raises UnknownContractError."""
    path = description_path(source) if source in known_versions() else Path(source)
    if not path.is_file():
        raise UnknownContractError(
            f"contrat inconnu : {source} ; versions connues : {', '.join(known_versions())}, ou un fichier."
        )
    try:
        description = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise UnknownContractError(f"{source} n'est pas un fichier JSON.") from None
    try:
        DescribedContract.model_validate(description)
    except ValidationError as error:
        first = ".".join(map(str, error.errors()[0]["loc"])) or "le document"
        raise UnknownContractError(
            f"{source} n'est pas la description d'un contrat ; première faute : {first}."
        ) from None
    return dict(description)


def _table(table: type[Extract]) -> dict[str, Any]:
    contract = table.contrat
    return {
        "numero": contract.numero,
        "grain": contract.grain,
        "niveau": contract.niveau,
        "missions": list(contract.missions),
        "cle": list(contract.key),
        "renvois": {
            ", ".join(one.columns): {"table": one.table, "colonnes": list(one.target)} for one in contract.references
        },
        "colonnes": {name: _column(table, name) for name in table.fields()},
        "regles": {rule.finding.code: _row_rule(rule) for rule in table.rules()},
    }


def _column(table: type[Extract], name: str) -> dict[str, Any]:
    kind, info = table.fields()[name]
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    return {
        "libelle": info.description or "",
        "obligatoire": not table.optional(name),
        **describe_type(kind),
        **{key: str(extra.get(key, "")) for key in ("risque", "base", "exemple")},
    }


def describe_type(kind: FieldType) -> dict[str, Any]:
    """French name of the type and its bounds; raises TypeError for a type of field that nobody described."""
    match kind:
        case Identifier() | Denomination():
            return {"type": _NAMES[type(kind)], "longueur": kind.length, "forme": kind.pattern}
        case Code() | CodeSet():
            return {"type": _NAMES[type(kind)], "liste": kind.list_name, "jugee_a": kind.at or "date_etat"}
        case Day():
            return {"type": "date", "avenir": kind.future}
        case Whole():
            return {"type": "entier", "minimum": kind.lowest, "maximum": kind.highest}
        case Number():
            return {"type": "nombre", "minimum": kind.lowest, "maximum": kind.highest, "decimales": kind.scale}
        case PeriodText() | MonthText() | QuarterText():
            return {"type": _NAMES[type(kind)], "forme": kind.pattern}
        case YesNo():
            return {"type": "oui_non"}
        case _:
            raise TypeError(f"type of field without a description: {type(kind).__name__}")


def _row_rule(rule: RowRule) -> dict[str, Any]:
    return _rule(rule.finding) | {"colonnes": list(rule.columns), "condition": rule.sql}


def _rule(code: FindingCode) -> dict[str, Any]:
    return {
        "severite": str(code.severity),
        "titre": code.title,
        "message": code.message,
        "remede": code.remedy,
        "base": code.legal_base,
    }


def _select(sql: str) -> str:
    return "\n".join(line for line in sql.splitlines() if not line.startswith("-- ")).strip()


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "libelle": entry.libelle,
        "valide_du": entry.valide_du.isoformat(),
        "valide_au": entry.valide_au.isoformat() if entry.valide_au else None,
        "remplace_par": entry.remplace_par,
    }
