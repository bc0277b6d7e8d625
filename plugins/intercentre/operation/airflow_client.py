"""Airflow from outside, through its REST API v2, as a person's program would call it."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from typing import Any

import requests

from intercentre.operation.local_http import request

ENDED = frozenset({"success", "failed"})
_PAUSES_S = (0.5, 1, 2, 4)


class AirflowRefusedError(RuntimeError):
    """Airflow refused a call; the message has the step and the status."""


@dataclass(frozen=True)
class Run:
    """One run of a DAG. `state` is Airflow's own word: queued, running, success or failed."""

    dag: str
    run_id: str
    state: str


@dataclass(frozen=True)
class Approval:
    """A request that waits for a person."""

    dag: str
    run_id: str
    task: str
    map_index: int
    subject: str


@dataclass(frozen=True)
class AirflowClient:
    """Airflow at `url`, on behalf of the account whose token this is."""

    url: str
    token: str

    @classmethod
    def sign_in(cls, url: str, account: str, password: str) -> AirflowClient:
        answer = request("POST", f"{url}/auth/token", json={"username": account, "password": password})
        return cls(url, str(_checked(answer)["access_token"]))

    def dags(self) -> set[str]:
        """Identifiers of the DAGs that Airflow has read."""
        return {str(dag["dag_id"]) for dag in self._get("/dags", limit=100)["dags"]}

    def import_errors(self) -> list[str]:
        """DAG files that Airflow could not read, with the reason."""
        errors = self._get("/importErrors", limit=100)["import_errors"]
        return [f"{error['filename']} : {error['stack_trace'].strip().splitlines()[-1]}" for error in errors]

    def trigger(self, dag: str, periode: str | None = None) -> Run:
        """A run of `dag` is queued once, for the period where the DAG goes period by period.

        The run's name is ours, so that asking again after a fault of the server cannot queue it twice.
        """
        run_id = f"demande__{uuid.uuid4()}"
        body = {"dag_run_id": run_id, "logical_date": None, "partition_key": periode}
        for pause in _PAUSES_S:
            answer = self._call("POST", f"/dags/{dag}/dagRuns", json=body)
            if answer.status_code == requests.codes.conflict:
                return self.run(Run(dag, run_id, "queued"))
            if answer.status_code < requests.codes.internal_server_error:
                break
            time.sleep(pause)
        return _run(_checked(answer))

    def run(self, run: Run) -> Run:
        """The run as it stands now."""
        return _run(self._get(f"/dags/{run.dag}/dagRuns/{run.run_id}"))

    def runs(self, dag: str = "~") -> list[Run]:
        """The latest runs of one DAG or of all, the latest first."""
        answer = self._get(f"/dags/{dag}/dagRuns", limit=100, order_by="-id")
        return [_run(run) for run in answer["dag_runs"]]

    def returned(self, run: Run, task: str) -> Any:
        """What a task of the run returned; None when it returned nothing."""
        path = f"/dags/{run.dag}/dagRuns/{run.run_id}/taskInstances/{task}/xcomEntries/return_value"
        answer = self._call("GET", path)
        return None if answer.status_code == requests.codes.not_found else _checked(answer)["value"]

    def failures(self, run: Run) -> list[str]:
        """The tasks of the run that failed or could not be started."""
        tasks = self._get(f"/dags/{run.dag}/dagRuns/{run.run_id}/taskInstances")["task_instances"]
        return [str(task["task_id"]) for task in tasks if task["state"] in ("failed", "upstream_failed")]

    def pending_approvals(self, dag: str) -> list[Approval]:
        """Requests of this DAG that nobody has answered."""
        answer = self._get(f"/dags/{dag}/dagRuns/~/hitlDetails", response_received=False, state="awaiting_input")
        return [_approval(detail) for detail in answer["hitl_details"]]

    def approve(self, approval: Approval) -> None:
        """The request is answered with yes."""
        path = f"/dags/{approval.dag}/dagRuns/{approval.run_id}/taskInstances/{approval.task}/{approval.map_index}"
        _checked(self._call("PATCH", f"{path}/hitlDetails", json={"chosen_options": ["Approve"], "params_input": {}}))

    def _get(self, path: str, **query: Any) -> dict[str, Any]:
        return _checked(self._call("GET", path, params=query))

    def _call(self, method: str, path: str, **options: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token}"}
        return request(method, f"{self.url}/api/v2{path}", headers=headers, **options)


def _checked(answer: requests.Response) -> dict[str, Any]:
    if not answer.ok:
        path = answer.request.path_url if answer.request else "?"
        raise AirflowRefusedError(f"Airflow a répondu {answer.status_code} à {path}.")
    content: dict[str, Any] = answer.json()
    return content


def _run(content: dict[str, Any]) -> Run:
    return Run(str(content["dag_id"]), str(content["dag_run_id"]), str(content["state"]))


def _approval(detail: dict[str, Any]) -> Approval:
    task = detail["task_instance"]
    return Approval(
        str(task["dag_id"]), str(task["dag_run_id"]), str(task["task_id"]), int(task["map_index"]), detail["subject"]
    )
