"""What passes in a round of concertation: a vote and a decision."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class Opinion(StrEnum):
    """A centre's opinion on a proposal."""

    APPROUVE = "approuve"
    RESERVE = "reserve"
    OPPOSE = "oppose"


_PRINTABLE = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]*$"
"""Text on one or several lines that a registry keeps and a page prints as written: nothing that hides or turns it."""


class Vote(BaseModel):
    """One centre's vote; a reservation or an opposition gives its reason and the indicators that it bears on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    avis: Opinion
    motif: str = Field(default="", max_length=600, pattern=_PRINTABLE)
    indicateurs: tuple[str, ...] = ()


class RoundState(StrEnum):
    """Where a round stands; `sans_quorum` and `remplace` end a round without a decision on the figures."""

    OUVERT = "ouvert"
    ACCORDE = "accorde"
    REJETE = "rejete"
    SANS_QUORUM = "sans_quorum"
    REMPLACE = "remplace"

    @property
    def libelle(self) -> str:
        """The state as a person reads it."""
        accented = {"accorde": "accordé", "rejete": "rejeté", "sans_quorum": "sans quorum", "remplace": "remplacé"}
        return accented.get(self.value, self.value)


@dataclass(frozen=True, slots=True)
class Reservation:
    """What a centre wants read beside the figures: its reservation, or its opposition when the round passed anyway.

    indicateurs  the indicators that it bears on, in order; empty when it bears on the whole release
    """

    centre: str
    avis: Opinion
    motif: str
    indicateurs: tuple[str, ...] = ()

    def bears_on(self, indicateur: str) -> bool:
        return not self.indicateurs or indicateur in self.indicateurs
