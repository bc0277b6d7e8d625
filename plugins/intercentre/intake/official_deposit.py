"""Official figures as a deposit of T19 that the hub takes in and judges like any other."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from schemas.exchanges.manifest import MANIFEST_NAME
from schemas.exchanges.verdict import OFFICIAL_SOURCE
from schemas.extracts import TABLES, VERSION_CONTRAT
from schemas.period import Period

COLUMNS = tuple(TABLES["stat_locale"].fields())


@dataclass(frozen=True)
class OfficialDeposit:
    """What an official file comes to.

    table     stat_locale.csv, in the contract's form
    lignes    its rows
    logiciel  what the manifest names as the source
    """

    periode: Period
    table: bytes
    lignes: int
    logiciel: str


def table_of(rows: Iterable[Mapping[str, object] | None]) -> bytes:
    """stat_locale.csv: one line per row, an empty one for None, so that lines are those of the file it comes from."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        if row is None:
            stream.write("\n")
        else:
            writer.writerow([row.get(column, "") for column in COLUMNS])
    return stream.getvalue().encode()


def write_official_deposit(deposit: OfficialDeposit, folder: Path, sequence: int) -> None:
    """`folder` is the deposit of the official figures; the same figures and sequence always give the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "stat_locale.csv").write_bytes(deposit.table)
    manifest = _manifest(deposit, sequence)
    (folder / MANIFEST_NAME).write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")


def _manifest(deposit: OfficialDeposit, sequence: int) -> Mapping[str, object]:
    declared: list[dict[str, object]] = [
        {"nom": name, "lignes": 0, "declaree_vide": True} for name in TABLES if name != "stat_locale"
    ]
    digest = hashlib.sha256(deposit.table).hexdigest()
    declared.append({"nom": "stat_locale", "fichier": "stat_locale.csv", "lignes": deposit.lignes, "sha256": digest})
    return {
        "centre_code": OFFICIAL_SOURCE,
        "schema_version": VERSION_CONTRAT,
        "type_depot": "TRIMESTRIEL",
        "periode_debut": deposit.periode.debut.isoformat(),
        "periode_fin": deposit.periode.fin.isoformat(),
        "date_etat": deposit.periode.fin.isoformat(),
        "sequence": sequence,
        "logiciel_source": deposit.logiciel,
        "tables": declared,
        "contact_role": "exploitant",
    }
