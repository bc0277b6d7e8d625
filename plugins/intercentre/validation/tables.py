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
from intercentre.validation.column_leaks import column_leaks
from intercentre.validation.layout import Layout, TableFile
from intercentre.validation.raw_table import RawTable
from intercentre.validation.reading import read_table
from intercentre.validation.refusal import RefusalError
from intercentre.validation.verdict import codes_of, findings_with_a_line
from intercentre.validation.workspace import (
    Workspace,
    create_empty,
    create_lists,
    findings_by_line,
    load,
    set_quarantine,
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
    raws: dict[str, RawTable] = {}
    findings: list[Finding] = []
    present = set()
    for file in layout.tables:
        try:
            raw = _read(file, scratch)
        except RefusalError as refusal:
            findings.append(finding(refusal.code, table=file.table, fichier=file.fichier))
            continue
        present.add(file.table)
        findings += _form_findings(file, raw)
        if raw is not None:
            raws[file.table] = raw
    whole = {name for name in present if name not in raws or raws[name].is_whole}
    places = {
        file.table: (file.fichier, raws[file.table].feuille if file.table in raws else None) for file in layout.tables
    }
    types = out / "types"
    types.mkdir(exist_ok=True)
    with closing(Workspace.open(centre=centre, date_etat=date_etat, scratch=scratch)) as workspace:
        findings += _judge(workspace, raws, whole, places)
        quarantined = {name: write_types(workspace, table, types / f"{name}.parquet") for name, table in TABLES.items()}
        findings += findings_with_a_line(findings_by_line(workspace), places)
    counts = tuple(_count(file, raws.get(file.table), quarantined[file.table]) for file in layout.tables)
    return JudgedTables(counts, tuple(findings), frozenset(present))


def _judge(
    workspace: Workspace,
    raws: Mapping[str, RawTable],
    whole: set[str],
    places: Mapping[str, tuple[str | None, str | None]],
) -> Iterator[Finding]:
    """The workspace holds every table, every finding that has a line, and the quarantine; yields the others."""
    create_lists(workspace)
    for name, table in TABLES.items():
        if name not in raws or not raws[name].rows:
            create_empty(workspace, table)
            continue
        fichier, feuille = places[name]
        here = partial(finding, table=name, fichier=fichier, feuille=feuille)
        profile = load(workspace, table, raws[name])
        for (what, column), value in profile.items():
            if what.startswith("TOL-") and value:
                yield here(what, colonne=column)
        for code, column, count in column_leaks(workspace, table, profile):
            yield here(code, colonne=column, nombre=count)
    judge_between_rows(workspace, whole)
    set_quarantine(workspace, codes_of(Severity.A_CORRIGER))


def _read(file: TableFile, scratch: Path) -> RawTable | None:
    if file.path is None:
        return None
    return read_table(file.path, TABLES[file.table], scratch / f"{file.table}.txt")


def _form_findings(file: TableFile, raw: RawTable | None) -> Iterator[Finding]:
    """What is wrong with the file against its manifest and its header, and what was tolerated."""
    rows = 0 if raw is None else raw.rows_read
    if file.lignes not in (None, rows) or (file.delivered and file.sha256 not in (None, sha256_file(file.delivered))):
        yield finding("V02", table=file.table, fichier=file.fichier)
    if raw is None:
        return
    here = partial(finding, table=file.table, fichier=file.fichier, feuille=raw.feuille)
    for position in raw.header.refused:
        yield here("V06", position=position)
    for personal in raw.header.personal:
        yield here(personal.code, position=personal.position, constat=personal.announced)
    for column in raw.header.missing:
        yield here("V06-M", colonne=column)
    for ligne in raw.misplaced:
        yield here("V06-L", ligne=ligne)
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
        feuille=None if raw is None else raw.feuille,
        lignes_lues=read,
        lignes_retenues=read - set_aside,
        lignes_quarantaine=set_aside,
    )
