"""The tables of one deposit: read from their files, judged, written as typed Parquet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from intercentre.core.files import sha256_file
from intercentre.core.french import french_number
from intercentre.validation.between_rows import Gone, judge_between_rows
from intercentre.validation.completion import Completed, begin_merge, end_merge, whole_tables
from intercentre.validation.layout import Layout, TableFile
from intercentre.validation.leaks import count_leaks
from intercentre.validation.precedent import Beside, lines_of
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
    suspects,
    write_types,
)
from schemas.exchanges.verdict import Merge, TableCount
from schemas.extracts import TABLES
from schemas.findings import Finding, Severity
from schemas.rules import finding


@dataclass(frozen=True)
class JudgedTables:
    """What is known of the tables: rows, findings, and which tables are in the deposit, be it declared empty.

    fusion  of a partial deposit: what it became part of
    """

    counts: tuple[TableCount, ...] = ()
    findings: tuple[Finding, ...] = ()
    present: frozenset[str] = frozenset()
    fusion: Merge | None = None

    @property
    def totals(self) -> tuple[TableCount, ...]:
        """Rows that stand once the deposit counts: its own, or those merged when it is partial."""
        if self.fusion is None:
            return self.counts
        files = {count.table: count.fichier for count in self.counts}
        return tuple(
            TableCount(
                table=count.table,
                fichier=files.get(count.table),
                lignes_lues=count.retenues + count.quarantaine,
                lignes_retenues=count.retenues,
                lignes_quarantaine=count.quarantaine,
            )
            for count in self.fusion.tables
        )


def judge_tables(
    layout: Layout,
    *,
    centre: str,
    date_etat: date,
    scratch: Path,
    out: Path,
    base: Completed | None = None,
    named: Mapping[str, Sequence[int]] | None = None,
    beside: Beside | None = None,
) -> JudgedTables:
    """Every table judged; `out`/types holds one Parquet file per table of the contract, empty where there is no row.

    base, named  the deposit that this one completes, and the lines of its quarantine that the manifest names
    beside       the deposit of the period before, with which this one is compared
    """
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
        findings += _load(workspace, raws, places)
        merging = begin_merge(workspace, base, named or {}, places) if base else None
        compared = whole_tables(base, present, whole) if base else whole
        findings += [_gone(one, beside, places) for one in judge_between_rows(workspace, compared, beside)]
        set_quarantine(workspace, codes_of(Severity.A_CORRIGER))
        fusion = None
        if merging:
            fusion, remaining, quarantined = end_merge(workspace, merging, out)
            findings += (*merging.findings, *remaining)
            present |= merging.base.tables
        else:
            quarantined = {
                name: write_types(workspace, table, types / f"{name}.parquet") for name, table in TABLES.items()
            }
        lines = findings_by_line(workspace)
        own = [line for line in lines if line[1] > 0] if merging else lines
        findings += findings_with_a_line(own, places)
    counts = tuple(_count(file, raws.get(file.table), quarantined[file.table]) for file in layout.tables)
    return JudgedTables(counts, tuple(findings), frozenset(present), fusion)


def _load(
    workspace: Workspace, raws: Mapping[str, RawTable], places: Mapping[str, tuple[str | None, str | None]]
) -> Iterator[Finding]:
    """The workspace holds every table and every finding that one row alone gives; yields those without a line."""
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
            if what == "suspectes" and value:
                national, contacts = count_leaks(*suspects(workspace, column))
                if national:
                    yield here("V10", colonne=column, nombre=national)
                if contacts:
                    yield here("V11", colonne=column, nombre=contacts)


def _gone(gone: Gone, beside: Beside | None, places: Mapping[str, tuple[str | None, str | None]]) -> Finding:
    """What is gone has no line here: the finding names those of the deposit before."""
    fichier, feuille = places.get(gone.table, (None, None))
    return finding(
        gone.code,
        table=gone.table,
        fichier=fichier,
        feuille=feuille,
        colonne=gone.colonne,
        nombre=french_number(len(gone.lignes)),
        lignes=lines_of(gone.lignes),
        periode=beside.precedent.periode if beside else "",
    )


def _read(file: TableFile, scratch: Path) -> RawTable | None:
    if file.path is None:
        return None
    return read_table(file.path, TABLES[file.table], scratch / f"{file.table}.txt")


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
