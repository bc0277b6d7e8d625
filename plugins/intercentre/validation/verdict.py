"""From findings to the decision: quarantine, refusal, order, bytes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from schemas.editions import CURRENT, Edition
from schemas.exchanges.verdict import Decision, TableCount, Verdict
from schemas.extracts import TABLES
from schemas.findings import Finding, Severity
from schemas.rules import catalogue, finding
from schemas.thresholds import threshold

_RANK = {name: rank for rank, name in enumerate(TABLES)}


def quarantine_limit() -> float:
    """The greatest share of a table's rows that may go to quarantine before the deposit is refused."""
    return float(threshold("QUARANTAINE_PART_MAX"))


def quarantine_findings(counts: Iterable[TableCount], limit: float) -> list[Finding]:
    """QUA-001 for every table whose quarantine is above the limit.

    A few rows set aside are no sign of a bad export, whatever their share: QUARANTAINE_LIGNES_MIN says how many are.
    """
    return [
        finding(
            "QUA-001",
            table=count.table,
            fichier=count.fichier,
            nombre=_number(count.lignes_quarantaine),
            total=_number(count.lignes_lues),
            seuil=f"{limit * 100:g}".replace(".", ","),
        )
        for count in counts
        if count.lignes_quarantaine > limit * count.lignes_lues
        and count.lignes_quarantaine >= threshold("QUARANTAINE_LIGNES_MIN")
    ]


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings by table (those of the whole deposit first), line, column and code."""
    return tuple(
        sorted(
            findings,
            key=lambda found: (
                _RANK.get(found.table or "", -1),
                found.ligne or 0,
                found.colonne or "",
                found.code,
                found.fichier or "",
                found.message,
            ),
        )
    )


def decide(findings: Sequence[Finding], counts: Sequence[TableCount]) -> Decision:
    """Refused when anything blocks; accepted with quarantine when a row is set aside, or is missing."""
    if any(found.severite is Severity.BLOQUANT for found in findings):
        return Decision.REFUSE
    missing = any(found.severite is Severity.A_CORRIGER for found in findings)
    if missing or any(count.lignes_quarantaine for count in counts):
        return Decision.ACCEPTE_AVEC_QUARANTAINE
    return Decision.ACCEPTE


def conformity_level(present: Iterable[str], edition: Edition = CURRENT) -> int:
    """The highest level of which, and of those below, every table is in the deposit or declared empty."""
    here, level = set(present), 0
    for each in sorted({table.contrat.niveau for table in edition.tables.values()}):
        if not {name for name, table in edition.tables.items() if table.contrat.niveau == each} <= here:
            break
        level = each
    return level


def findings_with_a_line(
    rows: Iterable[tuple[str, int, str, str]], places: Mapping[str, tuple[str | None, str | None]]
) -> list[Finding]:
    """Findings from (table, ligne, colonne, code); `places` gives the file and the sheet of a table."""
    found = []
    blank: dict[str, Finding] = {}
    for table, ligne, colonne, code in rows:
        if code not in blank:
            blank[code] = finding(code)
        fichier, feuille = places[table]
        found.append(replace(blank[code], table=table, fichier=fichier, feuille=feuille, ligne=ligne, colonne=colonne))
    return found


def verdict_bytes(verdict: Verdict) -> bytes:
    """The verdict as JSON, byte for byte the same for the offline check, the hub's API and the registry."""
    return verdict.model_dump_json().encode() + b"\n"


def codes_of(severity: Severity) -> list[str]:
    return [code for code, entry in catalogue().items() if entry.severity is severity]


def _number(count: int) -> str:
    return f"{count:,}".replace(",", "\u202f")
