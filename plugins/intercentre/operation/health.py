"""Whether the hub's processes are ready to serve."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import requests

from intercentre.operation.local_http import request

_POLL_S = 0.25


class NotReadyError(RuntimeError):
    """A process ended or did not become healthy in time; the message names it and its log."""


@dataclass(frozen=True)
class Probe:
    """One thing to wait for: `ready` answers without raising, `alive` says whether waiting still makes sense."""

    name: str
    ready: Callable[[], bool]
    alive: Callable[[], bool]
    log: str


def wait_until_ready(probes: Iterable[Probe], patience_s: float, announce: Callable[[str], None]) -> None:
    """Every probe has answered; raises NotReadyError when one never will. Each is announced as it becomes ready."""
    waiting, deadline = list(probes), time.monotonic() + patience_s
    while waiting:
        for probe in list(waiting):
            if probe.ready():
                waiting.remove(probe)
                announce(probe.name)
            elif not probe.alive():
                raise NotReadyError(f"{probe.name} s'est arrêté ; la raison est dans {probe.log}.")
        if waiting and time.monotonic() > deadline:
            late = waiting[0]
            raise NotReadyError(f"{late.name} ne répond pas après {patience_s:.0f} s ; voyez {late.log}.")
        time.sleep(_POLL_S if waiting else 0)


def answers(url: str, timeout_s: float = 5) -> bool:
    """Whether `url` answers well."""
    try:
        return request("GET", url, timeout_s=timeout_s).ok
    except requests.RequestException:
        return False


def airflow_component_is_healthy(url: str, component: str) -> bool:
    """Whether Airflow says of its own component (scheduler, dag_processor) that it is healthy."""
    try:
        answer = request("GET", f"{url}/api/v2/monitor/health", timeout_s=5)
        status = answer.json()[component]["status"]
    except (requests.RequestException, ValueError, KeyError, TypeError):
        return False
    return bool(status == "healthy")
