"""From eight centres' exports to a signed release: what the figures, the signature and the repetition must be."""

from __future__ import annotations

import csv
import shlex
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from schemas.nomenclatures import read_rows
from tests.journeys.journey import Journey, intercentre

pytestmark = pytest.mark.slow

GROUPS = (("BEL", 90), ("ETR", 10))

# Counted over the simulator's life events, never over the extracts. `$p0` and `$p1` bound the period.
COUNTS = {
    "I01": "SELECT centre, count(DISTINCT dossier_id) FROM vies"
    " WHERE evenement = 'OUVERTURE' AND date BETWEEN $p0 AND $p1",
    "I10": "SELECT centre, count(*) FROM vies WHERE evenement = 'CONVENTION' AND detail = 'CONVENTION'"
    " AND date BETWEEN $p0 AND $p1",
    "I21": "SELECT centre, count(DISTINCT dossier_id) FROM vies WHERE evenement = 'ATTESTATION' AND remplace IS NULL"
    " AND detail = 'FREQUENTATION_PARCOURS' AND date BETWEEN $p0 AND $p1",
}


def published(journey: Journey, indicator: str, period: str) -> dict[str, float | None]:
    """Territory → published total of an indicator; None where it is masked."""
    with (journey.release / "indicateurs.csv").open(encoding="utf-8", newline="") as stream:
        return {
            row["territoire"]: float(row["valeur"]) if row["valeur"] else None
            for row in csv.DictReader(stream)
            if (row["indicateur"], row["periode"], row["dimension"]) == (indicator, period, "_T")
            and row["territoire_type"] in ("centre", "region")
        }


@pytest.mark.parametrize("indicator", COUNTS)
@pytest.mark.parametrize(
    ("period", "start", "end"), [("2025", "2025-01-01", "2025-12-31"), ("2026-T3", "2026-07-01", "2026-09-30")]
)
def test_counts_are_those_of_the_lives(
    released: Callable[..., Journey], indicator: str, period: str, start: str, end: str
) -> None:
    journey = released()
    con = duckdb.connect()
    con.execute(f"CREATE VIEW vies AS SELECT * FROM '{journey.lives}'")
    lived = dict(con.execute(COUNTS[indicator] + " GROUP BY centre", {"p0": start, "p1": end}).fetchall())
    figures = published(journey, indicator, period)
    region = figures.pop(
        next(territory for territory in figures if territory not in {row["code"] for row in read_rows("centre")})
    )
    assert set(figures) == {row["code"] for row in read_rows("centre")}
    for centre, figure in figures.items():
        count = lived.get(centre, 0)
        assert figure == (None if 1 <= count <= 4 else count), centre
    assert region == sum(lived.values())


def test_the_analyst_reads_the_same_by_sql(released: Callable[..., Journey]) -> None:
    journey = released()
    question = (
        "SELECT territoire, valeur FROM indicateurs WHERE indicateur = 'I21' AND territoire_type = 'centre'"
        " AND dimension = '_T' AND periode = '2025' ORDER BY territoire"
    )
    answer = intercentre("sql", "--csv", question, home=journey.home)
    read = {
        row["territoire"]: float(row["valeur"]) if row["valeur"] else None
        for row in csv.DictReader(answer.splitlines())
    }
    expected = published(journey, "I21", "2025")
    assert read == {centre: expected[centre] for centre in read}
    assert len(read) == 8


def test_the_foreign_share_of_2015_is_the_hand_count(released: Callable[..., Journey]) -> None:
    german_speaking = {row["code"] for row in read_rows("commune") if row["region_de_langue"] == "germanophone"}
    assert len(german_speaking) == 9
    persons = {"BEL": 0, "ETR": 0}
    for row in read_rows("population_commune"):
        if row["annee"] == "2015" and row["nationalite"] in persons and row["code_nis"] not in german_speaking:
            persons[row["nationalite"]] += int(row["effectif"])
    figures = published(released(), "I53", "2015")
    region = next(
        value for territory, value in figures.items() if territory not in {row["code"] for row in read_rows("centre")}
    )
    assert region == round(100 * persons["ETR"] / (persons["BEL"] + persons["ETR"]), 6)


def test_the_whole_of_wallonia_has_the_official_figures() -> None:
    total = {"BEL": 0, "ETR": 0}
    for row in read_rows("population_commune"):
        if row["annee"] == "2015" and row["nationalite"] in total:
            total[row["nationalite"]] += int(row["effectif"])
    assert total["ETR"] == 352_430
    assert total["BEL"] + total["ETR"] == 3_589_744


