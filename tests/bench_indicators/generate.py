"""Staged deposits of eight centres, drawn by the engine from a seed: many dossiers, each with its events.

The simulator tells lives and takes a millisecond for each; here rows are only as numerous and as varied as real ones.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from duckdb import DuckDBPyConnection

from intercentre.core.engine import create_table, literal, load_rows, open_engine, quoted
from intercentre.harmonisation.deposits import StagedDeposit
from intercentre.harmonisation.extracts import ORIGIN, columns_of
from intercentre.harmonisation.reference import centre_by_commune
from schemas.nomenclatures import nomenclature
from schemas.period import Period
from schemas.query import read_query

PERIOD = Period(2026, 3)
HISTORY = date(2022, 10, 1)
_SQL = Path(__file__).parent / "sql"
_ROWS = "vie"
_INSCRIPTIONS_PER_SESSION, _INSCRIPTIONS_PER_DOSSIER = 4, 2


def draw_deposits(folder: Path, dossiers: int, seed: int) -> list[StagedDeposit]:
    """One staged deposit per centre under `folder`, with as many dossiers each; the same seed, the same rows."""
    centres = sorted(nomenclature("centre").entries)
    with open_engine() as engine:
        engine.execute(f"CREATE MACRO hasard(cle, tirage) AS (hash(cle, tirage, {seed}) >> 11) / 9007199254740992.0")
        engine.execute("CREATE MACRO un_parmi(liste, part) AS liste[1 + CAST(floor(part * len(liste)) AS INTEGER)]")
        return [_draw_centre(engine, folder, centres, rank, dossiers // len(centres)) for rank, _ in enumerate(centres)]


def _draw_centre(
    engine: DuckDBPyConnection, folder: Path, centres: list[str], rank: int, dossiers: int
) -> StagedDeposit:
    centre = centres[rank]
    deposit_id = f"{centre}-{PERIOD}-{rank:012x}"
    target = folder / centre / str(PERIOD) / deposit_id
    target.mkdir(parents=True)
    communes = sorted(code for code, holder in centre_by_commune(PERIOD.fin).items() if holder == centre)
    load_rows(engine, "commune", {"rang": "INTEGER", "code": "VARCHAR"}, list(enumerate(communes)))
    sessions = max(dossiers * _INSCRIPTIONS_PER_DOSSIER // _INSCRIPTIONS_PER_SESSION, 1)
    parameters = {"nombre": dossiers, "rang": rank, "sessions": sessions, "centres": centres}
    create_table(engine, _ROWS, read_query(_SQL / f"{_ROWS}.sql"), parameters)
    for path in sorted(_SQL.glob("*.sql")):
        if path.stem != _ROWS:
            _write(engine, path, target, parameters)
    return StagedDeposit(centre, deposit_id, PERIOD, PERIOD.fin, HISTORY, (PERIOD.fin, 1, rank + 1), target)


def _write(engine: DuckDBPyConnection, path: Path, target: Path, parameters: dict[str, object]) -> None:
    create_table(engine, "tire", read_query(path), parameters)
    columns = {name: kind for name, kind in columns_of(path.stem).items() if name not in ORIGIN}
    cast = ", ".join(f"CAST({quoted(name)} AS {kind}) AS {quoted(name)}" for name, kind in columns.items())
    engine.execute(
        f"COPY (SELECT ligne, {cast} FROM tire) TO {literal(target / f'{path.stem}.parquet')} "
        "(FORMAT parquet, COMPRESSION zstd)"
    )
