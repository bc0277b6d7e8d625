"""`intercentre demarrer`: the hub stays up until it is told to stop."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from intercentre.core.hub import Hub
from intercentre.core.settings import Settings
from intercentre.operation.airflow_environment import ADMINISTRATOR
from intercentre.operation.credentials import FirstAccounts, first_accounts
from intercentre.operation.health import NotReadyError
from intercentre.operation.layout import Layout, plan
from intercentre.operation.ports import free_port
from intercentre.operation.supervisor import AlreadyRunningError, Supervisor, only_hub_of

PORTAL_PORT, AIRFLOW_PORT = 8000, 8080
_WATCH_S = 1.0


class StopAsked(Exception):  # noqa: N818 - not an error: a person asked for the end
    """Ctrl-C, or a TERM from the system."""


def main(hub_home: Path, portal_port: int = PORTAL_PORT, airflow_port: int = AIRFLOW_PORT) -> int:
    """The hub runs on `hub_home` until Ctrl-C or TERM; 0 after a clean stop, 1 when it could not run.

    portal_port, airflow_port  ports wished for; another is taken, and said, when one is not free
    """
    try:
        with stop_on_signals(), only_hub_of(hub_home):
            return _run(hub_home, portal_port, airflow_port)
    except (AlreadyRunningError, NotReadyError) as error:
        print(f"Intercentre n'a pas pu démarrer. {error}")
        return 1
    except StopAsked:
        print("Arrêté avant la fin du démarrage ; rien ne fonctionne plus.")
        return 0


def _run(hub_home: Path, portal_port: int, airflow_port: int) -> int:
    layout = layout_with_free_ports(hub_home, portal_port, airflow_port)
    accounts = first_accounts(Hub(Settings.from_environment(layout.environment)))
    supervisor = Supervisor(layout, lambda text: print(f"  {text}", flush=True))
    print("Démarrage d'Intercentre…", flush=True)
    supervisor.start()
    try:
        print(welcome(layout, accounts), flush=True)
        while True:
            time.sleep(_WATCH_S)
            supervisor.watch()
    except StopAsked:
        print("Arrêt…", flush=True)
    finally:
        supervisor.stop()
    print("Tout est arrêté.")
    return 0


def layout_with_free_ports(hub_home: Path, portal_port: int, airflow_port: int) -> Layout:
    """The layout on the ports wished for where they are free, on others where they are not."""
    portal = free_port(portal_port)
    return plan(hub_home, portal, free_port(airflow_port, taken=[portal]), os.environ)


def welcome(layout: Layout, accounts: FirstAccounts) -> str:
    """What a person sees when the hub is up: addresses, and credentials the first time."""
    lines = [
        "",
        f"Portail   {layout.portal_url}",
        f"Airflow   {layout.airflow.url}   compte {ADMINISTRATOR}, mot de passe dans {layout.secrets.passwords_file}",
        f"Journaux  {layout.logs}",
    ]
    if accounts.created:
        lines += ["", "Jetons du portail, montrés cette seule fois :"]
        lines += [f"  {name:<12} {token}" for name, token in accounts.tokens.items()]
    lines += [f"Les jetons sont dans {accounts.file}, lisible par vous seul.", "Ctrl-C arrête tout.", ""]
    return "\n".join(lines)


@contextmanager
def stop_on_signals() -> Iterator[None]:
    """In this block Ctrl-C and TERM raise StopAsked, once; the block's own ending is then left in peace."""

    def ask(_number: int, _frame: FrameType | None) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        raise StopAsked

    former = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
