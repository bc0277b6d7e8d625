"""From validated rows to staged ones."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from intercentre.core.engine import literal, open_engine, quoted, scalar
from intercentre.core.files import new_folder
from intercentre.core.hub import Hub
from intercentre.core.registry.tables import Depot
from schemas.exchanges.verdict import Verdict
from schemas.extracts import TABLES

ACTOR = "preparation"
QUARANTINE = "quarantaine"


class NotJudgedError(LookupError):
    """There is no such deposit, or it has no verdict yet."""


class RowsLostError(RuntimeError):
    """The staged rows are not those of the verdict: a fault of ours, never of the deposit."""


def stage_deposit(hub: Hub, depot_id: str) -> bool:
    """The deposit's retained rows are staged and count from now on; False, and nothing done, when it is refused.

    A deposit that is staged already is left as it is. Rows in quarantine lie beside, under quarantaine/.

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
        counts = _copy_rows(hub.home.validated(depot_id) / "types", folder)
        _check(counts, verdict)
    with hub.registry.change() as change:
        current = change.session.get(Depot, depot_id)
        if current is not None and not current.prepare:
            current.prepare = True
            retained = sum(kept for kept, _ in counts.values())
            change.journal(ACTOR, "depot_prepare", depot_id, lignes=retained)
    return True


def _copy_rows(types: Path, folder: Path) -> dict[str, tuple[int, int]]:
    """Table → rows retained and rows in quarantine, each written to its Parquet file."""
    (folder / QUARANTINE).mkdir()
    counts = {}
    with closing(open_engine()) as engine:
        for name, table in TABLES.items():
            columns = ", ".join(map(quoted, ("ligne", *table.fields())))
            engine.execute(
                "CREATE OR REPLACE TEMP TABLE lignes AS SELECT * FROM read_parquet($1)",
                [str(types / f"{name}.parquet")],
            )
            kept, aside = (
                scalar(
                    engine,
                    f"COPY (SELECT {columns} FROM lignes WHERE {condition} ORDER BY ligne)"
                    f" TO {literal(target / f'{name}.parquet')} (FORMAT parquet, COMPRESSION zstd)",
                )
                for target, condition in ((folder, "retenue"), (folder / QUARANTINE, "NOT retenue"))
            )
            counts[name] = (kept, aside)
    return counts


def _check(counts: Mapping[str, tuple[int, int]], verdict: Verdict) -> None:
    for table in verdict.tables:
        if counts[table.table] != (table.lignes_retenues, table.lignes_quarantaine):
            raise RowsLostError(f"{table.table}: {counts[table.table]} rows staged")
