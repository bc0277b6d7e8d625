"""erreurs.csv: every planted mistake, at its file, line, column and code."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

LEDGER = "erreurs.csv"


class Entry(NamedTuple):
    """One finding that validation must give. `ligne` counts from 1, the header; `colonne` is the contract's name."""

    centre: str
    periode: str
    fichier: str
    ligne: int
    colonne: str
    code: str


def write_ledger(path: Path, entries: Iterable[Entry]) -> None:
    """The ledger, `;` separated, in the order of its columns."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=";", lineterminator="\n")
        writer.writerow(Entry._fields)
        writer.writerows(sorted(entries))
