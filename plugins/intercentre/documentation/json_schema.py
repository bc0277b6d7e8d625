"""JSON Schema 2020-12 of a table's row, whose values are the texts that a canonical export writes."""

from __future__ import annotations

from typing import Any

from intercentre.documentation.facts import extra_facts, first_line, set_pattern, short_list, successors
from schemas.contract import (
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
from schemas.extracts import VERSION_CONTRAT

_EMPTY = {"const": ""}


def row_schema(table: type[Extract]) -> dict[str, Any]:
    """The schema of one row: column → text. Every column is there; an optional one may be empty.

    JSON Schema cannot bound a number written as text: bounds stand in x-minimum and x-maximum, and rules in x-regles.
    """
    contract = table.contrat
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:intercentre:contrat:{VERSION_CONTRAT}:{contract.name}",
        "title": f"{contract.numero} {contract.name}",
        "description": first_line(table),
        "type": "object",
        "properties": {name: _column(table, name) for name in table.fields()},
        "required": list(table.fields()),
        "additionalProperties": False,
        "x-version": VERSION_CONTRAT,
        "x-niveau": contract.niveau,
        "x-missions": list(contract.missions),
        "x-cle": list(contract.key),
        "x-renvois": [
            {"colonnes": list(one.columns), "table": one.table, "cible": list(one.target)}
            for one in contract.references
        ],
        "x-regles": [rule.finding.code for rule in table.rules()],
    }


def _column(table: type[Extract], name: str) -> dict[str, Any]:
    kind, info = table.fields()[name]
    optional = table.optional(name)
    extra = extra_facts(table, name)
    value = {"type": "string", **canonical_text(kind)}
    form = {"anyOf": [_EMPTY, value]} if optional else value
    return {
        "title": name,
        "description": f"{info.description}. Attendu : {kind.expected}.",
        **form,
        **({"examples": [extra["exemple"]]} if "exemple" in extra else {}),
        "x-obligatoire": not optional,
        **_bounds(kind),
        **({"x-remplaces": replaced} if (replaced := successors(kind)) else {}),
        **({"x-liste": kind.list_name} if isinstance(kind, Coded) else {}),
        **{f"x-{key}": text for key, text in extra.items()},
    }


def canonical_text(kind: FieldType) -> dict[str, Any]:
    """The keywords that a canonical, non-empty text of this type keeps."""
    codes = short_list(kind)
    if codes is not None:
        return {"enum": codes}
    match kind:
        case Identifier() | Denomination():
            return {"pattern": f"^(?:{kind.pattern})$", "maxLength": kind.length}
        case Day():
            return {"format": "date", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
        case Whole():
            return {"pattern": f"^{_sign(kind.lowest)}[0-9]{{1,9}}$"}
        case Number():
            return {"pattern": rf"^{_sign(kind.lowest)}[0-9]{{1,9}}(?:\.[0-9]{{1,{kind.scale}}})?$"}
        case PeriodText() | MonthText() | QuarterText():
            return {"pattern": f"^(?:{kind.pattern})$"}
        case CodeSet():
            return {"pattern": f"^{set_pattern(kind)}$"}
        case YesNo():
            return {"enum": ["true", "false"]}
        case _:
            return {"minLength": 1}


def _sign(lowest: int) -> str:
    return "-?" if lowest < 0 else ""


def _bounds(kind: FieldType) -> dict[str, int]:
    return {"x-minimum": kind.lowest, "x-maximum": kind.highest} if isinstance(kind, Whole | Number) else {}
