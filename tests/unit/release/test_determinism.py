"""The same deposits give the same release, byte for byte, and no byte from elsewhere."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from intercentre.core.engine import load_rows, open_engine
from intercentre.core.hub import Hub
from intercentre.release import publish
from intercentre.release.public_database import write_public_database
from schemas.exchanges.agreement import Vote
from schemas.exchanges.release import OBSERVATION_COLUMNS

MARK = b"D-MARQUE-SECRETE"
OWN = {"MANIFEST.json", "MANIFEST.json.sig"}  # run times, and the key of each hub


def test_two_homes_give_the_same_bytes(make_hub: Callable[..., Hub], desk: Any, clock: Any) -> None:
    releases = []
    for name in ("un", "deux"):
        hub = desk.prepare(make_hub(name))
        desk.agree(hub, votes={"CRIC": Vote(avis="reserve", motif="Voir note.", indicateurs=("I01",))})
        releases.append(publish(hub, "2026-T3", approbateur=name))
        clock.advance(days=3, hours=5)
    first, second = ({file.name: file.read_bytes() for file in folder.iterdir()} for folder in releases)
    assert first.keys() == second.keys()
    assert {name for name in first if first[name] != second[name]} == OWN


def test_nothing_of_the_centres_rows_is_in_the_release(stable: Path) -> None:
    for file in stable.iterdir():
        assert MARK not in file.read_bytes(), file.name


def write_large(path: Path, rows: int = 20_000) -> None:
    """A public file of many rows, made in an engine that handled secret rows just before."""
    with open_engine(threads=1) as engine:
        engine.execute(
            "CREATE TABLE secret AS SELECT 'D-MARQUE-SECRETE-' || i AS dossier, i % 7 AS g FROM range(300000) t(i)"
        )
        engine.execute(
            "CREATE TABLE autre AS SELECT dossier, count(*) FROM secret GROUP BY dossier ORDER BY dossier DESC"
        )
        engine.execute("DROP TABLE autre; DROP TABLE secret")
        engine.execute(
            "CREATE TABLE indicateurs AS SELECT 'I01' AS indicateur, '1.0.0' AS version_definition, "
            "'2026-T3' AS periode, 'commune' AS territoire_type, i::VARCHAR AS territoire, '_T' AS dimension, "
            "'_T' AS modalite, CASE WHEN i % 3 = 0 THEN NULL ELSE i / 7.0 END::DOUBLE AS valeur, "
            "NULL::DOUBLE AS numerateur, NULL::DOUBLE AS denominateur, 'dossiers' AS unite, "
            "'definitif' AS statut_obs, 'libre' AS statut_secret, '8/8' AS couverture, '' AS reserves, "
            f"DATE '2026-10-01' AS date_etat FROM range({rows}) t(i)"
        )
        for table, columns in {
            "definitions": ("indicateur", "version_definition", "titre", "question", "lecture", "numerateur",
                            "denominateur", "unite", "vue", "ventilations", "territoires", "periodes", "missions",
                            "reference", "pieges", "maturite", "statut", "decision"),
            "modalites": ("dimension", "dimension_titre", "modalite", "libelle"),
            "territoires": ("territoire_type", "territoire", "nom", "arrondissement", "province", "centre"),
            "couverture": ("centre", "etat", "periode_depot", "date_etat"),
            "reserves": ("centre", "avis", "indicateurs", "motif"),
            "changements": ("indicateur", "periode", "territoire_type", "territoire", "dimension", "modalite",
                            "nature", "unite", "ancienne_valeur", "nouvelle_valeur"),
            "lisezmoi": ("ordre", "rubrique", "texte"),
        }.items():  # fmt: skip
            load_rows(engine, table, dict.fromkeys(columns, "VARCHAR"), [tuple("1a" for _ in columns)])
        write_public_database(engine, path)


def test_public_file_holds_no_memory_of_the_process(tmp_path: Path) -> None:
    """Compressed blocks would end with whatever lay in memory: measured with 159 secret rows in the file."""
    write_large(tmp_path / "a.duckdb")
    assert MARK not in (tmp_path / "a.duckdb").read_bytes()
    with duckdb.connect(tmp_path / "a.duckdb", read_only=True) as engine:
        assert engine.execute("SELECT count(*), sum(valeur IS NULL) FROM indicateurs").fetchone() == (20_000, 6_667)


@pytest.mark.slow
def test_public_file_is_the_same_from_another_process(tmp_path: Path) -> None:
    write_large(tmp_path / "a.duckdb")
    program = (
        "import sys, importlib.util\n"
        f"spec = importlib.util.spec_from_file_location('t', {str(Path(__file__))!r})\n"
        "module = importlib.util.module_from_spec(spec); spec.loader.exec_module(module)\n"
        "from pathlib import Path\n"
        "memory = [bytes([i % 251]) * 100000 for i in range(500)]; del memory\n"
        f"module.write_large(Path({str(tmp_path / 'b.duckdb')!r}))\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
    assert (tmp_path / "a.duckdb").read_bytes() == (tmp_path / "b.duckdb").read_bytes()


def test_columns_of_the_large_file_are_those_agreed(tmp_path: Path) -> None:
    write_large(tmp_path / "a.duckdb", rows=10)
    with duckdb.connect(tmp_path / "a.duckdb", read_only=True) as engine:
        found = [(row[0], row[1]) for row in engine.execute("DESCRIBE indicateurs").fetchall()]
    assert found == list(OBSERVATION_COLUMNS.items())
