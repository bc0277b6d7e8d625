"""Protected observations of a period, and the statement that goes with them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from intercentre.core.engine import create_table, literal, open_engine, write_table
from intercentre.core.files import new_folder
from intercentre.core.hub import Hub
from intercentre.core.passage import refuse_if_stopped
from intercentre.core.refusal import Refusal
from intercentre.disclosure.statement import COMPLEMENTARY, DIFFUSION, as_text, statement
from intercentre.disclosure.suppression import Thresholds, suppress
from schemas.exchanges.comparison import COMPARISON_KEY
from schemas.exchanges.release import OBSERVATION_COLUMNS, OBSERVATION_KEY, TOTAL
from schemas.gates import Gate
from schemas.period import Period
from schemas.query import read_query

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ACTOR = "protection"


class ProtectionError(Refusal):
    """There is nothing to protect yet, or the result is not what it must be; the message is French."""


def protect_observations(hub: Hub, periode: Period | str) -> Path:
    """The folder of the period's protected observations, made anew; says in the journal how many are withheld.

    leaves  observations.parquet (OBSERVATION_COLUMNS, in the order of the key), comparaison.parquet and protection.json
    raises  ProtectionError when there are no observations; MarginMissing when one of their totals is absent;
            core.passage.NotThroughGate when the gate stopped these observations
    """
    period = Period.parse(str(periode))
    source = hub.home.observations(period) / "observations.parquet"
    if not source.is_file():
        raise ProtectionError(f"Aucune observation pour {period.libelle} : calculez d'abord les indicateurs.")
    refuse_if_stopped(hub, period, Gate.OBSERVATIONS)
    folder = hub.home.protected(period)
    with new_folder(folder) as scratch:
        counts = write_protected(scratch, source, period)
    with hub.registry.change() as change:
        change.journal(
            ACTOR,
            "observations_protegees",
            str(period),
            cellules=sum(one["cellules"] for one in counts.values()),
            masquees=sum(one["masquees"] for one in counts.values()),
            complementaire=COMPLEMENTARY,
            diffusion=DIFFUSION,
        )
    return folder


def write_protected(folder: Path, source: Path, periode: Period) -> dict[str, dict[str, int]]:
    """`folder` holds the protected observations and their statement; returns cells and withheld cells by indicator."""
    thresholds = Thresholds.at(periode.fin)
    with open_engine() as engine:
        engine.execute(f"CREATE VIEW observation AS SELECT * FROM read_parquet({literal(source)})")
        suppress(engine, thresholds)
        _check(engine)
        write_table(engine, "protegee", folder / "observations.parquet", OBSERVATION_KEY)
        comparison = source.with_name("comparaison.parquet")
        if comparison.is_file():
            protect_comparison(engine, comparison)
            write_table(engine, "comparaison_protegee", folder / "comparaison.parquet", COMPARISON_KEY)
        counts = _counts(engine)
    (folder / "protection.json").write_text(as_text(statement(periode, thresholds, counts)), encoding="utf-8")
    return counts


def _check(engine: DuckDBPyConnection) -> None:
    """The product's own guard: same rows as before, the agreed columns, nothing left of a withheld figure."""
    columns = [row[0] for row in engine.execute("DESCRIBE protegee").fetchall()]
    if columns != list(OBSERVATION_COLUMNS):
        raise ProtectionError("Les colonnes protégées ne sont pas celles d'une observation.")
    before, after, open_cells = engine.execute(
        "SELECT (SELECT count(*) FROM observation), count(*), count(*) FILTER (WHERE statut_secret = 'masque' AND "
        "(valeur IS NOT NULL OR numerateur IS NOT NULL OR denominateur IS NOT NULL)) FROM protegee"
    ).fetchall()[0]
    if before != after or open_cells:
        raise ProtectionError(f"{before} observations lues, {after} protégées, {open_cells} masques incomplets.")


def protect_comparison(engine: DuckDBPyConnection, source: Path) -> None:
    """The table `comparaison_protegee` has every row of `source`; beside a withheld figure it holds the key alone.

    A row is withheld with the centre's own total, and with the region's: an interval gives the denominator away and
    often the figure, and a limit gives the region's rate. Every row has its observation; without one it is withheld.
    """
    engine.execute(f"CREATE OR REPLACE VIEW comparaison AS SELECT * FROM read_parquet({literal(source)})")
    query = read_query(Path(__file__).parent / "sql" / "comparaison_protegee.sql")
    create_table(engine, "comparaison_protegee", query, {"total": TOTAL})


def _counts(engine: DuckDBPyConnection) -> dict[str, dict[str, int]]:
    rows = engine.execute(
        "SELECT indicateur, count(*), count(*) FILTER (WHERE statut_secret = 'masque') FROM protegee "
        "GROUP BY indicateur ORDER BY indicateur"
    ).fetchall()
    return {code: {"cellules": cells, "masquees": withheld} for code, cells, withheld in rows}
