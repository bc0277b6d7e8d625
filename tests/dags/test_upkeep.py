"""The upkeep DAGs on a real registry and a real drop folder, run by Airflow's own `dag.test()`."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from intercentre.core.hub import Hub
from intercentre.core.registry.tables import Depot, Tour
from intercentre.core.settings import Settings
from intercentre.intake import receive_deposit
from intercentre.operation.layout import Layout, plan
from intercentre.operation.supervisor import migrate
from tests.dags.runs import run_dags, task_states
from tests.packages import PERIODE, files, with_manifest, write_zip

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

Run = Callable[..., dict[str, str]]


@pytest.fixture(scope="module")
def layout(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    made = plan(tmp_path_factory.mktemp("entretien"), 8000, 8080, os.environ)
    migrate(made)
    return made


@pytest.fixture(scope="module")
def own_hub(layout: Layout) -> Hub:
    return Hub(Settings(home=layout.home.root))


@pytest.fixture(scope="module")
def run(layout: Layout) -> Run:
    return lambda *dag_ids: run_dags(layout, *dag_ids)[0]


def test_arrivals_are_judged_staged_and_announced(run: Run, own_hub: Hub, layout: Layout) -> None:
    for centre in ("CAI", "CRIC"):
        (layout.home.arrivals / centre).mkdir(parents=True)
    accepted = write_zip(layout.home.arrivals / "CAI" / "cai.zip", with_manifest(files(), sequence=2))
    refused = layout.home.arrivals / "CRIC" / "cric.zip"
    refused.write_bytes(b"rien de lisible")
    # A machine that stopped twenty minutes ago, between custody and judgement.
    earlier = Hub(own_hub.settings, now=lambda: datetime.now(UTC) - timedelta(minutes=20))
    left = write_zip(layout.home.root / "reste.zip", with_manifest(files(), sequence=1))
    receive_deposit(earlier, left, centre="CAI", periode=PERIODE, canal="api", acteur="cai")

    assert run("arrivees") == {"arrivees": "success"}

    with own_hub.registry.read() as session:
        deposits = list(session.execute(select(Depot).order_by(Depot.numero)).scalars())
    outcome = {(deposit.centre_code, deposit.canal): (deposit.etat, deposit.prepare) for deposit in deposits}
    assert outcome == {
        ("CAI", "api"): ("accepte", True),
        ("CAI", "dossier"): ("accepte", True),
        ("CRIC", "dossier"): ("refuse", False),
    }
    assert sorted(state for (task, _), state in task_states(layout, "arrivees").items() if task == "traiter") == [
        "skipped", "success",
    ]  # fmt: skip
    assert not accepted.exists()


def announced(layout: Layout, task: str) -> list[str]:
    """Periods that the task has announced, each time."""
    question = "SELECT partition_key FROM asset_event WHERE source_task_id = ? ORDER BY id"
    with closing(sqlite3.connect(layout.airflow.home / "airflow.sqlite")) as base:
        return [period for (period,) in base.execute(question, (task,))]


def test_what_nobody_was_told_of_is_announced_until_it_is_harmonised(run: Run, layout: Layout) -> None:
    before = announced(layout, "reprendre")
    run("arrivees")
    assert announced(layout, "reprendre") == [*before, str(PERIODE)]
    run("harmonisation", "arrivees")
    assert announced(layout, "reprendre") == [*before, str(PERIODE)]
    assert task_states(layout, "arrivees")["reprendre", -1] == "skipped"


def test_the_next_steps_can_be_run_by_hand(run: Run, layout: Layout) -> None:
    """By hand a DAG has no partition: the period is the last quarter that is over."""
    now = datetime.now(UTC).date()
    assert str(PERIODE) <= str(type(PERIODE).quarter_of(now).previous())
    assert run("harmonisation", "indicateurs", "concertation") == dict.fromkeys(
        ("harmonisation", "indicateurs", "concertation"), "success"
    )
    assert task_states(layout, "concertation") == {("ouvrir", -1): "success"}


def test_a_round_without_quorum_is_taken_up_again_by_hand(run: Run, own_hub: Hub) -> None:
    with own_hub.registry.change() as change:
        change.session.execute(select(Tour)).scalar_one().etat = "sans_quorum"
    assert run("concertation") == {"concertation": "success"}
    with own_hub.registry.read() as session:
        states = select(Tour.etat).order_by(Tour.tour_id)
        assert session.execute(states).scalars().all() == ["sans_quorum", "ouvert"]


def test_a_round_past_its_deadline_is_decided_and_its_agreement_announced(
    run: Run, own_hub: Hub, layout: Layout
) -> None:
    with own_hub.registry.change() as change:
        opened = change.session.execute(select(Tour).where(Tour.etat == "ouvert")).scalar_one()
        opened.echeance, opened.quorum = change.instant - timedelta(days=1), 0
    assert run("entretien") == {"entretien": "success"}
    with own_hub.registry.read() as session:
        assert session.execute(select(Tour.etat).order_by(Tour.tour_id)).scalars().all() == ["sans_quorum", "accorde"]
    assert task_states(layout, "entretien") == dict.fromkeys(
        (("clore", -1), ("effacer", -1), ("controler", -1)), "success"
    )
    assert len(announced(layout, "clore")) == 1


def test_a_broken_chain_fails_the_upkeep(run: Run, own_hub: Hub, layout: Layout) -> None:
    with own_hub.registry.engine.begin() as connection:
        connection.execute(text("UPDATE journal SET acteur = 'autre' WHERE numero = 1"))
    assert run("entretien") == {"entretien": "failed"}
    states = task_states(layout, "entretien")
    assert states["controler", -1] in ("failed", "up_for_retry")
    assert states["effacer", -1] == "success"
