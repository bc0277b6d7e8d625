"""The tables of one deposit: read from their files, judged, written as typed Parquet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from intercentre.core.files import sha256_file
from intercentre.core.french import french_number
from intercentre.validation.between_rows import Gone, judge_between_rows
from intercentre.validation.column_leaks import column_leaks
from intercentre.validation.completion import Completed, begin_merge, end_merge, whole_tables
from intercentre.validation.direct import SMALLEST, sketch_direct
from intercentre.validation.judging import Profile
from intercentre.validation.layout import Layout, TableFile
from intercentre.validation.precedent import Beside, lines_of
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
    load_direct,
    set_quarantine,
    write_types,
)
from schemas.contract import Extract
from schemas.editions import Edition
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
    edition: Edition,
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

    edition      version of the contract that the deposit is judged by; a table that only a later one has stays empty
    base, named  the deposit that this one completes, and the lines of its quarantine that the manifest names
    beside       the deposit of the period before, with which this one is compared
    """
    types = out / "types"
    types.mkdir(exist_ok=True)
    findings: list[Finding] = []
    raws: dict[str, RawTable | None] = {}
    with closing(Workspace.open(centre=centre, date_etat=date_etat, scratch=scratch)) as workspace:
        create_lists(workspace, [edition.tables[file.table] for file in layout.tables])
        for file, judged in _judge_each(workspace, layout.tables, edition, may_be_large=base is None):
            findings += judged.findings
            if not judged.is_refused:
                raws[file.table] = judged.raw
        for name, table in TABLES.items():
            if not _rows(raws.get(name)):
                create_empty(workspace, edition.tables.get(name, table))
        whole = {name for name, raw in raws.items() if raw is None or raw.is_whole} - layout.shared
        places = {file.table: (file.fichier, _feuille(raws.get(file.table))) for file in layout.tables}
        present = set(raws)
        merging = begin_merge(workspace, base, named or {}, places, edition.tables) if base else None
        compared = whole_tables(base, present, whole) if base else whole
        findings += [_gone(one, beside, places) for one in judge_between_rows(workspace, compared, beside, edition)]
        set_quarantine(workspace, codes_of(Severity.A_CORRIGER))
        fusion = None
        if merging:
            fusion, remaining, quarantined = end_merge(workspace, merging, out)
            findings += (*merging.findings, *remaining)
            present |= merging.base.tables
        else:
            quarantined = {
                name: write_types(workspace, table, types / f"{name}.parquet", edition.tables.get(name))
                for name, table in TABLES.items()
            }
        lines = findings_by_line(workspace)
        own = [line for line in lines if line[1] > 0] if merging else lines
        findings += findings_with_a_line(own, places)
    counts = tuple(_count(file, raws.get(file.table), quarantined[file.table]) for file in layout.tables)
    return JudgedTables(counts, tuple(findings), frozenset(present), fusion)


def _rows(raw: RawTable | None) -> int:
    return 0 if raw is None else raw.rows


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


def _feuille(raw: RawTable | None) -> str | None:
    return None if raw is None else raw.feuille


@dataclass(frozen=True)
class _Judged:
    """One file judged: its records, None where its table is declared empty, and what is said of the whole of it."""

    raw: RawTable | None
    findings: tuple[Finding, ...]
    is_refused: bool = False


def _judge_each(
    workspace: Workspace, files: Sequence[TableFile], edition: Edition, *, may_be_large: bool
) -> Iterator[tuple[TableFile, _Judged]]:
    """Each file with what became of it, in their order.

    Small ones are judged two at a time, since most of their time is the engine's planning, on one core. Large ones are
    judged alone, so that memory holds one, and so are the sheets of one workbook, which is opened once.
    """

    def judge_beside(file: TableFile) -> _Judged:
        with closing(workspace.beside()) as own:
            return _judge_one(own, file, edition.tables[file.table], may_be_large=False)

    tables_of = Counter(file.path for file in files)
    small = [file for file in files if file.path and tables_of[file.path] == 1 and file.path.stat().st_size < SMALLEST]
    with ThreadPoolExecutor(2) as pool:
        judged = dict(zip((file.table for file in small), pool.map(judge_beside, small), strict=True))
    for file in files:
        if file.table not in judged:
            judged[file.table] = _judge_one(workspace, file, edition.tables[file.table], may_be_large=may_be_large)
        yield file, judged[file.table]


def _judge_one(workspace: Workspace, file: TableFile, table: type[Extract], *, may_be_large: bool) -> _Judged:
    try:
        raw, profile = _load(workspace, file, table, may_be_large=may_be_large)
    except RefusalError as refusal:
        found = finding(refusal.code, table=file.table, fichier=file.fichier)
        return _Judged(None, (found,), is_refused=True)
    return _Judged(raw, (*_form_findings(file, raw), *_profile_findings(workspace, file, table, raw, profile)))


def _load(
    workspace: Workspace, file: TableFile, table: type[Extract], *, may_be_large: bool
) -> tuple[RawTable | None, Profile]:
    """The table is in the workspace, if its file holds a row; raises RefusalError when nothing can be read.

    may_be_large  False where rows will be added to the table, which a view does not admit
    """
    if file.path is None:
        return None, {}
    sketch = sketch_direct(file.path, table) if may_be_large else None
    if sketch is not None:
        try:
            return load_direct(workspace, table, sketch)
        except DirectReadingError:  # the long way tells line by line what is wrong
            pass
    raw = read_table(file.path, table, workspace.scratch / f"{file.table}.txt", file.feuille)
    return raw, load(workspace, table, raw) if raw.rows else {}


def _profile_findings(
    workspace: Workspace, file: TableFile, table: type[Extract], raw: RawTable | None, profile: Profile
) -> Iterator[Finding]:
    """What was tolerated in the columns, and the personal data in them."""
    here = partial(finding, table=file.table, fichier=file.fichier, feuille=_feuille(raw))
    for (what, column), cells in profile.items():
        if what.startswith("TOL-") and cells:
            yield here(what, colonne=column)
    if _rows(raw):
        for code, column, count in column_leaks(workspace, table, profile):
            yield here(code, colonne=column, nombre=count)


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
        feuille=_feuille(raw),
        lignes_lues=read,
        lignes_retenues=read - set_aside,
        lignes_quarantaine=set_aside,
    )
