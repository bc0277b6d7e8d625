"""The anomalies of a period, recorded with the centres that they concern."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intercentre.concertation.detection import (
    Anomaly,
    Moves,
    Outlier,
    Point,
    Silence,
    broken_series,
    outside_funnel,
    silent_communes,
    unanswered_moves,
)
from intercentre.concertation.refusal import ConcertationRefusee
from intercentre.core.engine import literal, load_rows, open_engine, write_table
from intercentre.core.files import new_folder
from intercentre.core.hub import Hub
from intercentre.core.tables import rows_in, tables_in
from schemas.anomalies import ANOMALY_COLUMNS, ANOMALY_KEY, anomaly_kinds
from schemas.exchanges.release import TOTAL
from schemas.period import Period
from schemas.query import read_query
from schemas.thresholds import threshold

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ACTOR = "concertation"
FILE = "anomalies.parquet"
_SQL = Path(__file__).parent / "sql"
_COMMON = ("appariement_transfert", "couverture", "flux_commune", "table_deposee", "territoire")


def note_anomalies(hub: Hub, periode: Period | str) -> Path:
    """The folder of the period's anomalies, made anew; says in the journal how many there are of each kind.

    Figures are read as they are protected: nothing withheld can be told from an anomaly. Moves that do not agree are
    counted on the common tables, and named only from the smallest count that may be shown.

    leaves  anomalies.parquet (ANOMALY_COLUMNS)
    raises  ConcertationRefusee when the period has no protected comparison or no common tables
    """
    period = Period.parse(str(periode))
    protected, common = hub.home.protected(period), hub.home.common(period)
    if not (protected / "comparaison.parquet").is_file() or not (common / "couverture.parquet").is_file():
        raise ConcertationRefusee(
            f"Aucun chiffre protégé à comparer pour {period.libelle} : calculez et protégez d'abord les indicateurs."
        )
    with open_engine() as engine:
        found = find_anomalies(engine, protected, common, period)
    folder = hub.home.anomalies(period)
    with new_folder(folder) as scratch:
        write_anomalies(scratch / FILE, found)
    with hub.registry.change() as change:
        change.journal(ACTOR, "anomalies_relevees", str(period), **Counter(one.code for one in found))
    return folder


def find_anomalies(engine: DuckDBPyConnection, protected: Path, common: Path, periode: Period) -> list[Anomaly]:
    """The anomalies of the period, by kind, then indicator, then centre."""
    for name, path in (("observation", "observations"), ("comparaison", "comparaison")):
        source = literal(protected / f"{path}.parquet")
        engine.execute(f"CREATE OR REPLACE VIEW {name} AS SELECT * FROM read_parquet({source})")
    engine.execute("CREATE SCHEMA IF NOT EXISTS commun")
    tables = tables_in(common)
    for name in _COMMON:
        engine.execute(f"CREATE OR REPLACE VIEW commun.{name} AS SELECT * FROM {rows_in(tables[name])}")
    kinds, last = anomaly_kinds(), str(periode)
    outliers = _rows(engine, "hors_entonnoir", indicateurs=list(kinds["ANO-001"].indicateurs))
    points = _rows(engine, "serie", indicateurs=list(kinds["ANO-002"].indicateurs), total=TOTAL)
    moves = _rows(engine, "transferts_sans_reponse", **_settled_year(periode))
    silences = _rows(engine, "communes_muettes", debut=_quarters_back(periode), fin=periode.fin)
    return [
        *outside_funnel(Outlier(*row) for row in outliers),
        *broken_series([Point(*row) for row in points]),
        *unanswered_moves((Moves(*row) for row in moves), last),
        *silent_communes((Silence(centre, tuple(names or ()), total) for centre, names, total in silences), last),
    ]


def write_anomalies(path: Path, found: list[Anomaly]) -> None:
    """`path` holds the anomalies as Parquet, the same bytes for the same anomalies."""
    said = [asdict(one) | {"anomalie_id": one.anomalie_id, "centres": list(one.centres)} for one in found]
    rows = [[one[name] for name in ANOMALY_COLUMNS] for one in said]
    with open_engine() as engine:
        load_rows(engine, "anomalie", ANOMALY_COLUMNS, rows)
        write_table(engine, "anomalie", path, ANOMALY_KEY)


def read_anomalies(hub: Hub, periode: Period | str, centre: str | None = None) -> list[Anomaly]:
    """The anomalies of the period that concern `centre`, or all of them; none before they were looked for."""
    path = hub.home.anomalies(periode) / FILE
    if not path.is_file():
        return []
    columns = [name for name in ANOMALY_COLUMNS if name != "anomalie_id"]
    with open_engine() as engine:
        rows = engine.execute(
            f"SELECT {', '.join(columns)} FROM read_parquet($chemin) "
            f"WHERE $centre IS NULL OR list_contains(centres, $centre) ORDER BY {', '.join(ANOMALY_KEY)}",
            {"chemin": str(path), "centre": centre},
        ).fetchall()
    return [Anomaly(**(dict(zip(columns, row, strict=True)) | {"centres": tuple(row[3])})) for row in rows]


def _settled_year(periode: Period) -> dict[str, date]:
    """Twelve months that ended long enough ago for both centres to have declared their side."""
    fin = periode.fin - timedelta(days=int(threshold("ANOMALIE_TRANSFERTS_JOURS")))
    return {"debut": fin - timedelta(days=365), "fin": fin}


def _quarters_back(periode: Period) -> date:
    quarters = int(threshold("ANOMALIE_COMMUNES_TRIMESTRES"))
    return Period.quarter_of(periode.fin).shift(1 - quarters).debut


def _rows(engine: DuckDBPyConnection, name: str, **parameters: Any) -> list[tuple[Any, ...]]:
    return engine.execute(read_query(_SQL / f"{name}.sql").text, parameters).fetchall()
