"""Findings brought together for a person: those that say the same as one group, the gravest first, none lost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from intercentre.core.looks import GRAVITY, SEVERITY_LOOKS, Look
from schemas.extracts import TABLES
from schemas.findings import Finding, Severity
from schemas.rules import catalogue

FIRST_PLACES, FIRST_TO_DO = 5, 6
TOO_MANY_ROWS = "QUA-001"


@dataclass(frozen=True)
class Group:
    """Findings that say the same; `lieux` are the first places, `nombre` counts all, `tables` are those concerned."""

    code: str
    titre: str
    severite: Severity
    message: str
    remede: str
    base_legale: str
    nombre: int
    lieux: tuple[str, ...]
    tables: tuple[str, ...]

    @property
    def look(self) -> Look:
        return SEVERITY_LOOKS[self.severite]

    @property
    def mot(self) -> str:
        return self.look.mot


@dataclass(frozen=True)
class Section:
    """The groups of one table, or of the deposit as a whole."""

    titre: str
    grain: str
    groupes: tuple[Group, ...]


def group_findings(findings: Iterable[Finding]) -> tuple[Group, ...]:
    """Groups by gravity, then by the number of places, then by code."""
    return _grouped((found, (found.code, found.message, found.remede)) for found in findings)


def groups_to_do(findings: Iterable[Finding]) -> tuple[tuple[Group, ...], int]:
    """What to do first, one group for each remedy, and how many more there are: the gravest level that there is.

    A table refused because too many of its rows are to be corrected is a consequence: its rows stand in its place.
    """
    due = to_act_on(findings)
    refused = {found.table for found in due if found.code == TOO_MANY_ROWS}
    causes = [found for found in due if found.code != TOO_MANY_ROWS]
    gravest = min((GRAVITY[found.severite] for found in causes), default=0)
    first = [
        found
        for found in causes
        if GRAVITY[found.severite] == gravest or (found.severite is Severity.A_CORRIGER and found.table in refused)
    ]
    groups = _grouped((found, (found.code, found.remede)) for found in first)
    return groups[:FIRST_TO_DO], len(groups[FIRST_TO_DO:])


def to_act_on(findings: Iterable[Finding]) -> list[Finding]:
    """The findings that ask for something, without those that only inform."""
    return [found for found in findings if found.severite is not Severity.INFORMATION]


def only_told(findings: Iterable[Finding]) -> list[Finding]:
    """The findings that only inform: what was tolerated, what was noticed."""
    return [found for found in findings if found.severite is Severity.INFORMATION]


def sections(findings: Sequence[Finding]) -> tuple[Section, ...]:
    """The findings of the deposit as a whole, then those of each table in the contract's order."""
    by_table: dict[str | None, list[Finding]] = {}
    for found in findings:
        by_table.setdefault(found.table if found.table in TABLES else None, []).append(found)
    return tuple(_section(name, by_table[name]) for name in (None, *TABLES) if name in by_table)


def _section(name: str | None, findings: Sequence[Finding]) -> Section:
    if name is None:
        return Section("Le dépôt dans son ensemble", "", group_findings(findings))
    table = TABLES[name].contrat
    return Section(f"Table {table.name} ({table.numero})", f"Une ligne : {table.grain}.", group_findings(findings))


def _grouped(keyed: Iterable[tuple[Finding, tuple[str, ...]]]) -> tuple[Group, ...]:
    members: dict[tuple[str, ...], list[Finding]] = {}
    for found, key in keyed:
        members.setdefault(key, []).append(found)
    groups = [_group(same) for same in members.values()]
    return tuple(sorted(groups, key=lambda group: (GRAVITY[group.severite], -group.nombre, group.code, group.message)))


def _group(same: Sequence[Finding]) -> Group:
    first = same[0]
    entry = catalogue().get(first.code)  # a verdict of another day may bear a code that left the catalogue
    return Group(
        code=first.code,
        titre=entry.title if entry else first.code,
        severite=first.severite,
        message=first.message,
        remede=first.remede,
        base_legale=entry.legal_base if entry else "",
        nombre=len(same),
        lieux=tuple(found.lieu for found in same[:FIRST_PLACES]),
        tables=tuple(dict.fromkeys(found.table for found in same if found.table)),
    )
