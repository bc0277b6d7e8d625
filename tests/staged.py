"""Staged deposits written by hand: what the tests of harmonisation, indicators and protection start from."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from intercentre.core.hub import Hub
from intercentre.core.registry.tables import Depot
from intercentre.harmonisation.deposits import StagedDeposit
from schemas.extracts import TABLES
from schemas.period import Period

Rows = Sequence[Mapping[str, Any]]

# What a row holds when a test says nothing of it: a plain dossier of a woman of 36 from Syria, obliged, in Namur.
DEFAULTS: dict[str, dict[str, Any]] = {
    "dossier": {
        "statut_public": "OBLIGE",
        "canal_entree": "COMMUNE",
        "commune_refnis": "92094",
        "sexe": "F",
        "annee_naissance": 1990,
        "nationalite": "SYR",
        "mena": "NON",
    },
    "etape_accueil": {"type_etape": "BILAN_SOCIAL", "rang": 1, "modalite": "INDIVIDUEL", "interprete": False},
    "test_langue": {"nature": "POSITIONNEMENT", "profil": "FLE", "niveau_global": "A1", "instrument": "POS"},
    "convention": {
        "fle_prescrit": True,
        "heures_fle_prescrites": 400,
        "cit_prescrite": True,
        "heures_cit_prescrites": 60,
        "isp_prescrite": False,
        "statut": "EN_COURS",
        "avenant": 0,
    },
    "inscription": {"axe": "FLE", "operateur_id": "OP1", "heures_suivies": 0, "statut": "EN_COURS"},
    "attestation": {"type": "FREQUENTATION_PARCOURS"},
    "transfert": {"statut": "EFFECTIF"},
    "stat_locale": {"unite": "personnes", "source": "STATBEL"},
}

_TYPES = {str: "VARCHAR", int: "INTEGER", bool: "BOOLEAN", datetime.date: "DATE", Decimal: "DECIMAL(12,2)"}
_KEYS = {"convention": "convention_id", "inscription": "inscription_id", "attestation": "attestation_id"}


def stage(
    folder: Path,
    centre: str,
    periode: str,
    tables: Mapping[str, Rows],
    *,
    numero: int = 1,
    sequence: int = 1,
    date_etat: datetime.date | None = None,
    debut_historique: datetime.date | None = None,
    debuts_par_table: Mapping[str, datetime.date] | None = None,
) -> StagedDeposit:
    """A deposit whose staged rows are those of `tables`, completed with DEFAULTS; tables not named have no file."""
    depot_id = f"{centre}-{periode}-{numero:012x}"
    target = folder / centre / periode / depot_id
    target.mkdir(parents=True)
    for table, rows in tables.items():
        write_staged(target / f"{table}.parquet", table, [complete(table, at, row) for at, row in enumerate(rows)])
    period = Period.parse(periode)
    return StagedDeposit(
        centre,
        depot_id,
        period,
        date_etat or period.fin,
        debut_historique,
        (period.fin, sequence, numero),
        target,
        debuts_par_table or {},
    )


def complete(table: str, at: int, given: Mapping[str, Any]) -> dict[str, Any]:
    """A whole row: what is given, else a default, else what follows from the rest, else nothing."""
    row = DEFAULTS.get(table, {}) | dict(given)
    if table == "dossier":
        row.setdefault("personne_ref", f"P-{row['dossier_id']}")
        row.setdefault("regime_juridique", "R2018" if row["date_ouverture"] < datetime.date(2025, 1, 1) else "R2025")
    if table in _KEYS:
        row.setdefault(_KEYS[table], f"{table[0].upper()}-{at + 1}")
    if table == "convention":
        row.setdefault("date_echeance", row["date_signature"].replace(year=row["date_signature"].year + 2))
        row.setdefault("date_statut", row["date_signature"])
    if table == "transfert":
        row.setdefault("transfert_id", f"X-{at + 1}")
    unknown = set(row) - set(TABLES[table].fields())
    if unknown:
        raise KeyError(f"{table}: {', '.join(sorted(unknown))}")
    return row


def write_staged(path: Path, table: str, rows: Rows) -> None:
    """`path` holds the rows as the staging room writes them: `ligne`, then the contract's typed columns."""
    columns = {"ligne": "BIGINT"} | {name: _TYPES[kind.python] for name, (kind, _) in TABLES[table].fields().items()}
    declared = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
    with duckdb.connect() as engine:
        engine.execute(f"CREATE TABLE t ({declared})")
        for at, row in enumerate(rows, start=2):
            values = [at, *(row.get(name) for name in list(columns)[1:])]
            engine.execute(f"INSERT INTO t VALUES ({', '.join('?' * len(values))})", values)
        engine.execute(f"COPY t TO '{path}' (FORMAT parquet)")


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a Parquet file, in its order."""
    with duckdb.connect() as engine:
        result = engine.execute("SELECT * FROM read_parquet(?)", [str(path)])
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def register(
    hub: Hub, deposit: StagedDeposit, *, etat: str = "accepte", prepare: bool = True, logiciel: str | None = None
) -> None:
    """The registry knows the deposit, as intake, validation and staging leave it."""
    with hub.registry.change() as change:
        change.session.add(
            Depot(
                depot_id=deposit.depot_id,
                numero=change.next_number(Depot.numero),
                centre_code=deposit.centre_code,
                periode=str(deposit.periode),
                canal="commande",
                fichier="depot.zip",
                octets=1,
                sha256="0" * 64,
                recu_le=change.instant,
                recepisse="",
                etat=etat,
                prepare=prepare,
                logiciel=logiciel,
                sequence=deposit.rank[1],
                date_etat=deposit.date_etat,
                debut_historique=deposit.debut_historique,
                debuts_par_table={name: day.isoformat() for name, day in deposit.debuts_par_table.items()} or None,
            )
        )
