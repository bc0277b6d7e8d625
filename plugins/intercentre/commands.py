"""What each verb of the command line does. Heavy imports stay inside the functions, so that `--help` is quick."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from intercentre.core.hub import Hub
    from schemas.period import Period

OK, REFUSED, MISUSED, UNREADABLE = 0, 1, 2, 3


class UsageError(Exception):
    """The command cannot be carried out as asked; the message is French and is all that the person sees."""


def say(text: str, *, error: bool = False) -> None:
    """One line for the person at the terminal; progress and errors go to the error stream."""
    print(text, file=sys.stderr if error else sys.stdout, flush=True)


def progress(text: str) -> None:
    say(f"  {text}", error=True)


def the_hub() -> Hub:
    from intercentre.core.hub import Hub
    from intercentre.core.settings import SettingsError

    try:
        return Hub.from_environment()
    except SettingsError as error:
        raise UsageError(str(error)) from error


def period_of(text: str) -> Period:
    from schemas.period import Period, PeriodError

    try:
        return Period.parse(text)
    except PeriodError as error:
        raise UsageError(str(error)) from error


def known_centres(text: str) -> tuple[str, ...]:
    """The centres that a person names, whatever the case of their codes."""
    from schemas.nomenclatures import nomenclature

    known = nomenclature("centre").entries
    asked = tuple(part.strip().upper() for part in text.split(",") if part.strip())
    unknown = [centre for centre in asked if centre not in known]
    if unknown:
        raise UsageError(f"centre inconnu : {', '.join(unknown)} ; connus : {', '.join(known)}.")
    return asked


def simulate(options: argparse.Namespace) -> int:
    if options.servir:
        return _serve(options)
    from intercentre.simulation import SimulationError
    from intercentre.simulation import simulate as write_lives

    if options.dossiers < 1 or options.periodes < 1 or not 0 <= options.taux_erreurs <= 1:
        raise UsageError("--dossiers et --periodes valent au moins 1, --taux-erreurs est entre 0 et 1.")
    try:
        write_lives(
            options.sortie,
            dossiers=options.dossiers,
            periode=period_of(options.periode),
            graine=options.graine,
            periodes=options.periodes,
            taux_erreurs=options.taux_erreurs,
            centres=known_centres(options.centres) or None,
            habitudes=options.habitudes,
            progress=progress,
        )
    except SimulationError as error:
        raise UsageError(str(error)) from error
    say(f"Dépôts simulés dans {options.sortie}. Suite : intercentre executer --depots {options.sortie} --accord-simule")
    return OK


def _serve(options: argparse.Namespace) -> int:
    import os

    from intercentre.simulation import serve
    from schemas.nomenclatures import nomenclature

    centres = known_centres(options.centres) or tuple(nomenclature("centre").entries)
    tokens = {centre: os.environ.get(f"INTERCENTRE_JETON_{centre}", "") for centre in centres}
    missing = [centre for centre, token in tokens.items() if not token]
    if missing:
        raise UsageError(f"jeton manquant : définissez INTERCENTRE_JETON_{missing[0]} (et de même pour chaque centre).")
    incidents = {}
    for incident in options.incident:
        centre, _, kind = incident.partition("=")
        incidents[known_centres(centre)[0]] = kind
    try:
        serve(
            options.sortie,
            hote=options.hote,
            port=options.port,
            jetons=tokens,
            incidents=incidents,
            ready=lambda url: say(f"Centres simulés servis à {url} (Ctrl-C pour arrêter)."),
        )
    except (ValueError, OSError) as error:
        raise UsageError(str(error)) from error
    return OK


def write_templates(options: argparse.Namespace) -> int:
    from intercentre.documentation import write_templates as write
    from schemas.extracts import TABLES

    if options.table and options.table not in TABLES:
        raise UsageError(f"table inconnue : {options.table} ; connues : {', '.join(TABLES)}.")
    for path in write(options.sortie, [options.table] if options.table else list(TABLES)):
        say(str(path))
    return OK


def compare_contracts(options: argparse.Namespace) -> int:
    from schemas.description import UnknownContractError, read_description
    from schemas.versions import WrongVersionError, check_version
    from schemas.versions import compare_contracts as compare

    try:
        before, after = read_description(options.avant), read_description(options.apres)
    except UnknownContractError as error:
        raise UsageError(str(error)) from error
    changes = compare(before, after)
    for change in changes:
        say(f"{change.level} : {change.place} : {change.text}")
    try:
        check_version(before, after)
    except WrongVersionError as error:
        say(f"✗ {error}")
        return REFUSED
    changed = f"{len(changes)} différence{'s' * (len(changes) > 1)}" if changes else "aucune différence"
    say(f"✓ De {before['version']} à {after['version']} : {changed} ; le numéro convient.")
    return OK


def rehearse_contract(options: argparse.Namespace) -> int:
    from intercentre.validation.rehearsal import UnknownRuleError, proposed_rule, rehearse_edition, rehearse_rule
    from intercentre.validation.rehearsal_report import rehearsal_lines, write_rehearsal
    from schemas.editions import CURRENT, EDITIONS

    version = options.version or CURRENT.version
    if version not in EDITIONS:
        raise UsageError(f"version inconnue : {version} ; connues : {', '.join(EDITIONS)}.")
    centre = known_centres(options.centre)[0] if options.centre else None
    try:
        rule = proposed_rule(options.regle, EDITIONS[version]) if options.regle else None
    except UnknownRuleError as error:
        raise UsageError(str(error)) from error
    if rule:
        rehearsed = rehearse_rule(the_hub(), rule, centre=centre, progress=progress)
    else:
        rehearsed = rehearse_edition(the_hub(), EDITIONS[version], centre=centre, progress=progress)
    for line in rehearsal_lines(rehearsed):
        say(line)
    if options.sortie:
        deposits, places = write_rehearsal(options.sortie, rehearsed)
        say(f"Liste complète : {deposits} et {places}")
    say("Rien n'a changé dans le hub : aucun verdict n'a été touché.", error=True)
    return OK


def send_deposit(options: argparse.Namespace) -> int:
    import os

    from intercentre.intake.send import send

    token = os.environ.get("INTERCENTRE_JETON", "")
    if not token:
        raise UsageError("définissez INTERCENTRE_JETON avec le jeton de votre compte.")
    receipt, verdict_url = send(options.depot, options.adresse, token, options.periode or None)
    say(receipt)
    say(f"Verdict : {verdict_url}", error=True)
    return OK


def run_pipeline(options: argparse.Namespace) -> int:
    from intercentre.pipeline import run_beside

    summary = run_beside(
        the_hub(),
        depots=options.depots,
        periode=period_of(options.periode) if options.periode else None,
        until=options.jusqu_a,
        simulated_agreement=options.accord_simule,
        progress=progress,
    )
    say(summary)
    return OK


def check_release(options: argparse.Namespace) -> int:
    from intercentre.release import verify_release

    if not options.dossier.is_dir():
        raise UsageError(f"{options.dossier} n'est pas un dossier.")
    problems = verify_release(options.dossier, options.signataires)
    for problem in problems:
        say(f"✗ {problem}")
    if not problems:
        say(f"✓ {options.dossier.name} : signature, empreintes et contenu conformes.")
    return REFUSED if problems else OK


def query(options: argparse.Namespace) -> int:
    from intercentre.access import sql

    statement = options.requete or sys.stdin.read()
    columns, rows = sql(the_hub(), statement, options.publication or None)
    _print_table(columns, rows, as_csv=options.csv)
    return OK


def _print_table(columns: Sequence[str], rows: Sequence[Sequence[object]], *, as_csv: bool) -> None:
    texts = [[("" if cell is None else str(cell)) for cell in row] for row in rows]
    if as_csv:
        import csv

        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(texts)
        return
    widths = [
        max(len(name), *(len(row[at]) for row in texts)) if texts else len(name) for at, name in enumerate(columns)
    ]
    for line in (list(columns), ["─" * width for width in widths], *texts):
        say("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
    say(f"({len(texts)} ligne{'s' * (len(texts) > 1)})", error=True)


def run_hub(options: argparse.Namespace) -> int:
    from intercentre.operation.run import main as run

    return run(the_hub().settings.home)


def demonstrate(options: argparse.Namespace) -> int:
    from intercentre.operation.demo import main as demo

    return demo(dossiers=options.dossiers, graine=options.graine, garder=options.garder)


def run_portal(options: argparse.Namespace) -> int:
    from intercentre.portal import run

    run(the_hub(), options.hote, options.port, ready=lambda url: say(f"Portail servi à {url} (Ctrl-C pour l'arrêter)."))
    return OK


def check_journal(options: argparse.Namespace) -> int:
    from intercentre.core.registry.store import missing_anchors, verify_journal

    hub = the_hub()
    lines, broken = verify_journal(hub.registry)
    if broken is not None:
        say(f"✗ Le journal est rompu à la ligne {broken}.")
        return REFUSED
    missing = missing_anchors(hub.registry, hub.home.releases)
    if missing:
        say(f"✗ La fin du journal manque : il ne contient pas ce que scelle {', '.join(missing)}.")
        return REFUSED
    say(f"✓ Journal intact : {lines} ligne{'s' * (lines > 1)}.")
    return OK


def migrate_registry(options: argparse.Namespace) -> int:
    hub = the_hub()
    say(f"Registre prêt ({hub.registry.engine.dialect.name}).")
    return OK


def create_account(options: argparse.Namespace) -> int:
    from intercentre.portal import accounts

    if bool(options.centre) != (options.role == "centre"):
        raise UsageError("--centre va avec le rôle centre, et seulement avec lui.")
    centre = known_centres(options.centre)[0] if options.centre else None
    return _show_token(lambda hub: accounts.create_account(hub, options.nom, options.role, centre))


def renew_token(options: argparse.Namespace) -> int:
    from intercentre.portal import accounts

    return _show_token(lambda hub: accounts.renew_token(hub, options.nom))


def _show_token(give: Callable[[Hub], str]) -> int:
    from intercentre.portal.accounts import AccountError

    try:
        say(give(the_hub()))
    except AccountError as error:
        raise UsageError(str(error)) from error
    say("Notez ce jeton : il ne sera plus montré.", error=True)
    return OK


def revoke_account(options: argparse.Namespace) -> int:
    from intercentre.portal import accounts

    try:
        accounts.revoke_account(the_hub(), options.nom)
    except accounts.AccountError as error:
        raise UsageError(str(error)) from error
    say(f"Compte {options.nom} fermé.")
    return OK
