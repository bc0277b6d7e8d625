"""What stands behind one figure of a release: its unit rows, the deposits that made it, the lines of their files.

Read from DISCRI's file of the release, which holds the common tables as they were: what came in since changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intercentre.access.observation_name import ObservationName
from intercentre.core.engine import create_table, literal, open_engine, quoted
from schemas.exchanges.release import TOTAL
from schemas.extracts import TABLES
from schemas.indicators import QUANTILE, TERRITORY_COLUMN, WAITING, Definition, breakdowns
from schemas.query import read_query

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_COUNTED = Path(__file__).parent / "sql" / "depots_comptes.sql"
_OF_A_CENTRE = ("couverture", "periode_couverte", "table_deposee")
_EVENTS = ("etape_accueil", "inscription", "convention", "attestation")
# A common table that is made from extracts → those extracts.
_BEHIND = {
    "evenement": _EVENTS,
    "presence": _EVENTS,
    "appariement_transfert": ("transfert",),
}
# A centre is not counted in a period before one of the tables that the figure needs was complete.
_HISTORY_IS_WHOLE = (
    "centre_code NOT IN (SELECT table_deposee.centre_code FROM commun.table_deposee AS table_deposee "
    "JOIN commun.periode AS periode ON periode.debut < table_deposee.debut_historique "
    "WHERE periode.periode = $periode AND list_contains($tables_completes, table_deposee.table_nom))"
)
_SHARED = "stat_locale"  # a figure of a commune may come from an official deposit, or from any centre


@dataclass(frozen=True, slots=True)
class Unit:
    """One statistical unit behind a figure; `numerateur` is None where the measure has none."""

    unite_id: str
    centre_code: str | None
    numerateur: float | None


@dataclass(frozen=True, slots=True, order=True)
class SourceLine:
    """A line of a deposited file that bears a unit; `ligne` is None when the staged rows are gone."""

    unite_id: str
    table: str
    depot_id: str
    ligne: int | None


@contextmanager
def frozen_tables(analysis: Path) -> Iterator[DuckDBPyConnection]:
    """An engine whose schema `commun` shows the common tables of a release."""
    with open_engine() as engine:
        engine.execute(f"ATTACH {literal(analysis)} AS publication (READ_ONLY)")
        engine.execute("CREATE SCHEMA commun")
        _show(engine)
        yield engine


def units_of(engine: DuckDBPyConnection, definition: Definition, name: ObservationName) -> list[Unit]:
    """The unit rows behind the figure; they stay in the table `retenue`."""
    _load_units(engine, definition, name, "retenue")
    known = _columns(engine, "retenue")
    centre, over = ("centre_code" if "centre_code" in known else "NULL"), "NULL"
    if "numerateur" in known:
        over = "CAST(numerateur AS DOUBLE)"
    rows = engine.execute(f"SELECT unite_id, {centre}, {over} FROM retenue ORDER BY ALL").fetchall()
    return [Unit(*row) for row in rows]


def deposits_of(engine: DuckDBPyConnection, definition: Definition, name: ObservationName) -> list[str]:
    """The deposits that made the figure, in the order of their names; reads `retenue`, which units_of leaves.

    They are those of the centres counted in it, zeros included, and every other one without which its unit rows would
    not be the same.
    """
    counted = set(_counted(engine, definition, name)) if definition.couverture == "centres" else set()
    tables = [table.removeprefix("commun.") for table in definition.query.tables]
    others = sorted(_named_in(engine, tables) - counted)
    changing = {depot for depot in others if _changes(engine, definition, name, depot)}
    _show(engine)
    return sorted(counted | changing)


def lines_of(
    engine: DuckDBPyConnection, definition: Definition, staged: Callable[[str], Path | None]
) -> list[SourceLine]:
    """The lines of the deposits that bear the units of `retenue`, in the tables that the definition reads.

    A line bears a unit when it has the name that the SELECT gives to its units (dossier, person, commune, key of its
    own table); failing that, when it is of the same dossier as a line that has. Of a unit with a centre, only its own.

    staged  depot_id → folder of its staged rows, None when it is not known
    """
    _load_names(engine)
    words = unit_words(definition.query.text)
    read = dict.fromkeys(
        extract
        for table in (one.removeprefix("commun.") for one in definition.query.tables)
        for extract in _BEHIND.get(table, (table,))
        if extract in TABLES
    )
    for table in read:
        _load_lines(engine, table, staged)
        _link(engine, table, words)
        _link_by_columns(engine, table, unit_columns(definition.query.text))
    engine.execute("CREATE OR REPLACE TABLE meme_dossier AS SELECT DISTINCT unite_id, cle_dossier FROM lien")
    for table in read:
        _link_by_dossier(engine, table)
    rows = engine.execute("SELECT DISTINCT unite_id, table_nom, depot_origine, ligne FROM lien ORDER BY ALL").fetchall()
    return [SourceLine(*row) for row in rows]


def unit_words(select: str) -> frozenset[str]:
    """The words with which a SELECT makes the names of its units."""
    return frozenset(word for name in _unit_names(select) for word in re.findall(r"\w+", name))


def unit_columns(select: str) -> list[tuple[str, ...]]:
    """The columns that a SELECT puts behind the centre in the names of its units, in order, for each kind of unit."""
    names = (re.findall(r"\.(\w+)", name) for name in _unit_names(select))
    return [tuple(columns[1:]) for columns in names if columns[:1] == ["centre_code"] and columns[1:]]


def _unit_names(select: str) -> Iterator[str]:
    """What stands before each `AS unite_id`."""
    for found in re.finditer(r"\bAS unite_id\b", select):
        start, depth = found.start(), 0
        while start and not (depth == 0 and select[start - 1] in ",("):
            start -= 1
            depth += {")": 1, "(": -1}.get(select[start], 0)
        yield select[start : found.start()]


def _show(engine: DuckDBPyConnection, without: str | None = None) -> None:
    """The views of `commun`, as if the deposit named had never been made."""
    centre = None if without is None else without.partition("-")[0]
    tables = engine.execute(
        "SELECT table_name, list(column_name) FROM duckdb_columns() "
        "WHERE database_name = 'publication' AND schema_name = 'commun' GROUP BY table_name"
    ).fetchall()
    for table, columns in tables:
        condition = "true"
        if without is not None and table in _OF_A_CENTRE:
            condition = f"centre_code <> {literal(centre or '')}"
        elif without is not None and "depot_id" in columns:
            condition = f"depot_id IS DISTINCT FROM {literal(without)}"
        engine.execute(
            f"CREATE OR REPLACE VIEW commun.{quoted(table)} AS "
            f"SELECT * FROM publication.commun.{quoted(table)} WHERE {condition}"
        )


def _load_units(engine: DuckDBPyConnection, definition: Definition, name: ObservationName, table: str) -> None:
    create_table(engine, "unite", definition.query)
    if definition.lone_units:
        engine.execute(f"ALTER TABLE unite DROP {definition.lone_units}")  # how a unit is counted is no part of it
    conditions = ["periode = $periode"]
    parameters: dict[str, object] = {"periode": name.periode}
    if name.territoire_type in TERRITORY_COLUMN:
        conditions.append(f"{TERRITORY_COLUMN[name.territoire_type]} = $territoire")
        parameters["territoire"] = name.territoire
    if definition.tables_completes and "centre" in definition.lieux:
        conditions.append(_HISTORY_IS_WHOLE)
        parameters["tables_completes"] = list(definition.tables_completes)
    if definition.vue == "cohorte" and definition.mesure in ("part", "rapport"):
        conditions.append("est_mur")
    if definition.attente and name.dimension != WAITING:
        conditions.append("valeur IS NOT NULL")  # who waits still is no part of the median
    placed = f"SELECT * FROM unite WHERE {' AND '.join(conditions)}"
    engine.execute(f"CREATE OR REPLACE TABLE {table} AS {placed}", parameters)
    if name.dimension not in (TOTAL, QUANTILE, WAITING):  # those two are told of all units of the place
        _keep_category(engine, definition, name, table)


def _keep_category(engine: DuckDBPyConnection, definition: Definition, name: ObservationName, table: str) -> None:
    """A person of several rows has the category of the row of highest rank, as when persons are counted."""
    category = f"coalesce({quoted(name.dimension)}, {literal(breakdowns()[name.dimension].inconnu)})"
    if name.dimension in definition.ventilations_du_total:
        category = quoted(name.dimension)
    kept = f"{category} = $modalite"
    if definition.mesure == "distinct":
        kept = f"unite_id IN (SELECT unite_id FROM {table} GROUP BY 1 HAVING arg_max({category}, rang) = $modalite)"
    engine.execute(f"DELETE FROM {table} WHERE NOT coalesce({kept}, false)", {"modalite": name.modalite})


def _counted(engine: DuckDBPyConnection, definition: Definition, name: ObservationName) -> list[str]:
    query = read_query(_COUNTED)
    parameters = {
        "periode": name.periode,
        "territoire_type": name.territoire_type,
        "territoire": name.territoire,
        "tables_requises": list(definition.tables_requises),
        "tables_completes": list(definition.tables_completes),
        "recul_jours": definition.recul_jours,
    }
    return [row[0] for row in engine.execute(query.text, parameters).fetchall()]


def _named_in(engine: DuckDBPyConnection, tables: Sequence[str]) -> set[str]:
    """The deposits that these common tables name."""
    found: set[str] = set()
    for table in tables:
        if "depot_id" in _columns(engine, f"commun.{table}"):
            found |= {row[0] for row in engine.execute(f"SELECT DISTINCT depot_id FROM commun.{table}").fetchall()}
    return found - {None}


def _changes(engine: DuckDBPyConnection, definition: Definition, name: ObservationName, depot: str) -> bool:
    """Whether the unit rows of the figure would be others without this deposit."""
    _show(engine, without=depot)
    _load_units(engine, definition, name, "sans_lui")
    differences = "(FROM retenue EXCEPT ALL FROM sans_lui) UNION ALL (FROM sans_lui EXCEPT ALL FROM retenue)"
    return bool(engine.execute(f"SELECT 1 FROM ({differences}) LIMIT 1").fetchall())


def _load_names(engine: DuckDBPyConnection) -> None:
    """The names of each unit: its own, and what stands before each of its colons."""
    centre = "centre_code" if "centre_code" in _columns(engine, "retenue") else "NULL"
    parts = "string_split(unite_id, ':')"
    engine.execute(
        "CREATE OR REPLACE TABLE nom_unite AS SELECT DISTINCT unite_id, CAST(centre AS VARCHAR) AS centre, nom FROM ("
        f"SELECT unite_id, {centre} AS centre, unnest([array_to_string({parts}[1:n], ':') "
        f"FOR n IN range(1, len({parts}) + 1)]) AS nom FROM retenue)"
    )
    columns = "unite_id VARCHAR, table_nom VARCHAR, depot_origine VARCHAR, ligne BIGINT, cle_dossier VARCHAR"
    engine.execute(f"CREATE OR REPLACE TABLE lien ({columns})")


def _load_lines(engine: DuckDBPyConnection, table: str, staged: Callable[[str], Path | None]) -> None:
    """`lignes_<table>` holds the table's rows with the line and the deposit where each was read."""
    key = TABLES[table].contrat.key
    folders = {depot: staged(depot) for depot in sorted(_named_in(engine, [table]))}
    paths = {depot: folder / f"{table}.parquet" for depot, folder in folders.items() if folder}
    parts = [_lines_sql(engine, depot, path, key) for depot, path in paths.items() if path.is_file()]
    columns = ", ".join(f"CAST(NULL AS VARCHAR) AS {quoted(column)}" for column in key)
    nothing = f"SELECT NULL AS depot_id, NULL AS depot_origine, CAST(NULL AS BIGINT) AS ligne, {columns} WHERE false"
    engine.execute(f"CREATE OR REPLACE TABLE deposee AS {' UNION ALL '.join([nothing, *parts])}")
    matched = " AND ".join(f"CAST(une.{quoted(column)} AS VARCHAR) = deposee.{quoted(column)}" for column in key)
    engine.execute(
        f"CREATE OR REPLACE TABLE lignes_{table} AS SELECT une.*, deposee.ligne, "
        "coalesce(deposee.depot_origine, une.depot_id) AS depot_origine "
        f"FROM commun.{table} AS une LEFT JOIN deposee ON deposee.depot_id = une.depot_id AND {matched}"
    )


