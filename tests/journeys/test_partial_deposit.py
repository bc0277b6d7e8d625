"""A partial deposit from the drop folder to the common tables, by the command line."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.journeys.journey import PERIOD, intercentre
from tests.packages import files, with_manifest, write_zip
from tests.partial_deposits import FAULTY, corrected, dossiers

pytestmark = pytest.mark.slow


def test_the_rows_put_right_are_in_the_common_tables(tmp_path: Path) -> None:
    home, folder = tmp_path / "hub", tmp_path / "depots" / "CAI"
    folder.mkdir(parents=True)
    base = write_zip(folder / f"{PERIOD}.zip", with_manifest(files({"dossier": dossiers(FAULTY)})))
    intercentre("executer", "--depots", tmp_path / "depots", "--jusqu-a", "harmonisation", home=home)
    assert _harmonised(home)[0] == 196
    intercentre("verifier", base, "-o", tmp_path / "rapport")
    workbook = (tmp_path / "rapport" / "lignes-a-corriger.xlsx").read_bytes()
    changes = {2: {"sexe": "F"}, 3: {"dossier_id": "D-5"}, 4: {"nationalite": "SYR"}, 5: {"dossier_id": "D-7"}}
    drop = home / "arrivees" / "CAI"
    drop.mkdir(parents=True, exist_ok=True)
    corrected(workbook, drop / "lignes.xlsx", "dossier", changes)
    intercentre("executer", "--periode", PERIOD, "--jusqu-a", "harmonisation", home=home)
    rows, deposits = _harmonised(home)
    assert rows == 200
    (deposit,) = deposits
    staged = home / "z1" / "extraits" / "CAI" / PERIOD / deposit
    assert (staged / "historique" / "lignes.parquet").is_file()
    assert len(list(staged.parent.iterdir())) == 2  # the deposit completed stays beside it
    assert "Journal intact" in intercentre("journal", "verifier", home=home)


def _harmonised(home: Path) -> tuple[int, set[str]]:
    """Rows of the common table of dossiers, and the deposits that they come from."""
    path = home / "z1" / "commun" / PERIOD / "dossier.parquet"
    rows = duckdb.execute("SELECT depot_id FROM read_parquet($1)", [str(path)]).fetchall()
    return len(rows), {depot_id for (depot_id,) in rows}
