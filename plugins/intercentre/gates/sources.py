"""What the SELECTs of a gate look up: schema `commun` or the table `observation`, and schema `controle` beside them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intercentre.core.engine import count_rows, literal, load_rows, quoted, scalar
from intercentre.core.hub import Hub
from intercentre.core.tables import rows_in, show_folder, tables_in
from intercentre.gates.refusal import GateFaultError, GateRefusal
from schemas.exchanges.release import OBSERVATION_COLUMNS
from schemas.exchanges.verdict import ACCEPTED, OFFICIAL_SOURCE
from schemas.extracts import TABLES
from schemas.gates import GateExpectations
from schemas.indicators import definitions
from schemas.nomenclatures import nomenclature
from schemas.period import Period

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

LOCAL_FIGURES = "stat_locale"  # the one table of which not every row is kept

ROW_COLUMNS = {
    "table_nom": "VARCHAR",
    "centre_code": "VARCHAR",
    "depot_id": "VARCHAR",
    "preparees": "BIGINT",
    "communes": "BIGINT",
    "est_choisie": "BOOLEAN",
}
FORMER_COLUMNS = {"table_nom": "VARCHAR", "centre_code": "VARCHAR", "communes": "BIGINT"}
KEY_COLUMNS = {"table_nom": "VARCHAR", "lignes": "BIGINT", "cles": "BIGINT"}
DEFINITION_COLUMNS = {
    "indicateur": "VARCHAR",
    "titre": "VARCHAR",
    "mesure": "VARCHAR",
    "unite": "VARCHAR",
    "est_additif": "BOOLEAN",
    "dimensions_du_total": "VARCHAR[]",
    "minimum": "DOUBLE",
    "maximum": "DOUBLE",
}


@dataclass(frozen=True, slots=True)
class Source:
    """The staged rows of one deposit in force."""

    centre_code: str
    depot_id: str
    dossier: Path


def load_common(engine: DuckDBPyConnection, hub: Hub, periode: Period) -> None:
    """Schema `commun` shows the period's common tables; `controle` what they are compared with.

    raises  GateRefusal when the period is not harmonised
    """
    folder = hub.home.common(periode)
    if not (folder / "couverture.parquet").is_file():
        raise GateRefusal(f"Aucune table commune pour {periode.libelle} : harmonisez d'abord la période.")
    show_folder(engine, "commun", folder)
    engine.execute("CREATE SCHEMA controle")
    sources = deposits_in_force(engine, hub, periode)
    load_rows(engine, "controle.lignes", ROW_COLUMNS, row_counts(engine, sources))
    load_rows(engine, "controle.lignes_avant", FORMER_COLUMNS, former_counts(engine, hub, periode))
    load_rows(engine, "controle.cles", KEY_COLUMNS, [_keys(engine, table) for table in TABLES])
    centres = [(code,) for code in nomenclature("centre").entries]
    load_rows(engine, "controle.centre", {"centre_code": "VARCHAR"}, centres)
    load_rows(engine, "controle.commune", {"code": "VARCHAR", "actuelle": "VARCHAR"}, _communes(periode))
    _show_local_figures(engine, sources)


def load_observations(engine: DuckDBPyConnection, hub: Hub, periode: Period, limits: GateExpectations) -> None:
    """`observation` and `additivite` are those of the period; `controle` holds definitions and the last release.

    raises  GateRefusal when there are no observations
    """
    folder = hub.home.observations(periode)
    if not (folder / "observations.parquet").is_file():
        raise GateRefusal(f"Aucune observation pour {periode.libelle} : calculez d'abord les indicateurs.")
    for view, name in (("observation", "observations"), ("additivite", "additivite")):
        path = literal(folder / f"{name}.parquet")
        engine.execute(f"CREATE VIEW {view} AS SELECT * FROM read_parquet({path})")
    engine.execute("CREATE SCHEMA controle")
    load_rows(engine, "controle.definition", DEFINITION_COLUMNS, definition_rows(limits))
    release = last_release(hub)
    if release is None:
        load_rows(engine, "controle.precedente", OBSERVATION_COLUMNS, [])
    else:
        path = literal(release / "indicateurs.parquet")
        engine.execute(f"CREATE VIEW controle.precedente AS SELECT * FROM read_parquet({path})")


def deposits_in_force(engine: DuckDBPyConnection, hub: Hub, periode: Period) -> list[Source]:
    """The deposits that the coverage names, and the accepted deposits of official statistics up to the period.

    source  the registry for official statistics, not what harmonisation says it has read
    """
    from sqlalchemy import select

    from intercentre.core.registry.tables import Depot

    named = engine.execute(
        "SELECT centre_code, periode_depot, depot_id FROM commun.couverture WHERE depot_id IS NOT NULL ORDER BY ALL"
    ).fetchall()
    official = select(Depot.centre_code, Depot.periode, Depot.depot_id).where(
        Depot.centre_code == OFFICIAL_SOURCE, Depot.prepare, Depot.etat.in_(ACCEPTED)
    )
    with hub.registry.read() as session:
        rows = [tuple(row) for row in session.execute(official.order_by(Depot.numero)).all()]
    named += [row for row in rows if Period.parse(row[1]).fin <= periode.fin]
    return [Source(centre, depot_id, hub.home.staged(centre, period, depot_id)) for centre, period, depot_id in named]


def row_counts(engine: DuckDBPyConnection, sources: Iterable[Source]) -> list[tuple[Any, ...]]:
    """One row of ROW_COLUMNS for each table of each deposit, and for each deposit that a common table names besides."""
    rows = []
    given = list(sources)
    for table in TABLES:
        found = dict(
            engine.execute(f"SELECT depot_id, count(*) FROM commun.{quoted(table)} GROUP BY depot_id").fetchall()
        )
        for one in given:
            if one.centre_code == OFFICIAL_SOURCE and table != LOCAL_FIGURES:
                continue
            path = one.dossier / f"{table}.parquet"
            staged = count_rows(engine, f"read_parquet({literal(path)})") if path.is_file() else 0
            common = found.pop(one.depot_id, 0)
            rows.append((table, one.centre_code, one.depot_id, staged, common, table == LOCAL_FIGURES))
        rows += [(table, "inconnu", depot_id, 0, common, False) for depot_id, common in sorted(found.items())]
    return rows


def former_counts(engine: DuckDBPyConnection, hub: Hub, periode: Period) -> list[tuple[Any, ...]]:
    """Rows of each centre in each common table of the period before; none when it was not harmonised."""
    tables = tables_in(hub.home.common(periode.previous()))
    rows = []
    for table in TABLES:
        if table in tables:
            counted = f"SELECT centre_code, count(*) FROM {rows_in(tables[table])} GROUP BY ALL ORDER BY ALL"
            rows += [(table, centre, count) for centre, count in engine.execute(counted).fetchall()]
    return rows


def definition_rows(limits: GateExpectations) -> list[tuple[Any, ...]]:
    """One row of DEFINITION_COLUMNS per indicator in force; raises GateFaultError for a unit without a range."""
    rows = []
    for one in definitions().values():
        if one.statut != "retiree":
            span = limits.indicateurs.get(one.code) or limits.unites.get(one.unite)
            if span is None:
                raise GateFaultError(f"L'unité de {one.code} n'a pas d'étendue dans schemas/gates/attentes.yml.")
            adds = one.mesure != "distinct" and len(one.territoires) > 1
            of_the_total = list(one.ventilations_du_total)
            rows.append((one.code, one.titre, one.mesure, one.unite, adds, of_the_total, span.minimum, span.maximum))
    return rows


def last_release(hub: Hub) -> Path | None:
    """The folder of the release published last; None before the first.

    raises  GateRefusal when its figures are missing: movement could not be told
    """
    from sqlalchemy import select

    from intercentre.core.registry.tables import Publication

    with hub.registry.read() as session:
        versions = select(Publication.version).order_by(Publication.publie_le.desc(), Publication.version.desc())
        version = session.execute(versions.limit(1)).scalar_one_or_none()
    if version is None:
        return None
    folder = hub.home.releases / version
    if not (folder / "indicateurs.parquet").is_file():
        raise GateRefusal(
            f"Les chiffres de la publication {version}, inscrite au registre, sont absents : restaurez son dossier, "
            "pour que les mouvements puissent être dits."
        )
    return folder


def _keys(engine: DuckDBPyConnection, table: str) -> tuple[Any, ...]:
    key = ", ".join(quoted(column) for column in ("centre_code", *TABLES[table].contrat.key))
    name = f"commun.{quoted(table)}"
    return (table, count_rows(engine, name), scalar(engine, f"SELECT count(DISTINCT ({key})) FROM {name}"))


def _communes(periode: Period) -> list[tuple[str, str]]:
    listed = nomenclature("commune")
    return [(code, listed.successor(code, periode.fin) or code) for code in listed.entries]


def _show_local_figures(engine: DuckDBPyConnection, sources: Iterable[Source]) -> None:
    columns = ("commune_refnis", "indicateur_local", "periode", "modalite")
    selected = ", ".join(columns)
    parts = [
        f"SELECT {literal(one.centre_code)} AS centre_code, {literal(one.depot_id)} AS depot_id, {selected} "
        f"FROM read_parquet({literal(path)})"
        for one in sources
        if (path := one.dossier / f"{LOCAL_FIGURES}.parquet").is_file()
    ]
    if parts:
        engine.execute(f"CREATE VIEW controle.{LOCAL_FIGURES} AS {' UNION ALL '.join(parts)}")
    else:
        kinds = dict.fromkeys(("centre_code", "depot_id", *columns), "VARCHAR")
        load_rows(engine, f"controle.{LOCAL_FIGURES}", kinds, [])
