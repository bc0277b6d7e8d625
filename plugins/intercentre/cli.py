"""The command line: one verb per reader's need. Heavy imports stay inside the commands, so that `--help` is quick."""

from __future__ import annotations

import argparse
import errno
import io
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from intercentre import checking, commands
from intercentre.core.refusal import Refusal
from intercentre.core.stages import STAGES
from intercentre.parser import Command, Verbs, parser_of
from intercentre.parser import group as _group
from intercentre.parser import verb as _verb

_FAULTS_OF_A_DISK = {
    errno.ENOSPC: "il n'y a plus de place sur le disque",
    errno.EDQUOT: "il n'y a plus de place sur le disque",
    errno.EROFS: "le disque est en lecture seule",
    errno.EACCES: "l'accès n'est pas permis",
    errno.EPERM: "l'accès n'est pas permis",
    errno.ENOENT: "rien de ce nom",
    errno.EEXIST: "un fichier est à la place d'un dossier",
    errno.ENOTDIR: "un fichier est à la place d'un dossier",
    errno.EISDIR: "un dossier est à la place d'un fichier",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code (0 done, 1 refused, 2 wrong use, 3 unreadable)."""
    return run(build_parser(), arguments)


def run(parser: argparse.ArgumentParser, arguments: Sequence[str] | None) -> int:
    """Run one command of this parser; every refusal is told in one line."""
    _write_what_the_terminal_can_show()
    options = parser.parse_args(arguments)
    command: Command | None = getattr(options, "command", None)
    if command is None:
        getattr(options, "group", parser).print_help()
        return commands.MISUSED
    try:
        with _term_ends_as_ctrl_c():
            return command(options)
    except commands.UsageError as error:
        commands.say(f"intercentre : {error}", error=True)
        return commands.MISUSED
    except Refusal as refusal:
        commands.say(f"intercentre : {refusal}", error=True)
        return commands.REFUSED
    except BrokenPipeError:
        sys.stderr.close()
        return commands.OK
    except OSError as error:
        if error.errno not in _FAULTS_OF_A_DISK:
            raise
        place = f"{error.filename} : " if error.filename is not None else ""
        commands.say(f"intercentre : {place}{_FAULTS_OF_A_DISK[error.errno]}.", error=True)
        return commands.REFUSED
    except KeyboardInterrupt as interruption:
        commands.say("Interrompu.", error=True)
        return 128 + (signal.SIGTERM if isinstance(interruption, _Terminated) else signal.SIGINT)


class _Terminated(KeyboardInterrupt):
    """TERM came."""


@contextmanager
def _term_ends_as_ctrl_c() -> Iterator[None]:
    """In this block TERM, which a service manager sends, lets a command put away what it began, as Ctrl-C does."""

    def end(_number: int, _frame: FrameType | None) -> None:
        raise _Terminated

    if threading.current_thread() is not threading.main_thread():  # signals are answered in the main thread alone
        yield
        return
    former = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, former)


def _write_what_the_terminal_can_show() -> None:
    """A sign that the terminal's encoding lacks is written as its number, and stops nothing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def build_parser() -> argparse.ArgumentParser:
    from intercentre.backup_verbs import backup_verbs  # verbs that the portable checker has not
    from intercentre.correction_verbs import correction_verbs
    from intercentre.lineage_verbs import lineage_verbs

    return parser_of(
        "intercentre",
        "Échange de données et concertation entre les centres régionaux d'intégration.",
        (
            _simulation_verbs,
            checking_verbs,
            _sending_verbs,
            _contract_verbs,
            _pipeline_verbs,
            _release_verbs,
            lineage_verbs,
            correction_verbs,
            _operation_verbs,
            backup_verbs,
            _administration_verbs,
        ),
    )


def _simulation_verbs(verbs: Verbs) -> None:
    verb = _verb(
        verbs,
        "simuler",
        commands.simulate,
        "écrire les dépôts de centres simulés, ou les servir comme de vrais centres",
        "Exemple : intercentre simuler --dossiers 800 --periode 2026-T3 --graine 7 -o depots",
    )
    verb.add_argument("--dossiers", type=int, default=1200, metavar="N", help="dossiers en tout (1200)")
    verb.add_argument("--periode", default="2026-T3", metavar="P", help="dernière période (2026-T3)")
    verb.add_argument("--graine", type=int, default=2026, metavar="S", help="graine : la même donne les mêmes octets")
    verb.add_argument("--periodes", type=int, default=1, metavar="K", help="nombre de périodes qui se suivent (1)")
    verb.add_argument("--taux-erreurs", type=float, default=0.0, metavar="R", help="part de lignes fautives (0)")
    verb.add_argument("--centres", default="", metavar="CAI,CRIC", help="centres voulus (tous)")
    verb.add_argument("--habitudes", choices=("reelles", "canonique"), default="reelles", help="écriture des fichiers")
    verb.add_argument("-o", "--sortie", type=Path, default=Path("depots"), metavar="DIR", help="dossier (depots)")
    verb.add_argument("--servir", action="store_true", help="servir DIR par HTTP, un point d'accès par centre")
    verb.add_argument("--hote", default="127.0.0.1", metavar="H", help="adresse d'écoute avec --servir (127.0.0.1)")
    verb.add_argument("--port", type=int, default=0, metavar="N", help="port avec --servir (0 : un port libre)")
    verb.add_argument(
        "--incident",
        action="append",
        default=[],
        metavar="CENTRE=QUOI",
        help="panne à jouer avec --servir : lent, 503, 503xN, coupe, coupexN, html, vide, 401 (répétable)",
    )


def _contract_verbs(verbs: Verbs) -> None:
    contrat = _group(verbs, "contrat", "comparer les versions du contrat d'échange, en essayer une")
    verb = _verb(
        contrat,
        "comparer",
        commands.compare_contracts,
        "dire ce qui change d'une version du contrat à l'autre, et si le numéro convient",
        "Code de sortie : 0 le numéro convient, 1 il ne convient pas, 2 version inconnue.\n"
        "Exemple : intercentre contrat comparer 1.0.0 proposition.json",
    )
    verb.add_argument("avant", metavar="AVANT", help="numéro de version, ou fichier de description")
    verb.add_argument("apres", metavar="APRES", help="numéro de version, ou fichier de description")
    _rehearsal_verb(contrat)


def _rehearsal_verb(contrat: Verbs) -> None:
    verb = _verb(
        contrat,
        "repeter",
        commands.rehearse_contract,
        "essayer une version ou une règle sur les dépôts passés, et dire ce qui changerait, sans rien changer",
        "Exemple : intercentre contrat repeter --regle proposition.sql -o essai",
    )
    verb.add_argument("--version", default="", metavar="V", help="version du contrat (celle en vigueur)")
    verb.add_argument("--regle", default="", metavar="R", help="une seule règle : son code, ou un fichier .sql")
    verb.add_argument("--centre", default="", metavar="C", help="un seul centre (tous)")
    verb.add_argument("-o", "--sortie", type=Path, metavar="DIR", help="écrire la liste complète dans DIR, en CSV")


def checking_verbs(verbs: Verbs) -> None:
    """What a centre does alone, without a hub."""
    verb = _verb(
        verbs,
        "gabarit",
        commands.write_templates,
        "écrire les gabarits et un exemple valable de chaque table",
        "Exemple : intercentre gabarit -o gabarits",
    )
    verb.add_argument("--table", default="", metavar="T", help="une seule table (toutes)")
    verb.add_argument("-o", "--sortie", type=Path, default=Path("gabarits"), metavar="DIR", help="dossier (gabarits)")

    verb = _verb(
        verbs,
        "verifier",
        checking.check_deposit,
        "contrôler un dépôt sans réseau, avec le verdict même du hub",
        "Code de sortie : 0 accepté, 1 refusé, 2 mauvais usage, 3 illisible.\n"
        "Exemple : intercentre verifier mon-depot.zip --centre CAI --periode 2026-T3",
    )
    verb.add_argument("depot", type=Path, metavar="DOSSIER_OU_ZIP", help="dossier, ZIP, classeur ou fichier CSV")
    verb.add_argument("--centre", default="", metavar="C", help="centre (celui du manifeste)")
    verb.add_argument("--periode", default="", metavar="P", help="période (celle du manifeste)")
    verb.add_argument(
        "--precedent",
        action="append",
        default=[],
        type=Path,
        metavar="DOSSIER_OU_ZIP",
        help="votre dernier dépôt accepté d'une période antérieure, pour dire ce qui a disparu ou changé (répétable : "
        "chacun est jugé à côté de celui d'avant, comme au hub)",
    )
    verb.add_argument(
        "--format",
        choices=("texte", "json", "html", "xlsx"),
        default="texte",
        help="forme du rapport (texte) ; xlsx : vos lignes annotées, à garder pour vous",
    )
    verb.add_argument(
        "--complete",
        action="append",
        type=Path,
        default=[],
        metavar="DEPOT",
        help="le dépôt que celui-ci complète, s'il est partiel (répétable, du plus ancien au plus récent)",
    )
    verb.add_argument(
        "-o", "--sortie", type=Path, metavar="DIR", help="écrire dans DIR le rapport, et les lignes à corriger"
    )
    verb.add_argument(
        "--avec-valeurs",
        action="store_true",
        help="montrer aussi ce que dit chaque cellule en cause (texte, json) : gardez ce rapport pour vous",
    )


def _sending_verbs(verbs: Verbs) -> None:
    verb = _verb(
        verbs,
        "deposer",
        commands.send_deposit,
        "déposer auprès d'un hub et recevoir l'accusé de réception",
        "Le jeton vient de la variable INTERCENTRE_JETON, jamais de la ligne de commande.\n"
        "Exemple : intercentre deposer mon-depot.zip --adresse https://hub.example --periode 2026-T3",
    )
    verb.add_argument("depot", type=Path, metavar="DOSSIER_OU_ZIP", help="dossier ou fichier à déposer")
    verb.add_argument("--adresse", required=True, metavar="URL", help="adresse du hub")
    verb.add_argument("--periode", default="", metavar="P", help="période (celle du manifeste)")


def _pipeline_verbs(verbs: Verbs) -> None:
    verb = _verb(
        verbs,
        "executer",
        commands.run_pipeline,
        "dérouler la chaîne dans ce processus, sans Airflow",
        "Sans --accord-simule, la chaîne s'arrête là où les centres doivent s'accorder.\n"
        "Exemple : intercentre executer --depots depots --accord-simule",
    )
    verb.add_argument("--depots", type=Path, metavar="DIR", help="dépôts à prendre, DIR/<CENTRE>/<PERIODE>[.zip]")
    verb.add_argument("--periode", default="", metavar="P", help="période (la dernière des dépôts)")
    verb.add_argument("--jusqu-a", choices=STAGES, default="publication", metavar="ETAPE", help=", ".join(STAGES))
    verb.add_argument("--accord-simule", action="store_true", help="faire voter huit centres simulés")


def _release_verbs(verbs: Verbs) -> None:
    publication = _group(verbs, "publication", "vérifier une publication")
    verb = _verb(
        publication,
        "verifier",
        commands.check_release,
        "vérifier la signature, les empreintes, les schémas et la protection d'une publication",
        "Exemple : intercentre publication verifier var/publications/2026-T3.1",
    )
    verb.add_argument("dossier", type=Path, metavar="DIR", help="dossier de la publication")
    verb.add_argument("--signataires", type=Path, metavar="F", help="clés admises (allowed_signers, à côté du dossier)")

    verb = _verb(
        verbs,
        "sql",
        commands.query,
        "interroger une publication en SQL, en lecture seule",
        "Exemple : intercentre sql \"SELECT territoire, valeur FROM indicateurs WHERE indicateur = 'I21'\"",
    )
    verb.add_argument("requete", nargs="?", default="", metavar="SELECT…", help="la requête (lue au clavier sinon)")
    verb.add_argument("--publication", default="", metavar="V", help="version (la dernière)")
    verb.add_argument("--csv", action="store_true", help="écrire le résultat en CSV")


def _operation_verbs(verbs: Verbs) -> None:
    verb = _verb(
        verbs, "demarrer", commands.run_hub, "tenir le hub en marche : portail et Airflow (Ctrl-C pour l'arrêter)"
    )
    verb.set_defaults(command=commands.run_hub)
    verb = _verb(
        verbs, "demontrer", commands.demonstrate, "montrer tout le chemin, des centres simulés à la publication signée"
    )
    verb.add_argument("--dossiers", type=int, default=1200, metavar="N", help="dossiers simulés (1200)")
    verb.add_argument("--graine", type=int, default=2026, metavar="S", help="graine de la simulation (2026)")
    verb.add_argument("--garder", action="store_true", help="garder le hub ouvert ensuite, jusqu'à Ctrl-C")
    verb = _verb(verbs, "portail", commands.run_portal, "servir le portail seul")
    verb.add_argument("--hote", default="127.0.0.1", metavar="H", help="adresse d'écoute (127.0.0.1)")
    verb.add_argument("--port", type=int, default=8000, metavar="N", help="port (8000 ; 0 : un port libre)")


def _administration_verbs(verbs: Verbs) -> None:
    journal = _group(verbs, "journal", "vérifier le journal")
    _verb(journal, "verifier", commands.check_journal, "vérifier la chaîne du journal")
    registre = _group(verbs, "registre", "tenir le registre")
    _verb(registre, "migrer", commands.migrate_registry, "créer le registre ou le mettre à jour")
    compte = _group(verbs, "compte", "ouvrir et fermer les comptes du portail")
    verb = _verb(compte, "creer", commands.create_account, "ouvrir un compte ; son jeton est montré une seule fois")
    verb.add_argument("nom", metavar="NOM", help="nom du compte")
    verb.add_argument("--role", choices=("centre", "discri", "autorite", "exploitant"), required=True, help="rôle")
    verb.add_argument("--centre", default="", metavar="C", help="code du centre, pour le rôle centre")
    verb = _verb(
        compte, "renouveler", commands.renew_token, "donner un nouveau jeton à un compte ; l'ancien ne vaut plus"
    )
    verb.add_argument("nom", metavar="NOM", help="nom du compte")
    verb = _verb(compte, "revoquer", commands.revoke_account, "fermer un compte")
    verb.add_argument("nom", metavar="NOM", help="nom du compte")


if __name__ == "__main__":
    sys.exit(main())
