"""Templates that a centre fills in, and valid examples: what `intercentre gabarit` writes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from intercentre.documentation.example_deposit import (
    csv_bytes,
    example_rows,
    write_example_csv,
    write_example_workbook,
)
from intercentre.documentation.template_workbook import write_template_workbook
from schemas.extracts import TABLES

TEMPLATE = "gabarit.xlsx"


def write_templates(folder: Path, tables: Sequence[str]) -> list[Path]:
    """The templates and the examples are in `folder`; returns the files, in order.

    gabarit.xlsx       a notice, a sheet per table (drop-down lists, what each column expects), the code lists
    <table>.csv        the header line alone
    exemple/           a deposit that the hub accepts without any finding: manifest and CSV files
    exemple-classeur/  the same deposit as one workbook
    Of some tables only, which make no deposit, the examples are <table>-exemple.csv.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = [write_template_workbook(folder / TEMPLATE, tables)]
    for name in tables:
        columns = list(TABLES[name].fields())
        written.append(_write(folder / f"{name}.csv", csv_bytes(columns, [], mark=True)))
        if len(tables) < len(TABLES):
            written.append(_write(folder / f"{name}-exemple.csv", csv_bytes(columns, example_rows(name))))
    if len(tables) < len(TABLES):
        return written
    return [*written, *write_example_csv(folder / "exemple"), *write_example_workbook(folder / "exemple-classeur")]


def _write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path
