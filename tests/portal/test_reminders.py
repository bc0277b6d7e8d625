"""Airflow is told of what counts, through its real API's shape; when it is deaf, it is told again."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from sqlalchemy import select

from intercentre.concertation import cast_vote, open_round
from intercentre.core.hub import Hub
from intercentre.core.registry.store import verify_journal
from intercentre.core.registry.tables import Journal
from intercentre.portal import create_account, create_app
from intercentre.portal.airflow import Airflow, AirflowError
from intercentre.portal.reminders import Call, Reminders, untold_calls
from schemas.exchanges.agreement import Opinion, Vote
from schemas.nomenclatures import nomenclature
from tests.portal.conftest import TestClient, Visit
from tests.portal.facts import PERIODE, write_figures
from tests.portal.packages import zipped

PASSWORD = "mot-de-passe-du-portail"
CALL = Call("harmonisation", "2026-T3", "CAI-2026-T3-0123456789ab")


@dataclass
class StandIn:
    """A server that answers as Airflow 3's REST API v2 does; `statuses` maps a path to another answer."""

    address: str = ""
    calls: list[tuple[str, dict[str, object], str | None]] = field(default_factory=list)
    statuses: dict[str, int] = field(default_factory=dict)


@pytest.fixture
def airflow() -> Iterator[StandIn]:
    stand_in = StandIn()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            stand_in.calls.append((self.path, body, self.headers.get("Authorization")))
            status, answer = 404, {"detail": "Not Found"}
            if self.path in stand_in.statuses:
                status = stand_in.statuses[self.path]
            elif self.path == "/auth/token":
                known = body == {"username": "portail", "password": PASSWORD}
                status, answer = (201, {"access_token": "jwt"}) if known else (401, {"detail": "Invalid credentials"})
            elif self.headers.get("Authorization") == "Bearer jwt" and set(body) == {
                "logical_date", "partition_key", "note",
            }:  # fmt: skip
                status, answer = 200, {"dag_run_id": f"manual__{len(stand_in.calls)}"}
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    stand_in.address = f"http://127.0.0.1:{server.server_port}"
    yield stand_in
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def told(make_hub: Callable[..., Hub], airflow: StandIn, tmp_path: Path) -> Reminders:
    password = tmp_path / "mot_de_passe"
    password.write_text(f"{PASSWORD}\n", encoding="ascii")
    return Reminders(
        make_hub(
            airflow_url=f"{airflow.address}/", airflow_compte="portail", airflow_mot_de_passe_fichier=str(password)
        )
    )


def journal(hub: Hub) -> list[tuple[str, str]]:
    with hub.registry.read() as session:
        lines = session.execute(select(Journal).order_by(Journal.numero)).scalars()
        return [(line.action, line.objet) for line in lines]


def test_a_call_starts_the_dag_for_its_period(told: Reminders, airflow: StandIn) -> None:
    assert told.tell(CALL)
    (path, body, _), (run_path, run_body, authorization) = airflow.calls
    assert (path, body["username"]) == ("/auth/token", "portail")
    assert run_path == "/api/v2/dags/harmonisation/dagRuns"
    assert authorization == "Bearer jwt"
    assert (run_body["logical_date"], run_body["partition_key"]) == (None, "2026-T3")
    assert journal(told.hub) == [("airflow_prevenu", CALL.objet)]
    assert untold_calls(told.hub) == []


@pytest.mark.parametrize(
    ("path", "status"),
    [("/auth/token", 401), ("/auth/token", 500), ("/api/v2/dags/harmonisation/dagRuns", 404)],
)
def test_a_refusal_is_journaled_once_and_asked_again(told: Reminders, airflow: StandIn, path: str, status: int) -> None:
    airflow.statuses[path] = status
    assert not told.tell(CALL)
    assert told.tell_again() == 0
    assert journal(told.hub) == [("airflow_non_prevenu", CALL.objet)]
    airflow.statuses.clear()
    assert told.tell_again() == 1
    assert told.tell_again() == 0
    assert journal(told.hub) == [("airflow_non_prevenu", CALL.objet), ("airflow_prevenu", CALL.objet)]
    assert verify_journal(told.hub.registry) == (2, None)


def test_a_former_process_is_taken_up_from_the_journal(told: Reminders, airflow: StandIn) -> None:
    airflow.statuses["/auth/token"] = 503
    told.tell(CALL)
    told.tell(Call("publication", "2026-T3", "2026-T3-tour-1"))
    restarted = Reminders(told.hub)
    restarted.recall()
    airflow.statuses.clear()
    assert restarted.tell_again() == 2
    assert untold_calls(told.hub) == []


