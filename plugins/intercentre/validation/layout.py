"""Which file holds which table (V02, V05), from the manifest or, without one, from the names and headers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from intercentre.validation.container import Package
from intercentre.validation.header import count_known, normalise
from intercentre.validation.manifest import manifest_name
from intercentre.validation.nature import nature_of
from intercentre.validation.reading import columns_of_table
from intercentre.validation.refusal import RefusalError
from schemas.contract import Extract
from schemas.editions import CURRENT, Edition
from schemas.exchanges.manifest import DeclaredTable, Manifest
from schemas.extracts import TABLES
from schemas.findings import Finding
from schemas.rules import finding

if TYPE_CHECKING:
    from intercentre.validation.sheets import Sheets

Tables = Mapping[str, type[Extract]]
"""The tables of an edition, by name."""


@dataclass(frozen=True)
class TableFile:
    """Where a table lies; `lignes` and `sha256` as declared, None when nobody declared them; no file: it is empty.

    path       what the table is read from
    delivered  the file as it was deposited, which `sha256` is about
    feuille    sheet of a workbook; None where there is none, or more than one that could be the table's
    """

    table: str
    fichier: str | None = None
    path: Path | None = None
    lignes: int | None = None
    sha256: str | None = None
    delivered: Path | None = None
    feuille: str | None = None


@dataclass(frozen=True)
class Layout:
    """The tables of a deposit, in the contract's order, and what is wrong with the set of its files.

    books  file that is a workbook → what its sheets hold
    """

    tables: tuple[TableFile, ...]
    findings: tuple[Finding, ...]
    books: Mapping[str, Sheets] = field(default_factory=dict)

    @property
    def shared(self) -> frozenset[str]:
        """Tables of which some rows lie where nothing is read."""
        return frozenset(found.table for found in self.findings if found.code == "DEP-018" and found.table)


def lay_out(package: Package, manifest: Manifest | None, edition: Edition = CURRENT) -> Layout:
    """Every table of the deposit with its file; raises RefusalError DEP-001, or DEP-014 of a workbook, when a lone file
    holds none.

    edition  version of the contract whose tables are looked for; a table that the manifest names and that this
             version does not have is left aside (only a rehearsal judges by another version than the manifest's)
    """
    is_partial = manifest is not None and manifest.is_partial
    books: dict[str, Sheets] = {}
    if manifest is None or (is_partial and not manifest.tables):
        tables, findings = _from_files(package, edition.tables, books)
    else:
        tables, findings = _from_manifest(package, manifest)
        books |= _books_of(tables, edition.tables)
    findings += _read_elsewhere(package, tables, findings, books, edition.tables)
    mentioned = {file.table for file in tables} | {found.table for found in findings}
    due = [] if is_partial else _due_tables(edition.tables)
    absent = [finding("V05", table=name) for name in due if name not in mentioned]
    known = [_with_sheet(file, books) for file in tables if file.table in edition.tables]
    ordered = sorted(known, key=lambda file: list(TABLES).index(file.table))
    return Layout(tuple(ordered), (*findings, *absent), books)


def _due_tables(tables: Tables) -> list[str]:
    return [name for name, table in tables.items() if table.contrat.niveau == 1]


def _from_manifest(package: Package, manifest: Manifest) -> tuple[list[TableFile], list[Finding]]:
    tables, findings = [], []
    for declared in manifest.tables:
        name = str(PurePosixPath(declared.fichier)) if declared.fichier else None
        if name is not None and name not in package.files:
            findings.append(finding("V02", table=declared.nom, fichier=name))
        else:
            tables.append(_declared_file(package, declared, name))
    listed = {file.fichier for file in tables} | {manifest_name(package)}
    unlisted = [name for name in package.files if name not in listed]
    return tables, [*findings, *(finding("V02", fichier=name) for name in unlisted)]


def _declared_file(package: Package, declared: DeclaredTable, name: str | None) -> TableFile:
    if name is None:
        return TableFile(declared.nom, lignes=declared.lignes)
    delivered = package.delivered.get(name, package.files[name])
    return TableFile(declared.nom, name, package.files[name], declared.lignes, declared.sha256, delivered)


def _books_of(files: Sequence[TableFile], known: Tables) -> dict[str, Sheets]:
    """What the sheets hold of the workbooks that a manifest names; told elsewhere if it cannot be opened."""
    books = {}
    for file in files:
        if file.fichier is None or file.path is None or file.fichier in books or not nature_of(file.path).is_workbook:
            continue
        from intercentre.validation.sheets import tables_of_sheets

        with suppress(RefusalError):
            said = [other.table for other in files if other.fichier == file.fichier]
            books[file.fichier] = tables_of_sheets(file.path, known, said)
    return books


def _with_sheet(file: TableFile, books: Mapping[str, Sheets]) -> TableFile:
    if file.fichier is None or file.fichier not in books:
        return file
    from intercentre.validation.sheets import own_sheet

    try:
        return replace(file, feuille=own_sheet(file.table, books[file.fichier]))
    except RefusalError:
        return file


def _read_elsewhere(
    package: Package, files: Sequence[TableFile], said: Sequence[Finding], books: Mapping[str, Sheets], known: Tables
) -> list[Finding]:
    """A finding on each sheet with rows of a table that is read from elsewhere, or that the manifest does not name."""
    places = {(file.table, file.fichier): _with_sheet(file, books).feuille for file in files}
    told = {(found.table, found.fichier) for found in said}
    return [
        finding("DEP-018", table=table, fichier=name, feuille=sheet)
        for name, sheets in books.items()
        for sheet, table in sheets.items()
        if table is not None
        and (table, name) not in told
        # a table without a sheet of its own, since several fit, is refused for that
        and places.get((table, name), "") not in (sheet, None)
        and _holds_rows(package.files[name], sheet, known[table])
    ]


def _holds_rows(path: Path, sheet: str, table: type[Extract]) -> bool:
    from intercentre.validation.sheets import holds_rows

    return holds_rows(path, sheet, table)


def _from_files(package: Package, known: Tables, books: dict[str, Sheets]) -> tuple[list[TableFile], list[Finding]]:
    """The tables by what their files say; `books` gets what the sheets of each workbook hold."""
    tables: dict[str, TableFile] = {}
    findings = []
    for name, path in package.files.items():
        if name == manifest_name(package):
            continue
        try:
            held, code = _tables_in(name, path, known, books), "DEP-014" if name in books else "DEP-019"
        except RefusalError as refusal:
            held, code = [], refusal.code
        if not held and package.is_one_file:
            raise RefusalError("DEP-001" if code in ("DEP-005", "DEP-019") else code)
        if not held:
            findings.append(finding(code, fichier=name))
        findings += [finding("DEP-018", table=table, fichier=name) for table in held if table in tables]
        tables |= {table: TableFile(table, name, path) for table in held if table not in tables}
    return list(tables.values()), findings


def _tables_in(name: str, path: Path, known: Tables, books: dict[str, Sheets]) -> list[str]:
    """The tables that a file holds: by its sheets, by its name, by its header; none where it is no text either."""
    by_name = [table for table in known if _bears_the_name(_stem(name), table)]
    if nature_of(path).is_workbook:
        from intercentre.validation.sheets import tables_of_sheets

        books[name] = tables_of_sheets(path, known, by_name)
        return [table for table in known if table in books[name].values()] or by_name
    try:
        return by_name or _by_header(path, known)
    except RefusalError as refusal:
        if refusal.code != "DEP-005":
            raise
        return []  # nothing says that it should be a table


def _stem(name: str) -> str:
    """The file's name without its endings: dossier.csv.gz is dossier."""
    return PurePosixPath(PurePosixPath(name).name.removesuffix(".gz")).stem


def _bears_the_name(stem: str, table: str) -> bool:
    plain = normalise(stem)
    return plain == table or plain.endswith(f"_{table}")


def _by_header(path: Path, known: Tables) -> list[str]:
    """The table that the header fits best, when it names at least half of its columns."""
    fits = {
        name: count_known(columns_of_table(path, table), table) / len(table.fields()) for name, table in known.items()
    }
    best = max(fits, key=lambda name: fits[name])
    return [best] if fits[best] >= 1 / 2 else []
