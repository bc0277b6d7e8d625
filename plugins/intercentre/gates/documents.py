"""The files of evidence of a gate: the same tables give the same bytes, without the time of the run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from intercentre.core.expectations import gx_answers, kept_answer
from intercentre.core.files import write_bytes
from intercentre.core.passage import RECORD_NAME
from intercentre.gates.judgement import Measured, Outcome
from intercentre.gates.page import render_page
from schemas.gates import Gate, GateExpectations
from schemas.period import Period

GX_NAME, PAGE_NAME = "gx.json", "page.html"


class Result(BaseModel):
    """One expectation as bilan.json tells it; places by name, and no figure of theirs."""

    model_config = ConfigDict(frozen=True)

    code: str
    severite: str
    titre: str
    etat: str
    lignes: int
    hors: tuple[str, ...]


class GateRecord(BaseModel):
    """bilan.json.

    entrees    SHA-256 of the files that were judged
    empreinte  SHA-256 of the expectations and of what was measured
    passe      whether the period goes on: no blocking expectation is broken
    """

    model_config = ConfigDict(frozen=True)

    periode: str
    porte: Gate
    version_attentes: str
    entrees: str
    empreinte: str
    passe: bool
    resultats: tuple[Result, ...]

    @property
    def a_expliquer(self) -> int:
        """How many expectations that do not stop the period are broken."""
        return sum(one.severite == "a_expliquer" and one.etat == "non tenue" for one in self.resultats)


def record_of(
    periode: Period, porte: Gate, limits: GateExpectations, entrees: str, empreinte: str, outcomes: Sequence[Outcome]
) -> GateRecord:
    return GateRecord(
        periode=str(periode),
        porte=porte,
        version_attentes=limits.version,
        entrees=entrees,
        empreinte=empreinte,
        passe=not any(one.stops for one in outcomes),
        resultats=tuple(
            Result(
                code=one.code,
                severite=one.attente.severite.value,
                titre=one.attente.titre,
                etat=one.etat.value,
                lignes=one.lignes,
                hors=tuple(place for place, _ in one.hors),
            )
            for one in outcomes
        ),
    )


def write_evidence(
    folder: Path, record: GateRecord, outcomes: Sequence[Outcome], answers: Mapping[str, Mapping[str, Any]]
) -> None:
    """`folder` holds bilan.json, gx.json and page.html."""
    kept = [kept_answer(answers[one.code]) for one in outcomes if one.code in answers]
    gx = gx_answers(kept, periode=record.periode, porte=record.porte.value, empreinte=record.empreinte)
    write_bytes(folder / RECORD_NAME, f"{record.model_dump_json(indent=1)}\n".encode())
    write_bytes(folder / GX_NAME, f"{json.dumps(gx, ensure_ascii=False, indent=1)}\n".encode())
    write_bytes(folder / PAGE_NAME, render_page(record, outcomes).encode())


def read_record(folder: Path) -> GateRecord | None:
    """bilan.json as it was written; None when there is none."""
    path = folder / RECORD_NAME
    return GateRecord.model_validate_json(path.read_bytes()) if path.is_file() else None


def fingerprint(limits: GateExpectations, porte: Gate, measured: Mapping[str, Sequence[Measured]]) -> str:
    """SHA-256 of the expectations of the gate and of all that was measured."""
    content = {
        "great_expectations": version("great_expectations"),
        "version": limits.version,
        "attentes": {code: one.model_dump(mode="json") for code, one in limits.at(porte).items()},
        "mesures": {code: list(rows) for code, rows in measured.items()},
    }
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
