"""DAGs run by Airflow's own `dag.test()`, each time in a process of its own, and how their tasks ended."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from intercentre.operation.layout import Layout

PROGRAM = Path(__file__).with_name("one_run.py")
CALL = Path(__file__).with_name("one_call.py")


def run_dags(layout: Layout, *dag_ids: str, **changes: str) -> tuple[dict[str, str], str]:
    """DAG → how its run ended, and all that was printed meanwhile; other variables of the environment as keywords."""
    ended = subprocess.run(
        [sys.executable, str(PROGRAM), *dag_ids],
        env=layout.environment | changes, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    states: dict[str, str] = json.loads(ended.stdout.splitlines()[-1])
    return states, ended.stdout + ended.stderr


def call_task(layout: Layout, dag_id: str, task_id: str, period: str) -> str:
    """How a task of a run that an asset started ends: `done`, or the exception of Airflow and what it says."""
    ended = subprocess.run(
        [sys.executable, str(CALL), dag_id, task_id, period],
        env=layout.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.splitlines()[-1]


def task_states(layout: Layout, dag_id: str) -> dict[tuple[str, int], str]:
    """Task and place in its row of twins → state, in the DAG's last run."""
    question = """
        SELECT task_id, map_index, state FROM task_instance
        WHERE run_id = (SELECT run_id FROM dag_run WHERE dag_id = ? ORDER BY id DESC LIMIT 1) AND dag_id = ?
    """
    with closing(sqlite3.connect(layout.airflow.home / "airflow.sqlite")) as base:
        return {(task, place): state for task, place, state in base.execute(question, (dag_id, dag_id))}
