"""`intercentre verifier`: a deposit judged on the depositor's own machine, and what is told of it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from intercentre.commands import OK, REFUSED, UNREADABLE, UsageError, known_centres, period_of, say

if TYPE_CHECKING:
    from intercentre.validation.chain import Given
    from schemas.exchanges.verdict import Verdict

_NOT_COMPARED = (
    "Ce contrôle n'a pas comparé ce dépôt au précédent (règles V57, V58, V60 et V61), ce que le hub fera : "
    "ajoutez --precedent DOSSIER_OU_ZIP, votre dernier dépôt accepté d'une période antérieure."
)
TO_CORRECT = "lignes-a-corriger.xlsx"
UNOPENED = frozenset(f"DEP-{number:03}" for number in (*range(1, 5), *range(8, 13), 16, 20))
"""Findings on a deposit that was not even opened."""


def check_deposit(options: argparse.Namespace) -> int:
    import tempfile
    from datetime import UTC, datetime

    from intercentre.core.french import local_day
    from intercentre.validation import MissingContextError, PrecedentError, write_annotated, write_to_correct
    from intercentre.validation.chain import examine_chain
    from intercentre.validation.offline import judge_former, require_order

    _require_usable(options)
    deposits = [*options.complete, options.depot]
    centre = known_centres(options.centre)[0] if options.centre else None
    with tempfile.TemporaryDirectory() as scratch:
        try:
            today = local_day(datetime.now(UTC))
            former = judge_former(options.precedent, centre=centre, today=today, out=Path(scratch) / "precedents")
            chain = examine_chain(
                [_given(depot, Path(scratch)) for depot in deposits],
                centre=centre,
                periode=period_of(options.periode) if options.periode else None,
                today=today,
                out=Path(scratch) / "sortie",
                precedent=former.precedent if former else None,
            )
            require_order(former, chain[-1].verdict)
        except (MissingContextError, PrecedentError) as error:
            raise UsageError(str(error)) from error
        verdict = chain[-1].verdict
        report = _report_with_texts(options, verdict, Path(scratch)) if options.avec_valeurs else None
        if options.format == "texte" and not former:
            say(_NOT_COMPARED, error=True)
        if options.sortie:
            options.sortie.mkdir(parents=True, exist_ok=True)
            target = options.sortie / f"verdict.{ {'texte': 'txt'}.get(options.format, options.format) }"
            if options.format == "xlsx":
                write_annotated(options.depot, verdict, target)
            else:
                target.write_bytes(report or _report(verdict, options.format))
            say(f"{verdict.sentence} Rapport : {target}")
            if verdict.is_accepted and verdict.quarantaine:
                write_to_correct(chain, options.sortie / TO_CORRECT)
                say(f"Lignes à corriger, puis à déposer telles quelles : {options.sortie / TO_CORRECT}")
        else:
            sys.stdout.buffer.write((report or _report(verdict, options.format)).rstrip(b"\n") + b"\n")
    if any(constat.code in UNOPENED for constat in verdict.constats):
        return UNREADABLE
    return OK if verdict.is_accepted else REFUSED


def _require_usable(options: argparse.Namespace) -> None:
    """Return when the options go together and what they name exists; raises UsageError."""
    for depot in (*options.precedent, *options.complete, options.depot):
        if not depot.exists():
            raise UsageError(f"{depot} n'existe pas.")
        if not (depot.is_file() or depot.is_dir()):
            raise UsageError(f"{depot} n'est ni un fichier ni un dossier.")
    if options.avec_valeurs and options.format not in ("texte", "json"):
        raise UsageError("--avec-valeurs va avec --format texte ou json ; xlsx montre déjà vos cellules.")
    if options.format == "xlsx" and not options.sortie:
        raise UsageError("--format xlsx écrit un classeur : dites dans quel dossier avec -o DIR.")


def _given(depot: Path, scratch: Path) -> Given:
    """The deposit under the name that the hub gives it: a folder has the one of its archive."""
    from intercentre.core.files import sha256_file
    from intercentre.core.packing import zip_folder
    from intercentre.validation.chain import Given

    if depot.is_file():
        return Given(depot, sha256_file(depot))
    archive = scratch / "depot.zip"
    zip_folder(depot, archive)
    return Given(depot, sha256_file(archive))


def _report(verdict: Verdict, form: str) -> bytes:
    from intercentre.validation import render_html, render_text, verdict_bytes

    if form == "json":
        return verdict_bytes(verdict)
    return (render_html(verdict) if form == "html" else render_text(verdict)).encode()


def _report_with_texts(options: argparse.Namespace, verdict: Verdict, scratch: Path) -> bytes:
    """The report with the depositor's own cells: on this machine only, and only when it was asked for."""
    from intercentre.validation.own_texts import own_texts, render_json_with_texts, render_text_with_texts

    place = scratch / "cellules"
    place.mkdir()
    texts = own_texts(options.depot, verdict, place)
    return (render_json_with_texts if options.format == "json" else render_text_with_texts)(verdict, texts).encode()
