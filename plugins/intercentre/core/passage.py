"""What a gate said of the very files that a period has now: whoever takes them further asks here first."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from intercentre.core.files import sha256_file
from intercentre.core.hub import Hub
from intercentre.core.refusal import Refusal
from schemas.gates import Gate, gate_expectations
from schemas.period import Period

RECORD_NAME = "bilan.json"
_AGAIN = {
    Gate.TABLES_COMMUNES: "refaites l'harmonisation de la période",
    Gate.OBSERVATIONS: "recalculez les indicateurs de la période",
}


class NotThroughGate(Refusal):
    """What a period has now was stopped at a gate, or has not been there; the message names no figure."""


class Judged(BaseModel):
    """One expectation, as far as it is looked at here."""

    model_config = ConfigDict(frozen=True)

    code: str
    etat: str


class Passage(BaseModel):
    """bilan.json, as far as it is looked at here.

    entrees  SHA-256 of the files that were judged
    """

    model_config = ConfigDict(frozen=True)

    entrees: str
    passe: bool
    resultats: tuple[Judged, ...]


def gate_folder(hub: Hub, periode: Period | str, porte: Gate) -> Path:
    """Z1: the evidence of one period at one gate."""
    return hub.home.root / "z1" / "portes" / str(periode) / porte.value


def inputs_of(hub: Hub, periode: Period | str, porte: Gate) -> str:
    """SHA-256 of the files that the gate judges, as the period has them now."""
    folder = hub.home.common(periode) if porte is Gate.TABLES_COMMUNES else hub.home.observations(periode)
    facts = [f"{path.relative_to(folder).as_posix()} {sha256_file(path)}" for path in sorted(folder.rglob("*.parquet"))]
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()


def passage(hub: Hub, periode: Period | str, porte: Gate) -> Passage | None:
    """What the gate said of what the period has now; None when it said nothing, or of other files."""
    path = gate_folder(hub, periode, porte) / RECORD_NAME
    if not path.is_file():
        return None
    said = Passage.model_validate_json(path.read_bytes())
    return said if said.entrees == inputs_of(hub, periode, porte) else None


def refuse_if_stopped(hub: Hub, periode: Period, *portes: Gate) -> None:
    """Return unless a gate stopped what the period has now; raise NotThroughGate, saying which expectations did."""
    for porte in portes:
        _unless_stopped(hub, periode, porte)


def require_passed(hub: Hub, periode: Period, porte: Gate | str) -> None:
    """Return when what the period has now went through the gate; raise NotThroughGate otherwise."""
    gate = Gate(porte)
    if _unless_stopped(hub, periode, gate) is None:
        raise NotThroughGate(
            f"{gate.titre}, {periode.libelle} : ce que la période a maintenant n'a pas été contrôlé ; {_AGAIN[gate]}."
        )


def _unless_stopped(hub: Hub, periode: Period, porte: Gate) -> Passage | None:
    """What the gate said, None when it said nothing; raise NotThroughGate when it stopped the period."""
    said = passage(hub, periode, porte)
    if said is not None and not said.passe:
        codes = ", ".join(_broken(said, porte))
        raise NotThroughGate(
            f"{porte.titre}, {periode.libelle} : la suite reste arrêtée ({codes}). Le contrôle dit où et que faire "
            f"(portail, page Contrôles) ; la cause levée, {_AGAIN[porte]}."
        )
    return said


def _broken(said: Passage, porte: Gate) -> list[str]:
    blocking = {code for code, one in gate_expectations().at(porte).items() if one.is_blocking}
    return [one.code for one in said.resultats if one.code in blocking and one.etat == "non tenue"]