def _lines_sql(engine: DuckDBPyConnection, depot: str, path: Path, key: Sequence[str]) -> str:
    known = _columns(engine, f"read_parquet({literal(path)})")
    origin = "depot_origine" if "depot_origine" in known else literal(depot)
    columns = ", ".join(f"CAST({quoted(column)} AS VARCHAR) AS {quoted(column)}" for column in key)
    return (
        f"SELECT {literal(depot)} AS depot_id, {origin} AS depot_origine, ligne, {columns} "
        f"FROM read_parquet({literal(path)})"
    )


def _link(engine: DuckDBPyConnection, table: str, words: frozenset[str]) -> None:
    """Lines that have the name of a unit."""
    known = _columns(engine, f"lignes_{table}")
    alone = ("cle_dossier", "personne_id", "commune", "operateur_id")
    whole: list[str] = [column for column in alone if column in known and column in words]
    whole += ["centre_code || ' ' || personne_id"] if "personne_id" in whole else []
    for name in whole:
        _insert(engine, table, f"JOIN nom_unite ON nom_unite.nom = {name} AND nom = unite_id", known)
    key = TABLES[table].contrat.key
    if {"cle_dossier" if column == "dossier_id" else column for column in key} <= words and key != ("dossier_id",):
        texts = ", ".join(f"CAST({quoted(column)} AS VARCHAR)" for column in key)
        for sign in (":", " "):
            _insert(
                engine, table, f"JOIN nom_unite ON nom_unite.nom = concat_ws('{sign}', centre_code, {texts})", known
            )


