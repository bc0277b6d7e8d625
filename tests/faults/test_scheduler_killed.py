"""A real hub under blows: a centre that is down, a scheduler killed in the middle, a supervisor killed outright."""

from __future__ import annotations

import subprocess
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from intercentre.operation.processes import end_sessions, members
from intercentre.simulation import CentreServer
from schemas.period import Period
from tests.faults.running_hub import COMMAND, RunningHub, clean_environment, wait_until, write_centres

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

PERIOD = str(Period.quarter_of(datetime.now(UTC).date()).previous())  # the one that the calendar announces
CENTRES = ("CAI", "CERAIC", "CIMB", "CRIBW", "CRIC", "CRILUX", "CRIPEL", "CRVI")
TOKENS = {centre: f"jeton-{centre.lower()}" for centre in CENTRES}
SETTINGS = {f"INTERCENTRE_JETON_{centre}": token for centre, token in TOKENS.items()}
DOWN = "CRVI"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hub") / "maison"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CentreServer]:
    folder = tmp_path_factory.mktemp("centres")
    simulate = [COMMAND, "simuler", "--dossiers", "300", "--periode", PERIOD, "--graine", "3", "-o", str(folder)]
    subprocess.run(simulate, check=True, capture_output=True)
    with CentreServer(folder, TOKENS, {DOWN: "503"}) as server:
        yield server


@pytest.fixture(scope="module")
def hub(home: Path, site: CentreServer) -> Iterator[RunningHub]:
    write_centres(home / "centres.toml", {centre: site.endpoint(centre) for centre in CENTRES})
    running = RunningHub.start(home, home.parent / "premier.txt", INTERCENTRE_COLLECTE_ESSAIS="1", **SETTINGS)
    yield running
    running.process.kill()
    running.process.wait()
    end_sessions(list(running.sessions.values()))


def test_a_period_survives_a_killed_scheduler_and_a_centre_that_is_down(hub: RunningHub, site: CentreServer) -> None:
    airflow = hub.airflow()
    airflow.trigger("calendrier")
    wait_until("first deposits", lambda: hub.rows("SELECT count(*) >= 2 FROM depot") == [(1,)], 60, poll_s=0.05)

    killed_session = hub.sessions["scheduler"]
    assert hub.kill("scheduler") > 1
    wait_until("a new scheduler", lambda: hub.sessions["scheduler"] != killed_session, 30)
    assert members([killed_session]) == []
    assert "ordonnanceur : arrêt imprévu, redémarrage" in hub.printed

    def state(centre: str) -> str:
        runs = airflow.runs(f"collecte_{centre.lower()}")
        assert len(runs) <= 1
        return runs[0].state if runs else "none"

    wait_until("collections", lambda: all(state(c) == "success" for c in CENTRES if c != DOWN), 180, poll_s=1)
    wait_until("the failure of the centre that is down", lambda: state(DOWN) == "failed", 120, poll_s=1)
    deposits = hub.rows("SELECT centre_code, etat <> 'refuse', prepare FROM depot ORDER BY centre_code")
    assert deposits == [(centre, 1, 1) for centre in CENTRES if centre != DOWN]
    for action in ("depot_recu", "depot_juge", "depot_prepare"):
        counted = hub.rows(f"SELECT objet, count(*) FROM journal WHERE action = '{action}' GROUP BY objet")
        assert {count for _, count in counted} == {1}, action
        assert len(counted) == len(CENTRES) - 1, action

    failed = hub.rows("SELECT objet, details FROM journal WHERE action = 'tache_en_echec'")
    assert [objet for objet, _ in failed] == [f"collecte_{DOWN.lower()}.collecter"]
    assert TOKENS[DOWN] not in str(failed)
    assert {row[0] for row in hub.rows(f"SELECT code FROM collecte WHERE centre_code = '{DOWN}'")} == {"COL-003"}


def test_the_round_opens_once_the_last_centre_is_in(hub: RunningHub, site: CentreServer) -> None:
    airflow = hub.airflow()
    quiet = {"harmonisation", "indicateurs", "concertation"}

    def is_quiet() -> bool:
        return all(run.state in ("success", "failed") for run in airflow.runs() if run.dag in quiet)

    wait_until("computing", is_quiet, 120, poll_s=1)
    assert hub.rows("SELECT count(*) FROM tour") == [(0,)]

    site.repair(DOWN)
    airflow.trigger(f"collecte_{DOWN.lower()}", PERIOD)
    wait_until("the round", lambda: hub.rows("SELECT etat FROM tour") == [("ouvert",)], 120, poll_s=1)
    assert hub.rows("SELECT count(*), count(DISTINCT centre_code), min(prepare) FROM depot") == [(8, 8, 1)]
    harmonised = hub.rows(
        "SELECT details FROM journal WHERE action = 'harmonisation_faite' ORDER BY numero DESC LIMIT 1"
    )
    assert '"presente":8' in str(harmonised[0][0])


def test_several_people_at_once_do_not_stop_the_server(hub: RunningHub) -> None:
    """Airflow on SQLite stood still when two changing requests met; see operation/airflow_sessions.py."""
    airflow = hub.airflow()

    def ask(periode: str) -> float:
        began = time.monotonic()
        airflow.trigger("publication", periode)
        return time.monotonic() - began

    with ThreadPoolExecutor(6) as people:
        waited = list(
            people.map(ask, [f"{year}-T{quarter}" for year in (2020, 2021, 2022) for quarter in (1, 2, 3, 4)])
        )
    assert len(waited) == 12
    assert max(waited) < 15


def test_the_chain_of_the_journal_holds(hub: RunningHub) -> None:
    check = subprocess.run(
        [COMMAND, "journal", "verifier"], env=clean_environment(hub.home), capture_output=True, check=False
    )
    assert check.returncode == 0


def test_a_second_hub_on_the_same_home_is_refused(hub: RunningHub) -> None:
    second = subprocess.run(
        [COMMAND, "demarrer"], env=clean_environment(hub.home), capture_output=True, text=True, check=False
    )
    assert second.returncode == 1
    assert "fonctionne déjà" in second.stdout
    assert all(members([session]) for session in hub.sessions.values())


def test_after_a_killed_supervisor_the_hub_starts_again_and_stops_clean(hub: RunningHub) -> None:
    former = hub.sessions
    hub.process.kill()
    hub.process.wait()
    assert members(former.values())  # nobody told them

    again = RunningHub.start(hub.home, hub.home.parent / "second.txt", **SETTINGS)
    try:
        assert members(former.values()) == []
        assert set(again.sessions) == {"portail", "api-server", "scheduler", "dag-processor"}
        assert "montrés cette seule fois" in hub.printed
        assert "montrés cette seule fois" not in again.printed
        with urllib.request.urlopen(f"{again.portal_url()}/sante") as answer:
            assert answer.status == 200
        assert {run.state for run in again.airflow().runs("concertation")} == {"success"}
    finally:
        code = again.stop()
    assert code == 0
    assert "Tout est arrêté" in again.printed
