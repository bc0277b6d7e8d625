"""One centre's deposit of one period: the files of its tables and the manifest that describes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Literal

from intercentre.core.files import sha256_file
from intercentre.simulation.export import write_tables
from intercentre.simulation.habits import Habit
from intercentre.simulation.view import Row
from schemas.exchanges.manifest import MANIFEST_NAME, SIMULATION, DeclaredTable, Manifest
from schemas.extracts import TABLES, VERSION_CONTRAT
from schemas.period import Period

_OF_EVERY_CENTRE = ("transfert", "stat_locale")


def deposited_tables(habit: Habit) -> list[str]:
    """The tables up to the level that the centre has reached; a table of a higher one is simply not there.

    Transfers and local statistics, which the first version of the contract asked of everybody, are in every deposit.
    """
    return [name for name, table in TABLES.items() if name in _OF_EVERY_CENTRE or table.contrat.niveau <= habit.niveau]


def write_deposit(
    folder: Path, centre: str, period: Period, since: date, tables: Mapping[str, Sequence[Row]], habit: Habit
) -> None:
    """`folder` holds the whole deposit; a table without a row is declared empty and has no file."""
    folder.mkdir(parents=True)
    reached = {name: tables.get(name, ()) for name in deposited_tables(habit)}
    paths = write_tables(folder, {name: rows for name, rows in reached.items() if rows}, habit)
    hashes = {path: sha256_file(path) for path in dict.fromkeys(paths.values())}
    declared = [_declare(name, len(rows), paths.get(name), hashes) for name, rows in reached.items()]
    kind: Literal["TRIMESTRIEL", "ANNUEL"] = "TRIMESTRIEL" if period.is_quarter else "ANNUEL"
    manifest = Manifest(
        centre_code=centre,
        schema_version=VERSION_CONTRAT,
        type_depot=kind,
        periode_debut=period.debut,
        periode_fin=period.fin,
        date_etat=period.fin,
        debut_historique=since,
        sequence=period.annee * 10 + (period.trimestre or 9),
        logiciel_source=SIMULATION,
        tables=tuple(declared),
        contact_role="responsable des données",
    )
    (folder / MANIFEST_NAME).write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")


def _declare(name: str, count: int, path: Path | None, hashes: Mapping[Path, str]) -> DeclaredTable:
    if path is None:
        return DeclaredTable(nom=name, lignes=0, declaree_vide=True)
    return DeclaredTable(nom=name, fichier=path.name, lignes=count, sha256=hashes[path])
