"""While two versions of the contract are accepted, a centre on each counts in the same period."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from intercentre.core.hub import Hub
from intercentre.pipeline import run
from intercentre.validation import validate_deposit
from tests.packages import PERIODE, files, with_manifest, write_zip

pytestmark = pytest.mark.slow


def test_deposits_of_both_versions_are_harmonised_together(hub: Hub, tmp_path: Path) -> None:
    """CAI still deposits by 1.0.0, CRIC by 1.1.0."""
    told: list[str] = []
    for centre, version in (("CAI", "1.0.0"), ("CRIC", "1.1.0")):
        folder = tmp_path / "depots" / centre
        folder.mkdir(parents=True)
        row = {"dossier_id": f"D-{centre}", "personne_ref": f"P-{centre}"}
        content = with_manifest(files({"dossier": [row]}), centre_code=centre, schema_version=version)
        write_zip(folder / f"{PERIODE}.zip", content)
    run(
        hub,
        depots=tmp_path / "depots",
        periode=PERIODE,
        until="harmonisation",
        simulated_agreement=False,
        progress=told.append,
    )
    assert len([line for line in told if ": Accepté" in line]) == 2, told
    rows = duckdb.execute(
        "SELECT centre_code, dossier_id FROM read_parquet($1) ORDER BY ALL",
        [str(hub.home.common(PERIODE) / "dossier.parquet")],
    ).fetchall()
    assert rows == [("CAI", "D-CAI"), ("CRIC", "D-CRIC")]
    coverage = duckdb.execute(
        "SELECT centre_code, depot_id FROM read_parquet($1) WHERE etat = 'presente' ORDER BY ALL",
        [str(hub.home.common(PERIODE) / "couverture.parquet")],
    ).fetchall()
    assert [centre for centre, _ in coverage] == ["CAI", "CRIC"]
    versions = {centre: validate_deposit(hub, depot_id).version_contrat for centre, depot_id in coverage}
    assert versions == {"CAI": "1.0.0", "CRIC": "1.1.0"}
