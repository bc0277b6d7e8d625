"""What only several rows can tell: keys, references, the rules of schemas/rules/*.sql, the deposit before."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from intercentre.validation.expressions import quoted
from intercentre.validation.precedent import Beside
from intercentre.validation.workspace import FINDINGS, Workspace
from schemas.contract import Extract, Reference
from schemas.editions import CURRENT, Edition
from schemas.findings import Scope
from schemas.nomenclatures import nomenclature
from schemas.rules.cross_table import CROSS_TABLE_RULES, PRECEDENT_PREFIX, CrossTableRule

REFERENCE_PREFIX = "ref_"
"""A rule may read a nomenclature: ref_<list> (code, then the list's own columns, all text)."""


@dataclass(frozen=True)
class Gone:
    """What a rule on a table says of the lines of the deposit before; `lignes` are its lines, in order."""

    code: str
    table: str
    colonne: str
    lignes: tuple[int, ...]


def judge_between_rows(
    workspace: Workspace, whole: Collection[str], beside: Beside | None = None, edition: Edition = CURRENT
) -> list[Gone]:
    """`constats` holds every finding that several rows make together; returns what is gone since the deposit before.

    whole   tables of which every row and column could be placed; a rule that reads another table is silent,
            and a reference is judged only against a whole table
    beside  the deposit before; a rule that reads it is silent where there is none, or where it lacks the table
    edition version of the contract whose keys, references and rules are asked
    """
    for table in edition.tables.values():
        workspace.run(_duplicate_keys_sql(table))
        for reference in table.contrat.references:
            if reference.table in whole:
                workspace.run(_orphans_sql(table, reference))
    rules = [rule for rule in edition.rules if _is_asked(rule, whole, beside)]
    create_lists_of(workspace, rules)
    if beside is not None:
        names = {name for rule in rules for name in rule.tables if name.startswith(PRECEDENT_PREFIX)}
        workspace = beside.open(workspace, sorted(names))
    gone = [rule for rule in rules if rule.finding.scope is Scope.TABLE]
    for rule in rules:
        if rule not in gone:
            code = quoted(rule.finding.code)
            workspace.run(
                f"INSERT INTO {FINDINGS} SELECT DISTINCT table_nom, ligne, colonne, {code} FROM (\n{rule.sql}\n)"
            )
    return [found for rule in gone for found in _gone(workspace, rule)]


def _is_asked(rule: CrossTableRule, whole: Collection[str], beside: Beside | None) -> bool:
    """Whether all that the rule reads is there to be read."""
    if rule.precedent is not None and (beside is None or not beside.asks(rule)):
        return False
    return all(name in whole or _is_list(name) or (beside is not None and beside.has(name)) for name in rule.tables)


def _gone(workspace: Workspace, rule: CrossTableRule) -> Iterable[Gone]:
    places: dict[tuple[str, str], list[int]] = {}
    for table, ligne, colonne in workspace.run(
        f"SELECT DISTINCT table_nom, ligne, colonne FROM (\n{rule.sql}\n) ORDER BY ALL"
    ):
        places.setdefault((table, colonne), []).append(ligne)
    for (table, colonne), lignes in places.items():
        yield Gone(rule.finding.code, table, colonne, tuple(lignes))


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
        f"INSERT INTO {FINDINGS} SELECT {quoted(name)}, ligne, {quoted(table.contrat.key[0])}, 'CTR-007' FROM {name}"
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
        f"INSERT INTO {FINDINGS} SELECT {quoted(name)}, ligne, {quoted(reference.columns[0])}, 'V41' FROM {name}"
        f" WHERE {filled} AND NOT EXISTS (SELECT 1 FROM {target} AS cible WHERE {same})"
    )
