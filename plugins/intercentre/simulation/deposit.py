"""One centre's deposit of one period: a file per table and the manifest that describes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Literal

from intercentre.core.files import sha256_file
from intercentre.simulation.export import write_table
from intercentre.simulation.habits import Habit, file_name
from intercentre.simulation.view import Row
from schemas.exchanges.manifest import MANIFEST_NAME, SIMULATION, DeclaredTable, Manifest
from schemas.extracts import TABLES, TABLES_1_0, VERSION_CONTRAT
from schemas.period import Period


def write_deposit(
    folder: Path, centre: str, period: Period, since: date, tables: Mapping[str, Sequence[Row]], habit: Habit
) -> None:
    """`folder` holds the whole deposit; a table without a row is declared empty and has no file.

    Tables that version 1.1.0 brought are left out while nothing simulates them.
    """
    folder.mkdir(parents=True)
    written = [name for name in TABLES if name in tables or name in TABLES_1_0]
    declared = [_write(folder, name, tables.get(name, ()), habit) for name in written]
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


def _write(folder: Path, name: str, rows: Sequence[Row], habit: Habit) -> DeclaredTable:
    if not rows:
        return DeclaredTable(nom=name, lignes=0, declaree_vide=True)
    path = folder / file_name(habit, TABLES[name])
    write_table(path, TABLES[name], rows, habit)
    return DeclaredTable(nom=name, fichier=path.name, lignes=len(rows), sha256=sha256_file(path))
