"""The released tables, in memory, in one engine: every format of the release is written from these."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from intercentre.core.engine import create_table, load_rows, quoted, scalar
from intercentre.release.definitions import load_definitions
from intercentre.release.inputs import ReleaseInputs
from intercentre.release.refusal import PublicationRefusee
from schemas.exchanges.agreement import Reservation
from schemas.exchanges.comparison import RELEASED_COMPARISON_COLUMNS
from schemas.exchanges.release import OBSERVATION_COLUMNS, OBSERVATION_KEY, TOTAL
from schemas.nomenclatures import nomenclature
from schemas.query import Query, read_query

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_SQL = Path(__file__).parent / "sql"
_WHOLE = "tous"
_ELSEWHERE = ("00000", "99999")  # unknown, outside: places of a figure, not of the territory


def build_figures(engine: DuckDBPyConnection, inputs: ReleaseInputs) -> None:
    """`engine` holds the tables indicateurs, comparaison, changements, reserves, territoires, couverture and periodes.

    raises  PublicationRefusee when the protected figures are not those of the observations behind them
    """
    _load_observations(engine, "protege", inputs.protected / "observations.parquet")
    if inputs.previous is None:
        engine.execute("CREATE TABLE precedente AS SELECT * FROM protege LIMIT 0")
    else:
        _load_observations(engine, "precedente", inputs.previous.folder / "indicateurs.parquet")
    _check_origin(engine, inputs.observations)
    _load_reservations(engine, inputs.agreement.reservations)
    create_table(engine, "indicateurs", _query("indicateurs"))
    _load_comparison(engine, inputs.protected / "comparaison.parquet")
    create_table(engine, "changements", _query("changements"))
    if inputs.previous is None:  # the first release changes nothing
        engine.execute("DELETE FROM changements")
    _load_places(engine, inputs)
    load_definitions(engine)


def _load_observations(engine: DuckDBPyConnection, table: str, path: Path) -> None:
    """`table` holds the observation rows of a Parquet file, columns and types as agreed."""
    casts = {
        name: f"CAST({quoted(name)} AS {kind}) AS {quoted(name)}"
        for name, kind in OBSERVATION_COLUMNS.items()
        if name != "reserves"
    }
    engine.execute(f"CREATE TABLE {table} AS SELECT {', '.join(casts.values())} FROM read_parquet(?)", [str(path)])


def _load_comparison(engine: DuckDBPyConnection, path: Path) -> None:
    """`comparaison` has a row where the centre's and the region's figures are both released, and nothing of others."""
    load_rows(engine, "comparaison", RELEASED_COMPARISON_COLUMNS, [])
    if path.is_file():
        query = _query("comparaison").text
        engine.execute(f"INSERT INTO comparaison BY NAME {query}", {"comparaison": str(path), "total": TOTAL})


def _check_origin(engine: DuckDBPyConnection, observations: Path) -> None:
    """A public figure is the very figure that was computed; else the indicators were run again since protection."""
    strangers = scalar(engine, _query("sans_origine").text, {"observations": str(observations)})
    if strangers:
        raise PublicationRefusee(
            "Les indicateurs ont été recalculés depuis la protection des chiffres : protégez-les de nouveau, puis "
            "ouvrez un tour de concertation."
        )


def _load_reservations(engine: DuckDBPyConnection, reservations: tuple[Reservation, ...]) -> None:
    columns = {"centre": "VARCHAR", "avis": "VARCHAR", "indicateurs": "VARCHAR", "motif": "VARCHAR"}
    rows = [(one.centre, one.avis.value, ";".join(one.indicateurs) or _WHOLE, one.motif) for one in reservations]
    load_rows(engine, "reserves", columns, rows)
    codes = [row[0] for row in engine.execute("SELECT DISTINCT indicateur FROM protege ORDER BY 1").fetchall()]
    marks = [(code, ";".join(one.centre for one in reservations if one.bears_on(code))) for code in codes]
    load_rows(engine, "reserve_indicateur", {"indicateur": "VARCHAR", "reserves": "VARCHAR"}, marks)


def _load_places(engine: DuckDBPyConnection, inputs: ReleaseInputs) -> None:
    territory = str(inputs.common / "territoire.parquet")
    engine.execute("CREATE TABLE territoire AS FROM read_parquet(?)", [territory])
    names = [(code, entry.libelle) for code, entry in nomenclature("centre").entries.items()]
    load_rows(engine, "centre", {"code": "VARCHAR", "nom": "VARCHAR"}, names)
    communes = nomenclature("commune").entries
    elsewhere = [(code, communes[code].libelle) for code in _ELSEWHERE]
    load_rows(engine, "hors_territoire", {"code": "VARCHAR", "nom": "VARCHAR"}, elsewhere)
    create_table(engine, "territoires", _query("territoires"))
    columns = {"centre": "VARCHAR", "etat": "VARCHAR", "periode_depot": "VARCHAR", "date_etat": "DATE"}
    rows = [(one.centre, one.etat, one.periode_depot, one.date_etat) for one in inputs.couverture]
    load_rows(engine, "couverture", columns, rows)
    create_table(engine, "periodes", _query("periodes"), {"couverture": str(inputs.coverage)})


def sorted_rows(engine: DuckDBPyConnection) -> list[tuple[object, ...]]:
    """The released observations in the order of their keys."""
    columns = ", ".join(quoted(name) for name in OBSERVATION_COLUMNS)
    return engine.execute(f"SELECT {columns} FROM indicateurs ORDER BY {', '.join(OBSERVATION_KEY)}").fetchall()


def _query(name: str) -> Query:
    return read_query(_SQL / f"{name}.sql")
