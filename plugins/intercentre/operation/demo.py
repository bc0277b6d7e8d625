"""`intercentre demontrer`: everything, from eight simulated centres to a signed release, seen from outside."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

import requests

from intercentre.operation.airflow_client import AirflowClient, AirflowRefusedError
from intercentre.operation.airflow_environment import ADMINISTRATOR
from intercentre.operation.health import NotReadyError
from intercentre.operation.measures import peak_memory
from intercentre.operation.portal_client import PortalClient, PortalRefusedError
from intercentre.operation.proof import prove
from intercentre.operation.run import StopAsked, stop_on_signals
from intercentre.operation.stage import Stage, StageError, default_home, fresh_home, prepare
from intercentre.operation.summary import Demonstration, describe, visit
from intercentre.operation.supervisor import AlreadyRunningError, Supervisor
from intercentre.operation.waiting import TooLateError
from intercentre.operation.walk import Walk, WalkError
from schemas.period import Period

PERIOD = "2026-T3"
BY_PORTAL = "CIMB"
RESERVING, RESERVED = "CRILUX", "I21"
REASON = "Des attestations de décembre dernier ont été encodées en retard : à lire avec prudence."
INTERRUPTED = 130
_FAULTS = (
    AirflowRefusedError,
    AlreadyRunningError,
    NotReadyError,
    PortalRefusedError,
    StageError,
    TooLateError,
    WalkError,
    requests.RequestException,
)


class Teller:
    """Says what happens, each step with the seconds since the beginning."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    @property
    def elapsed_s(self) -> float:
        return time.monotonic() - self._began

    def step(self, text: str) -> None:
        print(f"[{self.elapsed_s:3.0f} s] {text}", flush=True)

    def detail(self, text: str) -> None:
        print(f"        {text}", flush=True)


def main(dossiers: int = 1200, graine: int = 2026, garder: bool = False, home: Path | None = None) -> int:
    """The demonstration has been played; 0 when it went to a verified release and nothing is left running.

    dossiers, graine  size and seed of the simulated lives
    garder            keep the hub up afterwards, until Ctrl-C
    home              where; INTERCENTRE_HOME/demo, made anew each time, when not given
    """
    place, tell = (home or default_home()).resolve(), Teller()
    try:
        with stop_on_signals(), fresh_home(place):
            return _play(place, dossiers, graine, garder, tell)
    except _FAULTS as error:
        print(f"La démonstration s'est arrêtée. {error}\nJournaux des processus : {place / 'journaux'}", flush=True)
        return 1
    except StopAsked:
        print("Démonstration interrompue ; rien ne fonctionne plus.", flush=True)
        return INTERRUPTED


def _play(home: Path, dossiers: int, graine: int, garder: bool, tell: Teller) -> int:
    stage = prepare(home, os.environ, tell.detail)
    with peak_memory(stage.running) as peak:
        try:
            tell.step(f"Le hub et huit centres simulés démarrent ({home})")
            stage.set_up(PERIOD, dossiers, graine)
            played = _walk(stage, tell)
            print(describe(played, home=home, elapsed_s=tell.elapsed_s, peak=peak), flush=True)
            if garder:
                _keep(stage.hub)
        finally:
            stage.clear()
    processes, ports = stage.left()
    if processes or ports:
        print(f"✗ Il reste {processes} processus et {ports} ports ouverts.")
        return 1
    print("✓ Tout est arrêté : aucun processus, aucun port ouvert ne reste.")
    return 0 if played.is_proved else 1


def _walk(stage: Stage, tell: Teller) -> Demonstration:
    layout, centres = stage.layout, stage.centres
    airflow = AirflowClient.sign_in(layout.airflow.url, ADMINISTRATOR, layout.secrets.administrator_password)
    tokens = stage.accounts.tokens
    portals = {centre: PortalClient(layout.portal_url, tokens[centre.lower()]) for centre in centres.tokens}
    walk = Walk(airflow, portals, PERIOD, layout.airflow.logs, tell.detail, stage.hub.watch)
    walk.wait_for_dags()
    former = str(Period.parse(PERIOD).previous())
    tell.step(f"Un centre dépose lui-même par le portail ({BY_PORTAL}, {former})")
    deposited = walk.deposit(BY_PORTAL, centres.export(BY_PORTAL, former), former)
    tell.step(f"Airflow collecte, vérifie et prépare les dépôts de {PERIOD}")
    collected = walk.collect()
    tell.step("Harmonisation, indicateurs, secret statistique, ouverture d'un tour")
    tour = walk.open_round(collected)
    tell.step(f"Les huit centres votent au portail ({tour['tour_id']})")
    decided = walk.vote(tour["tour_id"], RESERVING, REASON, RESERVED)
    tell.step("Bon à publier, publication, vérification")
    version = walk.release()
    release = layout.home.releases / version
    return Demonstration(
        periode=PERIOD,
        deposited=deposited,
        collected=collected,
        round_=decided,
        reserving=RESERVING,
        reserved=RESERVED,
        release=release,
        proofs=prove(release, layout.environment),
        visits=visit(_addresses(stage, version), portals[RESERVING].token),
    )


def _addresses(stage: Stage, version: str) -> list[str]:
    portal = stage.layout.portal_url
    return [
        f"{portal}/sante",
        f"{portal}/",
        f"{portal}/concertation",
        f"{portal}/publications",
        f"{portal}/publications/{version}/LISEZMOI.txt",
        f"{stage.layout.airflow.url}/api/v2/monitor/health",
        f"{stage.centres.url}/sante",
    ]


def _keep(hub: Supervisor) -> None:
    print(
        f"\nLe hub reste ouvert : {hub.layout.portal_url} et {hub.layout.airflow.url}. Ctrl-C arrête tout.", flush=True
    )
    with suppress(StopAsked):
        while True:
            time.sleep(1)
            hub.watch()