def test_an_airflow_that_is_not_there_is_no_fault(make_hub: Callable[..., Hub], tmp_path: Path) -> None:
    password = tmp_path / "p"
    password.write_text("x", encoding="ascii")
    hub = make_hub(airflow_url="http://127.0.0.1:9", airflow_compte="p", airflow_mot_de_passe_fichier=str(password))
    assert not Reminders(hub).tell(CALL)
    assert journal(hub) == [("airflow_non_prevenu", CALL.objet)]


def test_a_portal_alone_asks_nobody(hub: Hub) -> None:
    assert not Reminders(hub).tell(CALL)
    assert journal(hub) == []


def test_neither_password_nor_token_stands_in_a_refusal(airflow: StandIn, tmp_path: Path) -> None:
    password = tmp_path / "p"
    password.write_text("autre-mot-de-passe", encoding="ascii")
    with pytest.raises(AirflowError, match="/auth/token: status 401") as caught:
        Airflow(airflow.address, "portail", password).start("harmonisation", "2026-T3", "")
    assert "autre-mot-de-passe" not in str(caught.value)
    with pytest.raises(AirflowError, match="password file unreadable"):
        Airflow(airflow.address, "portail", tmp_path / "absent").start("harmonisation", "2026-T3", "")


def runs(airflow: StandIn) -> list[tuple[str, object]]:
    return [(path.split("/")[4], body["partition_key"]) for path, body, _ in airflow.calls if path.endswith("/dagRuns")]


@pytest.fixture
def centre(told: Reminders) -> Iterator[Visit]:
    """CAI's own program, at a portal that has an Airflow."""
    token = create_account(told.hub, "cai", "centre", "CAI")
    with TestClient(create_app(told.hub), headers={"Authorization": f"Bearer {token}"}) as client:
        yield Visit(client)


def test_an_accepted_deposit_starts_the_harmonisation_once(
    centre: Visit, airflow: StandIn, packages: dict[str, Path]
) -> None:
    content = zipped(packages["CAI"])
    for _ in range(2):
        centre.post("/api/v1/depots", files={"fichier": ("d.zip", content)}, data={"periode": "2026-T3"})
    assert runs(airflow) == [("harmonisation", "2026-T3")]


def test_a_refused_deposit_starts_nothing(centre: Visit, airflow: StandIn, packages: dict[str, Path]) -> None:
    answer = centre.post("/api/v1/depots", files={"fichier": ("d.zip", zipped(packages["CRIC"]))})
    assert answer.json()["etat"] == "refuse"
    assert airflow.calls == []


def test_a_deposit_counts_although_airflow_is_deaf_and_it_hears_later(
    centre: Visit, told: Reminders, airflow: StandIn, packages: dict[str, Path]
) -> None:
    airflow.statuses["/auth/token"] = 503
    answer = centre.post("/api/v1/depots", files={"fichier": ("d.zip", zipped(packages["CAI"]))})
    assert (answer.status_code, answer.json()["etat"]) == (201, "accepte")
    assert centre.get(answer.headers["Location"]).json()["prepare"] is True
    assert [call.objet for call in untold_calls(told.hub)] == [answer.json()["recepisse"]["depot_id"]]
    airflow.statuses.clear()
    with TestClient(
        create_app(told.hub)
    ) as restarted:  # a portal that starts takes up what the last one could not tell
        for _ in range(100):
            if not untold_calls(told.hub):
                break
            restarted.get("/sante")
            time.sleep(0.05)
    assert untold_calls(told.hub) == []
    assert runs(airflow) == [("harmonisation", "2026-T3")]


def test_the_vote_that_decides_starts_the_publication(centre: Visit, told: Reminders, airflow: StandIn) -> None:
    write_figures(told.hub, "I21")
    tour = open_round(told.hub, PERIODE)
    for code in nomenclature("centre").entries:
        if code != "CAI":
            cast_vote(told.hub, tour, code, Vote(avis=Opinion.APPROUVE), code.lower())
    assert runs(airflow) == []
    assert centre.post(f"/api/v1/tours/{tour}/voix", json={"avis": "approuve"}).json()["etat"] == "accorde"
    assert runs(airflow) == [("publication", "2026-T3")]
