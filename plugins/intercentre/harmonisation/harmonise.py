"""The common tables of a period, from the deposits in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from intercentre.core.engine import (
    CORES,
    count_rows,
    create_table,
    is_large,
    literal,
    load_rows,
    open_engine,
    scalar,
    side_by_side,
    write_table,
)
from intercentre.core.files import new_folder
from intercentre.core.hub import Hub
from intercentre.core.refusal import Refusal
from intercentre.harmonisation.between_centres import FINDING_COLUMNS, check_territory, judge_centres
from intercentre.harmonisation.calendar import covered_periods, periods_of_series, start_of_series
from intercentre.harmonisation.completeness import COMPLETENESS_COLUMNS, measure_completeness
from intercentre.harmonisation.correcting import APPLIED_KEY, Override, apply_corrections
from intercentre.harmonisation.corrections import accepted_corrections
from intercentre.harmonisation.deposits import (
    CentreInForce,
    StagedDeposit,
    accepted_deposits,
    centres_in_force,
    official_deposits,
)
from intercentre.harmonisation.extracts import load_extracts
from intercentre.harmonisation.pairing import Side, pair_transfers
from intercentre.harmonisation.persons import join_persons
from intercentre.harmonisation.record import (
    AGREEMENT_COLUMNS,
    CONFORMITY_COLUMNS,
    RECEIVED_COLUMNS,
    Record,
    agreement_rows,
    conformity_rows,
    read_record,
    received_rows,
)
from intercentre.harmonisation.reference import load_references
from schemas.extracts import TABLES
from schemas.period import Period
from schemas.query import Query, read_query
from schemas.rules.between_centres import BETWEEN_CENTRES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ACTOR = "harmonisation"
_SQL = Path(__file__).parent / "sql"
_MADE_OF_THE_OTHERS = ("evenement", "presence")
_OF_CENTRES = frozenset((*TABLES, *_MADE_OF_THE_OTHERS)) - {"stat_locale"}  # official figures are of no centre
_UNKNOWN = ("INC", "XXX")
_NO_RECORD = Record()
_APPLIED = "SELECT count(*) FROM commun.correction_appliquee WHERE appliquee"

PERIOD_COLUMNS = {"periode": "VARCHAR", "type": "VARCHAR", "debut": "DATE", "fin": "DATE"}
COVERED_COLUMNS = PERIOD_COLUMNS | {"centre_code": "VARCHAR"}
COVERAGE_COLUMNS = {
    "centre_code": "VARCHAR",
    "depot_id": "VARCHAR",
    "periode_depot": "VARCHAR",
    "date_etat": "DATE",
    "debut_historique": "DATE",
    "etat": "VARCHAR",
}
DEPOSITED_COLUMNS = {"centre_code": "VARCHAR", "table_nom": "VARCHAR", "debut_historique": "DATE"}
PAIRING_COLUMNS = {
    "centre_sortant": "VARCHAR",
    "centre_entrant": "VARCHAR",
    "cle_sortant": "VARCHAR",
    "cle_entrant": "VARCHAR",
    "date_effet": "DATE",
    "etat": "VARCHAR",
    "date_repere": "DATE",
    "delai_jours": "INTEGER",
    "contradiction": "VARCHAR",
    "se_nomment": "BOOLEAN",
    "cle_nommee": "VARCHAR",
}
# Tables that are loaded rather than selected, with the columns that name a row.
_LOADED = {
    "accord_definition": tuple(AGREEMENT_COLUMNS),
    "appariement_transfert": tuple(PAIRING_COLUMNS),
    "completude": tuple(COMPLETENESS_COLUMNS),
    "conformite": tuple(CONFORMITY_COLUMNS),
    "constats_inter": tuple(FINDING_COLUMNS),
    "correction_appliquee": APPLIED_KEY,
    "depot_recu": tuple(RECEIVED_COLUMNS),
    "couverture": ("centre_code",),
    "niveau": ("niveau",),
    "periode": ("debut", "type"),
    "periode_couverte": ("debut", "type", "centre_code"),
    "regime": ("debut",),
    "table_deposee": ("centre_code", "table_nom"),
    "territoire": ("commune",),
}


@dataclass(frozen=True, slots=True)
class Written:
    """The common tables of a period, as they were written.

    lignes                  table → its rows
    corrections_appliquees  corrections that changed a row
    """

    lignes: dict[str, int]
    corrections_appliquees: int


class HarmonisationError(Refusal):
    """The common tables cannot be made; the message is French and holds no value of a row."""


def harmonise(hub: Hub, periode: Period | str) -> Path:
    """The folder of the period's common tables, made anew from the deposits in force and the accepted corrections.

    The journal names both, and says how many corrections changed a row.

    raises  HarmonisationError when no centre has an accepted deposit up to the period
    """
    period = Period.parse(str(periode))
    deposits = accepted_deposits(hub)
    centres = centres_in_force(deposits, period)
    officials = official_deposits(deposits, period)
    if not any(centre.depot for centre in centres):
        raise HarmonisationError(f"Aucun dépôt accepté jusqu'à {period.libelle} : il n'y a rien à harmoniser.")
    folder = hub.home.common(period)
    overrides = accepted_corrections(hub)
    with new_folder(folder) as scratch:
        written = write_common(scratch, period, centres, officials, read_record(hub, period), overrides)
    with hub.registry.change() as change:
        change.journal(
            ACTOR,
            "harmonisation_faite",
            str(period),
            depots=[centre.depot.depot_id for centre in centres if centre.depot],
            depots_officiels=[deposit.depot_id for deposit in officials],
            centres={state: sum(one.etat == state for one in centres) for state in sorted({c.etat for c in centres})},
            corrections=[one.correction_id for one in overrides],
            corrections_appliquees=written.corrections_appliquees,
            lignes=written.lignes,
        )
    return folder


def write_common(
    folder: Path,
    periode: Period,
    centres: Sequence[CentreInForce],
    officials: Sequence[StagedDeposit],
    record: Record = _NO_RECORD,
    overrides: Sequence[Override] = (),
) -> Written:
    """`folder` holds every common table as Parquet. The same deposits give the same bytes.

    The rows of large deposits lie apart by centre (intercentre.core.tables).
    """
    deposits = [one.depot for one in centres if one.depot]
    large = is_large(path for depot in deposits for path in depot.dossier.glob("*.parquet"))
    with open_engine(CORES if large else 1, folder / "debordement") as engine:
        keys = build_common(engine, periode, centres, officials, record, overrides)
        apart = [depot.centre_code for depot in deposits] if large else []
        written = side_by_side(engine, partial(_write, folder, apart), sorted(keys.items()))
        rows = dict(zip(sorted(keys), written, strict=True))
        return Written(rows, int(scalar(engine, _APPLIED)))


def _write(folder: Path, apart: Sequence[str], engine: DuckDBPyConnection, named: tuple[str, tuple[str, ...]]) -> int:
    """The table is written, for each centre of `apart` where it holds their rows; returns its rows."""
    table, key = named
    if not apart or table not in _OF_CENTRES:
        return write_table(engine, f"commun.{table}", folder / f"{table}.parquet", key)
    (folder / table).mkdir()
    rows = {one: f"(SELECT * FROM commun.{table} WHERE centre_code = {literal(one)})" for one in apart}
    return sum(write_table(engine, own, folder / table / f"{one}.parquet", key) for one, own in rows.items())


def build_common(
    engine: DuckDBPyConnection,
    periode: Period,
    centres: Sequence[CentreInForce],
    officials: Sequence[StagedDeposit],
    record: Record = _NO_RECORD,
    overrides: Sequence[Override] = (),
) -> dict[str, tuple[str, ...]]:
    """Schema `commun` holds the common tables; returns table → columns that name a row.

    raises  TerritoryError when the territory of the centres has a hole or an overlap
    """
    check_territory(periode.fin)
    for schema in ("extrait", "reference", "commun"):
        engine.execute(f"CREATE SCHEMA {schema}")
    load_extracts(engine, [centre.depot for centre in centres if centre.depot], officials)
    apply_corrections(engine, overrides)
    load_references(engine, periode.fin, officials)
    _load_calendar(engine, periode, centres)
    _load_record(engine, record)
    measure_completeness(engine)
    _load_identities(engine)
    side_by_side(engine, _make_common, TABLES)
    for table in _MADE_OF_THE_OTHERS:
        create_table(engine, f"commun.{table}", _query(table))
    judge_centres(engine, periode)
    return _LOADED | {table: _query(table).key for table in (*TABLES, *_MADE_OF_THE_OTHERS)}


def _make_common(engine: DuckDBPyConnection, table: str) -> None:
    """The common table of an extract is there; the extract is let go unless a rule between centres reads it."""
    create_table(engine, f"commun.{table}", _query(table))
    check_rows(engine, table)
    if not any(f"extrait.{table}" in rule.tables for rule in BETWEEN_CENTRES):
        engine.execute(f"DROP TABLE extrait.{table}")


def _load_calendar(engine: DuckDBPyConnection, periode: Period, centres: Sequence[CentreInForce]) -> None:
    periods = periods_of_series(start_of_series(centres, periode), periode)
    rows = {period: (str(period), "T" if period.is_quarter else "A", period.debut, period.fin) for period in periods}
    load_rows(engine, "commun.periode", PERIOD_COLUMNS, list(rows.values()))
    covered = [(*rows[period], centre) for period, centre in covered_periods(centres, periods)]
    load_rows(engine, "commun.periode_couverte", COVERED_COLUMNS, covered)
    load_rows(engine, "commun.couverture", COVERAGE_COLUMNS, [_coverage(centre) for centre in centres])
    speaking = [one.depot for one in centres if one.depot]
    deposited = [(one.centre_code, name, one.start_of(name)) for one in speaking for name in one.tables]
    load_rows(engine, "commun.table_deposee", DEPOSITED_COLUMNS, deposited)


def _load_record(engine: DuckDBPyConnection, record: Record) -> None:
    load_rows(engine, "commun.depot_recu", RECEIVED_COLUMNS, received_rows(record.depots))
    load_rows(engine, "commun.conformite", CONFORMITY_COLUMNS, conformity_rows(record.depots))
    load_rows(engine, "commun.accord_definition", AGREEMENT_COLUMNS, agreement_rows(record.accords))


def _coverage(centre: CentreInForce) -> tuple[object, ...]:
    if centre.depot is None:
        return (centre.centre_code, None, None, None, None, centre.etat)
    depot = centre.depot
    return (centre.centre_code, depot.depot_id, str(depot.periode), depot.date_etat, depot.debut, centre.etat)


def _load_identities(engine: DuckDBPyConnection) -> None:
    pairings = pair_transfers(*_sides(engine))
    rows = [tuple(getattr(one, column) for column in PAIRING_COLUMNS) for one in pairings]
    load_rows(engine, "commun.appariement_transfert", PAIRING_COLUMNS, rows)
    persons = join_persons(engine.execute(_query("lien_personne").text).fetchall())
    columns = {"cle_personne": "VARCHAR", "personne_id": "VARCHAR"}
    load_rows(engine, "reference.personne", columns, list(persons.items()))


def _sides(engine: DuckDBPyConnection) -> tuple[list[Side], list[Side]]:
    leaving: list[Side] = []
    arriving: list[Side] = []
    for row in engine.execute(_query("cote_transfert").text).fetchall():
        sens, centre, contrepartie, cle, cle_contrepartie, effet, repere, sexe, naissance, nationalite, pseudo = row
        known = naissance is not None and sexe not in _UNKNOWN and nationalite not in _UNKNOWN
        profil = (sexe, naissance, nationalite) if known else None
        side = Side(centre, contrepartie, cle, cle_contrepartie, effet, repere, profil, pseudo)
        (leaving if sens == "SORTANT" else arriving).append(side)
    return leaving, arriving


def check_rows(engine: DuckDBPyConnection, table: str) -> None:
    """Every staged row is in its common table once; of local statistics only the source in force is kept.

    raises  HarmonisationError naming the table when it lost or gained rows
    """
    read, kept = count_rows(engine, f"extrait.{table}"), count_rows(engine, f"commun.{table}")
    if kept > read or (kept < read and table != "stat_locale"):
        raise HarmonisationError(f"Table {table} : {read} lignes préparées, {kept} après harmonisation.")


def _query(name: str) -> Query:
    return read_query(_SQL / f"{name}.sql")