def _link_by_columns(engine: DuckDBPyConnection, table: str, units: Sequence[Sequence[str]]) -> None:
    """Lines of a unit that is made of several, in a table that has every column of its name: a language, an axis.

    A unit of a year is named by its period. What stands before the centre tells kinds of units apart (`S:CAI:…`).
    """
    known = _columns(engine, f"lignes_{table}")
    columns = {column: f"CAST(une.{quoted(column)} AS VARCHAR)" for column in known}
    if "annee" in columns:
        columns.setdefault("periode", columns["annee"])
    for names in units:
        if set(names) <= columns.keys() - {"dossier_id"}:
            texts = f"concat_ws(':', une.centre_code, {', '.join(columns[name] for name in names)})"
            join = (
                f"JOIN nom_unite ON regexp_replace(nom_unite.nom, '^[A-Z]:', '') = {texts} AND nom = unite_id "
                f"ANTI JOIN (SELECT unite_id FROM lien WHERE table_nom = {literal(table)}) AS deja USING (unite_id)"
            )
            _insert(engine, table, join, known)


def _link_by_dossier(engine: DuckDBPyConnection, table: str) -> None:
    """Lines of the dossier of a unit, in a table where nothing bears its name."""
    known = _columns(engine, f"lignes_{table}")
    if "cle_dossier" not in known:
        return
    join = (
        "JOIN meme_dossier USING (cle_dossier) JOIN nom_unite USING (unite_id) "
        f"ANTI JOIN (SELECT unite_id FROM lien WHERE table_nom = {literal(table)}) AS deja USING (unite_id)"
    )
    _insert(engine, table, join, known)


def _insert(engine: DuckDBPyConnection, table: str, join: str, known: Sequence[str]) -> None:
    dossier = "une.cle_dossier" if "cle_dossier" in known else "NULL"
    condition = "true" if table == _SHARED else "coalesce(nom_unite.centre = une.centre_code, true)"
    engine.execute(
        f"INSERT INTO lien SELECT DISTINCT nom_unite.unite_id, {literal(table)}, une.depot_origine, une.ligne, "
        f"{dossier} FROM lignes_{table} AS une {join} WHERE {condition}"
    )


def _columns(engine: DuckDBPyConnection, source: str) -> list[str]:
    rows: list[tuple[Any, ...]] = engine.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    return [row[0] for row in rows]
