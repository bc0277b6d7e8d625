"""The tables of a folder, in a file each or in one for each centre."""

from __future__ import annotations

from pathlib import Path

import pytest

from intercentre.core.engine import open_engine
from intercentre.core.tables import rows_in, show_centres, show_folder, tables_in


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two rows of one centre and one of another, apart; the periods, whole."""
    (tmp_path / "dossier").mkdir()
    with open_engine() as engine:
        for path, rows in {
            "dossier/CAI.parquet": "SELECT unnest(['D1', 'D2']) AS dossier_id, 'CAI' AS centre_code",
            "dossier/CRIC.parquet": "SELECT 'D1' AS dossier_id, 'CRIC' AS centre_code",
            "periode.parquet": "SELECT '2026-T3' AS periode",
        }.items():
            engine.execute(f"COPY ({rows}) TO '{tmp_path / path}' (FORMAT parquet)")
    return tmp_path


def test_a_table_is_its_file_or_its_files(folder: Path) -> None:
    assert tables_in(folder) == {
        "dossier": (folder / "dossier" / "CAI.parquet", folder / "dossier" / "CRIC.parquet"),
        "periode": (folder / "periode.parquet",),
    }
    with open_engine() as engine:
        rows = engine.execute(f"SELECT centre_code, dossier_id FROM {rows_in(tables_in(folder)['dossier'])}").fetchall()
    assert rows == [("CAI", "D1"), ("CAI", "D2"), ("CRIC", "D1")]


def test_each_centre_sees_its_own_rows_and_what_is_of_the_region(folder: Path) -> None:
    with open_engine() as engine:
        show_folder(engine, "commun", folder)
        assert show_centres(engine, "commun", folder) == ("CAI", "CRIC")
        seen = {}
        for database in ("memory", "CAI", "CRIC"):
            engine.execute(f"USE {database}")
            (dossiers,) = engine.execute("SELECT count(*) FROM commun.dossier").fetchone() or ()
            (periods,) = engine.execute("SELECT count(*) FROM commun.periode").fetchone() or ()
            seen[database] = (dossiers, periods)
    assert seen == {"memory": (3, 1), "CAI": (2, 1), "CRIC": (1, 1)}


def test_no_centre_lies_apart_where_every_table_is_one_file(folder: Path) -> None:
    for path in (folder / "dossier").iterdir():
        path.unlink()
    with open_engine() as engine:
        assert show_centres(engine, "commun", folder) == ()
