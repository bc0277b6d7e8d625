"""A gate's refusal in Airflow: said once, in French, never tried again, and not passed by starting a DAG by hand."""

from __future__ import annotations

import json
import os
import shutil
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from intercentre.core.hub import Hub
from intercentre.core.passage import gate_folder, inputs_of
from intercentre.core.registry.tables import Journal, Publication, Tour
from intercentre.core.settings import Settings
from intercentre.operation.layout import Layout, plan
from intercentre.operation.supervisor import migrate
from schemas.gates import Gate
from schemas.period import Period
from tests.dags.runs import call_task, run_dags, task_states
from tests.portal.gate_evidence import write_gate
from tests.staged import register, stage

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

DUE = Period.quarter_of(datetime.now(UTC).date()).previous()  # what a DAG without a partition works on


@pytest.fixture(scope="module")
def layout(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    made = plan(tmp_path_factory.mktemp("portes"), 8000, 8080, os.environ)
    migrate(made)
    return made


@pytest.fixture(scope="module")
def own_hub(layout: Layout) -> Hub:
    """One centre's dossier of the period is staged, and harmonised by the DAG."""
    hub = Hub(Settings(home=layout.home.root))
    rows = [{"dossier_id": "D1", "date_ouverture": DUE.debut}]
    start = date(DUE.debut.year - 1, 1, 1)
    register(hub, stage(hub.home.root / "z1" / "extraits", "CAI", str(DUE), {"dossier": rows}, debut_historique=start))
    states, printed = run_dags(layout, "harmonisation")
    assert states == {"harmonisation": "success"}, printed
    return hub


def failures(hub: Hub) -> list[tuple[str, int, str]]:
    """Task, tries and kind of error of each task that gave up, as the journal tells it."""
    with hub.registry.read() as session:
        rows = session.execute(select(Journal.objet, Journal.details).where(Journal.action == "tache_en_echec")).all()
    said = [(task, json.loads(details)) for task, details in rows]
    return [(task, details["essai"], details["nature"]) for task, details in said]


def states_of(layout: Layout) -> dict[str, str]:
    return {task: state for (task, _), state in task_states(layout, "indicateurs").items()}


def test_common_tables_that_were_stopped_are_taken_no_further_by_hand(own_hub: Hub, layout: Layout) -> None:
    folder = gate_folder(own_hub, DUE, Gate.TABLES_COMMUNES)
    passed = folder.with_name("ecarte")
    folder.rename(passed)
    broken = {"POR-001": [("dossier, CAI", 1.0)]}
    write_gate(own_hub, DUE, Gate.TABLES_COMMUNES, broken, inputs_of(own_hub, DUE, Gate.TABLES_COMMUNES))

    states, printed = run_dags(layout, "indicateurs")

    assert states == {"indicateurs": "failed"}
    assert states_of(layout) == {
        "calculer": "failed",
        "controler": "upstream_failed",
        "proteger": "upstream_failed",
        "relever": "upstream_failed",
    }
    assert "la suite reste arrêtée (POR-001)" in printed
    assert failures(own_hub) == [("indicateurs.calculer", 1, "NotThroughGate")]
    assert not own_hub.home.observations(DUE).exists()
    shutil.rmtree(folder)
    states, printed = run_dags(layout, "indicateurs")
    assert states == {"indicateurs": "failed"}, "what no gate has seen is not taken further either"
    assert "n'a pas été contrôlé" in printed
    passed.rename(folder)


def test_a_run_that_was_overtaken_leaves_the_figures_to_the_next(own_hub: Hub, layout: Layout) -> None:
    """Between its announcement and its start, other deposits were harmonised, and are still to be checked."""
    folder = gate_folder(own_hub, DUE, Gate.TABLES_COMMUNES)
    passed = folder.with_name("ecarte")
    folder.rename(passed)
    ended = call_task(layout, "indicateurs", "calculer", str(DUE))
    assert ended.startswith("AirflowSkipException: ")
    assert not own_hub.home.observations(DUE).exists()

    broken = {"POR-001": [("dossier, CAI", 1.0)]}
    write_gate(own_hub, DUE, Gate.TABLES_COMMUNES, broken, inputs_of(own_hub, DUE, Gate.TABLES_COMMUNES))
    assert call_task(layout, "indicateurs", "calculer", str(DUE)).startswith("Refused: ")
    shutil.rmtree(folder)
    passed.rename(folder)


def test_a_refusal_is_said_once_and_not_tried_again(own_hub: Hub, layout: Layout) -> None:
    """A release whose folder is gone: the second gate cannot tell what moved, and refuses."""
    before = len(failures(own_hub))
    when = datetime(2026, 1, 1, tzinfo=UTC)
    round_ = Tour(
        tour_id="tour", periode=str(DUE), empreinte="0" * 64, ouvert_le=when, echeance=when + timedelta(days=1),
        quorum=5, etat="accorde",
    )  # fmt: skip
    released = Publication(
        version=f"{DUE}.1", periode=str(DUE), tour_id="tour", empreinte="0" * 64, manifeste_sha256="0" * 64,
        publie_le=when,
    )  # fmt: skip
    with own_hub.registry.change() as change:
        change.session.add(round_)
        change.session.flush()
        change.session.add(released)

    states, printed = run_dags(layout, "indicateurs")

    assert states == {"indicateurs": "failed"}
    assert states_of(layout) == {
        "calculer": "success",
        "controler": "failed",
        "proteger": "upstream_failed",
        "relever": "upstream_failed",
    }
    assert "restaurez son dossier" in printed
    assert failures(own_hub)[before:] == [("indicateurs.controler", 1, "GateRefusal")]
    assert not own_hub.home.protected(DUE).exists()
