"""The way of a period from outside: collected, agreed, approved, released. Only what any person could call."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from intercentre.operation.airflow_client import ENDED, AirflowClient, Approval, Run
from intercentre.operation.portal_client import PortalClient
from intercentre.operation.waiting import wait_for
from schemas.exchanges.verdict import ACCEPTED

COLLECTION_S, ROUND_S, APPROVAL_S, RELEASE_S = 240.0, 180.0, 60.0, 120.0
READING_S = 2.0
UPSTREAM_OF_A_ROUND = frozenset({"harmonisation", "indicateurs", "concertation"})
AGREED = "accorde"


class WalkError(RuntimeError):
    """A step did not end as it must; the message is French and names the task and its log."""


@dataclass(frozen=True)
class Collected:
    """What became of a centre's deposit. `etat` is the deposit's state, or `echec` when there is no deposit."""

    centre: str
    etat: str
    depot_id: str = ""
    lines: int = 0
    quarantined: int = 0

    @property
    def counts(self) -> bool:
        return self.etat in ACCEPTED


@dataclass(frozen=True)
class Walk:
    """One period on one hub.

    portals  centre code → the portal on behalf of that centre
    logs     folder of Airflow's task logs, named when a task fails
    watch    called between two looks; raises when the hub itself broke down
    """

    airflow: AirflowClient
    portals: Mapping[str, PortalClient]
    periode: str
    logs: Path
    say: Callable[[str], None]
    watch: Callable[[], None]

    def wait_for_dags(self) -> None:
        """Airflow has read the DAG of every centre, and those that follow."""
        wanted = {f"collecte_{centre.lower()}" for centre in self.portals} | UPSTREAM_OF_A_ROUND | {"publication"}

        def look() -> bool | None:
            self.watch()
            return True if wanted <= self.airflow.dags() else None

        wait_for("Lecture des DAG par Airflow", look, APPROVAL_S)

    def deposit(self, centre: str, package: bytes, periode: str) -> Collected:
        """The centre deposited the file itself, through the portal, and holds its receipt and its verdict."""
        receipt = self.portals[centre].send(package, f"{centre}-{periode}.zip", periode)["recepisse"]
        found = self._read(centre, receipt["depot_id"])
        self.say(_sentence(found))
        return found

    def collect(self) -> list[Collected]:
        """Every centre was asked for its deposit; those that answered have their verdict."""
        waiting = {self.airflow.trigger(f"collecte_{centre.lower()}", self.periode): centre for centre in self.portals}
        found: list[Collected] = []

        def look() -> list[Collected] | None:
            self.watch()
            states = {run.run_id: run for run in self.airflow.runs() if run.state in ENDED}
            for run in [run for run in waiting if run.run_id in states and states[run.run_id].dag == run.dag]:
                found.append(self._outcome(waiting.pop(run), run))
                self.say(_sentence(found[-1]))
            return None if waiting else found

        return sorted(wait_for("Collecte des centres", look, COLLECTION_S), key=lambda one: one.centre)

    def open_round(self, collected: list[Collected]) -> dict[str, Any]:
        """The round on the figures that hold every deposit. Without a centre's deposit, it is opened by hand."""
        if not all(one.counts for one in collected):
            self._wait_until_quiet()
            self.airflow.trigger("concertation", self.periode)
        portal = next(iter(self.portals.values()))

        def look() -> dict[str, Any] | None:
            self.watch()
            self._refuse_failures()
            return next((tour for tour in portal.rounds(self.periode) if tour["etat"] == "ouvert"), None)

        return wait_for("Ouverture du tour de concertation", look, ROUND_S)

    def vote(self, tour_id: str, reservation: str, motif: str, indicateur: str) -> dict[str, Any]:
        """Every centre has voted; centre `reservation` made one on the indicator. Returns the decided round."""
        state: dict[str, Any] = {}
        for centre, portal in self.portals.items():
            if centre == reservation:
                state = portal.vote(tour_id, "reserve", motif, (indicateur,))
            else:
                state = portal.vote(tour_id, "approuve")
        if state["etat"] != AGREED:
            raise WalkError(f"Les centres ne se sont pas accordés : le tour est « {state['etat']} ».")
        return state

    def release(self) -> str:
        """The approval is given and the release is there and verified; returns its version.

        Airflow drops an answer that comes before it has noted that the task waits, and asks again: the request is
        read for a moment first, and answered whenever it is asked.
        """

        def asked() -> Approval | None:
            self.watch()
            return next(iter(self.airflow.pending_approvals("publication")), None)

        approval = wait_for("Demande du bon à publier", asked, APPROVAL_S)
        self.say(f"demande « {approval.subject} » : lue, puis approuvée")

        def ended() -> Run | None:
            self.watch()
            now = self.airflow.run(Run(approval.dag, approval.run_id, "running"))
            if now.state in ENDED:
                return now
            for request in self.airflow.pending_approvals("publication"):
                time.sleep(READING_S)
                self.airflow.approve(request)
            return None

        done = wait_for("Publication", ended, RELEASE_S)
        if done.state != "success":
            raise self._failure(done)
        return str(self.airflow.returned(done, "publier"))

    def _outcome(self, centre: str, run: Run) -> Collected:
        depot_id = self.airflow.returned(run, "collecter")
        if not depot_id:
            return Collected(centre, "echec")
        found = self._read(centre, depot_id)
        if found.etat == "recu":
            raise self._failure(run)
        return found

    def _read(self, centre: str, depot_id: str) -> Collected:
        portal = self.portals[centre]
        etat = str(portal.deposit(depot_id)["etat"])
        tables = portal.verdict(depot_id)["tables"] if etat != "recu" else []
        read, quarantined = (sum(table[f"lignes_{kind}"] for table in tables) for kind in ("lues", "quarantaine"))
        return Collected(centre, etat, depot_id, read, quarantined)

    def _wait_until_quiet(self) -> None:
        def look() -> bool | None:
            self.watch()
            self._refuse_failures()
            busy = [run for run in self.airflow.runs() if run.dag in UPSTREAM_OF_A_ROUND and run.state not in ENDED]
            return None if busy else True

        wait_for("Fin des calculs", look, ROUND_S)

    def _refuse_failures(self) -> None:
        for run in self.airflow.runs():
            if run.dag in UPSTREAM_OF_A_ROUND and run.state == "failed":
                raise self._failure(run)

    def _failure(self, run: Run) -> WalkError:
        tasks = ", ".join(self.airflow.failures(run)) or "?"
        log = self.logs / f"dag_id={run.dag}" / f"run_id={run.run_id}"
        return WalkError(f"Tâche en échec dans le DAG {run.dag} : {tasks}. La raison est dans {log}.")


def _sentence(one: Collected) -> str:
    words = {
        "accepte": "accepté",
        "accepte_avec_quarantaine": "accepté avec quarantaine",
        "refuse": "refusé",
        "echec": "collecte en échec",
    }
    detail = f", {one.lines} lignes dont {one.quarantined} en quarantaine" if one.depot_id else ""
    return f"{one.centre:<7} {words.get(one.etat, one.etat)}{detail}"
