"""Asking questions of a release: easy ones are easy, and there is no way out of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from intercentre.access import AccessError, open_analysis, open_release, releases, sql, sql_analysis
from intercentre.core.hub import Hub
from intercentre.release import publish


def test_attestations_by_centre(stable_hub: Hub) -> None:
    columns, rows = sql(
        stable_hub,
        "SELECT territoire, valeur FROM indicateurs WHERE indicateur = 'I21' AND territoire_type = 'centre' "
        "AND dimension = '_T' AND periode = '2026-T3' ORDER BY territoire",
    )
    assert columns == ["territoire", "valeur"]
    assert rows == [("CAI", 6.0), ("CRIC", 8.0)]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("SELECT titre, unite FROM definition('i21')", [("Attestations de fréquentation", "dossiers")]),
        ("SELECT count(*) FROM definitions", [(3,)]),
        ("SELECT DISTINCT indicateur FROM mission_1a ORDER BY 1", [("I01",), ("I21",)]),
        ("SELECT DISTINCT indicateur FROM mission_6", [("I53",)]),
        ("SELECT periode, valeur, ecart, reserves FROM evolution('I21')", [("2026-T3", 14.0, None, "CAI")]),
        (
            "FROM evolution('I01', type_de_territoire := 'centre', code_de_territoire := 'CAI') SELECT valeur",
            [(12.0,)],
        ),
        ("SELECT modalite, valeur FROM evolution('I01', ventilation := 'sexe')", [("F", 25.0)]),
        (
            "SELECT territoire, valeur FROM comparer('I01', '2026-T3')",
            [("RLF", 42.0), ("CAI", 12.0), ("CRIC", 30.0)],
        ),
        ("SELECT nom, centre FROM territoires WHERE territoire = '92094'", [("Namur", "CAI")]),
        ("SELECT nom FROM territoires WHERE territoire_type = 'region'", [("Région de langue française",)]),
        ("SELECT count(*) FROM territoires WHERE territoire_type = 'centre'", [(8,)]),
        ("SELECT libelle FROM modalites WHERE dimension = 'sexe' AND modalite = '_T'", []),
        ("SELECT count(*) FROM modalites WHERE dimension = 'sexe'", [(4,)]),
        (
            "SELECT DISTINCT centres_reportes, centres_manquants, ruptures FROM periodes",
            [("CRIPEL", "CRVI", "CENTRES;REGIME")],
        ),
        ("SELECT count(*) FROM periodes WHERE periode = '1999'", [(0,)]),
        ("SELECT etat FROM couverture WHERE centre = 'CRIPEL'", [("reportee",)]),
        ("SELECT motif FROM reserves WHERE centre = 'CAI'", [("Antenne de Jambes fermée en août.",)]),
        ("SELECT count(*) FROM changements", [(0,)]),
        ("SELECT rubrique FROM lisezmoi WHERE ordre = 2", [("Diffusion restreinte",)]),
    ],
)
def test_what_the_public_file_answers(stable_hub: Hub, question: str, answer: list[tuple[Any, ...]]) -> None:
    assert sql(stable_hub, question)[1] == answer


@pytest.mark.parametrize(
    "question", ["SHOW TABLES", "DESCRIBE indicateurs", "SUMMARIZE indicateurs", "EXPLAIN SELECT 1"]
)
def test_looking_around_is_allowed(stable_hub: Hub, question: str) -> None:
    assert sql(stable_hub, question)[1]


def test_tables_columns_views_and_macros_are_documented(stable_hub: Hub) -> None:
    queries = (
        "SELECT table_name FROM duckdb_tables() WHERE comment IS NULL",
        "SELECT view_name FROM duckdb_views() WHERE NOT internal AND comment IS NULL",
        "SELECT function_name FROM duckdb_functions() WHERE NOT internal AND comment IS NULL",
        "SELECT column_name FROM duckdb_columns() WHERE table_name = 'indicateurs' AND comment IS NULL",
        "SELECT column_name FROM duckdb_columns() WHERE table_name = 'definitions' AND comment IS NULL",
    )
    for query in queries:
        assert sql(stable_hub, query)[1] == [], query
    names = sql(stable_hub, "SELECT function_name FROM duckdb_functions() WHERE NOT internal ORDER BY 1")[1]
    assert names == [("comparer",), ("definition",), ("evolution",)]


def escapes(outside: Path) -> dict[str, str]:
    """Ways out of the release, by the door that they try."""
    return {
        "COPY to a file": f"COPY indicateurs TO '{outside / 'vol.csv'}'",
        "COPY from a file": "COPY indicateurs FROM '/etc/passwd'",
        "ATTACH a file": f"ATTACH '{outside / 'autre.duckdb'}'",
        "ATTACH memory": "ATTACH ':memory:' AS m",
        "read_csv": "SELECT * FROM read_csv('/etc/passwd')",
        "read_text": "SELECT * FROM read_text('/etc/passwd')",
        "read_blob": "SELECT * FROM read_blob('/etc/passwd')",
        "read_parquet": f"SELECT * FROM read_parquet('{outside / 'indicateurs.parquet'}')",
        "read_json": "SELECT * FROM read_json('/etc/passwd')",
        "file name as a table": "SELECT * FROM '/etc/passwd'",
        "glob": "SELECT * FROM glob('/*')",
        "sniff_csv": "SELECT * FROM sniff_csv('/etc/passwd')",
        "http": "SELECT * FROM read_csv('http://127.0.0.1:9/x.csv')",
        "INSTALL": "INSTALL httpfs",
        "LOAD": "LOAD httpfs",
        "LOAD a library": f"LOAD '{outside / 'x.duckdb_extension'}'",
        "SET": "SET enable_external_access = true",
        "SET threads": "SET threads = 64",
        "RESET": "RESET lock_configuration",
        "PRAGMA": "PRAGMA memory_limit = '100GB'",
        "PRAGMA profiling": f"PRAGMA profiling_output = '{outside / 'profil'}'",
        "EXPORT": f"EXPORT DATABASE '{outside / 'export'}'",
        "IMPORT": f"IMPORT DATABASE '{outside}'",
        "CREATE": "CREATE TABLE t (a INT)",
        "INSERT": "INSERT INTO reserves VALUES ('CAI', 'x', 'x', 'x')",
        "UPDATE": "UPDATE indicateurs SET valeur = 0",
        "DELETE": "DELETE FROM indicateurs",
        "DROP": "DROP TABLE indicateurs",
        "secret": "CREATE SECRET s (TYPE http)",
        "logging": f"CALL enable_logging(storage_path = '{outside}')",
        "query()": f"SELECT * FROM query('COPY indicateurs TO ''{outside / 'vol.csv'}''')",
        "python variable": "SELECT * FROM piege",
    }


def test_a_long_question_draws_nothing_into_its_answer(stable_hub: Hub) -> None:
    with open_release(stable_hub) as connection:
        assert connection.execute("SELECT current_setting('enable_progress_bar')").fetchone() == (False,)


@pytest.mark.parametrize("door", list(escapes(Path("/"))))
def test_no_way_out(stable_hub: Hub, tmp_path: Path, door: str) -> None:
    """The question is refused in French, and the engine itself would not have done it."""
    import pandas as pd

    piege = pd.DataFrame({"a": [1]})
    statement = escapes(tmp_path)[door]
    before = {file.name: file.read_bytes() for file in (stable_hub.home.releases / "2026-T3.1").iterdir()}
    with pytest.raises(AccessError):
        sql(stable_hub, statement)
    with open_release(stable_hub) as connection, pytest.raises(duckdb.Error):
        connection.execute(statement)
    assert list(tmp_path.iterdir()) == []
    assert {file.name: file.read_bytes() for file in (stable_hub.home.releases / "2026-T3.1").iterdir()} == before
    assert len(piege) == 1


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("SELECT * FROM indicateur", "Table ou fonction inconnue. Tables : changements"),
        ("SELECT montant FROM indicateurs", "Colonne inconnue"),
        ("SELEC 1", "SQL bien formé"),
        ("SELECT 1; SELECT 2", "une question à la fois"),
        ("", "une question à la fois"),
        ("SELECT 'a'::INT", "type demandé"),
        ("DROP TABLE indicateurs", "Seule la lecture est possible"),
        ("PRAGMA database_list", "Seule la lecture est possible"),
        ("SELECT * FROM read_csv('/etc/passwd')", "Interdit"),
    ],
)
def test_errors_are_french_and_say_what_to_do(stable_hub: Hub, question: str, words: str) -> None:
    with pytest.raises(AccessError, match=words.replace(".", r"\.")) as caught:
        sql(stable_hub, question)
    assert "\n" not in str(caught.value)


def test_a_question_that_never_ends_is_given_up(stable_hub: Hub) -> None:
    endless = "SELECT count(*) FROM range(100000000) a, range(100000000) b WHERE (a.range * b.range) % 7 = 8"
    with pytest.raises(AccessError, match=r"plus de 0\.2 secondes"):
        sql(stable_hub, endless, delai_s=0.2)


def test_which_release(make_hub: Callable[..., Hub], agreed: Hub, release: Path, desk: Any, clock: Any) -> None:
    with pytest.raises(AccessError, match="Aucune publication"):
        sql(make_hub("vide"), "SELECT 1")
    with pytest.raises(AccessError, match=r"n'existe pas\. Publications : 2026-T3\.1\."):
        sql(agreed, "SELECT 1", "2026-T2.1")
    with pytest.raises(AccessError, match="n'existe pas"):
        sql(agreed, "SELECT 1", "../../cles")
    clock.advance(days=1)
    moved = {"CAI": 7.0, "RLF": 15.0}
    desk.put_figures(
        agreed,
        [
            desk.figure(**(vars(one) | {"valeur": moved[one.territoire]}))
            if one.indicateur == "I21" and one.territoire in moved
            else one
            for one in desk.figures
        ],
    )
    desk.agree(agreed)
    publish(agreed, "2026-T3", approbateur="discri")
    assert [one.version for one in releases(agreed)] == ["2026-T3.2", "2026-T3.1"]
    question = "SELECT valeur, statut_obs FROM indicateurs WHERE indicateur = 'I21' AND territoire = 'CAI'"
    assert sql(agreed, question)[1] == [(7.0, "revise")]
    assert sql(agreed, question, "2026-T3.1")[1] == [(6.0, "definitif")]  # a pinned release answers the same for ever


def test_a_release_whose_file_is_gone(agreed: Hub, release: Path) -> None:
    (release / "intercentre-public.duckdb").rename(release / "ailleurs")
    with pytest.raises(AccessError, match="absent"):
        sql(agreed, "SELECT 1")


def test_analysis_file_has_rows_and_figures_before_protection(stable_hub: Hub) -> None:
    hidden = "SELECT valeur FROM observations.avant_protection WHERE territoire = 'CRIC' AND modalite = 'X'"
    assert sql_analysis(stable_hub, hidden)[1] == [(3.0,)]
    assert sql_analysis(stable_hub, "SELECT count(*) FROM commun.dossier")[1] == [(2,)]
    comment = (
        "SELECT comment FROM duckdb_columns() WHERE schema_name = 'commun' AND table_name = 'dossier' "
        "AND column_name IN ('sexe', 'centre_code') ORDER BY column_name"
    )
    assert sql_analysis(stable_hub, comment)[1] == [("Centre",), ("Sexe",)]
    undocumented = "SELECT table_name FROM duckdb_tables() WHERE comment IS NULL"
    assert sql_analysis(stable_hub, undocumented)[1] == []


def test_analysis_file_stays_in_its_zone(stable_hub: Hub) -> None:
    path = stable_hub.home.analysis / "intercentre-analyse-2026-T3.1.duckdb"
    assert path.stat().st_mode & 0o007 == 0
    with open_analysis(stable_hub) as connection, pytest.raises(duckdb.Error):
        connection.execute(f"ATTACH '{stable_hub.home.releases / '2026-T3.1' / 'intercentre-public.duckdb'}'")
    with pytest.raises(AccessError, match=r"commun\.dossier"):
        sql_analysis(stable_hub, "SELECT * FROM dossiers")
