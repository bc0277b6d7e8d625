"""What only several rows can tell: keys, references, the rules of schemas/rules/*.sql."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from intercentre.validation.expressions import quoted
from intercentre.validation.workspace import Workspace
from schemas.contract import Extract, Reference
from schemas.extracts import TABLES
from schemas.nomenclatures import nomenclature
from schemas.rules.cross_table import CROSS_TABLE_RULES, CrossTableRule

REFERENCE_PREFIX = "ref_"
"""A rule may read a nomenclature: ref_<list> (code, then the list's own columns, all text)."""


def judge_between_rows(workspace: Workspace, whole: Collection[str]) -> None:
    """`constats` holds every finding that several rows make together.

    whole  tables of which every row and column could be placed; a rule that reads another table is silent,
           and a reference is judged only against a whole table
    """
    for table in TABLES.values():
        workspace.run(_duplicate_keys_sql(table))
        for reference in table.contrat.references:
            if reference.table in whole:
                workspace.run(_orphans_sql(table, reference))
    rules = [rule for rule in CROSS_TABLE_RULES if all(name in whole or _is_list(name) for name in rule.tables)]
    create_lists_of(workspace, rules)
    for rule in rules:
        code = quoted(rule.finding.code)
        workspace.run(f"INSERT INTO constats SELECT DISTINCT table_nom, ligne, colonne, {code} FROM (\n{rule.sql}\n)")


def codes_between_rows() -> frozenset[str]:
    """Codes that judge_between_rows can give: none of them is said of one row alone."""
    return frozenset({"CTR-007", "V41", *(rule.finding.code for rule in CROSS_TABLE_RULES)})


def create_lists_of(workspace: Workspace, rules: Iterable[CrossTableRule]) -> None:
    """The nomenclatures that these rules read are tables of the workspace."""
    for name in sorted({name for rule in rules for name in rule.tables if _is_list(name)}):
        _create_list(workspace, name)


def _is_list(name: str) -> bool:
    return name.startswith(REFERENCE_PREFIX)


def _create_list(workspace: Workspace, name: str) -> None:
    entries = nomenclature(name.removeprefix(REFERENCE_PREFIX)).entries.values()
    facts = list(next(iter(entries)).facts)
    rows = [[entry.code, *(entry.facts[fact] or None for fact in facts)] for entry in entries]
    columns = ", ".join(f"{column} VARCHAR" for column in ("code", *facts))
    workspace.connection.execute(f"CREATE TABLE {name} ({columns})")
    workspace.connection.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * (1 + len(facts)))})", rows)


def _duplicate_keys_sql(table: type[Extract]) -> str:
    """CTR-007 on every row whose key another row bears; a row without a whole key has another finding."""
    name, key = table.contrat.name, ", ".join(table.contrat.key)
    filled = " AND ".join(f"{column} IS NOT NULL" for column in table.contrat.key)
    return (
        f"INSERT INTO constats SELECT {quoted(name)}, ligne, {quoted(table.contrat.key[0])}, 'CTR-007' FROM {name}"
        f" WHERE {filled} QUALIFY count(*) OVER (PARTITION BY {key}) > 1"
    )


def _orphans_sql(table: type[Extract], reference: Reference) -> str:
    """V41 where a reference names no row; a row in quarantine is in the deposit all the same."""
    name, target = table.contrat.name, reference.table
    filled = " AND ".join(f"{name}.{column} IS NOT NULL" for column in reference.columns)
    same = " AND ".join(
        f"cible.{target_column} = {name}.{column}"
        for column, target_column in zip(reference.columns, reference.target, strict=True)
    )
    return (
        f"INSERT INTO constats SELECT {quoted(name)}, ligne, {quoted(reference.columns[0])}, 'V41' FROM {name}"
        f" WHERE {filled} AND NOT EXISTS (SELECT 1 FROM {target} AS cible WHERE {same})"
    )
