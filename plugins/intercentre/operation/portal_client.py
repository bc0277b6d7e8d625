"""The portal from outside, through its API v1, as a centre's program would call it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

_TIMEOUT_S = 60


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
        address = f"{self.url}/api/v1/tours/{tour_id}/voix"
        return _checked(requests.post(address, json=body, headers=self._headers, timeout=_TIMEOUT_S))

    def send(self, package: Path, periode: str) -> dict[str, Any]:
        """The file is deposited; returns the receipt and the verdict's first words."""
        address = f"{self.url}/api/v1/depots"
        with package.open("rb") as stream:
            form = {"fichier": (package.name, stream, "application/zip")}
            return _checked(
                requests.post(address, files=form, data={"periode": periode}, headers=self._headers, timeout=_TIMEOUT_S)
            )

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def _get(self, path: str, **query: str) -> dict[str, Any]:
        return _checked(requests.get(f"{self.url}{path}", params=query, headers=self._headers, timeout=_TIMEOUT_S))


def _checked(answer: requests.Response) -> dict[str, Any]:
    if not answer.ok:
        raise PortalRefusedError(f"Le portail a répondu {answer.status_code} à {answer.request.path_url}.")
    content: dict[str, Any] = answer.json()
    return content
