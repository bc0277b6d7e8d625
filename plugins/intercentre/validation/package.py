"""The whole of validation for one package: container, manifest, files, rows, between rows, verdict."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from intercentre.core.files import write_bytes
from intercentre.validation.container import open_package
from intercentre.validation.layout import lay_out
from intercentre.validation.manifest import Declaration, MissingContextError, read_declaration
from intercentre.validation.outputs import write_findings
from intercentre.validation.refusal import RefusalError
from intercentre.validation.ruleset import rules_hash
from intercentre.validation.tables import JudgedTables, judge_tables
from intercentre.validation.verdict import (
    conformity_level,
    decide,
    in_order,
    quarantine_findings,
    quarantine_limit,
    verdict_bytes,
)
from schemas.exchanges.manifest import Manifest
from schemas.exchanges.verdict import Verdict
from schemas.extracts import VERSION_CONTRAT
from schemas.findings import Finding
from schemas.period import Period
from schemas.rules import finding

__all__ = ["Examination", "Further", "MissingContextError", "examine", "validate_package"]

Further = Callable[[Manifest], Sequence[Finding]]
"""Findings on a manifest that only the hub can make, from what it knows of other deposits."""


@dataclass(frozen=True)
class Examination:
    """A verdict and the declaration that it was given on; None when the container could not be opened."""

    verdict: Verdict
    declaration: Declaration | None


def validate_package(
    package: Path,
    *,
    centre: str | None,
    periode: Period | None,
    today: date,
    out: Path,
    fichier: str | None = None,
    seuil_quarantaine: float | None = None,
) -> Verdict:
    """The verdict on a deposit; `out` holds types/<table>.parquet, constats.parquet and verdict.json.

    package            a ZIP, a folder, or one CSV or XLSX file, told apart by content
    centre, periode    what the depositor says; None: what the manifest says
    today              no period and no date of state may lie after it
    fichier            the depositor's name for the package; by default its own
    seuil_quarantaine  greatest share (0-1) of a table's rows in quarantine; by default the agreed threshold
    raises             MissingContextError when there is no manifest and centre or periode is None
    """
    examination = examine(
        package,
        centre=centre,
        periode=periode,
        today=today,
        out=out,
        fichier=fichier,
        seuil_quarantaine=seuil_quarantaine,
    )
    return examination.verdict


def examine(
    package: Path,
    *,
    centre: str | None,
    periode: Period | None,
    today: date,
    out: Path,
    fichier: str | None = None,
    seuil_quarantaine: float | None = None,
    further: Further | None = None,
) -> Examination:
    """As validate_package, with the declaration, and with the caller's `further` findings in the verdict."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix=".travail.") as name:
        scratch = Path(name)
        declaration, judged, findings = _read_and_judge(
            package, fichier or package.name, centre, periode, today, scratch, out
        )
        if further and declaration and declaration.manifest:
            findings += further(declaration.manifest)
        limit = quarantine_limit() if seuil_quarantaine is None else seuil_quarantaine
        findings += quarantine_findings(judged.counts, limit)
        verdict = Verdict(
            verdict=decide(findings, judged.counts),
            centre=declaration.centre if declaration else centre or "",
            periode=declaration.periode if declaration else str(periode or ""),
            version_contrat=VERSION_CONTRAT,
            regles_sha256=rules_hash(),
            niveau=conformity_level(judged.present),
            tables=judged.counts,
            constats=in_order(findings),
        )
        write_findings(verdict.constats, out / "constats.parquet", scratch)
    write_bytes(out / "verdict.json", verdict_bytes(verdict))
    return Examination(verdict, declaration)


def _read_and_judge(
    package: Path, name: str, centre: str | None, periode: Period | None, today: date, scratch: Path, out: Path
) -> tuple[Declaration | None, JudgedTables, list[Finding]]:
    """What can be said of the package, as far as it can be read."""
    declaration = None
    try:
        opened = open_package(package, scratch, name)
        declaration = read_declaration(opened, centre=centre, periode=periode, today=today)
        if not declaration.is_usable:
            return declaration, JudgedTables(), list(declaration.findings)
        layout = lay_out(opened, declaration.manifest)
    except RefusalError as refusal:
        known = list(declaration.findings) if declaration else []
        return declaration, JudgedTables(), [*known, finding(refusal.code, fichier=refusal.fichier or name)]
    judged = judge_tables(layout, centre=declaration.centre, date_etat=declaration.date_etat, scratch=scratch, out=out)
    return declaration, judged, [*declaration.findings, *layout.findings, *judged.findings]
