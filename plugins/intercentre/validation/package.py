"""The whole of validation for one package: container, manifest, files, rows, between rows, verdict."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from intercentre.core.files import write_bytes
from intercentre.validation.completion import Completed, FindCompleted
from intercentre.validation.container import open_package
from intercentre.validation.layout import lay_out
from intercentre.validation.manifest import Declaration, MissingContextError, manifest_name, read_declaration
from intercentre.validation.open_books import books_opened_once
from intercentre.validation.outputs import write_findings
from intercentre.validation.precedent import Precedent, beside
from intercentre.validation.pseudonyms import pseudonym_findings
from intercentre.validation.punctuality import lateness
from intercentre.validation.refusal import RefusalError
from intercentre.validation.ruleset import rules_hash
from intercentre.validation.tables import JudgedTables, judge_tables
from intercentre.validation.unread import what_is_unread
from intercentre.validation.verdict import (
    conformity_level,
    decide,
    in_order,
    quarantine_findings,
    quarantine_limit,
    verdict_bytes,
)
from schemas.correspondances import localised
from schemas.editions import CURRENT, Edition
from schemas.exchanges.manifest import SIMULATION, Manifest
from schemas.exchanges.verdict import Verdict
from schemas.findings import Finding
from schemas.period import Period
from schemas.rules import finding

__all__ = ["Examination", "Further", "MissingContextError", "Precedent", "examine", "validate_package"]

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
    precedent: Precedent | None = None,
    completed: FindCompleted | None = None,
) -> Verdict:
    """The verdict on a deposit; `out` holds types/<table>.parquet, constats.parquet and verdict.json.

    package            a ZIP, a folder, or one CSV or XLSX file, told apart by content
    centre, periode    what the depositor says; None: what the manifest says
    today              no period and no date of state may lie after it
    fichier            the depositor's name for the package; by default its own
    seuil_quarantaine  greatest share (0-1) of a table's rows in quarantine; by default the agreed threshold
    precedent          the centre's last accepted deposit of an earlier period; None: nothing is said beside it
    completed          how to find the deposit that a partial one completes
    raises             MissingContextError when there is no manifest and centre or periode is None, or when the deposit
                       is partial and nobody says how to find the one that it completes
    """
    examination = examine(
        package,
        centre=centre,
        periode=periode,
        today=today,
        out=out,
        fichier=fichier,
        seuil_quarantaine=seuil_quarantaine,
        precedent=precedent,
        completed=completed,
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
    precedent: Precedent | None = None,
    completed: FindCompleted | None = None,
    edition: Edition | None = None,
) -> Examination:
    """As validate_package, with the declaration, and with the caller's `further` findings in the verdict.

    edition  version of the contract to judge by; by default the one that the manifest names, else the last
    """
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix=".travail.") as name:
        scratch = Path(name)
        with books_opened_once():
            declaration, judged, findings = _read_and_judge(
                package, fichier or package.name, centre, periode, today, scratch, out, completed, precedent, edition
            )
        judged_by = edition or (declaration.edition if declaration else CURRENT)
        if declaration:
            findings += lateness(declaration, today)
        if further and declaration and declaration.manifest:
            findings += further(declaration.manifest)
        limit = quarantine_limit() if seuil_quarantaine is None else seuil_quarantaine
        findings += quarantine_findings(judged.totals, limit)
        verdict = Verdict(
            verdict=decide(findings, judged.totals),
            centre=declaration.centre if declaration else centre or "",
            periode=declaration.periode if declaration else str(periode or ""),
            version_contrat=judged_by.version,
            regles_sha256=rules_hash(judged_by),
            niveau=conformity_level(judged.present, judged_by),
            tables=judged.counts,
            constats=in_order(findings),
            fusion=judged.fusion,
        )
        write_findings(verdict.constats, out / "constats.parquet", scratch)
    write_bytes(out / "verdict.json", verdict_bytes(verdict))
    return Examination(verdict, declaration)


def _read_and_judge(
    package: Path,
    name: str,
    centre: str | None,
    periode: Period | None,
    today: date,
    scratch: Path,
    out: Path,
    completed: FindCompleted | None,
    precedent: Precedent | None,
    edition: Edition | None,
) -> tuple[Declaration | None, JudgedTables, list[Finding]]:
    """What can be said of the package, as far as it can be read."""
    declaration = None
    try:
        opened = open_package(package, scratch, name)
        declaration = read_declaration(opened, centre=centre, periode=periode, today=today)
        if not declaration.is_usable:
            return declaration, JudgedTables(), list(declaration.findings)
        base = _find_completed(declaration, completed)
        if isinstance(base, Finding):
            said_in = replace(base, fichier=manifest_name(opened) or name)
            return declaration, JudgedTables(), [*declaration.findings, said_in]
        simulated = bool(declaration.manifest and declaration.manifest.logiciel_source == SIMULATION)
        judged_by, centre_code = edition or declaration.edition, declaration.centre
        edition = localised(judged_by, centre_code, declaration.date_etat, simule=simulated)
        layout = lay_out(opened, declaration.manifest, edition)
    except RefusalError as refusal:
        known = list(declaration.findings) if declaration else []
        return declaration, JudgedTables(), [*known, finding(refusal.code, fichier=refusal.fichier or name)]
    judged = judge_tables(
        layout,
        edition,
        centre=declaration.centre,
        date_etat=declaration.date_etat,
        scratch=scratch,
        out=out,
        beside=beside(precedent, declaration.manifest),
        base=base,
        named=declaration.manifest.lignes_remplacees if declaration.manifest else None,
    )
    unread = what_is_unread(opened, layout, declaration.manifest, judged, name)
    announced = pseudonym_findings(out / "types", edition, judged.counts, declaration.manifest)
    return declaration, judged, [*declaration.findings, *layout.findings, *judged.findings, *unread, *announced]


def _find_completed(declaration: Declaration, completed: FindCompleted | None) -> Completed | Finding | None:
    """What a partial deposit completes, or why it cannot; None for any other deposit."""
    if declaration.manifest is None or not declaration.manifest.is_partial:
        return None
    if completed is None:
        raise MissingContextError(
            "Ce dépôt n'apporte que des lignes corrigées : indiquez aussi le dépôt qu'il complète (--complete)."
        )
    return completed(declaration.manifest)
