"""The same deposits give the same release, byte for byte, and no byte from elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from intercentre.core.engine import load_rows, open_engine
from intercentre.core.hub import Hub
from intercentre.release import publish
from intercentre.release.public_database import PublicFileError, write_public_database
from schemas.exchanges.agreement import Vote
from schemas.exchanges.comparison import RELEASED_COMPARISON_COLUMNS
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


def write_large(path: Path, rows: int = 20_000, secrets: int = 300_000) -> None:
    """A public file of many rows, made in an engine that handled secret rows just before."""
    with open_engine(threads=1) as engine:
        engine.execute(f"CREATE TABLE secret AS SELECT 'D-MARQUE-SECRETE-' || i AS dossier FROM range({secrets}) t(i)")
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
            "periodes": ("periode", "centres_presents", "centres_reportes", "centres_manquants", "ruptures"),
            "couverture": ("centre", "etat", "periode_depot", "date_etat"),
            "reserves": ("centre", "avis", "indicateurs", "motif"),
            "changements": ("indicateur", "periode", "territoire_type", "territoire", "dimension", "modalite",
                            "nature", "unite", "ancienne_valeur", "nouvelle_valeur"),
            "comparaison": tuple(RELEASED_COMPARISON_COLUMNS),
            "lisezmoi": ("ordre", "rubrique", "texte"),
        }.items():  # fmt: skip
            load_rows(engine, table, dict.fromkeys(columns, "VARCHAR"), [tuple("1a" for _ in columns)])
        write_public_database(engine, path)


def test_public_file_holds_no_memory_of_the_process(tmp_path: Path) -> None:
    """Written in the process that handled the rows, such a file held 159 of their identifiers."""
    write_large(tmp_path / "a.duckdb")
    assert MARK not in (tmp_path / "a.duckdb").read_bytes()
    with duckdb.connect(tmp_path / "a.duckdb", read_only=True) as engine:
        assert engine.execute("SELECT count(*), sum((valeur IS NULL)::INT) FROM indicateurs").fetchone() == (
            20_000,
            6_667,
        )


@pytest.mark.slow
def test_public_file_does_not_depend_on_what_went_before(tmp_path: Path) -> None:
    for name, secrets in (("a", 10), ("b", 300_000), ("c", 77_777)):
        write_large(tmp_path / name, secrets=secrets)
    first, second, third = ((tmp_path / name).read_bytes() for name in "abc")
    assert first == second == third


def test_a_failure_of_the_writing_process_is_not_silent(tmp_path: Path) -> None:
    with pytest.raises(PublicFileError, match="absent"):
        write_large(tmp_path / "absent" / "a.duckdb", rows=10, secrets=10)


def test_columns_of_the_large_file_are_those_agreed(tmp_path: Path) -> None:
    write_large(tmp_path / "a.duckdb", rows=10)
    with duckdb.connect(tmp_path / "a.duckdb", read_only=True) as engine:
        found = [(row[0], row[1]) for row in engine.execute("DESCRIBE indicateurs").fetchall()]
    assert found == list(OBSERVATION_COLUMNS.items())
