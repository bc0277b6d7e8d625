"""The way of a period from outside, against doors that answer as told: what is refused, and what is done about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, repeat
from pathlib import Path
from typing import Any, cast

import pytest
import requests

from intercentre.operation import walk as walk_module
from intercentre.operation.airflow_client import AirflowClient, Approval, Run
from intercentre.operation.portal_client import PortalClient
from intercentre.operation.waiting import TooLateError, wait_for
from intercentre.operation.walk import Collected, Walk, WalkError


@dataclass
class FakeAirflow:
    """Airflow whose runs go through the states given, one look after the other; the last state stays."""

    states: dict[str, Sequence[str]]
    deposits: dict[str, str] = field(default_factory=dict)
    approvals: list[list[Approval]] = field(default_factory=list)
    triggered: list[str] = field(default_factory=list)
    approved: list[Approval] = field(default_factory=list)
    _looks: dict[str, Iterator[str]] = field(default_factory=dict)

    def trigger(self, dag: str, periode: str) -> Run:
        self.triggered.append(dag)
        return Run(dag, f"run-{dag}", "queued")

    def run(self, run: Run) -> Run:
        states = self.states[run.dag]
        looks = self._looks.setdefault(run.dag, chain(states, repeat(states[-1])))
        return Run(run.dag, run.run_id, next(looks))

    def runs(self, dag: str = "~") -> list[Run]:
        return [self.run(Run(name, f"run-{name}", "")) for name in self.states]

    def returned(self, run: Run, task: str) -> str | None:
        return self.deposits.get(run.dag) if task == "collecter" else "2026-T3.1"

    def failures(self, run: Run) -> list[str]:
        return ["harmoniser"]

    def pending_approvals(self, dag: str) -> list[Approval]:
        return self.approvals.pop(0) if self.approvals else []

    def approve(self, approval: Approval) -> None:
        self.approved.append(approval)


@dataclass
class FakePortal:
    """A portal with one deposit and one round."""

    etat: str = "accepte"
    rounds_seen: list[dict[str, Any]] = field(default_factory=list)
    decision: str = "accorde"
    votes: list[tuple[str, str, tuple[str, ...]]] = field(default_factory=list)

    def deposit(self, depot_id: str) -> dict[str, Any]:
        return {"etat": self.etat}

    def verdict(self, depot_id: str) -> dict[str, Any]:
        tables = [(10, 1), (5, 0)]
        return {"tables": [{"lignes_lues": read, "lignes_quarantaine": kept} for read, kept in tables]}

    def rounds(self, periode: str) -> list[dict[str, Any]]:
        return self.rounds_seen

    def vote(self, tour_id: str, avis: str, motif: str = "", indicateurs: tuple[str, ...] = ()) -> dict[str, Any]:
        self.votes.append((avis, motif, indicateurs))
        return {"etat": self.decision, "tour_id": tour_id}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk_module, "READING_S", 0.0)
    monkeypatch.setattr(walk_module, "ROUND_S", 1.0)
    monkeypatch.setattr("intercentre.operation.waiting.POLL_S", 0.01)


def make(airflow: FakeAirflow, portals: dict[str, FakePortal], said: list[str] | None = None) -> Walk:
    return Walk(
        airflow=cast(AirflowClient, airflow),
        portals=cast("dict[str, PortalClient]", portals),
        periode="2026-T3",
        logs=Path("journaux"),
        say=(said if said is not None else []).append,
        watch=lambda: None,
    )


def test_each_centre_is_told_apart() -> None:
    airflow = FakeAirflow(
        {"collecte_cai": ["running", "success"], "collecte_cric": ["failed"], "collecte_crvi": ["success"]},
        {"collecte_cai": "CAI-1", "collecte_crvi": "CRVI-1"},
    )
    portals = {"CAI": FakePortal("accepte_avec_quarantaine"), "CRIC": FakePortal(), "CRVI": FakePortal("refuse")}
    said: list[str] = []
    assert make(airflow, portals, said).collect() == [
        Collected("CAI", "accepte_avec_quarantaine", "CAI-1", 15, 1),
        Collected("CRIC", "echec"),
        Collected("CRVI", "refuse", "CRVI-1", 15, 1),
    ]
    assert any("collecte en échec" in line for line in said)


def test_a_deposit_that_nobody_could_judge_stops_the_walk_and_names_the_log() -> None:
    airflow = FakeAirflow({"collecte_cai": ["failed"]}, {"collecte_cai": "CAI-1"})
    with pytest.raises(WalkError, match=r"collecte_cai.*dag_id=collecte_cai"):
        make(airflow, {"CAI": FakePortal("recu")}).collect()


def test_with_every_deposit_the_round_opens_by_itself() -> None:
    airflow = FakeAirflow({"harmonisation": ["success"]})
    portal = FakePortal(rounds_seen=[{"tour_id": "b", "etat": "ouvert"}, {"tour_id": "a", "etat": "remplace"}])
    tour = make(airflow, {"CAI": portal}).open_round([Collected("CAI", "accepte", "CAI-1")])
    assert tour["tour_id"] == "b"
    assert airflow.triggered == []


def test_without_one_it_is_opened_by_hand_after_the_computing() -> None:
    airflow = FakeAirflow({"harmonisation": ["queued", "running", "success"]})
    portal = FakePortal(rounds_seen=[{"tour_id": "a", "etat": "ouvert"}])
    make(airflow, {"CAI": portal}).open_round([Collected("CAI", "accepte"), Collected("CRIC", "refuse")])
    assert airflow.triggered == ["concertation"]


def test_a_failure_upstream_of_the_round_is_not_waited_out() -> None:
    airflow = FakeAirflow({"harmonisation": ["failed"]})
    with pytest.raises(WalkError, match="harmoniser"):
        make(airflow, {"CAI": FakePortal()}).open_round([Collected("CAI", "accepte")])


def test_a_round_that_never_opens_is_too_late() -> None:
    with pytest.raises(TooLateError, match="tour de concertation"):
        make(FakeAirflow({}), {"CAI": FakePortal()}).open_round([Collected("CAI", "accepte")])


def test_one_reservation_among_the_votes() -> None:
    portals = {"CAI": FakePortal(), "CRIC": FakePortal(), "CRVI": FakePortal()}
    decided = make(FakeAirflow({}), portals).vote("tour-1", "CRIC", "encodage tardif", "I21")
    assert decided["etat"] == "accorde"
    assert portals["CAI"].votes == [("approuve", "", ())]
    assert portals["CRIC"].votes == [("reserve", "encodage tardif", ("I21",))]


def test_without_agreement_nothing_goes_on() -> None:
    with pytest.raises(WalkError, match="rejete"):
        make(FakeAirflow({}), {"CAI": FakePortal(decision="rejete")}).vote("tour-1", "CRIC", "", "I21")


def test_an_approval_asked_for_again_is_given_again() -> None:
    asked = Approval("publication", "run-publication", "bon_a_publier", -1, "Bon à publier : 2026-T3")
    airflow = FakeAirflow(
        {"publication": ["running", "running", "running", "success"]}, approvals=[[], [asked], [asked], [], [asked]]
    )
    assert make(airflow, {}).release() == "2026-T3.1"
    assert airflow.approved == [asked, asked]


def test_a_release_that_fails_names_its_task() -> None:
    asked = Approval("publication", "run-publication", "bon_a_publier", -1, "")
    airflow = FakeAirflow({"publication": ["failed"]}, approvals=[[asked]])
    with pytest.raises(WalkError, match="publication"):
        make(airflow, {}).release()


def test_waiting_gives_what_it_found_even_when_that_is_zero() -> None:
    assert wait_for("le zéro", lambda: 0, 1) == 0
    with pytest.raises(TooLateError, match="rien : rien après"):
        wait_for("rien", lambda: None, 0.05, poll_s=0.01)


def test_a_door_that_is_closed_for_a_moment_is_tried_again() -> None:
    answers = iter([requests.ConnectionError(), requests.Timeout(), "ouvert"])

    def look() -> str:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    assert wait_for("la porte", look, 5, poll_s=0.01) == "ouvert"
    with pytest.raises(requests.HTTPError):
        wait_for("le refus", lambda: (_ for _ in ()).throw(requests.HTTPError()), 5)
