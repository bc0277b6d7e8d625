"""What a deposit holds without any table being read from it: sheets of no table (DEP-017), nothing at all (DEP-015)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from intercentre.validation.container import Package
from intercentre.validation.layout import Layout
from intercentre.validation.tables import JudgedTables
from schemas.exchanges.manifest import Manifest
from schemas.exchanges.verdict import TableCount
from schemas.findings import Finding
from schemas.rules import finding


def what_is_unread(
    package: Package, layout: Layout, manifest: Manifest | None, judged: JudgedTables, name: str
) -> Iterator[Finding]:
    """The findings on sheets that were left aside, and on a deposit that nobody filled in.

    name  the depositor's name for the package
    """
    yield from _sheets_left_aside(package, layout, judged.counts)
    if manifest is None and _is_empty(judged):
        yield finding("DEP-015", fichier=name)


def _is_empty(judged: JudgedTables) -> bool:
    """Whether each table of the deposit could be read, and none has a row."""
    tables = {count.table for count in judged.counts}
    return bool(tables) and judged.present == tables and not any(count.lignes_lues for count in judged.counts)


def _sheets_left_aside(package: Package, layout: Layout, counts: Iterable[TableCount]) -> Iterator[Finding]:
    """The sheets with content that are no table's; none of a table of which a finding says that it is not read."""
    from intercentre.validation.sheets import is_ours
    from intercentre.validation.workbook import holds_anything

    read = {(count.fichier, count.feuille) for count in counts}
    refused = {(count.fichier, count.table) for count in counts if count.feuille is None}
    told = {(found.fichier, found.feuille) for found in layout.findings}
    for name, sheets in layout.books.items():
        for sheet, table in sheets.items():
            is_known = (name, sheet) in read | told or (name, table) in refused or is_ours(sheet)
            if not is_known and holds_anything(package.files[name], sheet):
                yield finding("DEP-017", fichier=name, feuille=sheet)
