"""`intercentre demontrer`: everything, from eight simulated centres to a signed release, seen from outside."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import requests

from intercentre.core.hub import Hub
from intercentre.core.settings import Settings
from intercentre.operation.airflow_client import AirflowClient, AirflowRefusedError
from intercentre.operation.airflow_environment import ADMINISTRATOR
from intercentre.operation.credentials import FirstAccounts, first_accounts
from intercentre.operation.health import NotReadyError
from intercentre.operation.layout import Layout, plan
from intercentre.operation.measures import peak_memory
from intercentre.operation.portal_client import PortalClient, PortalRefusedError
from intercentre.operation.ports import free_port, is_listened_on
from intercentre.operation.processes import Component, members, start, stop
from intercentre.operation.proof import prove
from intercentre.operation.run import StopAsked, stop_on_signals
from intercentre.operation.simulated_centres import SimulatedCentres, new_tokens
from intercentre.operation.summary import Demonstration, describe, visit
from intercentre.operation.supervisor import LOCK, AlreadyRunningError, Supervisor, only_hub_of
from intercentre.operation.waiting import TooLateError, wait_for
from intercentre.operation.walk import Walk, WalkError

PERIOD = "2026-T3"
RESERVING, RESERVED = "CRILUX", "I21"
REASON = "Les attestations de décembre dernier ont été encodées en retard : à lire avec prudence."
SIMULATION_S = 120.0
_MARK = ".demonstration"
_FAULTS = (
    AirflowRefusedError,
    AlreadyRunningError,
    NotReadyError,
    PortalRefusedError,
    TooLateError,
    WalkError,
    requests.RequestException,
)


def main(dossiers: int = 1200, graine: int = 2026, garder: bool = False, home: Path | None = None) -> int:
    """The demonstration has been played; 0 when it went to a verified release and nothing is left running.

    dossiers, graine  size and seed of the simulated lives
    garder            keep the hub up afterwards, until Ctrl-C
    home              where; INTERCENTRE_HOME/demo, made anew each time, when not given
    """
    began = time.monotonic()
    place = (home or Settings.from_environment(os.environ).home / "demo").resolve()
    try:
        _check_own(place)
        with stop_on_signals(), only_hub_of(place):
            _empty(place)
            return _play(place, dossiers, graine, garder, began)
    except _FAULTS as error:
        say(f"La démonstration s'est arrêtée. {error}")
        say(f"Journaux des processus : {place / 'journaux'}")
        return 1
    except StopAsked:
        say("Démonstration interrompue ; rien ne fonctionne plus.")
        return 130


def say(text: str) -> None:
    print(text, flush=True)


def _play(home: Path, dossiers: int, graine: int, garder: bool, began: float) -> int:
    inherited = _own_environment(os.environ)
    centres, layout = _prepare(home, inherited)
    accounts = first_accounts(Hub(Settings.from_environment(layout.environment)))
    hub = Supervisor(layout, lambda text: say(f"  {text}"))
    others: list[Component] = []
    sessions: set[int] = set()

    def running() -> set[int]:
        sessions.update(hub.sessions, (one.session for one in others))
        return sessions

    with peak_memory(running) as peak:
        try:
            say(f"1. Les centres et le hub démarrent ({home})")
            others.append(start(centres.simulation(PERIOD, dossiers, graine)))
            hub.start()
            others.append(_serve(centres, others[0]))
            played = _walk(hub, layout, centres, accounts)
            say(describe(played, home=home, elapsed_s=time.monotonic() - began, peak=peak))
            if garder:
                _keep(hub)
        finally:
            running()
            hub.stop()
            stop(others)
    return _conclude(played, sessions, (layout.portal_port, layout.airflow.port, centres.port))


def _prepare(home: Path, inherited: Mapping[str, str]) -> tuple[SimulatedCentres, Layout]:
    port = free_port()
    tokens = new_tokens()
    hub_environment = {**inherited, **{f"INTERCENTRE_JETON_{centre}": token for centre, token in tokens.items()}}
    portal = free_port(taken=[port])
    layout = plan(home, portal, free_port(taken=[port, portal]), hub_environment)
    centres = SimulatedCentres(home / "centres", port, tokens, layout.environment, layout.logs)
    centres.write_registry(home / "centres.toml")
    return centres, layout


def _serve(centres: SimulatedCentres, simulation: Component) -> Component:
    def written() -> int | None:
        return simulation.process.poll()

    if wait_for("Simulation des centres", written, SIMULATION_S) != 0:
        raise WalkError(f"La simulation des centres a échoué ; la raison est dans {simulation.command.log}.")
    service = start(centres.service())
    wait_for("Adresses des centres simulés", lambda: is_listened_on(centres.port) or None, SIMULATION_S)
    say(f"  huit centres simulés : prêts à {centres.url}")
    return service


def _walk(hub: Supervisor, layout: Layout, centres: SimulatedCentres, accounts: FirstAccounts) -> Demonstration:
    airflow = AirflowClient.sign_in(layout.airflow.url, ADMINISTRATOR, layout.secrets.administrator_password)
    portals = {centre: PortalClient(layout.portal_url, accounts.tokens[centre.lower()]) for centre in centres.tokens}
    walk = Walk(airflow, portals, PERIOD, layout.airflow.logs, lambda text: say(f"  {text}"), hub.watch)
    walk.wait_for_dags()
    say(f"2. Airflow collecte, vérifie et prépare les dépôts de {PERIOD}")
    collected = walk.collect()
    say("3. Harmonisation, indicateurs, secret statistique ; un tour s'ouvre")
    tour = walk.open_round(collected)
    say(f"4. Les huit centres votent au portail (tour {tour['tour_id']})")
    decided = walk.vote(tour["tour_id"], RESERVING, REASON, RESERVED)
    say("5. Bon à publier, publication, vérification")
    version = walk.release()
    release = layout.home.releases / version
    return Demonstration(
        periode=PERIOD,
        collected=collected,
        round_=decided,
        reserving=RESERVING,
        reserved=RESERVED,
        release=release,
        proofs=prove(release, layout.environment),
        visits=visit(_addresses(layout, centres, version), portals[RESERVING].token),
    )


def _addresses(layout: Layout, centres: SimulatedCentres, version: str) -> list[str]:
    portal = layout.portal_url
    return [
        f"{portal}/sante",
        f"{portal}/",
        f"{portal}/concertation",
        f"{portal}/publications",
        f"{portal}/publications/{version}/LISEZMOI.txt",
        f"{layout.airflow.url}/api/v2/monitor/health",
        f"{centres.url}/sante",
    ]


def _keep(hub: Supervisor) -> None:
    say(f"\nLe hub reste ouvert : {hub.layout.portal_url} et {hub.layout.airflow.url}. Ctrl-C arrête tout.")
    with suppress(StopAsked):
        while True:
            time.sleep(1)
            hub.watch()


def _conclude(played: Demonstration, sessions: set[int], ports: tuple[int, ...]) -> int:
    left, listening = members(sessions), [port for port in ports if is_listened_on(port)]
    if left or listening:
        say(f"✗ Il reste {len(left)} processus et {len(listening)} ports ouverts.")
        return 1
    say("✓ Tout est arrêté : aucun processus, aucun port ouvert ne reste.")
    return 0 if played.is_proved else 1


def _own_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The person's environment without settings of another hub: a demonstration touches no real registry."""
    return {name: value for name, value in environment.items() if not name.startswith("INTERCENTRE_")}


def _check_own(home: Path) -> None:
    """Raise WalkError when `home` holds anything but an earlier demonstration: nothing else is ever emptied."""
    if home.exists() and any(home.iterdir()) and not (home / _MARK).exists():
        raise WalkError(f"{home} contient autre chose qu'une démonstration : il n'est pas effacé.")


def _empty(home: Path) -> None:
    """What an earlier demonstration left is gone; the lock of this one stays."""
    (home / _MARK).touch()
    for entry in home.iterdir():
        if entry.name not in (_MARK, LOCK):
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
