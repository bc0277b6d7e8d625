"""Observations of a period, from its common tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intercentre.core.engine import (
    CORES,
    MAIN,
    create_table,
    is_large,
    literal,
    load_rows,
    open_engine,
    quoted,
    side_by_side,
    write_table,
)
from intercentre.core.files import new_folder
from intercentre.core.hub import Hub
from intercentre.core.passage import refuse_if_stopped
from intercentre.core.refusal import Refusal
from intercentre.core.tables import show_centres, show_folder
from intercentre.indicators.aggregation import COUNT_COLUMNS, aggregation_sql, cells_sql
from intercentre.indicators.between_centres import compare_centres, disperse, note_for_comparison, prepare_comparison
from intercentre.indicators.histories import drop_unfinished
from intercentre.indicators.quantiles import add_quantiles
from intercentre.indicators.waiting import set_waiting_apart
from schemas.exchanges.comparison import COMPARISON_KEY
from schemas.exchanges.release import OBSERVATION_COLUMNS, OBSERVATION_KEY, TOTAL
from schemas.gates import Gate
from schemas.indicators import REGION, WAITING, Definition, definitions
from schemas.period import Period
from schemas.query import Query, read_query

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Step = Callable[["DuckDBPyConnection"], object]
"""What is made with a connection of its own, side by side with others."""

ACTOR = "indicateurs"
_SQL = Path(__file__).parent / "sql"

# Before protection: the observation row without what protection and concertation add, and what they judge by.
COLUMNS = {name: kind for name, kind in OBSERVATION_COLUMNS.items() if name not in ("statut_secret", "reserves")} | {
    "effectif": "BIGINT",
    "secret": "VARCHAR",
}

DEFINITION_COLUMNS = {
    "indicateur": "VARCHAR",
    "version": "VARCHAR",
    "mesure": "VARCHAR",
    "unite": "VARCHAR",
    "facteur": "INTEGER",
    "secret": "VARCHAR",
    "couverture": "VARCHAR",
    "dimensions_du_total": "VARCHAR[]",
    "types": "VARCHAR[]",
    "lieux": "VARCHAR[]",
    "tables_requises": "VARCHAR[]",
    "tables_completes": "VARCHAR[]",
    "recul_jours": "INTEGER",
    "est_cohorte": "BOOLEAN",
}

# File → its table and the columns that name a row.
_FILES: dict[str, tuple[str, tuple[str, ...]]] = {
    "observations": ("observation", OBSERVATION_KEY),
    "additivite": ("additivite", ("periode",)),
    "couverture": ("couverture", ("periode",)),
    "personnes_bornes": ("personnes_bornes", ("periode",)),
    "comparaison": ("comparaison", COMPARISON_KEY),
}


class IndicatorError(Refusal):
    """The figures cannot be made; the message is French and holds no figure."""


def compute_indicators(hub: Hub, periode: Period | str) -> Path:
    """The folder of the period's observations, made anew from its common tables; says so in the journal.

    leaves  observations.parquet (COLUMNS, in the order of the key), additivite.parquet (periode, somme_centres,
            doublons, region; persons), personnes_bornes.parquet (the same with borne_basse and borne_haute),
            couverture.parquet (periode, centres_presents, centres_reportes, centres_manquants, part_public_couverte
            0 to 1, ruptures; docs/decisions/0064) and comparaison.parquet (COMPARISON_COLUMNS, before protection)
    raises  IndicatorError when the period is not harmonised; core.passage.NotThroughGate when the gate stopped these
            common tables. Whether the figures add up is asked by the next gate, with its evidence (rule V73)
    """
    period = Period.parse(str(periode))
    common = hub.home.common(period)
    if not (common / "periode.parquet").is_file():
        raise IndicatorError(f"Aucune table commune pour {period.libelle} : harmonisez d'abord la période.")
    refuse_if_stopped(hub, period, Gate.TABLES_COMMUNES)
    folder = hub.home.observations(period)
    with new_folder(folder) as scratch:
        rows = write_observations(scratch, common, period, definitions().values())
    with hub.registry.change() as change:
        change.journal(
            ACTOR,
            "indicateurs_calcules",
            str(period),
            definitions={one.code: one.version for one in definitions().values()},
            lignes=rows,
        )
    return folder


def write_observations(folder: Path, common: Path, periode: Period, wanted: Iterable[Definition]) -> dict[str, int]:
    """`folder` holds the observations, the additivity lines and the coverage; returns the rows of each file."""
    chosen = list(wanted)
    threads = CORES if is_large(common.rglob("*.parquet")) else 1
    with open_engine(threads, folder / "debordement") as engine:
        engine.execute("SET disabled_optimizers = 'join_order'")  # joins are made as written: docs/decisions/0065
        engine.execute("SET parquet_metadata_cache = true")  # the common tables do not change meanwhile
        centres = open_common(engine, common)
        load_rows(engine, "observation", COLUMNS, [])
        load_rows(engine, "definition", DEFINITION_COLUMNS, [_facts(one) for one in chosen])
        create_table(engine, "hors_histoire", _query("hors_histoire"))
        prepare_comparison(engine)
        counted = [one for one in chosen if one.mesure != "dispersion"]
        observe(engine, counted, periode, centres, beside=[partial(_make, "doublon_possible")])
        observe(engine, [one for one in chosen if one.mesure == "dispersion"], periode)  # made from the others
        _make("additivite", engine)
        last: list[Step] = [
            partial(compare_centres, observed=chosen),
            partial(_make, "personnes_bornes"),
            partial(_make, "couverture"),
        ]
        side_by_side(engine, _take, last)
        return dict(zip(_FILES, side_by_side(engine, partial(_write, folder), _FILES.items()), strict=True))


def _take(engine: DuckDBPyConnection, step: Step) -> None:
    step(engine)


def _make(table: str, engine: DuckDBPyConnection) -> None:
    create_table(engine, table, _query(table), {"total": TOTAL})


def _write(folder: Path, engine: DuckDBPyConnection, named: tuple[str, tuple[str, tuple[str, ...]]]) -> int:
    name, (table, key) = named
    return write_table(engine, table, folder / f"{name}.parquet", key)


def open_common(engine: DuckDBPyConnection, common: Path) -> tuple[str, ...]:
    """Schema `commun` shows every common table in the folder, and the definitions in force.

    Returns the centres whose rows lie apart: each also has a database of its name, whose `commun` shows them alone.
    """
    show_folder(engine, "commun", common)
    versions = [(one.code, one.version) for one in definitions().values()]
    load_rows(engine, "commun.definition", {"indicateur": "VARCHAR", "version": "VARCHAR"}, versions)
    return show_centres(engine, "commun", common)


def observe(
    engine: DuckDBPyConnection,
    wanted: Sequence[Definition],
    periode: Period,
    centres: Sequence[str] = (),
    beside: Sequence[Step] = (),
) -> None:
    """The table `observation` also holds the rows of the indicators: units counted, then completed all at once.

    centres  those whose rows lie apart (open_common)
    beside   what is made while they are counted
    """
    load_rows(engine, "definition", DEFINITION_COLUMNS, [_facts(one) for one in wanted])
    load_rows(engine, "cumul", COUNT_COLUMNS, [])
    create_table(engine, "attendu", _query("attendu_centres"), {"region": REGION})
    counts: list[Step] = [partial(_count, definition=one, centres=centres) for one in wanted]
    side_by_side(engine, _take, [*beside, *counts])
    observed = _query("observation").text
    engine.execute(
        f"INSERT INTO observation BY NAME {observed}", {"date_etat": periode.fin, "total": TOTAL, "attente": WAITING}
    )


def _count(engine: DuckDBPyConnection, definition: Definition, centres: Sequence[str]) -> None:
    """The indicator's counts are in `cumul` and, of an official statistic, the places that it has in `attendu`."""
    if definition.mesure == "dispersion":
        disperse(engine, definition, REGION)
        return
    _make_cells(engine, definition, centres)
    drop_unfinished(engine, "cellule", definition)
    set_waiting_apart(engine, definition)
    counts = f"SELECT {literal(definition.code)} AS indicateur, * FROM ({aggregation_sql(definition)})"
    engine.execute(f"INSERT INTO cumul BY NAME {counts}")
    add_quantiles(engine, definition)
    note_for_comparison(engine, definition)
    if definition.couverture == "communes":
        expected = {"indicateur": definition.code, "region": REGION, "lieux": definition.lieux}
        engine.execute(f"INSERT INTO attendu BY NAME {_query('attendu_communes').text}", expected)


def _make_cells(engine: DuckDBPyConnection, definition: Definition, centres: Sequence[str]) -> None:
    """The table `cellule` is what is added up; one centre after another where their rows lie apart and may be."""
    cells = cells_sql(definition)
    if definition.portee == "region" or not centres:
        engine.execute(f"CREATE TEMP TABLE cellule AS {cells}")
        return
    for place, centre in enumerate(centres):
        engine.execute(f"USE {quoted(centre)}")
        engine.execute(f"INSERT INTO cellule {cells}" if place else f"CREATE TEMP TABLE cellule AS {cells}")
    engine.execute(f"USE {MAIN}")


def _facts(definition: Definition) -> tuple[Any, ...]:
    return (
        definition.code,
        definition.version,
        definition.mesure,
        definition.unite,
        definition.facteur,
        definition.secret,
        definition.couverture,
        list(definition.ventilations_du_total),
        list(definition.periodes),
        definition.lieux,
        list(definition.tables_requises),
        list(definition.tables_completes),
        definition.recul_jours,
        definition.vue == "cohorte",
    )


def _query(name: str) -> Query:
    return read_query(_SQL / f"{name}.sql")
