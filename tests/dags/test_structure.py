"""The DAGs and the plugin as Airflow reads them."""

from __future__ import annotations

import ast
import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Facts = dict[str, Any]

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
CENTRES = ("cai", "ceraic", "cimb", "cribw", "cric", "crilux", "cripel", "crvi")
OTHERS = {
    "calendrier",
    "harmonisation",
    "indicateurs",
    "concertation",
    "publication",
    "arrivees",
    "entretien",
    "plausibilite",
}


def test_airflow_reads_every_dag(facts: Facts) -> None:
    assert facts["erreurs"] == {}
    assert set(facts["dags"]) == OTHERS | {f"collecte_{centre}" for centre in CENTRES}


def test_one_collection_for_each_centre_of_the_registry(facts: Facts) -> None:
    with (ROOT / "schemas" / "nomenclatures" / "centre.csv").open(encoding="utf-8") as stream:
        listed = {row["code"].lower() for row in csv.DictReader(stream, delimiter=";")}
    assert {name.removeprefix("collecte_") for name in facts["dags"] if name.startswith("collecte_")} == listed


def test_a_ninth_centre_is_one_more_entry(inspect: Callable[..., Facts], facts: Facts) -> None:
    nine = inspect("NEUF")
    assert set(nine["dags"]) - set(facts["dags"]) == {"collecte_neuf"}


def test_every_task_is_the_one_whose_log_has_no_message_of_a_fault() -> None:
    for path in (ROOT / "dags").glob("[0-9]*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        froms = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        assert "task" in {name.name for node in froms if node.module == "assets" for name in node.names}, path.name
        assert "task" not in {name.name for node in froms if node.module != "assets" for name in node.names}, path.name


def test_reading_the_dags_imports_no_room(facts: Facts) -> None:
    assert facts["modules_lourds"] == []


def test_people_read_french(facts: Facts) -> None:
    names = {dag["nom"] for dag in facts["dags"].values()}
    assert {"1. Dépôt de CeRAIC", "2. Harmonisation", "4. Concertation des centres", "5. Publication"} <= names
    for dag_id, dag in facts["dags"].items():
        assert dag["nom"][0] in "123456", dag_id
        assert dag["doc"].strip(), dag_id
        assert dag["tags"], dag_id
        for task_id, task in dag["taches"].items():
            assert task["nom"] != task_id, (dag_id, task_id)
            assert task["nom"][0].isupper(), (dag_id, task_id)


def test_a_task_is_tried_again_soon_and_journaled_when_it_gives_up(facts: Facts) -> None:
    for dag_id, dag in facts["dags"].items():
        for task_id, task in dag["taches"].items():
            assert task["essais"] == 2, (dag_id, task_id)
            assert task["pause_s"] <= 10, (dag_id, task_id)
            assert task["en_cas_d_echec"] == ["journal_failure"], (dag_id, task_id)


@pytest.mark.parametrize(
    ("dag_id", "waits_for"),
    [
        ("collecte_cai", "collecte_due"),
        ("harmonisation", "depot_accepte"),
        ("indicateurs", "tables_communes"),
        ("concertation", "observations_protegees"),
        ("plausibilite", "observations_protegees"),
        ("publication", "accord_des_centres"),
    ],
)
def test_the_way_follows_announcements_period_by_period(facts: Facts, dag_id: str, waits_for: str) -> None:
    dag = facts["dags"][dag_id]
    assert (dag["declencheur"], dag["partition"], dag["en_meme_temps"]) == (waits_for, True, 1)


@pytest.mark.parametrize(
    ("dag_id", "task_id", "says"),
    [
        ("calendrier", "annoncer", "collecte_due"),
        ("collecte_crvi", "traiter", "depot_accepte"),
        ("arrivees", "traiter", "depot_accepte"),
        ("arrivees", "reprendre", "depot_accepte"),
        ("harmonisation", "controler", "tables_communes"),
        ("indicateurs", "proteger", "observations_protegees"),
        ("entretien", "clore", "accord_des_centres"),
        ("publication", "publier", "publication_signee"),
    ],
)
def test_each_announcement_has_its_speaker(facts: Facts, dag_id: str, task_id: str, says: str) -> None:
    assert facts["dags"][dag_id]["taches"][task_id]["annonce"] == [says]


def test_a_deposit_is_announced_after_its_judgement_only(facts: Facts) -> None:
    tasks = facts["dags"]["collecte_cai"]["taches"]
    assert set(tasks) == {"collecter", "traiter"}
    assert tasks["traiter"]["apres"] == ["collecter"]
    assert [name for name, task in tasks.items() if task["annonce"]] == ["traiter"]


@pytest.mark.parametrize(
    ("dag_id", "before", "after"), [("harmonisation", "harmoniser", None), ("indicateurs", "calculer", "proteger")]
)
def test_a_gate_stands_between_the_work_and_its_announcement(
    facts: Facts, dag_id: str, before: str, after: str | None
) -> None:
    tasks = facts["dags"][dag_id]["taches"]
    assert tasks["controler"]["apres"] == [before]
    assert tasks[before]["annonce"] == []
    if after is not None:
        assert tasks[after]["apres"] == ["controler"]


def test_nothing_is_published_before_the_approval(facts: Facts) -> None:
    tasks = facts["dags"]["publication"]["taches"]
    assert "bon_a_publier" in tasks["publier"]["apres"]
    assert tasks["bon_a_publier"]["apres"] == ["constater"]


def test_hours_are_those_of_brussels_and_missed_ones_are_not_made_up(facts: Facts) -> None:
    hours = {dag_id: facts["dags"][dag_id] for dag_id in ("calendrier", "arrivees", "entretien")}
    assert {dag_id: dag["declencheur"] for dag_id, dag in hours.items()} == {
        "calendrier": "0 6 * * *",
        "arrivees": "*/15 * * * *",
        "entretien": "0 5 * * *",
    }
    assert {dag["fuseau"] for dag in hours.values()} == {"Europe/Brussels"}
    assert not any(dag["rattrapage"] for dag in hours.values())


def test_collections_go_before_the_computing(facts: Facts) -> None:
    weights = {dag_id: max(t["priorite"] for t in dag["taches"].values()) for dag_id, dag in facts["dags"].items()}
    assert min(weights[f"collecte_{centre}"] for centre in CENTRES) > weights["harmonisation"]


def test_the_plugin_leaves_the_standard_library_alone(facts: Facts) -> None:
    assert {"statistics", "secrets", "calendar"} <= set(facts["noms_de_la_bibliotheque_standard"])
    assert facts["modules_voles"] == []
    assert facts["modules_de_premier_niveau"] == []


def test_without_airflowignore_it_would_not(facts_without_airflowignore: Facts) -> None:
    assert "statistics" in facts_without_airflowignore["modules_voles"]
    assert "statistics" in facts_without_airflowignore["modules_de_premier_niveau"]


def test_the_plugin_opens_a_door_to_the_portal(facts: Facts) -> None:
    assert facts["plugin"]["charges"] == 1
    assert facts["plugin"]["erreurs"] == {}
    assert [(view["name"], view["href"]) for view in facts["plugin"]["vues"]] == [
        ("Portail Intercentre", "http://127.0.0.1:8000")
    ]
