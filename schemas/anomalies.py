"""The kinds of anomaly that figures may show, as anomalies.yml lists them, and the row in which one is kept."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from schemas.indicators.definition import read_mapping

OPEN, EXPLAINED, CLOSED, REOPENED = "ouverte", "expliquee", "close", "rouverte"
ANOMALY_COLUMNS: dict[str, str] = {
    "anomalie_id": "VARCHAR",
    "code": "VARCHAR",
    "indicateur": "VARCHAR",
    "periode": "VARCHAR",
    "centres": "VARCHAR[]",  # whom it concerns, in the order of the codes
    "phrase": "VARCHAR",
    "suite": "VARCHAR",
    "etat": "VARCHAR",  # ouverte, as it is found; what became of it is in the registry
}
ANOMALY_KEY = ("code", "indicateur", "periode", "centres")


class AnomalyKind(BaseModel):
    """One kind of anomaly; `phrase` has the names that its detection fills in."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    titre: str
    indicateurs: tuple[str, ...]
    phrase: str
    suite: str
    source: str


@cache
def anomaly_kinds() -> Mapping[str, AnomalyKind]:
    """Code → kind, in the order of the codes."""
    found = read_mapping(Path(__file__).with_suffix(".yml"))
    return {code: AnomalyKind.model_validate(facts) for code, facts in found.items()}
