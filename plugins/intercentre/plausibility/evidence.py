"""All that one run of the stage knows in the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from intercentre.plausibility.history import Staged
from intercentre.plausibility.judgement import Outcome
from schemas.findings import Finding
from schemas.plausibility import Thresholds


@dataclass(frozen=True)
class Evidence:
    """All that one run of the stage leaves behind.

    autres     other centres that were looked at; their figures stay out of everything that is written
    resultats  expectation key → Great Expectations' own answer
    """

    depot: Staged
    anterieurs: tuple[Staged, ...]
    autres: int
    seuils: Thresholds
    empreinte: str
    resultats: Mapping[str, Mapping[str, Any]]
    bilan: tuple[Outcome, ...]
    constats: tuple[Finding, ...]
