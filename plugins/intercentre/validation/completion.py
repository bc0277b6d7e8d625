"""A partial deposit judged in the context of the deposit that it completes (docs/decisions/0030).

The rows of the deposit completed come into the workspace beside those of the partial deposit, with line numbers below
zero, so that keys, references and rules between rows look at everything that stands once the two are merged.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from intercentre.validation.between_rows import codes_between_rows
from intercentre.validation.expressions import quoted
from intercentre.validation.outputs import without_glob
from intercentre.validation.workspace import FINDINGS, RowsLostError, Workspace
from schemas.contract import Extract
from schemas.editions import Edition, edition_of
from schemas.exchanges.manifest import MANIFEST_NAME, Manifest
from schemas.exchanges.verdict import Merge, MergedCount, Verdict
from schemas.extracts import TABLES
from schemas.findings import Finding, Severity
from schemas.rules import finding

CARRIED, HISTORY = "constats_portes.parquet", "historique.parquet"
"""Beside types/ of a partial deposit: every finding on a row that stands; every row that left the quarantine."""

ORIGIN = "depot_origine"
"""Column of types/ of a partial deposit: the deposit that brought the row, NULL for the partial deposit itself."""


@dataclass(frozen=True)
class Completed:
    """An accepted deposit that a partial one may complete; `folder` holds its types/ and its findings."""

    depot_id: str
    verdict: Verdict
    date_etat: date
    folder: Path

    @property
    def tables(self) -> frozenset[str]:
        """Tables that the deposit holds, be it without a row; of an accepted deposit each one is whole."""
        counts = self.verdict.fusion.tables if self.verdict.fusion else self.verdict.tables
        return frozenset(count.table for count in counts)


FindCompleted = Callable[[Manifest], Completed | Finding]
"""The deposit that the manifest of a partial one names, or the finding that says why it cannot be completed."""


@dataclass
class Merging:
    """What the merge has done so far, table by table.

    remplacees, retirees  rows that left the quarantine: with another in their place, or without
    findings              what is wrong with the rows brought, placed in the partial deposit
    """

    base: Completed
    tables: Mapping[str, type[Extract]] = field(default_factory=lambda: TABLES)
    before: dict[str, tuple[int, int]] = field(default_factory=dict)
    remplacees: dict[str, int] = field(default_factory=dict)
    retirees: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def check_completed(manifest: Manifest, base: Completed, edition: Edition | None = None) -> Completed | Finding:
    """The deposit named, when this manifest can complete it; else V08-Q or V08-E.

    edition  version of the contract that the partial deposit is judged by; by default the one that it names
    """
    edition = edition or edition_of(manifest.schema_version)
    if not base.verdict.quarantaine:
        return finding("V08-Q", fichier=MANIFEST_NAME)
    if edition is None or base.verdict.version_contrat != edition.version:
        return finding("V08-E", fichier=MANIFEST_NAME, champ="schema_version")
    if base.date_etat != manifest.date_etat:
        return finding("V08-E", fichier=MANIFEST_NAME, champ="date_etat")
    return base


def begin_merge(
    workspace: Workspace,
    base: Completed,
    named: Mapping[str, Sequence[int]],
    places: Mapping[str, tuple[str | None, str | None]],
    tables: Mapping[str, type[Extract]] = TABLES,
) -> Merging:
    """Every table of the workspace holds what stands once merged, and `constats` what one row alone says of it.

    named   the manifest's lignes_remplacees
    places  file and sheet of each table of the partial deposit
    tables  those of the contract that both deposits are judged by
    """
    merging = Merging(base, tables)
    lines = _lines_by_table(named)
    workspace.run(
        "CREATE TABLE parties (table_nom VARCHAR, ligne BIGINT, depot_origine VARCHAR, ligne_origine BIGINT,"
        " sort VARCHAR, ligne_remplacante BIGINT)"
    )
    for name, table in tables.items():
        read_base(workspace, base, table)
        fichier, feuille = places.get(name, (None, None))
        for found in _part(workspace, table, lines.get(name, []), merging):
            merging.findings.append(replace(found, fichier=fichier or MANIFEST_NAME, feuille=feuille))
        columns = ", ".join(table.fields())
        workspace.run(
            f"INSERT INTO {name} (ligne, {columns}) SELECT ligne, {columns} FROM socle_{name}"
            f" WHERE ligne NOT IN (SELECT ligne FROM parties WHERE table_nom = {quoted(name)})"
        )
    _carry_findings(workspace, merging, places)
    return merging


def end_merge(workspace: Workspace, merging: Merging, out: Path) -> tuple[Merge, tuple[Finding, ...], dict[str, int]]:
    """`out` holds the merged rows; the counts, what remains to be said of the rows of before, and own quarantine.

    raises  RowsLostError unless rows in = rows out, in every table
    """
    counts, own = [], {}
    for name, table in merging.tables.items():
        count, own[name] = _count(workspace, name, merging)
        if not count.is_balanced:
            raise RowsLostError(f"{name}: rows in and rows out of the merge differ")
        if name in merging.base.tables or count.apportees:
            counts.append(count)
        _write_types(workspace, table, out / "types" / f"{name}.parquet")
    _write_carried(workspace, out / CARRIED)
    _write_history(workspace, merging.base, out / HISTORY)
    return Merge(depot_complete=merging.base.depot_id, tables=tuple(counts)), _remaining(workspace), own


def _lines_by_table(named: Mapping[str, Sequence[int]]) -> dict[str, list[tuple[str, int]]]:
    """Table -> (deposit or nothing, line) from keys `table` or `depot_id/table`."""
    lines: dict[str, list[tuple[str, int]]] = {}
    for key, numbers in named.items():
        depot, _, table = key.rpartition("/")
        lines.setdefault(table, []).extend((depot, number) for number in dict.fromkeys(numbers))
    return lines


def read_base(workspace: Workspace, base: Completed, table: type[Extract]) -> None:
    """`socle_<table>` holds the rows of the deposit completed, each under a line number below zero."""
    name = table.contrat.name
    path = base.folder / "types" / f"{name}.parquet"
    if not path.is_file():
        workspace.run(
            f"CREATE TABLE socle_{name} AS SELECT *, NULL::VARCHAR AS {ORIGIN}, 0::BIGINT AS ligne_origine,"
            f" true AS retenue FROM {name} LIMIT 0"
        )
        return
    own = quoted(base.depot_id)
    origin = f"coalesce({ORIGIN}, {own})" if base.verdict.fusion else own
    columns = ", ".join(table.fields())
    workspace.run(
        f"CREATE TABLE socle_{name} AS SELECT -row_number() OVER (ORDER BY origine, ligne) AS ligne, {columns},"
        f" origine AS {ORIGIN}, ligne AS ligne_origine, retenue"
        f" FROM (SELECT *, {origin} AS origine FROM read_parquet({quoted(without_glob(path))}))"
    )


def _part(
    workspace: Workspace, table: type[Extract], named: Iterable[tuple[str, int]], merging: Merging
) -> Iterator[Finding]:
    """`parties` holds the rows of the table that leave the quarantine; yields what the partial deposit may not do."""
    name, key = table.contrat.name, table.contrat.key
    ((kept, aside),) = workspace.run(
        f"SELECT count(*) FILTER (retenue), count(*) FILTER (NOT retenue) FROM socle_{name}"
    )
    merging.before[name] = kept, aside
    same = " AND ".join(f"socle.{column} = {name}.{column}" for column in key)
    by_key: list[tuple[int, int]] = workspace.run(
        f"SELECT socle.ligne, {name}.ligne FROM socle_{name} AS socle JOIN {name} ON {same}"
        " WHERE NOT socle.retenue ORDER BY ALL"
    )
    taken = {brought for (brought,) in workspace.run(
        f"SELECT DISTINCT {name}.ligne FROM socle_{name} AS socle JOIN {name} ON {same} WHERE socle.retenue"
    )}  # fmt: skip
    brought = [line for (line,) in workspace.run(f"SELECT ligne FROM {name} ORDER BY ligne")]
    matched = {line for _, line in by_key}
    partners = dict(reversed(by_key))  # of each row in quarantine, the first that bears its key
    lines, unknown = _resolve(workspace, name, named, merging.base.depot_id)
    yield from (finding("QUA-003", table=name, numero=number) for number in unknown)
    free = [line for line in lines if line not in partners]
    loose = [line for line in brought if line not in matched and line not in taken]
    if len(loose) > len(free):
        taken |= set(loose)
    yield from (finding("QUA-002", table=name, ligne=line, colonne=key[0]) for line in sorted(taken))
    replaced = min(len(free), len(loose)) + _replaced_by_key(by_key, partners)
    withdrawn = len(partners) + len(free) - replaced
    merging.remplacees[name], merging.retirees[name] = replaced, withdrawn
    if withdrawn:
        yield finding("QUA-004", table=name, nombre=withdrawn)
    pairs = dict(zip(free, loose, strict=True)) if len(free) == len(loose) else {}
    gone = sorted({*partners, *free}, reverse=True)
    fates = ["remplacee" if line in partners or loose else "retiree" for line in gone]
    successors = [partners.get(line, pairs.get(line)) for line in gone]
    workspace.connection.execute(
        f"INSERT INTO parties SELECT $1, ligne, {ORIGIN}, ligne_origine, sort, ligne_remplacante FROM socle_{name} JOIN"
        " (SELECT unnest($2::BIGINT[]) AS ligne, unnest($3::VARCHAR[]) AS sort,"
        " unnest($4::BIGINT[]) AS ligne_remplacante) USING (ligne)",
        [name, gone, fates, successors],
    )


def _replaced_by_key(by_key: Iterable[tuple[int, int]], partners: Mapping[int, int]) -> int:
    """How many rows in quarantine have a row of their own in their place, where several may bear one key."""
    aside = Counter(partners.values())
    brought: dict[int, set[int]] = {}
    for line, bearer in by_key:
        brought.setdefault(partners[line], set()).add(bearer)
    return sum(min(count, len(brought[first])) for first, count in aside.items())


def _resolve(
    workspace: Workspace, name: str, named: Iterable[tuple[str, int]], depot_id: str
) -> tuple[list[int], list[int]]:
    """Lines of `socle_<name>` in quarantine that are named, and the numbers named that are not to be found.

    A number without a deposit is a line of the deposit completed, else of the only other one that has such a line.
    """
    rows: dict[int, dict[str, int]] = {}
    aside = f"SELECT {ORIGIN}, ligne_origine, ligne FROM socle_{name} WHERE NOT retenue"
    for origin, number, place in workspace.run(aside):
        rows.setdefault(number, {})[origin] = place
    found, unknown = [], []
    for depot, number in named:
        here = rows.get(number, {})
        line = here.get(depot or depot_id)
        if line is None and not depot and len(here) == 1:
            (line,) = here.values()
        if line is None:
            unknown.append(number)
        else:
            found.append(line)
    return list(dict.fromkeys(found)), unknown


def carried_sql(base: Completed) -> str:
    """SELECT of the findings that have a line in the deposit completed, with the deposit that brought the row."""
    if base.verdict.fusion:
        path, origin = base.folder / CARRIED, f"coalesce({ORIGIN}, {quoted(base.depot_id)})"
    else:
        path, origin = base.folder / "constats.parquet", quoted(base.depot_id)
    return (
        f'SELECT code, "table" AS table_nom, fichier, feuille, ligne AS ligne_origine, colonne, {origin} AS {ORIGIN}'
        f" FROM read_parquet({quoted(without_glob(path))}) WHERE ligne IS NOT NULL"
    )


def _carry_findings(
    workspace: Workspace, merging: Merging, places: Mapping[str, tuple[str | None, str | None]]
) -> None:
    """`constats` holds what one row of before alone gives, if it still stands; `portes` all that was said of them.

    `noms` holds the file and the sheet of each table of each deposit, this one's under no name.
    """
    base = merging.base
    workspace.run(f"CREATE TABLE portes AS {carried_sql(base)}")
    listed = " UNION ALL ".join(
        f"SELECT {quoted(name)} AS table_nom, ligne, {ORIGIN}, ligne_origine FROM socle_{name}"
        for name in merging.tables
    )
    workspace.run(f"CREATE TABLE socle AS {listed}")
    workspace.run(
        f"CREATE TABLE noms AS SELECT table_nom, {ORIGIN}, any_value(fichier) AS fichier, any_value(feuille) AS feuille"
        f" FROM portes GROUP BY table_nom, {ORIGIN}"
    )
    known = {(count.table, base.depot_id): (count.fichier, None) for count in base.verdict.tables}
    known |= {(name, None): place for name, place in places.items()}  # type: ignore[misc]
    for (name, origin), place in known.items():
        workspace.connection.execute(
            "INSERT INTO noms SELECT $1, $2, $3, $4 WHERE NOT EXISTS"
            f" (SELECT 1 FROM noms WHERE table_nom = $1 AND {ORIGIN} IS NOT DISTINCT FROM $2)",
            [name, origin, *place],
        )
    between = ", ".join(map(quoted, codes_between_rows()))
    workspace.run(
        f"INSERT INTO {FINDINGS} SELECT table_nom, socle.ligne, colonne, code"
        f" FROM portes JOIN socle USING (table_nom, {ORIGIN}, ligne_origine)"
        f" WHERE code NOT IN ({between}) AND NOT EXISTS"
        " (SELECT 1 FROM parties WHERE parties.table_nom = socle.table_nom AND parties.ligne = socle.ligne)"
    )


def _count(workspace: Workspace, name: str, merging: Merging) -> tuple[MergedCount, int]:
    """Rows of one table before and after, and those of the partial deposit itself that are in quarantine."""
    ((rows, brought),) = workspace.run(f"SELECT count(*), count(*) FILTER (ligne > 0) FROM {name}")
    ((aside, own),) = workspace.run(
        f"SELECT count(*), count(*) FILTER (ligne > 0) FROM quarantaine WHERE table_nom = {quoted(name)}"
    )
    kept_before, aside_before = merging.before[name]
    count = MergedCount(
        table=name,
        avant_retenues=kept_before,
        avant_quarantaine=aside_before,
        apportees=brought,
        remplacees=merging.remplacees[name],
        retirees=merging.retirees[name],
        retenues=rows - aside,
        quarantaine=aside,
    )
    return count, own


def _write_types(workspace: Workspace, table: type[Extract], target: Path) -> None:
    """As of any deposit, with the deposit that brought each row; `ligne` is its line in the file of that deposit."""
    name = table.contrat.name
    columns = ", ".join(f"{name}.{column}" for column in table.fields())
    kept = f"{name}.ligne NOT IN (SELECT ligne FROM quarantaine WHERE table_nom = {quoted(name)})"
    workspace.run(
        f"COPY (SELECT coalesce(socle.ligne_origine, {name}.ligne) AS ligne, {columns}, {kept} AS retenue,"
        f" socle.{ORIGIN} AS {ORIGIN} FROM {name} LEFT JOIN socle_{name} AS socle ON socle.ligne = {name}.ligne"
        f" ORDER BY {name}.ligne > 0, abs({name}.ligne)) TO {quoted(str(target))} (FORMAT parquet, COMPRESSION zstd)"
    )


def _write_carried(workspace: Workspace, target: Path) -> None:
    """Every finding on a row that stands, so that the next partial deposit can carry it on."""
    workspace.run(
        'COPY (SELECT DISTINCT constats.code, constats.table_nom AS "table", noms.fichier, noms.feuille,'
        f" coalesce(socle.ligne_origine, constats.ligne) AS ligne, constats.colonne, socle.{ORIGIN} AS {ORIGIN}"
        f" FROM constats LEFT JOIN socle USING (table_nom, ligne)"
        f" LEFT JOIN noms ON noms.table_nom = constats.table_nom AND noms.{ORIGIN} IS NOT DISTINCT FROM socle.{ORIGIN}"
        f" ORDER BY ALL) TO {quoted(str(target))} (FORMAT parquet, COMPRESSION zstd)"
    )


def _write_history(workspace: Workspace, base: Completed, target: Path) -> None:
    """Every row that ever left the quarantine: of which deposit, by which, and the line that took its place."""
    columns = 'table_nom AS "table", depot_origine, ligne_origine AS ligne, sort, ligne_remplacante'
    former = ""
    if base.verdict.fusion:
        former = (
            f"SELECT * REPLACE (coalesce(depot_remplacant, {quoted(base.depot_id)}) AS depot_remplacant)"
            f" FROM read_parquet({quoted(without_glob(base.folder / HISTORY))}) UNION ALL "
        )
    workspace.run(
        f"COPY (SELECT * FROM ({former}SELECT {columns}, NULL::VARCHAR AS depot_remplacant FROM parties) ORDER BY ALL)"
        f" TO {quoted(str(target))} (FORMAT parquet, COMPRESSION zstd)"
    )


def _remaining(workspace: Workspace) -> tuple[Finding, ...]:
    """What is said of the rows of before: those still to be put right, and whatever was not said of them before."""
    rows = workspace.run(
        "SELECT DISTINCT table_nom, ligne_origine, constats.colonne, constats.code, portes.code IS NOT NULL,"
        f" noms.fichier, noms.feuille, {ORIGIN}"
        f" FROM constats JOIN socle USING (table_nom, ligne) LEFT JOIN noms USING (table_nom, {ORIGIN})"
        f" LEFT JOIN portes USING (table_nom, {ORIGIN}, ligne_origine, colonne, code) ORDER BY ALL"
    )
    blank = {code: finding(code) for _, _, _, code, *_ in rows}
    return tuple(
        replace(
            blank[code],
            table=table,
            fichier=file_of(fichier or table, origin),
            feuille=feuille,
            ligne=line,
            colonne=column,
        )
        for table, line, column, code, was_said, fichier, feuille, origin in rows
        if blank[code].severite is Severity.A_CORRIGER or not was_said
    )


def file_of(fichier: str, depot_id: str) -> str:
    """The file of another deposit, as a person tells it from one of this deposit."""
    return f"{fichier} (dépôt {depot_id})"


def other_deposit(found: Finding) -> str | None:
    """The deposit whose file the finding is in; None when it is the one that was judged."""
    named = re.search(r" \(dépôt ([^ ()]+)\)$", found.fichier or "")
    return named[1] if named else None


def whole_tables(base: Completed, present: Collection[str], whole: Collection[str]) -> set[str]:
    """Tables of which the workspace holds every row and column once merged.

    present, whole  tables of the partial deposit, and those of them of which every row and column could be placed
    """
    return {name for name in (*base.tables, *present) if name in whole or name not in present}
