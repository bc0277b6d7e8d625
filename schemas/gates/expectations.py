"""What an expectation at a gate says, and the file of them read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from schemas.findings import Severity

_FILE = Path(__file__).with_name("attentes.yml")


class Gate(StrEnum):
    """Where a period is stopped when it must not go on."""

    TABLES_COMMUNES = "tables_communes"  # before harmonisation is accepted
    OBSERVATIONS = "observations"  # before observations go on to protection

    @property
    def titre(self) -> str:
        return {"tables_communes": "Contrôle des tables communes", "observations": "Contrôle des chiffres"}[self]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Range(_Record):
    """Between what and what a figure can lie at all, limits included; None: no limit on that side.

    raison  why an indicator has another range than its unit
    """

    minimum: float | None = None
    maximum: float | None = None
    raison: str = ""


class Expectation(_Record):
    """One expectation.

    vue         file of plugins/intercentre/gates/sql whose SELECT gives its rows: `lieu` (text), `valeur` (number)
    minimum, maximum  what each `valeur` must lie between, limits included
    mesure, unite     what `valeur` is, in French
    vide        whether there may be no row at all: nothing to compare with; else that is a fault
    parametres  what the SELECT is given
    """

    porte: Gate
    severite: Literal[Severity.BLOQUANT, Severity.A_EXPLIQUER]
    titre: str
    vue: str
    minimum: float | None = None
    maximum: float | None = None
    mesure: str
    unite: str = ""
    vide: bool = False
    parametres: Mapping[str, float] = Field(default_factory=dict)
    remede: str = Field(min_length=20)
    raison: str = Field(min_length=20)
    role: str = Field(min_length=3)
    date: date
    statut: Literal["propose", "adopte"]

    @model_validator(mode="after")
    def _has_a_limit(self) -> Expectation:
        if self.minimum is None and self.maximum is None:
            raise ValueError(f"{self.titre}: no limit, nothing is expected")
        return self

    @property
    def is_blocking(self) -> bool:
        return self.severite is Severity.BLOQUANT


class GateExpectations(_Record):
    """The whole file.

    unites     unit of an indicator → range of its figures
    indicateurs  code of an indicator → its own range, where that of its unit does not hold
    """

    version: str = Field(pattern=r"^\d+\.\d+\.\d+$")
    unites: Mapping[str, Range]
    indicateurs: Mapping[str, Range] = Field(default_factory=dict)
    attentes: Mapping[str, Expectation]

    def at(self, gate: Gate) -> dict[str, Expectation]:
        """The expectations of one gate, in the order of the file."""
        return {code: one for code, one in self.attentes.items() if one.porte is gate}


@cache
def gate_expectations() -> GateExpectations:
    """The expectations in force."""
    return read_expectations(_FILE)


def read_expectations(path: Path) -> GateExpectations:
    """The expectations of a file; raises pydantic.ValidationError when it does not hold together."""
    return GateExpectations.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
