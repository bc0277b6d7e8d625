"""The eight simulated centres of the demonstration: their lives written down, then served as real endpoints."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from intercentre.core.files import write_bytes
from intercentre.operation.local_http import request
from intercentre.operation.processes import Command
from schemas.nomenclatures import nomenclature

# Mild troubles of every day: one slow line, one service that is down once, one transfer that is cut once.
INCIDENTS = {"CRVI": "lent", "CRIC": "503x1", "CRILUX": "coupex1"}
ERROR_RATE = 0.002
PERIODS = 2


@dataclass(frozen=True)
class SimulatedCentres:
    """Where the simulated centres are and what opens them.

    folder  their deposits, <CENTRE>/<PERIODE>/
    tokens  centre code → the token that its endpoint expects
    """

    folder: Path
    port: int
    tokens: Mapping[str, str]
    environment: Mapping[str, str]
    logs: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def endpoint(self, centre: str, periode: str = "{periode}") -> str:
        return f"{self.url}/{centre}/depots/{periode}.zip"

    def export(self, centre: str, periode: str) -> bytes:
        """The centre's own export of a period, as it would take it from its tool."""
        bearer = {"Authorization": f"Bearer {self.tokens[centre]}"}
        answer = request("GET", self.endpoint(centre, periode), headers=bearer)
        answer.raise_for_status()
        return answer.content

    @property
    def variables(self) -> dict[str, str]:
        """The tokens as the hub's collection expects them."""
        return {f"INTERCENTRE_JETON_{centre}": token for centre, token in self.tokens.items()}

    def simulation(self, periode: str, dossiers: int, graine: int) -> Command:
        """Writes the deposits."""
        arguments = ["--periode", periode, "--periodes", str(PERIODS), "--dossiers", str(dossiers)]
        arguments += ["--graine", str(graine), "--taux-erreurs", str(ERROR_RATE), "--habitudes", "reelles"]
        return self._command("simulation", arguments)

    def service(self) -> Command:
        """Serves the deposits, with the incidents of a bad day."""
        incidents = [text for centre, kind in INCIDENTS.items() for text in ("--incident", f"{centre}={kind}")]
        return self._command("centres", ["--servir", "--port", str(self.port), *incidents])

    def write_registry(self, file: Path) -> None:
        """`file` tells the hub where each centre is; it holds no token."""
        entries = [f'[centres.{centre}]\nurl = "{self.endpoint(centre)}"\n' for centre in self.tokens]
        write_bytes(file, "\n".join(entries).encode())

    def _command(self, name: str, arguments: list[str]) -> Command:
        command = [sys.executable, "-m", "intercentre.cli", "simuler", *arguments, "-o", str(self.folder)]
        return Command(name, command, {**self.environment, **self.variables}, self.logs / f"{name}.log")


def new_tokens() -> dict[str, str]:
    """A token for each centre of the registry."""
    return {centre: secrets.token_urlsafe(24) for centre in nomenclature("centre").entries}
