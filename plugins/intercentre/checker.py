"""The command line of the portable checker: the two verbs that need no hub, the same as in `intercentre`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from intercentre import cli
from intercentre.parser import parser_of


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; returns its exit code, as `intercentre` does."""
    return cli.run(build_parser(), arguments)


def build_parser() -> argparse.ArgumentParser:
    return parser_of(
        "intercentre-verificateur",
        "Contrôler un dépôt sur votre machine, sans réseau, avec les règles mêmes du hub.",
        (cli.checking_verbs,),
    )
