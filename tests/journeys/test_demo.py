"""The whole demonstration as a person starts it, and what it leaves."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from schemas.indicators import definitions

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

CENTRES = {"CAI", "CERAIC", "CIMB", "CRIBW", "CRIC", "CRILUX", "CRIPEL", "CRVI"}


@dataclass(frozen=True)
class Demo:
    """One demonstration that ended."""

    home: Path
    code: int
    printed: str

    @property
    def release(self) -> Path:
        return self.home / "publications" / "2026-T3.1"

    def rows(self, question: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.home / "registre.sqlite")) as registry:
            return registry.execute(question).fetchall()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    base = tmp_path_factory.mktemp("demo")
    command = Path(sys.executable).with_name("intercentre")
    # A setting of another hub must not reach the demonstration.
    environment = os.environ | {"INTERCENTRE_HOME": str(base), "INTERCENTRE_QUORUM": "99"}
    ended = subprocess.run(
        [str(command), "demontrer", "--dossiers", "400", "--graine", "7"],
        env=environment, capture_output=True, text=True, check=False, timeout=500,
    )  # fmt: skip
    return Demo(base / "demo", ended.returncode, ended.stdout + ended.stderr)


def test_it_ends_well_and_says_so(demo: Demo) -> None:
    assert demo.code == 0, demo.printed
    assert "Démonstration terminée : publication 2026-T3.1" in demo.printed
    assert "Tout est arrêté" in demo.printed
    assert "✗" not in demo.printed


def test_nothing_is_left_running(demo: Demo) -> None:
    def speaks_of_it(process: psutil.Process) -> bool:
        try:
            return str(demo.home) in " ".join([*process.cmdline(), *process.environ().values()])
        except psutil.Error:
            return False

    assert [process.pid for process in psutil.process_iter() if speaks_of_it(process)] == []


def test_each_centre_was_collected_once_over_http(demo: Demo) -> None:
    deposits = demo.rows("SELECT centre_code, periode, canal, prepare FROM depot WHERE canal <> 'api' ORDER BY 1")
    assert deposits == [(centre, "2026-T3", "collecte", 1) for centre in sorted(CENTRES)]
    assert demo.rows("SELECT count(*) FROM journal WHERE action = 'depot_recu'") == [(9,)]


def test_one_centre_deposited_by_itself_through_the_portal(demo: Demo) -> None:
    deposits = demo.rows("SELECT centre_code, periode, prepare FROM depot WHERE canal = 'api'")
    assert deposits == [("CIMB", "2026-T2", 1)]
    told = demo.rows("SELECT details FROM journal WHERE action = 'airflow_prevenu' ORDER BY numero")
    assert [json.loads(str(details))["dag"] for (details,) in told] == ["harmonisation", "publication"]


def test_incidents_of_the_day_were_overcome(demo: Demo) -> None:
    outcomes = demo.rows("SELECT DISTINCT centre_code, resultat FROM collecte ORDER BY 1")
    assert outcomes == [(centre, "depot") for centre in sorted(CENTRES)]


def test_eight_centres_voted_once_and_agreed(demo: Demo) -> None:
    assert demo.rows("SELECT periode, etat FROM tour") == [("2026-T3", "accorde")]
    votes = demo.rows("SELECT centre_code, avis FROM voix ORDER BY centre_code")
    assert votes == [(centre, "reserve" if centre == "CRILUX" else "approuve") for centre in sorted(CENTRES)]


def test_the_reservation_travels_with_the_figures(demo: Demo) -> None:
    with (demo.release / "indicateurs.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    # I52 waits for a local statistic that no source of the demonstration gives
    assert {row["indicateur"] for row in rows} == set(definitions()) - {"I52"}
    assert {row["reserves"] for row in rows if row["indicateur"] == "I21"} == {"CRILUX"}
    assert {row["reserves"] for row in rows if row["indicateur"] == "I01"} == {""}


def test_a_person_approved_and_the_journal_says_who(demo: Demo) -> None:
    answers = demo.rows("SELECT objet, details FROM journal WHERE action = 'bon_a_publier_donne'")
    assert [(objet, json.loads(str(details))) for objet, details in answers] == [("2026-T3-tour-1", {"par": "admin"})]
    assert demo.rows("SELECT count(*) FROM journal WHERE action = 'tache_en_echec'") == [(0,)]


def test_the_sums_hold(demo: Demo) -> None:
    for line in (demo.release / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        digest, _, name = line.partition("  ")
        assert hashlib.sha256((demo.release / name).read_bytes()).hexdigest() == digest, name


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not on this machine")
def test_stock_ssh_keygen_accepts_the_manifest(demo: Demo) -> None:
    check = [
        "ssh-keygen", "-Y", "verify", "-f", str(demo.release.parent / "allowed_signers"),
        "-I", "publication@intercentre", "-n", "intercentre-publication", "-s", str(demo.release / "MANIFEST.json.sig"),
    ]  # fmt: skip
    manifest = (demo.release / "MANIFEST.json").read_bytes()
    assert subprocess.run(check, input=manifest, capture_output=True, check=False).returncode == 0
    assert subprocess.run(check, input=manifest + b" ", capture_output=True, check=False).returncode != 0


def test_no_secret_is_printed_or_logged(demo: Demo) -> None:
    tokens = json.loads((demo.home / "cles" / "jetons.json").read_text())
    passwords = json.loads((demo.home / "cles" / "airflow-comptes.json").read_text())
    secrets = [*tokens.values(), *passwords.values()]
    logs = [path.read_text(errors="replace") for path in (demo.home / "journaux").rglob("*.log")]
    assert len(logs) > 30
    for text in (demo.printed, *logs):
        assert not any(secret in text for secret in secrets)


def test_a_second_demonstration_spares_what_is_not_its_own(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "important.txt").write_text("à garder", encoding="utf-8")
    ended = subprocess.run(
        [str(Path(sys.executable).with_name("intercentre")), "demontrer"],
        env=os.environ | {"INTERCENTRE_HOME": str(tmp_path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 1
    assert "n'est pas effacé" in ended.stdout
    assert (tmp_path / "demo" / "important.txt").read_text(encoding="utf-8") == "à garder"
