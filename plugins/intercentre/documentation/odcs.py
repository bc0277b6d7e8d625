"""The whole contract as an Open Data Contract Standard document, version 3.1, for catalogues of data contracts."""

from __future__ import annotations

from typing import Any

from intercentre.documentation.facts import extra_facts, first_line, set_pattern, short_list
from schemas.contract import (
    EARLIEST_DATE,
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
    QuarterText,
    Whole,
    YesNo,
)
from schemas.extracts import TABLES, VERSION_CONTRAT
from schemas.findings import FindingCode, Severity
from schemas.rules.cross_table import CROSS_TABLE_RULES

# What the standard calls a check's severity, for what a finding does to the deposit.
_SEVERITY = {
    Severity.BLOQUANT: "error",
    Severity.A_CORRIGER: "error",
    Severity.A_EXPLIQUER: "warning",
    Severity.INFORMATION: "info",
}


def contract_document() -> dict[str, Any]:
    """The document; its schema objects stand in the order of the tables."""
    return {
        "apiVersion": "v3.1.0",
        "kind": "DataContract",
        "id": "urn:intercentre:contrat",
        "name": "contrat_echange_intercentre",
        "version": VERSION_CONTRAT,
        "status": "active",
        "domain": "intégration des personnes étrangères",
        "dataProduct": "Extraits des centres régionaux d'intégration",
        "description": {
            "purpose": "Extraits trimestriels pseudonymisés des huit centres régionaux d'intégration, "
            "pour les indicateurs communs que les centres et DISCRI décident de publier.",
            "limitations": "Aucun nom, numéro national, date de naissance complète ni adresse. "
            "Les lignes ne quittent pas le hub : seuls des chiffres protégés sont publiés.",
            "usage": "Un dépôt est l'état complet, à sa date d'état, de tous les dossiers ouverts depuis le début "
            "d'historique déclaré ; une table est un fichier CSV ou une feuille.",
        },
        "schema": [_object(table) for table in TABLES.values()],
    }


def _object(table: type[Extract]) -> dict[str, Any]:
    contract = table.contrat
    cross = [rule.finding for rule in CROSS_TABLE_RULES if rule.tables[0] == contract.name]
    rules = [_check(code) for code in (*(rule.finding for rule in table.rules()), *cross)]
    relationships = [
        {
            "type": "foreignKey",
            "from": _end(contract.name, one.columns),
            "to": _end(one.table, one.target),
        }
        for one in contract.references
    ]
    return {
        "name": contract.name,
        "logicalType": "object",
        "physicalType": "file",
        "physicalName": f"{contract.name}.csv",
        "businessName": f"{contract.numero} {contract.name}",
        "description": first_line(table),
        "dataGranularityDescription": contract.grain,
        "tags": [f"mission-{mission}" for mission in contract.missions],
        "properties": [_property(table, name) for name in table.fields()],
        **({"relationships": relationships} if relationships else {}),
        **({"quality": rules} if rules else {}),
        "customProperties": [{"property": "niveau", "value": contract.niveau}],
    }


def _property(table: type[Extract], name: str) -> dict[str, Any]:
    kind, info = table.fields()[name]
    key, extra = table.contrat.key, extra_facts(table, name)
    logical, physical, options = _types(kind)
    custom = {"attendu": kind.expected}
    if isinstance(kind, Coded):
        custom["liste"] = kind.list_name
    if "base" in extra:
        custom["base"] = extra["base"]
    return {
        "name": name,
        "description": info.description,
        "logicalType": logical,
        **({"logicalTypeOptions": options} if options else {}),
        "physicalType": physical,
        "required": not table.optional(name),
        **({"primaryKey": True, "primaryKeyPosition": key.index(name) + 1} if name in key else {}),
        **({"unique": True} if key == (name,) else {}),
        "classification": extra.get("risque", "aucun"),
        **({"examples": [extra["exemple"]]} if "exemple" in extra else {}),
        "customProperties": [{"property": word, "value": text} for word, text in custom.items()],
    }


def _types(kind: FieldType) -> tuple[str, str, dict[str, Any]]:
    """Logical type, the hub's type, options of the logical type."""
    codes = short_list(kind)
    if codes is not None:
        return "string", "VARCHAR", {"pattern": f"^({'|'.join(map(_literal, codes))})$"}
    match kind:
        case Identifier() | Denomination():
            return "string", "VARCHAR", {"pattern": f"^({kind.pattern})$", "maxLength": kind.length}
        case CodeSet():
            return "string", "VARCHAR", {"pattern": f"^{set_pattern(kind)}$"}
        case PeriodText() | MonthText() | QuarterText():
            return "string", "VARCHAR", {"pattern": f"^({kind.pattern})$"}
        case Day():
            return "date", "DATE", {"format": "yyyy-MM-dd", "minimum": EARLIEST_DATE.isoformat()}
        case Whole():
            return "integer", "INTEGER", {"minimum": kind.lowest, "maximum": kind.highest}
        case Number():
            return "number", "DECIMAL(12,2)", {"minimum": kind.lowest, "maximum": kind.highest}
        case YesNo():
            return "boolean", "BOOLEAN", {}
        case _:
            return "string", "VARCHAR", {}


def _literal(code: str) -> str:
    """A code in a regular expression of ECMA-262."""
    return "".join(f"\\{sign}" if sign in "^$.*+?()[]{}|/\\" else sign for sign in code)


def _check(code: FindingCode) -> dict[str, Any]:
    return {
        "name": code.code,
        "type": "text",
        "description": f"{code.title}. {code.message}",
        "severity": _SEVERITY[code.severity],
        "dimension": "consistency",
        "customProperties": [{"property": "severite", "value": str(code.severity)}],
    }


def _end(table: str, columns: tuple[str, ...]) -> str | list[str]:
    ends = [f"{table}.{column}" for column in columns]
    return ends[0] if len(ends) == 1 else ends
