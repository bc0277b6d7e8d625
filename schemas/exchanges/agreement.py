"""What passes in a round of concertation: a vote and a decision."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class Opinion(StrEnum):
    """A centre's opinion on a proposal."""

    APPROUVE = "approuve"
    RESERVE = "reserve"
    OPPOSE = "oppose"


class Vote(BaseModel):
    """One centre's vote; a reservation or an opposition gives its reason and the indicators that it bears on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    avis: Opinion
    motif: str = Field(default="", max_length=600)
    indicateurs: tuple[str, ...] = ()


class RoundState(StrEnum):
    """Where a round stands."""

    OUVERT = "ouvert"
    ACCORDE = "accorde"
    REJETE = "rejete"
