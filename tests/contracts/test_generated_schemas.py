"""schemas/generated is what the contract says today, and keeps to the published specifications of its forms."""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from intercentre.documentation import generated_schemas
from intercentre.documentation.example_deposit import example_row
from schemas.contract import Code, Extract
from schemas.extracts import TABLES, VERSION_CONTRAT
from schemas.rules.cross_table import CROSS_TABLE_RULES

GENERATED = Path(__file__).parents[2] / "schemas" / "generated"
TEXTS = generated_schemas()
ODCS: dict[str, Any] = yaml.safe_load(TEXTS["odcs.yml"])


def _json_schema(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(TEXTS[f"json-schema/{name}.json"])
    return document


def _table_schema(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(TEXTS[f"table-schema/{name}.json"])
    return document


def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(_json_schema(name), format_checker=Draft202012Validator.FORMAT_CHECKER)


def _wrong(name: str, row: dict[str, str]) -> set[str]:
    """Columns that the JSON Schema refuses ('' for the row as a whole)."""
    return {str(error.path[0]) if error.path else "" for error in _validator(name).iter_errors(row)}


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_committed_file_is_current(name: str) -> None:
    assert (GENERATED / name).read_text(encoding="utf-8") == TEXTS[name], "run `make docs`"


def test_no_file_of_a_table_that_is_gone() -> None:
    kept = {str(path.relative_to(GENERATED)) for path in GENERATED.rglob("*") if path.is_file()}
    assert {name for name in kept if not re.fullmatch(r"contrat-\d+\.\d+\.\d+\.json", name)} == set(TEXTS)


# JSON Schema


@pytest.mark.parametrize("name", TABLES)
def test_json_schema_is_valid_and_accepts_the_example(name: str) -> None:
    Draft202012Validator.check_schema(_json_schema(name))
    assert _wrong(name, example_row(TABLES[name])) == set()


@pytest.mark.parametrize("name", TABLES)
def test_json_schema_asks_for_each_column_and_no_other(name: str) -> None:
    table, row = TABLES[name], example_row(TABLES[name])
    for column in table.fields():
        assert _wrong(name, {key: text for key, text in row.items() if key != column}) == {""}
        assert _wrong(name, row | {column: ""}) == (set() if table.optional(column) else {column})
    assert _wrong(name, row | {"nom": "X"}) == {""}


@pytest.mark.parametrize(
    ("table", "column", "text"),
    [
        ("dossier", "dossier_id", "D 1"),
        ("dossier", "dossier_id", "D" * 33),
        ("dossier", "date_ouverture", "15/01/2026"),
        ("dossier", "date_ouverture", "2026-02-30"),
        ("dossier", "sexe", "H"),
        ("dossier", "annee_naissance", "1990,5"),
        ("etape_accueil", "interprete", "oui"),
        ("stat_locale", "valeur", "1234,5"),
        ("stat_locale", "valeur", "1.234"),
        ("stat_locale", "periode", "2026-T5"),
    ],
)
def test_json_schema_refuses_what_is_not_canonical(table: str, column: str, text: str) -> None:
    assert _wrong(table, example_row(TABLES[table]) | {column: text}) == {column}


def test_json_schema_says_what_the_contract_declares() -> None:
    nationality = _json_schema("dossier")["properties"]["nationalite"]
    assert nationality["description"].startswith("Nationalité actuelle, ISO 3166-1 alpha-3. Attendu : ")
    assert (nationality["x-liste"], nationality["x-risque"], nationality["x-exemple"]) == (
        "pays",
        "quasi_identifiant",
        "SYR",
    )
    assert "enum" not in nationality
    status = _json_schema("dossier")["properties"]["statut_public"]
    assert status["x-base"] == "CWASS, art. 150 et 152"
    assert "OBLIGE" in status["enum"]
    title = _json_schema("dossier")["properties"]["titre_sejour"]
    assert {old: title["x-remplaces"][old] for old in ("C", "D", "E")} == {"C": "K", "D": "L", "E": "EU"}
    year = _json_schema("dossier")["properties"]["annee_naissance"]
    assert (year["x-minimum"], year["x-maximum"], year["x-obligatoire"]) == (1900, 2100, False)


# Frictionless Table Schema, datapackage.org/standard/table-schema (version 2)

FIELD_TYPES = {"string", "date", "integer", "number", "boolean"}
CONSTRAINTS = {
    "string": {"required", "unique", "enum", "pattern", "minLength", "maxLength"},
    "date": {"required", "unique", "enum", "minimum", "maximum"},
    "integer": {"required", "unique", "enum", "minimum", "maximum"},
    "number": {"required", "unique", "enum", "minimum", "maximum"},
    "boolean": {"required", "enum"},
}


@pytest.mark.parametrize("name", TABLES)
def test_table_schema_keeps_to_the_specification(name: str) -> None:
    document = _table_schema(name)
    assert document["$schema"] == "https://datapackage.org/profiles/2.0/tableschema.json"
    assert document["fieldsMatch"] in {"exact", "equal", "subset", "superset", "partial"}
    assert document["missingValues"] == [""]
    names = [field["name"] for field in document["fields"]]
    assert names == list(TABLES[name].fields())
    for field in document["fields"]:
        assert field["type"] in FIELD_TYPES
        assert field["constraints"].keys() <= CONSTRAINTS[field["type"]], field["name"]
        assert field["constraints"]["required"] is not TABLES[name].optional(field["name"])
        assert field["title"]
        re.compile(field["constraints"].get("pattern", ""))
    assert document["primaryKey"] == list(TABLES[name].contrat.key)
    assert set(document["primaryKey"]) <= set(names)


@pytest.mark.parametrize("name", TABLES)
def test_foreign_keys_point_to_columns_that_exist(name: str) -> None:
    document = _table_schema(name)
    assert len(document["foreignKeys"]) == len(TABLES[name].contrat.references)
    for key in document["foreignKeys"]:
        target = key["reference"].get("resource", name)
        assert set(key["fields"]) <= {field["name"] for field in document["fields"]}
        assert set(key["reference"]["fields"]) <= set(TABLES[target].fields())
        assert len(key["fields"]) == len(key["reference"]["fields"])


def test_a_table_that_refers_to_itself_names_no_resource() -> None:
    keys = _table_schema("attestation")["foreignKeys"]
    assert {"fields": ["remplace_attestation_id"], "reference": {"fields": ["attestation_id"]}} in keys


# Open Data Contract Standard 3.1: its own JSON Schema names these keys

OBJECT_KEYS = {
    "name",
    "logicalType",
    "physicalType",
    "physicalName",
    "businessName",
    "description",
    "dataGranularityDescription",
    "tags",
    "properties",
    "relationships",
    "quality",
    "customProperties",
}
PROPERTY_KEYS = {
    "name",
    "description",
    "logicalType",
    "logicalTypeOptions",
    "physicalType",
    "required",
    "primaryKey",
    "primaryKeyPosition",
    "unique",
    "classification",
    "examples",
    "customProperties",
}
OPTIONS = {
    "string": {"pattern", "maxLength", "minLength", "format"},
    "date": {"format", "minimum", "maximum"},
    "integer": {"minimum", "maximum", "format"},
    "number": {"minimum", "maximum", "format"},
    "boolean": set(),
}


def test_odcs_head() -> None:
    assert ODCS.keys() >= {"version", "apiVersion", "kind", "id", "status"}
    assert (ODCS["kind"], ODCS["apiVersion"], ODCS["version"]) == ("DataContract", "v3.1.0", VERSION_CONTRAT)
    assert ODCS["description"].keys() <= {"purpose", "limitations", "usage"}
    assert [one["name"] for one in ODCS["schema"]] == list(TABLES)


@pytest.mark.parametrize(("name", "document"), list(zip(TABLES, ODCS["schema"], strict=True)), ids=list(TABLES))
def test_odcs_object_holds_the_table(name: str, document: dict[str, Any]) -> None:
    table = TABLES[name]
    assert document.keys() <= OBJECT_KEYS
    assert [one["name"] for one in document["properties"]] == list(table.fields())
    for one in document["properties"]:
        assert one.keys() <= PROPERTY_KEYS
        assert one.get("logicalTypeOptions", {}).keys() <= OPTIONS[one["logicalType"]]
        assert one["required"] is not table.optional(one["name"])
    positions = {one["primaryKeyPosition"]: one["name"] for one in document["properties"] if one.get("primaryKey")}
    assert tuple(positions[place] for place in sorted(positions)) == table.contrat.key
    assert len(document.get("relationships", [])) == len(table.contrat.references)
    ends = itertools.chain.from_iterable((one["from"], one["to"]) for one in document.get("relationships", []))
    for end in itertools.chain.from_iterable([end] if isinstance(end, str) else end for end in ends):
        target, _, column = end.partition(".")
        assert column in TABLES[target].fields()


def test_odcs_names_each_rule_once() -> None:
    named = [check["name"] for document in ODCS["schema"] for check in document.get("quality", [])]
    declared = [rule.finding.code for table in TABLES.values() for rule in table.rules()]
    assert sorted(named) == sorted([*declared, *(rule.finding.code for rule in CROSS_TABLE_RULES)])


def _short_codes(table: type[Extract]) -> list[tuple[str, str]]:
    return [
        (column, code)
        for column, (kind, _) in table.fields().items()
        if isinstance(kind, Code) and len(kind.nomenclature.entries) <= 30
        for code in kind.nomenclature.entries
    ]


def test_odcs_patterns_accept_each_code_and_nothing_near_it() -> None:
    for name, document in zip(TABLES, ODCS["schema"], strict=True):
        patterns = {one["name"]: one.get("logicalTypeOptions", {}).get("pattern") for one in document["properties"]}
        for column, code in _short_codes(TABLES[name]):
            assert re.search(patterns[column], code)
            assert not re.search(patterns[column], f"{code}?")
