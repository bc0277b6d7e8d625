"""The texts of the cells that findings are about, for the eyes of whoever holds the deposit: never at the hub.

They are read again from the deposit itself. A verdict, a stored finding and a log hold none of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

from intercentre.validation.annotated import table_files
from intercentre.validation.marks import columns_of
from intercentre.validation.reading import open_rows
from intercentre.validation.refusal import RefusalError
from intercentre.validation.report import render_text
from intercentre.validation.verdict import verdict_bytes
from schemas.exchanges.verdict import Verdict
from schemas.extracts import TABLES
from schemas.findings import Finding

Place: TypeAlias = tuple[str | None, str | None, int | None, str | None]
"""File, table, line and column of a finding."""

_LONGEST = 80  # signs of a text shown on a line
_TITLE = "VOS CELLULES, POUR VOUS SEUL : NE TRANSMETTEZ PAS CETTE LISTE"


def own_texts(package: Path, verdict: Verdict, scratch: Path) -> Mapping[Place, str]:
    """The text of each cell that a finding names by its line and column, as it stands in the deposit.

    package  what the verdict was given on, the same bytes
    scratch  an existing folder to extract to
    """
    return dict(_texts(package, verdict, scratch))


def render_text_with_texts(verdict: Verdict, texts: Mapping[Place, str]) -> str:
    """The report as plain text, then a line for each cell: where, which rule, what it says."""
    told = [found for found in verdict.constats if _place(found) in texts]
    lines = [f"{found.lieu} : {found.code}, « {_shown(texts[_place(found)])} »" for found in told]
    return "\n".join([render_text(verdict), _TITLE, *(lines or ["Aucun constat ne porte sur une cellule."])]) + "\n"


def render_json_with_texts(verdict: Verdict, texts: Mapping[Place, str]) -> str:
    """The verdict as JSON, with `valeur` in the findings that are about a cell."""
    content = json.loads(verdict_bytes(verdict))
    for found, said in zip(verdict.constats, content["constats"], strict=True):
        if _place(found) in texts:
            said["valeur"] = texts[_place(found)]
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _texts(package: Path, verdict: Verdict, scratch: Path) -> Iterator[tuple[Place, str]]:
    wanted: dict[tuple[str | None, str | None], dict[int, set[str]]] = {}
    for found in verdict.constats:
        if found.ligne is not None and found.colonne is not None:
            wanted.setdefault((found.fichier, found.table), {}).setdefault(found.ligne, set()).add(found.colonne)
    for file in table_files(package, verdict, scratch, None):
        lines = wanted.get((file.fichier, file.table))
        if lines is None or file.path is None:
            continue
        try:
            with open_rows(file.path, TABLES[file.table], file.feuille) as source:
                places = columns_of(source)
                for ligne, cells in source.rows:
                    for column in lines.get(ligne, ()):
                        at = places.get(column, -1) - source.first
                        if 0 <= at < len(cells):
                            yield (file.fichier, file.table, ligne, column), cells[at]
        except RefusalError:
            continue


def _place(found: Finding) -> Place:
    return (found.fichier, found.table, found.ligne, found.colonne)


def _shown(text: str) -> str:
    """The text on one line of a terminal: what cannot be printed is a point in the middle."""
    plain = "".join(sign if sign.isprintable() else "·" for sign in text)
    return plain if len(plain) <= _LONGEST else f"{plain[: _LONGEST - 1]}…"
