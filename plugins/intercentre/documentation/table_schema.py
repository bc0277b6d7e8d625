"""Frictionless Table Schema (Data Package 2) of a table, for the tools that read it."""

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
    Reference,
    Whole,
    YesNo,
)

_TRUE, _FALSE = ("true", "1", "O", "Oui"), ("false", "0", "N", "Non")


def table_schema(table: type[Extract]) -> dict[str, Any]:
    """The descriptor; columns may come in another order, but none more and none less."""
    contract = table.contrat
    return {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "name": contract.name,
        "title": f"{contract.numero} {contract.name}",
        "description": first_line(table),
        "fields": [_field(table, name) for name in table.fields()],
        "fieldsMatch": "equal",
        "missingValues": [""],
        "primaryKey": list(contract.key),
        "foreignKeys": [_foreign_key(contract.name, reference) for reference in contract.references],
    }


def _field(table: type[Extract], name: str) -> dict[str, Any]:
    kind, info = table.fields()[name]
    extra = extra_facts(table, name)
    constraints: dict[str, Any] = {"required": not table.optional(name), **_constraints(kind)}
    if table.contrat.key == (name,):
        constraints["unique"] = True
    return {
        "name": name,
        "title": info.description,
        "description": f"Attendu : {kind.expected}.",
        **_type(kind),
        **({"example": extra["exemple"]} if "exemple" in extra else {}),
        "constraints": constraints,
        **({"x-liste": kind.list_name} if isinstance(kind, Coded) else {}),
        **{f"x-{key}": extra[key] for key in ("risque", "base") if key in extra},
    }


def _type(kind: FieldType) -> dict[str, Any]:
    match kind:
        case Day():
            return {"type": "date", "format": "default"}
        case Whole():
            return {"type": "integer"}
        case Number():
            return {"type": "number", "decimalChar": "."}
        case YesNo():
            return {"type": "boolean", "trueValues": list(_TRUE), "falseValues": list(_FALSE)}
        case _:
            return {"type": "string"}


def _constraints(kind: FieldType) -> dict[str, Any]:
    codes = short_list(kind)
    if codes is not None:
        return {"enum": codes}
    match kind:
        case Identifier() | Denomination():
            return {"pattern": kind.pattern, "maxLength": kind.length}
        case PeriodText() | MonthText() | QuarterText():
            return {"pattern": kind.pattern}
        case CodeSet():
            return {"pattern": set_pattern(kind)}
        case Day():
            return {"minimum": EARLIEST_DATE.isoformat()}
        case Whole() | Number():
            return {"minimum": kind.lowest, "maximum": kind.highest}
        case _:
            return {}


def _foreign_key(table: str, reference: Reference) -> dict[str, Any]:
    """In version 2, a reference without a resource points to its own table."""
    target: dict[str, Any] = {"fields": list(reference.target)}
    if reference.table != table:
        target = {"resource": reference.table, **target}
    return {"fields": list(reference.columns), "reference": target}
