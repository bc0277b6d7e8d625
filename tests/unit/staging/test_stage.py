"""The retained rows of an accepted deposit are staged, the others lie in quarantine, and nothing of a refused one."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
from sqlalchemy import select

from intercentre.core.hub import Hub
from intercentre.core.registry.tables import Depot, Journal
from intercentre.intake import receive_deposit
from intercentre.staging import stage_deposit
from intercentre.staging.stage import RowsLostError
from intercentre.validation import validate_deposit
from schemas.extracts import TABLES
from tests.packages import ALWAYS_THERE, CENTRE, PERIODE, files, with_manifest, write_zip

# One hundred figures, the first two unreadable: two per cent, the most that is accepted.
FIGURES = [{"periode": str(1900 + n), "valeur": "x" if n < 2 else str(n)} for n in range(100)]


def _judged(hub: Hub, tmp_path: Path, **changes: object) -> str:
    content = files({"dossier": [{}], "stat_locale": FIGURES})
    package = write_zip(tmp_path / "depot.zip", with_manifest(content, **changes))
    depot_id = receive_deposit(hub, package, centre=CENTRE, periode=PERIODE, canal="commande", acteur="essai").depot_id
    validate_deposit(hub, depot_id)
    return depot_id


def _rows(path: Path, columns: str) -> list[tuple[object, ...]]:
    return duckdb.execute(f"SELECT {columns} FROM read_parquet($1)", [str(path)]).fetchall()


def test_retained_rows_and_quarantine_are_parted(hub: Hub, tmp_path: Path) -> None:
    depot_id = _judged(hub, tmp_path)
    assert stage_deposit(hub, depot_id)
    folder = hub.home.staged(CENTRE, PERIODE, depot_id)
    kept = _rows(folder / "stat_locale.parquet", "ligne, periode, valeur::INTEGER")
    assert kept == [(n + 2, str(1900 + n), n) for n in range(2, 100)]
    assert _rows(folder / "quarantaine" / "stat_locale.parquet", "ligne, periode, valeur") == [
        (2, "1900", None),
        (3, "1901", None),
    ]
    assert {path.stem for path in folder.glob("*.parquet")} == set(ALWAYS_THERE)
    assert {path.stem for path in (folder / "quarantaine").glob("*.parquet")} == set(ALWAYS_THERE)
    described = duckdb.execute("DESCRIBE FROM read_parquet($1)", [str(folder / "dossier.parquet")]).fetchall()
    assert [column for column, *_ in described] == ["ligne", *TABLES["dossier"].fields(), "depot_origine"]


def test_a_table_declared_empty_has_a_file_and_one_that_is_not_deposited_has_none(hub: Hub, tmp_path: Path) -> None:
    content = with_manifest(files({"dossier": [{}]}))
    manifest = json.loads(content["manifeste.json"])
    manifest["tables"].append({"nom": "flux_commune", "lignes": 0, "declaree_vide": True})
    content["manifeste.json"] = json.dumps(manifest).encode()
    package = write_zip(tmp_path / "depot.zip", content)
    depot_id = receive_deposit(hub, package, centre=CENTRE, periode=PERIODE, canal="commande", acteur="essai").depot_id
    validate_deposit(hub, depot_id)
    assert stage_deposit(hub, depot_id)
    folder = hub.home.staged(CENTRE, PERIODE, depot_id)
    assert _rows(folder / "flux_commune.parquet", "count(*)") == [(0,)]
    assert not (folder / "operateur.parquet").exists()


def test_the_deposit_counts_from_then_on_and_staging_twice_changes_nothing(hub: Hub, tmp_path: Path) -> None:
    depot_id = _judged(hub, tmp_path)
    assert stage_deposit(hub, depot_id)
    before = {path: path.stat().st_mtime_ns for path in hub.home.staged(CENTRE, PERIODE, depot_id).rglob("*.parquet")}
    assert stage_deposit(hub, depot_id)
    assert {path: path.stat().st_mtime_ns for path in before} == before
    with hub.registry.read() as session:
        assert session.get_one(Depot, depot_id).prepare
        lines = [line.details for line in session.execute(select(Journal)).scalars() if line.action == "depot_prepare"]
    assert lines == ['{"lignes":99}']


def test_a_refused_deposit_is_left_alone(hub: Hub, tmp_path: Path) -> None:
    depot_id = _judged(hub, tmp_path, date_etat="2026-09-29")
    assert not stage_deposit(hub, depot_id)
    assert not hub.home.staged(CENTRE, PERIODE, depot_id).exists()
    with hub.registry.read() as session:
        assert not session.get_one(Depot, depot_id).prepare


def test_rows_that_are_not_those_of_the_verdict_are_never_staged(hub: Hub, tmp_path: Path) -> None:
    depot_id = _judged(hub, tmp_path)
    dossiers = hub.home.validated(depot_id) / "types" / "dossier.parquet"
    none = tmp_path / "aucun.parquet"
    duckdb.execute(f"COPY (SELECT * FROM read_parquet('{dossiers}') LIMIT 0) TO '{none}' (FORMAT parquet)")
    dossiers.write_bytes(none.read_bytes())
    with pytest.raises(RowsLostError, match="dossier"):
        stage_deposit(hub, depot_id)
    assert not hub.home.staged(CENTRE, PERIODE, depot_id).exists()
    with hub.registry.read() as session:
        assert not session.get_one(Depot, depot_id).prepare
