"""Which file holds which table (V02, V05), from the manifest or, without one, from the names and headers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from intercentre.validation import archive
from intercentre.validation.container import Package
from intercentre.validation.delimited import header_cells
from intercentre.validation.header import count_known, normalise
from intercentre.validation.manifest import manifest_name
from intercentre.validation.refusal import RefusalError
from schemas.exchanges.manifest import DeclaredTable, Manifest
from schemas.extracts import TABLES
from schemas.findings import Finding
from schemas.rules import finding


@dataclass(frozen=True)
class TableFile:
    """Where a table lies; `lignes` and `sha256` as declared, None when nobody declared them; no file: it is empty."""

    table: str
    fichier: str | None = None
    path: Path | None = None
    lignes: int | None = None
    sha256: str | None = None


@dataclass(frozen=True)
class Layout:
    """The tables of a deposit, in the contract's order, and what is wrong with the set of its files."""

    tables: tuple[TableFile, ...]
    findings: tuple[Finding, ...]


def lay_out(package: Package, manifest: Manifest | None) -> Layout:
    """Every table of the deposit with its file; raises RefusalError DEP-001 when a lone file is no table."""
    is_partial = manifest is not None and manifest.is_partial
    if manifest is None or (is_partial and not manifest.tables):
        tables, findings = _from_files(package)
    else:
        tables, findings = _from_manifest(package, manifest)
    mentioned = {file.table for file in tables} | {found.table for found in findings}
    due = [] if is_partial else _due_tables()
    absent = [finding("V05", table=name) for name in due if name not in mentioned]
    ordered = sorted(tables, key=lambda file: list(TABLES).index(file.table))
    return Layout(tuple(ordered), (*findings, *absent))


def _due_tables() -> list[str]:
    return [name for name, table in TABLES.items() if table.contrat.niveau == 1]


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
    return TableFile(declared.nom, name, package.files[name], declared.lignes, declared.sha256)


def _from_files(package: Package) -> tuple[list[TableFile], list[Finding]]:
    tables: dict[str, TableFile] = {}
    findings = []
    for name, path in package.files.items():
        if name == manifest_name(package):
            continue
        try:
            held = [table for table in _tables_in(name, path) if table not in tables]
        except RefusalError:
            held = []
        if not held and package.is_one_file:
            raise RefusalError("DEP-001")
        if not held:
            findings.append(finding("DEP-005", fichier=name))
        tables.update({table: TableFile(table, name, path) for table in held})
    return list(tables.values()), findings


def _tables_in(name: str, path: Path) -> list[str]:
    """The tables that a file holds: by its sheets, by its name, by its header."""
    by_name = [table for table in TABLES if _bears_the_name(PurePosixPath(name).stem, table)]
    if archive.is_zip(path):
        from intercentre.validation.workbook import sheet_names

        sheets = {normalise(sheet) for sheet in sheet_names(path)}
        return [table for table in TABLES if table in sheets] or by_name
    return by_name or _by_header(path)


def _bears_the_name(stem: str, table: str) -> bool:
    plain = normalise(stem)
    return plain == table or plain.endswith(f"_{table}")


def _by_header(path: Path) -> list[str]:
    """The table that the header fits best, when it names at least half of its columns."""
    fits = {name: count_known(header_cells(path, table), table) / len(table.fields()) for name, table in TABLES.items()}
    best = max(fits, key=lambda name: fits[name])
    return [best] if fits[best] >= 1 / 2 else []
