"""The annotated copy: the depositor's own rows back as a workbook, what is to be mended marked in its place.

It holds the values of cells: it is made at the depositor's own machine or at its own request, from the bytes that it
deposited, and is never kept by the hub. Nothing in it is a formula or an address, whatever a cell says.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from intercentre.validation.annotated_findings import MAX_ROWS, write_findings_sheets
from intercentre.validation.container import open_package
from intercentre.validation.layout import TableFile, lay_out
from intercentre.validation.manifest import read_declaration
from intercentre.validation.marks import cell_of, columns_of, marks_of, note_on, sheet_name
from intercentre.validation.raw_table import SourceRows
from intercentre.validation.reading import open_rows
from intercentre.validation.refusal import RefusalError
from schemas.exchanges.verdict import Verdict
from schemas.exchanges.workbooks import FINDINGS_SHEET
from schemas.extracts import TABLES
from schemas.findings import Finding, Severity
from schemas.period import Period

if TYPE_CHECKING:
    from intercentre.core.hub import Hub
    from intercentre.core.registry.tables import Depot

MAX_COLUMNS = 16_384  # Excel's own limit, as MAX_ROWS; XlsxWriter cuts a text at Excel's 32 767 characters
MAX_CELLS = 2_000_000
"""cells of rows without any finding that the copy repeats; beyond, only rows with a finding"""
MAX_NOTES = 20_000
"""notes beside cells; beyond, a marked cell keeps its look and its line in the list of findings"""

_CUT = -2
_WIDEST_HEADER = 32
_INK = {
    Severity.BLOQUANT: ("#a4262c", "#fde7e9", 2),
    Severity.A_CORRIGER: ("#8a5a00", "#fff6e0", 1),
    Severity.A_EXPLIQUER: ("#5c3d99", "#efe8fb", 3),
    Severity.INFORMATION: ("#2a5d9f", "#e6effa", 4),
}
"""text, ground and line around the cell: the line differs too, so that colour is never alone"""


@dataclass
class Looks:
    """The formats of one workbook: every cell of the depositor is text (Excel's format 49), also once it is edited."""

    text: Any
    header: Any
    marked: dict[Severity, Any]

    @classmethod
    def of(cls, book: Any) -> Looks:
        plain = {"num_format": 49, "quote_prefix": True, "valign": "top"}
        marked = {
            severity: book.add_format(
                {**plain, "bold": True, "font_color": ink, "bg_color": ground, "border": line, "border_color": ink}
            )
            for severity, (ink, ground, line) in _INK.items()
        }
        header = {**plain, "bold": True, "font_color": "#ffffff", "bg_color": "#0b6e6e", "border": 1}
        return cls(book.add_format(plain), book.add_format(header), marked)


@dataclass
class Copy:
    """One table given back: its sheet, how the source was laid out (without its rows), and what did not fit."""

    table: str
    feuille: str
    source: SourceRows
    columns: dict[str, int]
    fichier: str | None
    left_out: Counter[str] = field(default_factory=Counter)

    def place_of(self, found: Finding) -> tuple[int, int] | None:
        """Row and column of the finding's cell, None when it lies beyond the sheet or in another deposit's file."""
        if found.fichier != self.fichier:
            return None
        row, column = cell_of(found, self.source, self.columns)
        return (row, column) if row < MAX_ROWS and column < MAX_COLUMNS else None


def write_annotated(package: Path, verdict: Verdict, target: Path, *, fichier: str | None = None) -> None:
    """`target` is the annotated copy of the package, whole or not at all; its folder exists.

    package  what the verdict was given on, the same bytes
    fichier  the depositor's name for the package; by default its own
    """
    import xlsxwriter

    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".annote.") as name:
        scratch = Path(name)
        neutral = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        options = {**neutral, "constant_memory": True, "tmpdir": name}
        with xlsxwriter.Workbook(scratch / "copie.xlsx", options) as book:
            book.set_properties({"title": "Copie annotée", "created": datetime(2026, 1, 1, tzinfo=UTC)})
            looks = Looks.of(book)
            listed = book.add_worksheet(FINDINGS_SHEET)
            copies = _write_tables(book, looks, table_files(package, verdict, scratch, fichier), verdict)
            write_findings_sheets(book, listed, looks.marked, verdict, {copy.table: copy for copy in copies})
            listed.activate()
        os.replace(scratch / "copie.xlsx", target)


def annotate_deposit(hub: Hub, depot: Depot, target: Path) -> None:
    """`target` is the annotated copy of a deposit that has its verdict, made from its bytes in custody.

    The caller hands it to the depositing centre alone and keeps nothing of it.
    raises  core.custody.CustodyError when the bytes are gone or altered; ValueError when there is no verdict
    """
    from intercentre.core import custody

    if depot.verdict is None:
        raise ValueError(depot.depot_id)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".annote.") as name:
        package = Path(name) / "depot"
        custody.unseal(hub, depot.sha256, package)
        own_name = PurePath(depot.fichier).name or depot.depot_id
        write_annotated(package, Verdict.model_validate_json(depot.verdict), target, fichier=own_name)


