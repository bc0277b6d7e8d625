"""The files of evidence: the same deposits give the same bytes, without the time of the run and without any value."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from intercentre.core.expectations import gx_answers, kept_answer
from intercentre.core.files import write_bytes
from intercentre.plausibility.evidence import Evidence
from intercentre.plausibility.expectations import describe
from intercentre.plausibility.page import render_page
from schemas.findings import Finding


class FindingsDocument(BaseModel):
    """constats.json: the findings of plausibility, in the shape of those of a verdict."""

    model_config = ConfigDict(frozen=True)

    depot_id: str
    centre: str
    periode: str
    empreinte: str
    constats: tuple[Finding, ...]


def write_evidence(folder: Path, evidence: Evidence) -> None:
    """`folder` holds gx.json, attentes.json, constats.json and page.html."""
    documents = {
        "gx.json": gx_document(evidence),
        "attentes.json": expectations_document(evidence),
        "constats.json": findings_document(evidence).model_dump(mode="json"),
    }
    for name, content in documents.items():
        text = json.dumps(content, ensure_ascii=False, indent=1)
        write_bytes(folder / name, f"{text}\n".encode())
    write_bytes(folder / "page.html", render_page(evidence).encode())


def read_document(path: Path) -> FindingsDocument:
    """constats.json as it was written."""
    return FindingsDocument.model_validate_json(path.read_bytes())


def gx_document(evidence: Evidence) -> dict[str, Any]:
    """The answers in the order of the expectations; without the bounds that come from other centres."""
    regional = {one.attente.cle for one in evidence.bilan if one.attente.regionale}
    answers = [kept_answer(evidence.resultats[key], without_bounds=key in regional) for key in _keys(evidence)]
    return gx_answers(answers, depot_id=evidence.depot.depot_id, empreinte=evidence.empreinte)


def expectations_document(evidence: Evidence) -> dict[str, Any]:
    """The expectations as they were generated, and from what."""
    return {
        "empreinte": evidence.empreinte,
        "version_seuils": evidence.seuils.version,
        "depots_anterieurs": [one.depot_id for one in evidence.anterieurs],
        "autres_centres": evidence.autres,
        "attentes": [describe(one.attente) for one in evidence.bilan],
    }


def findings_document(evidence: Evidence) -> FindingsDocument:
    """The findings, with what they are about."""
    depot = evidence.depot
    return FindingsDocument(
        depot_id=depot.depot_id,
        centre=depot.centre_code,
        periode=str(depot.periode),
        empreinte=evidence.empreinte,
        constats=evidence.constats,
    )


def _keys(evidence: Evidence) -> list[str]:
    return [one.attente.cle for one in evidence.bilan if one.attente.cle in evidence.resultats]
