"""A small client of Airflow's REST API v2: with the portal's service account, start a DAG for a period."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests

if TYPE_CHECKING:
    from intercentre.core.settings import Settings

_TIMEOUT_S = (2.0, 10.0)  # connect, read


class AirflowError(RuntimeError):
    """Airflow did not take the request; the message names the step and the status, nothing more."""


@dataclass(frozen=True)
class Airflow:
    """One Airflow. Each call asks for a token of its own: calls are rare and tokens expire."""

    url: str
    compte: str
    mot_de_passe_fichier: Path

    @classmethod
    def of(cls, settings: Settings) -> Airflow | None:
        """The Airflow of this installation; None when the portal runs alone."""
        if not settings.airflow_url:
            return None
        return cls(
            settings.airflow_url.rstrip("/"), settings.airflow_compte, Path(settings.airflow_mot_de_passe_fichier)
        )

    def start(self, dag: str, periode: str, note: str) -> str:
        """A run of `dag` with the period as its partition key is queued; returns its run id.

        raises  AirflowError  unreachable, refused, or an answer that is not its own
        """
        body = {"logical_date": None, "partition_key": periode, "note": note}
        answer = self._post(f"/api/v2/dags/{dag}/dagRuns", body, {"Authorization": f"Bearer {self._token()}"})
        return str(answer.get("dag_run_id", ""))

    def _token(self) -> str:
        try:
            password = self.mot_de_passe_fichier.read_text(encoding="utf-8").strip()
        except OSError as error:
            raise AirflowError("password file unreadable") from error
        answer = self._post("/auth/token", {"username": self.compte, "password": password}, {})
        token = answer.get("access_token")
        if not isinstance(token, str):
            raise AirflowError("no token in the answer")
        return token

    def _post(self, path: str, body: dict[str, Any], headers: dict[str, str]) -> dict[str, Any]:
        try:
            with requests.Session() as session:
                session.trust_env = False  # no proxy nor .netrc: Airflow stands beside the portal
                response = session.post(
                    f"{self.url}{path}", json=body, headers=headers, timeout=_TIMEOUT_S, allow_redirects=False
                )
                if response.status_code not in (200, 201):
                    raise AirflowError(f"{path}: status {response.status_code}")
                answer = response.json()
        except requests.RequestException as error:
            raise AirflowError(f"{path}: {type(error).__name__}") from error
        if not isinstance(answer, dict):
            raise AirflowError(f"{path}: not an object")
        return answer
