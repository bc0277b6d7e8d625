"""Corrections written in a file, one cell a line: read whole, then proposed all together or not at all."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from intercentre.harmonisation.corrections import CorrectionRefusee, Proposal

COLUMNS = ("centre", "table", "cle", "colonne", "valeur", "motif")
MOST_LINES = 1000
LARGEST = 1_000_000  # bytes: a thousand lines are far below


def read_proposals(path: Path, role: str) -> list[Proposal]:
    """The proposals of a file: UTF-8, `;`, the header COLUMNS; `cle` is `colonne=texte`, several joined by `,`.

    An empty `valeur` empties the cell. The line of each is its place in the file, the header being line 1.
    raises  CorrectionRefusee: a file that cannot be read so, too many lines, the same cell twice
    """
    try:
        content = path.read_bytes()[: LARGEST + 1]
        text = content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise CorrectionRefusee("Ce fichier ne peut pas être lu : enregistrez-le en CSV UTF-8.") from None
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    if len(content) > LARGEST or tuple(reader.fieldnames or ()) != COLUMNS:
        raise CorrectionRefusee(f"La première ligne du fichier doit être : {';'.join(COLUMNS)}.")
    try:
        found = [_proposal(row, role, f"ligne {reader.line_num}") for row in reader]
    except csv.Error:
        raise CorrectionRefusee("Un guillemet du fichier n'est pas refermé : rien n'a été proposé.") from None
    if not 0 < len(found) <= MOST_LINES:
        raise CorrectionRefusee(f"Un fichier de corrections a de 1 à {MOST_LINES} lignes après l'en-tête.")
    seen: set[tuple[object, ...]] = set()
    for one in found:
        cell = (one.centre, one.table, tuple(sorted(one.cle.items())), one.colonne)
        if cell in seen:
            raise CorrectionRefusee(f"L{one.lieu[1:]} : cette cellule est déjà corrigée plus haut dans le fichier.")
        seen.add(cell)
    return found


def _proposal(row: Mapping[str | None, str | None], role: str, lieu: str) -> Proposal:
    cells = {name: (row[name] or "").strip() for name in COLUMNS if isinstance(row.get(name), str)}
    if None in row or len(cells) != len(COLUMNS):
        raise CorrectionRefusee(f"L{lieu[1:]} : {len(COLUMNS)} cellules sont attendues.")
    pairs = [part.partition("=") for part in cells["cle"].split(",")]
    if any(not sign for _, sign, _ in pairs):
        raise CorrectionRefusee(f"L{lieu[1:]} : la clé s'écrit colonne=texte, plusieurs séparées par une virgule.")
    return Proposal(
        centre=cells["centre"],
        table=cells["table"],
        cle={column.strip(): text.strip() for column, _, text in pairs},
        colonne=cells["colonne"],
        valeur=cells["valeur"] or None,
        motif=cells["motif"],
        role=role,
        lieu=lieu,
    )
