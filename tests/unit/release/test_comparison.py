"""The comparison of centres in a release: what follows from released figures, and nothing of the others."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest

from intercentre.core.hub import Hub
from intercentre.release import publish, verify_release
from intercentre.release.controls import check_content
from schemas.exchanges.comparison import COMPARISON_COLUMNS, RELEASED_COMPARISON_COLUMNS
from schemas.indicators import definitions
from schemas.period import Period
from tests.unit.release.conftest import Figure, agree, put_common, put_deposit, put_figures, write_parquet

PERIODE = Period(2026, 3)


def share(kind: str, place: str, over: float, under: float, **facts: Any) -> Figure:
    return Figure("I24", kind, place, 100 * over / under, numerateur=over, denominateur=under, unite="%", **facts)


def row(centre: str, valeur: float | None, region: float | None, secret: str = "libre") -> tuple[object, ...]:
    told = [centre and "I24", "2026-T3", centre, valeur]
    if valeur is None:
        return (*told, *[None] * 12, secret)
    return (*told, valeur - 1, valeur + 1, region, 10.0, 30.0, 5.0, 35.0, "dans", 21.0, 1.1, 0.9, 1.3, secret)


@pytest.fixture
def compared(hub: Hub) -> Hub:
    """CAI is released, CRIC withheld, CIMB withheld in the comparison alone, CRVI was counted anew since."""
    figures = [
        share("region", "RLF", 40, 200),
        share("centre", "CAI", 10, 40),
        share("centre", "CRIC", 2, 30, masque=True),
        share("centre", "CIMB", 8, 40),
        share("centre", "CRVI", 20, 90),
    ]
    put_figures(hub, figures)
    put_common(hub)
    put_deposit(hub, "CAI-2026-T3-aaaaaaaaaaaa")
    columns = COMPARISON_COLUMNS | {"statut_secret": "VARCHAR"}
    rows = [
        row("CAI", 25.0, 20.0), row("CRIC", 6.666667, 20.0), row("CIMB", None, None, "masque"), row("CRVI", 30.0, 20.0)
    ]  # fmt: skip
    write_parquet(hub.home.protected("2026-T3") / "comparaison.parquet", columns, rows)
    write_parquet(hub.home.observations("2026-T3") / "comparaison.parquet", COMPARISON_COLUMNS, [r[:-1] for r in rows])
    write_parquet(
        hub.home.anomalies("2026-T3") / "anomalies.parquet",
        {"anomalie_id": "VARCHAR", "etat": "VARCHAR"},
        [("ANO-001-I24-2026-T3-CAI", "ouverte")],
    )
    agree(hub)
    return hub


@pytest.fixture
def folder(compared: Hub) -> Path:
    return publish(compared, "2026-T3", approbateur="discri")


def test_only_what_follows_from_released_figures_is_there(folder: Path) -> None:
    with (folder / "comparaison.csv").open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    assert header == list(RELEASED_COMPARISON_COLUMNS)
    assert [line[:4] for line in rows] == [["I24", "2026-T3", "CAI", "25"]]
    assert "rapport" not in header
    assert "valeur_attendue" not in header
    with duckdb.connect(folder / "intercentre-public.duckdb", read_only=True) as engine:
        assert engine.execute("SELECT territoire, valeur, position FROM comparaison").fetchall() == [
            ("CAI", 25.0, "dans")
        ]
        silent = "SELECT count(*) FROM duckdb_columns() WHERE table_name = 'comparaison' AND comment IS NULL"
        assert engine.execute(silent).fetchone() == (0,)
    assert verify_release(folder) == []


def test_discri_has_the_whole_of_it_and_the_anomalies(compared: Hub, folder: Path) -> None:
    file = compared.home.analysis / "intercentre-analyse-2026-T3.1.duckdb"
    with duckdb.connect(file, read_only=True) as engine:
        assert engine.execute("SELECT count(*), count(rapport) FROM observations.comparaison").fetchone() == (4, 3)
        assert engine.execute("SELECT anomalie_id FROM observations.anomalies").fetchall() == [
            ("ANO-001-I24-2026-T3-CAI",)
        ]


def test_the_readme_names_it(folder: Path) -> None:
    assert "comparaison.csv : chaque part d'un centre" in " ".join((folder / "LISEZMOI.txt").read_text().split())


def test_the_readme_names_what_has_no_figure(folder: Path) -> None:
    text = " ".join((folder / "LISEZMOI.txt").read_text().split())
    listed = text.split("sans aucune ligne ici : ")[1].split(".")[0].split(", ")
    assert listed == [code for code in definitions() if code != "I24"]


def change(folder: Path, target: Path, sql: str) -> list[str]:
    """What verification says of the release when its comparison is another one."""
    shutil.copytree(folder, target)
    path = target / "comparaison.parquet"
    path.chmod(0o644)
    with duckdb.connect() as engine:
        engine.execute(f"CREATE TABLE t AS FROM read_parquet('{path}')")
        path.unlink()
        engine.execute(f"COPY ({sql}) TO '{path}' (FORMAT parquet)")
    return list(check_content(target, PERIODE))


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT * REPLACE ('CRIC' AS territoire) FROM t", "des lignes (1) ne découlent pas"),
        ("SELECT * REPLACE (26.0::DOUBLE AS valeur) FROM t", "des lignes (1) ne découlent pas"),
        ("SELECT *, 1.1 AS rapport FROM t", "les colonnes ou leurs types"),
    ],
)
def test_verification_finds_a_row_that_says_more(folder: Path, tmp_path: Path, sql: str, said: str) -> None:
    (problem,) = change(folder, tmp_path / "copie", sql)
    assert said in problem


def test_a_release_made_before_has_none_and_holds(folder: Path, tmp_path: Path, compared: Hub) -> None:
    shutil.copytree(folder, tmp_path / "copie")
    (tmp_path / "copie" / "comparaison.parquet").unlink()
    assert list(check_content(tmp_path / "copie", PERIODE)) == []
