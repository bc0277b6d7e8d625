"""A verdict as a page shows it: findings of one code together, the gravest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.exchanges.verdict import Verdict
from schemas.findings import Finding, Severity
from schemas.rules.catalogue import catalogue

FIRST_PLACES = 5
PAGE_ROWS = 200
_ORDER = {severity: rank for rank, severity in enumerate(Severity)}


@dataclass(frozen=True)
class FindingGroup:
    """The findings that share a code and a message; `lieux` are the first places, `nombre` counts all."""

    code: str
    titre: str
    severite: Severity
    message: str
    remede: str
    base_legale: str
    nombre: int
    lieux: tuple[str, ...]


def group_findings(findings: Sequence[Finding]) -> list[FindingGroup]:
    """Groups by gravity, then by the number of places, then by code."""
    members: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in findings:
        members.setdefault((finding.code, finding.message, finding.remede), []).append(finding)
    groups = [_group(same) for same in members.values()]
    return sorted(groups, key=lambda group: (_ORDER[group.severite], -group.nombre, group.code, group.message))


@dataclass(frozen=True)
class FindingPage:
    """A slice of all findings; pages are counted from 1."""

    constats: tuple[Finding, ...]
    page: int
    pages: int
    total: int


def page_of(verdict: Verdict, page: int) -> FindingPage:
    """The findings of one page, the last page when there are not so many."""
    total = len(verdict.constats)
    pages = max(1, -(-total // PAGE_ROWS))
    page = min(max(1, page), pages)
    return FindingPage(verdict.constats[(page - 1) * PAGE_ROWS : page * PAGE_ROWS], page, pages, total)


def _group(same: Sequence[Finding]) -> FindingGroup:
    first = same[0]
    entry = catalogue().get(first.code)
    return FindingGroup(
        code=first.code,
        titre=entry.title if entry else first.code,
        severite=first.severite,
        message=first.message,
        remede=first.remede,
        base_legale=entry.legal_base if entry else "",
        nombre=len(same),
        lieux=tuple(finding.lieu for finding in same[:FIRST_PLACES]),
    )
