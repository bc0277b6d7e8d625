"""Every finding code there is, from its one place of declaration."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from schemas.extracts import TABLES
from schemas.findings import Finding, FindingCode
from schemas.rules.between_centres import BETWEEN_CENTRES
from schemas.rules.codes import CODES
from schemas.rules.cross_table import CROSS_TABLE_RULES


@cache
def catalogue() -> Mapping[str, FindingCode]:
    """Code → its entry; raises ValueError when one code is declared twice, unless in the same words (a shared rule)."""
    declared = [
        *CODES,
        *(rule.finding for table in TABLES.values() for rule in table.rules()),
        *(rule.finding for rule in CROSS_TABLE_RULES),
        *(rule.finding for rule in BETWEEN_CENTRES),
    ]
    entries: dict[str, FindingCode] = {}
    for entry in declared:
        if entries.get(entry.code, entry) != entry:
            raise ValueError(f"finding code declared twice: {entry.code}")
        entries[entry.code] = entry
    return dict(sorted(entries.items()))


def finding(
    code: str,
    *,
    table: str | None = None,
    fichier: str | None = None,
    feuille: str | None = None,
    ligne: int | None = None,
    colonne: str | None = None,
    **facts: object,
) -> Finding:
    """A finding of `code` at a place; `facts` fill the message's places (form facts, never a cell value)."""
    entry = catalogue()[code]
    return Finding(
        code=code,
        severite=entry.severity,
        message=entry.message.format(**facts),
        remede=entry.remedy.format(**facts),
        table=table,
        fichier=fichier,
        feuille=feuille,
        ligne=ligne,
        colonne=colonne,
    )
