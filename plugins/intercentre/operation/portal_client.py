"""The portal from outside, through its API v1, as a centre's program would call it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import requests

from intercentre.operation.local_http import request


class PortalRefusedError(RuntimeError):
    """The portal refused a call; the message has the address and the status."""


@dataclass(frozen=True)
class PortalClient:
    """The portal at `url`, on behalf of the account whose token this is."""

    url: str
    token: str

    def deposit(self, depot_id: str) -> dict[str, Any]:
        return self._get(f"/api/v1/depots/{depot_id}")

    def verdict(self, depot_id: str) -> dict[str, Any]:
        return self._get(f"/api/v1/depots/{depot_id}/verdict")

    def rounds(self, periode: str) -> list[dict[str, Any]]:
        """The rounds of the period, the latest first."""
        rounds: list[dict[str, Any]] = self._get("/api/v1/tours", periode=periode)["tours"]
        return rounds

    def vote(self, tour_id: str, avis: str, motif: str = "", indicateurs: tuple[str, ...] = ()) -> dict[str, Any]:
        """The vote is cast; returns the round with it."""
        body = {"avis": avis, "motif": motif, "indicateurs": list(indicateurs)}
        return self._call("POST", f"/api/v1/tours/{tour_id}/voix", json=body)

    def send(self, package: bytes, name: str, periode: str) -> dict[str, Any]:
        """The file is deposited; returns the receipt and the verdict's first words."""
        form = {"fichier": (name, package, "application/zip")}
        return self._call("POST", "/api/v1/depots", files=form, data={"periode": periode})

    def _get(self, path: str, **query: str) -> dict[str, Any]:
        return self._call("GET", path, params=query)

    def _call(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.token}"}
        return _checked(request(method, f"{self.url}{path}", timeout_s=60, headers=headers, **options))


def _checked(answer: requests.Response) -> dict[str, Any]:
    if not answer.ok:
        raise PortalRefusedError(f"Le portail a répondu {answer.status_code} à {answer.request.path_url}.")
    content: dict[str, Any] = answer.json()
    return content