def table_files(package: Path, verdict: Verdict, scratch: Path, fichier: str | None) -> Sequence[TableFile]:
    """The files that the verdict was given on; none where the deposit could not be opened or was not to be read."""
    try:
        opened = open_package(package, scratch, fichier or package.name)
        declaration = read_declaration(
            opened,
            centre=verdict.centre or None,
            periode=Period.parse(verdict.periode) if verdict.periode else None,
            today=date.max,  # which day it is was judged in the verdict; here only the manifest's tables matter
            is_past=True,
        )
        return lay_out(opened, declaration.manifest, declaration.edition).tables if declaration.is_usable else ()
    except RefusalError:
        return ()


def _write_tables(book: Any, looks: Looks, files: Sequence[TableFile], verdict: Verdict) -> list[Copy]:
    """A sheet per table that can be read, in the contract's order."""
    by_table: dict[str, list[Finding]] = {}
    for found in verdict.constats:
        if found.table is not None:
            by_table.setdefault(found.table, []).append(found)
    copies: list[Copy] = []
    spent: Counter[str] = Counter()
    for file in files:
        if file.path is None:
            continue
        try:
            with open_rows(file.path, TABLES[file.table], file.feuille) as source:
                taken = [FINDINGS_SHEET, *(copy.feuille for copy in copies)]
                feuille = sheet_name(source.feuille or file.table, taken)
                copy = Copy(file.table, feuille, replace(source, rows=()), columns_of(source), file.fichier)
                copies.append(copy)
                sheet = book.add_worksheet(feuille)
                own = [found for found in by_table.get(file.table, []) if found.fichier == file.fichier]
                _write_rows(sheet, looks, copy, source.rows, own, spent)
        except RefusalError:
            continue  # the verdict says it, and the list of findings repeats it
    return copies


def _write_rows(
    sheet: Any,
    looks: Looks,
    copy: Copy,
    rows: Iterable[tuple[int, list[str]]],
    findings: Sequence[Finding],
    spent: Counter[str],
) -> None:
    """Every record at the row that bears its line; `spent` counts cells and notes over the whole workbook."""
    source, marks = copy.source, marks_of(findings, copy.source, copy.columns)
    last = source.ligne - 1
    for line, cells in rows:
        row, is_header = line - 1, line == source.ligne
        marked = marks.get(row, {})
        is_free = is_header or bool(marked)
        if row >= MAX_ROWS or (spent["cells"] > MAX_CELLS and not is_free):
            copy.left_out["lignes"] += 1
            continue
        if source.first + len(cells) > MAX_COLUMNS:
            copy.left_out["colonnes"] += 1
        spent["cells"] += 0 if is_free else len(cells)
        plain = looks.header if is_header else looks.text
        for column, cell in enumerate(cells[: MAX_COLUMNS - source.first], source.first):
            look = looks.marked[marked[column][0].severite] if column in marked else plain
            if cell or column in marked:
                copy.left_out["textes"] += write_text(sheet, row, column, cell, look) == _CUT
        for column, found in marked.items():
            if column >= source.first + len(cells):
                sheet.write_blank(row, column, None, looks.marked[found[0].severite])
            if spent["notes"] < MAX_NOTES:
                spent["notes"] += 1
                write_note(sheet, row, column, note_on(found))
            else:
                copy.left_out["notes"] += 1
        last = row
    _lay_out_sheet(sheet, copy, last)


def write_text(sheet: Any, row: int, column: int, cell: str, look: Any) -> int:
    """The cell is text; XlsxWriter takes what stands between <r> and </r> for its own markup, a space prevents it."""
    if not cell:
        return int(sheet.write_blank(row, column, None, look))
    is_markup = cell.startswith("<r>") and cell.endswith("</r>")
    return int(sheet.write_string(row, column, f"{cell} " if is_markup else cell, look))


def write_note(sheet: Any, row: int, column: int, text: str) -> None:
    lines = sum(1 + len(part) // 50 for part in text.split("\n"))
    sheet.write_comment(
        row, column, text, {"author": "Intercentre", "width": 340, "height": 18 * lines + 12, "font_size": 9}
    )


def _lay_out_sheet(sheet: Any, copy: Copy, last: int) -> None:
    """Header in view, columns wide enough to be read, filters, and no warning that a number is text."""
    source, header = copy.source, copy.source.ligne - 1
    width = min(len(source.header.columns), MAX_COLUMNS - source.first)
    for column, name in enumerate(source.header.columns[:width], source.first):
        sheet.set_column(column, column, min(_WIDEST_HEADER, max(12, len(name or "") + 4)))
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{MAX_ROWS}"})
    sheet.freeze_panes(source.ligne, 0)
    if width:
        sheet.autofilter(header, source.first, max(header, last), source.first + width - 1)
