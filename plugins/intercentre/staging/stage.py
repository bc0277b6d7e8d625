"""From validated rows to staged ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path

from intercentre.core.engine import literal, open_engine, quoted, scalar
from intercentre.core.files import new_folder
from intercentre.core.hub import Hub
from intercentre.core.registry.tables import Depot
from intercentre.staging.rekeying import Rekeying, SecretRekeying, rekey_table
from schemas.exchanges.verdict import Verdict
from schemas.extracts import TABLES

ACTOR = "preparation"
QUARANTINE, HISTORY = "quarantaine", "historique"
ORIGIN = "depot_origine"
"""Column of every staged row: the deposit that brought it; `ligne` is its line in that deposit's file."""


class NotJudgedError(LookupError):
    """There is no such deposit, or it has no verdict yet."""


class RowsLostError(RuntimeError):
    """The staged rows are not those of the verdict: a fault of ours, never of the deposit."""


def stage_deposit(hub: Hub, depot_id: str, rekeying: Rekeying | None = None) -> bool:
    """The deposit's retained rows are staged and count from now on; False, and nothing done, when it is refused.

    A deposit that is staged already is left as it is. Rows in quarantine lie beside, under quarantaine/. Of a partial
    deposit, the rows are those merged with the deposit that it completes, and historique/lignes.parquet names every row
    that left the quarantine, and what took its place. A table that is neither deposited nor declared empty has no file.
    Pseudonyms of the centre become the hub's.

    rekeying  what makes them so; the hub's own secret when nothing is given
    raises  NotJudgedError; RowsLostError
    """
    with hub.registry.read() as session:
        depot = session.get(Depot, depot_id)
    if depot is None or depot.verdict is None:
        raise NotJudgedError(depot_id)
    verdict = Verdict.model_validate_json(depot.verdict)
    if not verdict.is_accepted:
        return False
    target = hub.home.staged(depot.centre_code, depot.periode, depot_id)
    if depot.prepare and target.exists():
        return True
    with new_folder(target) as folder:
        tables = _deposited(hub, depot, verdict)
        types = hub.home.validated(depot_id) / "types"
        counts = _copy_rows(types, folder, depot_id, tables, rekeying or SecretRekeying(hub))
        _check(counts, verdict)
        if verdict.fusion:
            _copy_history(hub.home.validated(depot_id) / "historique.parquet", folder / HISTORY, depot_id)
    with hub.registry.change() as change:
        current = change.session.get(Depot, depot_id)
        if current is not None and not current.prepare:
            current.prepare = True
            retained = sum(kept for kept, _ in counts.values())
            change.journal(ACTOR, "depot_prepare", depot_id, lignes=retained)
    return True


def _deposited(hub: Hub, depot: Depot, verdict: Verdict) -> list[str]:
    """The tables that the deposit brings or declares empty, those of the deposit that it completes included."""
    named = {count.table for count in verdict.tables}
    if verdict.fusion:
        base = hub.home.staged(depot.centre_code, depot.periode, verdict.fusion.depot_complete)
        named |= {path.stem for path in base.glob("*.parquet")}
    return [name for name in TABLES if name in named]


def _copy_rows(
    types: Path, folder: Path, depot_id: str, tables: Iterable[str], rekeying: Rekeying
) -> dict[str, tuple[int, int]]:
    """Table → rows retained and rows in quarantine, each written to its Parquet file."""
    (folder / QUARANTINE).mkdir()
    counts = {}
    with closing(open_engine()) as engine:
        for name in tables:
            columns = ", ".join(map(quoted, ("ligne", *TABLES[name].fields())))
            engine.execute(
                "CREATE OR REPLACE TEMP TABLE lignes AS SELECT * FROM read_parquet($1)",
                [str(types / f"{name}.parquet")],
            )
            rekey_table(engine, "lignes", name, rekeying)
            known = {column for column, *_ in engine.execute("DESCRIBE lignes").fetchall()}
            origin = f"coalesce({ORIGIN}, {literal(depot_id)})" if ORIGIN in known else literal(depot_id)
            kept, aside = (
                scalar(
                    engine,
                    f"COPY (SELECT {columns}, {origin} AS {ORIGIN} FROM lignes WHERE {condition}"
                    f" ORDER BY {ORIGIN}, ligne)"
                    f" TO {literal(target / f'{name}.parquet')} (FORMAT parquet, COMPRESSION zstd)",
                )
                for target, condition in ((folder, "retenue"), (folder / QUARANTINE, "NOT retenue"))
            )
            counts[name] = (kept, aside)
    return counts


def _copy_history(source: Path, folder: Path, depot_id: str) -> None:
    """One row per row that left the quarantine, in this deposit or in one that it stands on."""
    folder.mkdir()
    with closing(open_engine()) as engine:
        engine.execute(
            f"COPY (SELECT * REPLACE (coalesce(depot_remplacant, {literal(depot_id)}) AS depot_remplacant)"
            f" FROM read_parquet({literal(source)}) ORDER BY ALL)"
            f" TO {literal(folder / 'lignes.parquet')} (FORMAT parquet, COMPRESSION zstd)"
        )


def _check(counts: Mapping[str, tuple[int, int]], verdict: Verdict) -> None:
    """Raise RowsLostError unless the rows staged are those of the verdict, merged ones when the deposit is partial."""
    due = {table.table: (table.lignes_retenues, table.lignes_quarantaine) for table in verdict.tables}
    if verdict.fusion:
        due = {table.table: (table.retenues, table.quarantaine) for table in verdict.fusion.tables}
    for name, rows in due.items():
        if counts.get(name, (0, 0)) != rows:
            raise RowsLostError(f"{name}: {counts[name]} rows staged")
