"""The parser of the command line: argparse in French, and how verbs and groups of verbs are declared."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import NoReturn, TypeAlias

MISUSED = 2
Command = Callable[[argparse.Namespace], int]
Verbs: TypeAlias = "argparse._SubParsersAction[_Parser]"


class _Parser(argparse.ArgumentParser):
    """argparse that speaks French."""

    _WORDS = (
        ("the following arguments are required:", "il manque :"),
        ("unrecognized arguments:", "argument inconnu :"),
        ("invalid choice:", "choix inconnu :"),
        ("choose from", "choix possibles :"),
        ("expected one argument", "une valeur est attendue"),
        ("invalid int value:", "nombre entier attendu :"),
        ("invalid float value:", "nombre attendu :"),
    )

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **{"add_help": False, "formatter_class": _Layout, **options})  # type: ignore[arg-type]
        self._positionals.title, self._optionals.title = "Arguments", "Options"
        self.add_argument("-h", "--help", action="help", help="montrer cette aide")

    def error(self, message: str) -> NoReturn:
        for english, french in self._WORDS:
            message = message.replace(english, french)
        self.exit(MISUSED, f"{self.prog} : {message}\nAide : {self.prog} --help\n")


class _Layout(argparse.RawDescriptionHelpFormatter):
    """French heading of the usage line."""

    def add_usage(self, usage: object, actions: object, groups: object, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "Utilisation : " if prefix is None else prefix)  # type: ignore[arg-type]


def parser_of(prog: str, description: str, declarations: Sequence[Callable[..., None]]) -> argparse.ArgumentParser:
    """The parser of a program that has these verbs."""
    epilog = f"Aide d'une commande : {prog} COMMANDE --help"
    parser = _Parser(prog=prog, description=description, epilog=epilog)
    verbs = parser.add_subparsers(title="Commandes", metavar="COMMANDE", parser_class=_Parser)
    for declare in declarations:
        declare(verbs)
    return parser


def verb(verbs: Verbs, name: str, command: Command, help_: str, epilog: str = "") -> _Parser:
    """A verb of these; its command takes what was parsed and returns the exit code."""
    parser = verbs.add_parser(name, help=help_, description=f"{help_[0].upper()}{help_[1:]}.", epilog=epilog)
    parser.set_defaults(command=command)
    return parser


def group(verbs: Verbs, name: str, help_: str) -> Verbs:
    """A word that has verbs of its own."""
    parser = verbs.add_parser(name, help=help_, description=f"{help_[0].upper()}{help_[1:]}.")
    parser.set_defaults(group=parser)
    return parser.add_subparsers(title="Commandes", metavar="COMMANDE", parser_class=_Parser)