def test_two_homes_give_the_same_release(released: Callable[..., Journey]) -> None:
    one, other = released("premier").release, released("second").release
    names = sorted(path.name for path in one.iterdir())
    assert names == sorted(path.name for path in other.iterdir())
    apart = {"MANIFEST.json", "MANIFEST.json.sig", "intercentre-public.duckdb", "SHA256SUMS"}
    differing = [
        name for name in names if name not in apart and (one / name).read_bytes() != (other / name).read_bytes()
    ]
    assert differing == []
    assert contents(one / "intercentre-public.duckdb") == contents(other / "intercentre-public.duckdb")


def contents(file: Path) -> dict[str, list[tuple[object, ...]]]:
    """Table name → its rows, in the order of all columns."""
    with duckdb.connect(str(file), read_only=True) as con:
        names = con.execute("SELECT schema_name || '.' || table_name FROM duckdb_tables() ORDER BY ALL").fetchall()
        return {name: con.execute(f"SELECT * FROM {name} ORDER BY ALL").fetchall() for (name,) in names}


def test_stock_tools_accept_the_release(released: Callable[..., Journey]) -> None:
    release = released().release
    subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=release, check=True)
    with (release / "MANIFEST.json").open("rb") as manifest:
        run = subprocess.run(
            shlex.split(
                "ssh-keygen -Y verify -f ../allowed_signers -I publication@intercentre"
                " -n intercentre-publication -s MANIFEST.json.sig"
            ),
            cwd=release,
            stdin=manifest,
            capture_output=True,
            text=True,
            check=False,
        )
    assert run.returncode == 0, run.stderr


def test_one_changed_byte_is_refused(released: Callable[..., Journey], tmp_path: Path) -> None:
    journey = released()
    intercentre("publication", "verifier", journey.release)
    shutil.copytree(journey.release.parent, tmp_path / "publications")
    target = tmp_path / "publications" / journey.release.name / "indicateurs.csv"
    content = bytearray(target.read_bytes())
    content[len(content) // 2] ^= 1
    target.chmod(0o644)
    target.write_bytes(content)
    intercentre("publication", "verifier", target.parent, expected=1)


def test_the_journal_holds(released: Callable[..., Journey]) -> None:
    assert "intact" in intercentre("journal", "verifier", home=released().home)


def test_a_journal_without_its_end_is_noticed(released: Callable[..., Journey], tmp_path: Path) -> None:
    shutil.copytree(released().home, tmp_path / "home")
    with closing(sqlite3.connect(tmp_path / "home" / "registre.sqlite")) as base:
        base.execute("DELETE FROM journal WHERE numero > (SELECT max(numero) - 3 FROM journal)")
        base.commit()
    assert "2026-T3.1" in intercentre("journal", "verifier", home=tmp_path / "home", expected=1)


def test_a_second_run_changes_nothing(released: Callable[..., Journey]) -> None:
    journey = released()
    before = (journey.release / "MANIFEST.json").read_bytes()
    intercentre("executer", "--depots", journey.deposits, "--accord-simule", home=journey.home)
    assert [path.name for path in sorted(journey.release.parent.iterdir()) if path.is_dir()] == [journey.release.name]
    assert (journey.release / "MANIFEST.json").read_bytes() == before


def test_without_agreement_nothing_is_published(released: Callable[..., Journey], tmp_path: Path) -> None:
    printed = intercentre("executer", "--depots", released().deposits, home=tmp_path)
    assert "attend l'accord" in printed
    assert not (tmp_path / "publications").exists() or not list((tmp_path / "publications").glob("2*"))


def test_an_official_file_in_the_drop_folder_gives_its_year(released: Callable[..., Journey], tmp_path: Path) -> None:
    """Every commune of 2016 with 90 Belgians and 10 foreigners: a tenth everywhere."""
    home = tmp_path / "home"
    shutil.copytree(released().home, home)
    territory = [row for row in read_rows("ressort") if row["valide_du"] <= "2016-01-01" <= (row["valide_au"] or "9")]
    assert len(territory) == 253
    lines = ["CD_REFNIS|CD_SEX|CD_NATLTY|CD_AGE|MS_POPULATION"]
    lines += [f"{row['commune_refnis']}|F|{group}|30|{persons}" for row in territory for group, persons in GROUPS]
    folder = home / "arrivees" / "STATBEL"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "TF_SOC_POP_STRUCT_2016.txt").write_text("\n".join(lines), encoding="utf-8")
    intercentre("executer", "--periode", "2026-T3", "--accord-simule", home=home)
    question = (
        "SELECT valeur, numerateur, denominateur FROM indicateurs"
        " WHERE indicateur = 'I53' AND periode = '2016' AND territoire_type = 'region'"
    )
    assert intercentre("sql", "--csv", question, home=home).splitlines()[1:] == ["10.0,2530.0,25300.0"]
