"""What a deposit holds without any table being read from it: sheets of no table (DEP-017), nothing at all (DEP-015)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from intercentre.validation.header import normalise
from intercentre.validation.layout import Layout
from intercentre.validation.nature import nature_of
from intercentre.validation.refusal import RefusalError
from intercentre.validation.tables import JudgedTables
from schemas.exchanges.manifest import Manifest
from schemas.exchanges.verdict import TableCount
from schemas.exchanges.workbooks import CODES_SHEET, FINDINGS_SHEET, LISTS_SHEET, NOTICE_SHEET, PARTIAL_SHEET
from schemas.extracts import TABLES
from schemas.findings import Finding
from schemas.rules import finding

_OURS = frozenset(map(normalise, (NOTICE_SHEET, CODES_SHEET, LISTS_SHEET, PARTIAL_SHEET)))
_OUR_LISTS = normalise(FINDINGS_SHEET)


def what_is_unread(layout: Layout, manifest: Manifest | None, judged: JudgedTables, name: str) -> Iterator[Finding]:
    """The findings on sheets that were left aside, and on a deposit that nobody filled in.

    name  the depositor's name for the package
    """
    yield from _sheets_left_aside(layout, judged.counts)
    if manifest is None and _is_empty(judged):
        yield finding("DEP-015", fichier=name)


def _is_empty(judged: JudgedTables) -> bool:
    """Whether each table of the deposit could be read, and none has a row."""
    tables = {count.table for count in judged.counts}
    return bool(tables) and judged.present == tables and not any(count.lignes_lues for count in judged.counts)


def _sheets_left_aside(layout: Layout, counts: Iterable[TableCount]) -> Iterator[Finding]:
    read_from = {count.table: count.feuille for count in counts}
    books: dict[tuple[str, Path], set[str]] = {}
    for file in layout.tables:
        if file.fichier is not None and file.path is not None:
            feuille = read_from.get(file.table)
            own = {feuille} if feuille is not None else _own_names(file.table)
            books.setdefault((file.fichier, file.path), set()).update(own)
    for (fichier, path), known in books.items():
        if nature_of(path).is_workbook:
            yield from (finding("DEP-017", fichier=fichier, feuille=sheet) for sheet in _others(path, known))


def _own_names(table: str) -> set[str]:
    """What the sheet of a table that could not be read may be called."""
    return {table, normalise(TABLES[table].contrat.numero)}


def _others(path: Path, known: set[str]) -> Sequence[str]:
    """The sheets with content that no table is read from; none of a workbook that cannot be opened: that is said."""
    from intercentre.validation.workbook import filled_sheets

    try:
        filled = filled_sheets(path)
    except RefusalError:
        return []
    return [sheet for sheet in filled if not ({sheet, normalise(sheet)} & known or _is_ours(sheet))]


def _is_ours(sheet: str) -> bool:
    plain = normalise(sheet)
    return plain in _OURS or plain.startswith(_OUR_LISTS)
