"""Requests to this machine's own processes: never through a proxy, never with credentials of a .netrc."""

from __future__ import annotations

from typing import Any

import requests


def request(method: str, url: str, timeout_s: float = 30, **options: Any) -> requests.Response:
    """The answer to one request; raises requests.RequestException when there is none."""
    with requests.Session() as session:
        session.trust_env = False
        return session.request(method, url, timeout=timeout_s, **options)
