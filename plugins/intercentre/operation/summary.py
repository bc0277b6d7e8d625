"""What the demonstration showed, on one screen."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from intercentre.operation.layout import binaries
from intercentre.operation.local_http import request
from intercentre.operation.measures import Peak
from intercentre.operation.proof import Proof
from intercentre.operation.walk import Collected
from schemas.exchanges.agreement import RoundState
from schemas.exchanges.release import TOTAL

_SHOWN = ("I01", "I03", "I10", "I21")
_QUESTION = (
    "SELECT territoire, valeur FROM indicateurs WHERE indicateur = 'I03' AND periode = '{periode}' "
    "AND territoire_type = 'centre' AND dimension = '_T'"
)
_STATES = {
    "accepte": "accepté",
    "accepte_avec_quarantaine": "accepté, avec quarantaine",
    "refuse": "refusé",
    "echec": "collecte en échec",
}


@dataclass(frozen=True)
class Demonstration:
    """Everything that the summary tells.

    visits  address → HTTP status
    """

    periode: str
    deposited: Collected
    collected: Sequence[Collected]
    round_: dict[str, Any]
    reserving: str
    reserved: str
    release: Path
    proofs: Sequence[Proof]
    visits: dict[str, int]

    @property
    def is_proved(self) -> bool:
        return all(proof.held is not False for proof in self.proofs) and all(
            status == requests.codes.ok for status in self.visits.values()
        )


@dataclass(frozen=True)
class Figures:
    """Counts of a release: rows, rows withheld, and the region's totals of the period by indicator."""

    rows: int
    withheld: int
    indicators: int
    totals: dict[str, str]


def visit(addresses: Sequence[str], token: str) -> dict[str, int]:
    """Each address with the status of its answer, the pages asked for on behalf of the token's account."""
    headers = {"Authorization": f"Bearer {token}"}
    return {address: request("GET", address, headers=headers).status_code for address in addresses}


def read_figures(release: Path, periode: str) -> Figures:
    """The counts of the release's own CSV."""
    rows = withheld = 0
    indicators, totals = set(), {}
    with (release / "indicateurs.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            rows += 1
            withheld += row["statut_secret"] == "masque"  # noqa: S105 - statistical secrecy, not a password
            indicators.add(row["indicateur"])
            if (row["periode"], row["territoire_type"], row["dimension"]) == (periode, "region", TOTAL):
                totals[row["indicateur"]] = row["valeur"] or "masqué"
    return Figures(rows, withheld, len(indicators), totals)


def describe(played: Demonstration, *, home: Path, elapsed_s: float, peak: Peak) -> str:
    """The summary as the person reads it."""
    figures = read_figures(played.release, played.periode)
    totals = ", ".join(f"{code} {figures.totals[code]}" for code in _SHOWN if code in figures.totals)
    return "\n".join(
        [
            "",
            f"Démonstration terminée : publication {played.release.name}",
            "",
            "Dépôts",
            *(_deposit(one) for one in played.collected),
            f"{_deposit(played.deposited)} (par le portail : {played.deposited.depot_id})",
            "",
            f"Indicateurs   {figures.indicators}, {figures.rows} observations dont {figures.withheld} masquées",
            f"              région, {played.periode} : {totals}",
            f"Concertation  {_votes(played)}",
            f"Publication   {played.release}",
            *(f"              {_proof(proof)}" for proof in played.proofs),
            "Adresses essayées",
            *(f"  {status}  {address}" for address, status in played.visits.items()),
            "",
            f"Durée {elapsed_s:.0f} s, mémoire au plus {peak.gib:.2f} Gio.",
            "À ouvrir ensuite :",
            f"  {played.release / 'LISEZMOI.txt'}",
            f'  INTERCENTRE_HOME={home} {_command()} sql "{_QUESTION.format(periode=played.periode)}"',
            f"  INTERCENTRE_HOME={home} {_command()} demarrer",
        ]
    )


def _command() -> str:
    """How this installation's own command is called from here."""
    if shutil.which("intercentre"):
        return "intercentre"
    own = binaries() / "intercentre"
    return str(own.relative_to(Path.cwd()) if own.is_relative_to(Path.cwd()) else own)


def _deposit(one: Collected) -> str:
    detail = f"{one.lines:>6} lignes, {one.quarantined} en quarantaine" if one.depot_id else ""
    return f"  {one.centre:<8} {_STATES.get(one.etat, one.etat):<26} {detail}".rstrip()


def _votes(played: Demonstration) -> str:
    opinions = [place["avis"] for place in played.round_["places"]]
    return (
        f"{len(opinions)} voix : {opinions.count('approuve')} pour, {opinions.count('reserve')} avec réserve "
        f"({played.reserving} sur {played.reserved}), {opinions.count('oppose')} contre ; décision : "
        f"{RoundState(played.round_['etat']).libelle} ({played.round_['tour_id']})"
    )


def _proof(proof: Proof) -> str:
    return f"{ {True: '✓', False: '✗', None: '–'}[proof.held] } {proof.tool}" + (
        " (outil absent de cette machine)" if proof.held is None else ""
    )
