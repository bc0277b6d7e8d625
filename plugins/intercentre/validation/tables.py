"""The tables of one deposit: read from their files, judged, written as typed Parquet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from intercentre.core.files import sha256_file
from intercentre.validation.between_rows import judge_between_rows
from intercentre.validation.direct import read_direct
from intercentre.validation.layout import Layout, TableFile
from intercentre.validation.leaks import count_leaks
from intercentre.validation.raw_table import RawTable
from intercentre.validation.reading import read_table
from intercentre.validation.refusal import RefusalError
from intercentre.validation.verdict import codes_of, findings_with_a_line
from intercentre.validation.workspace import (
    DirectReadingError,
    Workspace,
    create_empty,
    create_lists,
    findings_by_line,
    load,
    set_quarantine,
    suspects,
    write_types,
)
from schemas.exchanges.verdict import TableCount
from schemas.extracts import TABLES
from schemas.findings import Finding, Severity
from schemas.rules import finding


@dataclass(frozen=True)
class JudgedTables:
    """What is known of the tables: rows, findings, and which tables are in the deposit, be it declared empty."""

    counts: tuple[TableCount, ...] = ()
    findings: tuple[Finding, ...] = ()
    present: frozenset[str] = frozenset()


def judge_tables(layout: Layout, *, centre: str, date_etat: date, scratch: Path, out: Path) -> JudgedTables:
    """Every table judged; `out`/types holds one Parquet file per table of the contract, empty where there is no row."""
    types = out / "types"
    types.mkdir(exist_ok=True)
    findings: list[Finding] = []
    raws: dict[str, RawTable | None] = {}
    with closing(Workspace.open(centre=centre, date_etat=date_etat, scratch=scratch)) as workspace:
        create_lists(workspace)
        for file in layout.tables:
            try:
                raw, profile = _load(workspace, file)
            except RefusalError as refusal:
                findings.append(finding(refusal.code, table=file.table, fichier=file.fichier))
                continue
            raws[file.table] = raw
            findings += _form_findings(file, raw)
            findings += _profile_findings(workspace, file, raw, profile)
        for name, table in TABLES.items():
            if not _rows(raws.get(name)):
                create_empty(workspace, table)
        whole = {name for name, raw in raws.items() if raw is None or raw.is_whole}
        places = {file.table: (file.fichier, _feuille(raws.get(file.table))) for file in layout.tables}
        judge_between_rows(workspace, whole)
        set_quarantine(workspace, codes_of(Severity.A_CORRIGER))
        quarantined = {name: write_types(workspace, table, types / f"{name}.parquet") for name, table in TABLES.items()}
        findings += findings_with_a_line(findings_by_line(workspace), places)
    counts = tuple(_count(file, raws.get(file.table), quarantined[file.table]) for file in layout.tables)
    return JudgedTables(counts, tuple(findings), frozenset(raws))


def _rows(raw: RawTable | None) -> int:
    return 0 if raw is None else raw.rows


def _feuille(raw: RawTable | None) -> str | None:
    return None if raw is None else raw.feuille


Profile = Mapping[tuple[str, str], int]
"""(what, column) → cells, see workspace.load."""


def _load(workspace: Workspace, file: TableFile) -> tuple[RawTable | None, Profile]:
    """The table is in the workspace, if its file holds a row; raises RefusalError when nothing can be read."""
    if file.path is None:
        return None, {}
    table = TABLES[file.table]
    raw = read_direct(file.path, table)
    if raw is not None:
        try:
            return raw, load(workspace, table, raw)
        except DirectReadingError:  # the long way tells line by line what is wrong
            pass
    raw = read_table(file.path, table, workspace.scratch / f"{file.table}.txt")
    return raw, load(workspace, table, raw) if raw.rows else {}


def _profile_findings(
    workspace: Workspace, file: TableFile, raw: RawTable | None, profile: Profile
) -> Iterator[Finding]:
    """What was tolerated in the columns, and the personal data in them."""
    here = partial(finding, table=file.table, fichier=file.fichier, feuille=_feuille(raw))
    for (what, column), cells in profile.items():
        if what.startswith("TOL-"):
            yield here(what, colonne=column)
        elif cells:
            national, contacts = count_leaks(*suspects(workspace, column))
            if national:
                yield here("V10", colonne=column, nombre=national)
            if contacts:
                yield here("V11", colonne=column, nombre=contacts)


def _form_findings(file: TableFile, raw: RawTable | None) -> Iterator[Finding]:
    """What is wrong with the file against its manifest and its header, and what was tolerated."""
    rows = 0 if raw is None else raw.rows_read
    if file.lignes not in (None, rows) or (file.path and file.sha256 not in (None, sha256_file(file.path))):
        yield finding("V02", table=file.table, fichier=file.fichier)
    if raw is None:
        return
    here = partial(finding, table=file.table, fichier=file.fichier, feuille=raw.feuille)
    for position in raw.header.refused:
        yield here("V06", position=position)
    for column in raw.header.missing:
        yield here("V06-M", colonne=column)
    for ligne in raw.ragged:
        yield here("V06-N", ligne=ligne)
    for code in raw.tolerances:
        yield here(code)


def _count(file: TableFile, raw: RawTable | None, quarantined: int) -> TableCount:
    """Rows of one table; a line that could not be placed was read, and is not retained."""
    read = 0 if raw is None else raw.rows_read
    set_aside = quarantined + (0 if raw is None else len(raw.ragged))
    return TableCount(
        table=file.table,
        fichier=file.fichier,
        lignes_lues=read,
        lignes_retenues=read - set_aside,
        lignes_quarantaine=set_aside,
    )
