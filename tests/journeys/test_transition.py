"""While two versions of the contract are accepted, a centre on each counts in the same period."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from intercentre.core.hub import Hub
from intercentre.pipeline import run
from intercentre.validation import validate_deposit
from schemas.editions import EDITIONS
from tests.packages import PERIODE, files, with_manifest, write_zip

pytestmark = pytest.mark.slow


def _both(hub: Hub, folder: Path) -> list[str]:
    """CAI deposits by 1.0.0, CRIC by 1.1.0, and the period is harmonised; returns what was said of each."""
    told: list[str] = []
    for centre, version in (("CAI", "1.0.0"), ("CRIC", "1.1.0")):
        (folder / centre).mkdir(parents=True)
        row = {"dossier_id": f"D-{centre}", "personne_ref": f"P-{centre}"}
        written = files({"dossier": [row]}, EDITIONS[version].tables)
        content = with_manifest(written, centre_code=centre, schema_version=version)
        write_zip(folder / centre / f"{PERIODE}.zip", content)
    until = "harmonisation"
    run(hub, depots=folder, periode=PERIODE, until=until, simulated_agreement=False, progress=told.append)
    return told


def _common(hub: Hub, table: str, columns: str) -> list[tuple[str, ...]]:
    path = hub.home.common(PERIODE) / f"{table}.parquet"
    return duckdb.execute(
        f"SELECT {columns} FROM read_parquet($1) WHERE depot_id IS NOT NULL ORDER BY ALL", [str(path)]
    ).fetchall()


def test_deposits_of_both_versions_are_harmonised_together(hub: Hub, tmp_path: Path) -> None:
    told = _both(hub, tmp_path / "depots")
    assert len([line for line in told if ": Accepté" in line]) == 2, told
    assert _common(hub, "dossier", "centre_code, dossier_id") == [("CAI", "D-CAI"), ("CRIC", "D-CRIC")]
    assert _common(hub, "couverture", "centre_code, etat") == [("CAI", "presente"), ("CRIC", "presente")]


def test_each_verdict_names_the_version_that_it_was_given_by(hub: Hub, tmp_path: Path) -> None:
    _both(hub, tmp_path / "depots")
    deposits = _common(hub, "couverture", "centre_code, depot_id")
    versions = {centre: validate_deposit(hub, depot_id).version_contrat for centre, depot_id in deposits}
    assert versions == {"CAI": "1.0.0", "CRIC": "1.1.0"}
