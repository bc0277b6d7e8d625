"""How a person names one figure: `I21/2026-T3/centre/CAI`, `I21/2026-T3/centre/CAI/sexe/F`."""

from __future__ import annotations

from dataclasses import dataclass

from intercentre.access.refusal import AccessError
from schemas.exchanges.release import TOTAL
from schemas.period import Period, PeriodError

HOW_TO_WRITE = (
    "Un chiffre s'écrit INDICATEUR/PERIODE/TYPE/TERRITOIRE, et /DIMENSION/MODALITE pour une catégorie : "
    "I21/2026-T3/centre/CAI, I21/2026-T3/region/RLF/sexe/F."
)


@dataclass(frozen=True, slots=True)
class ObservationName:
    """The key of an observation; dimension and modalite are `_T` for the total."""

    indicateur: str
    periode: str
    territoire_type: str
    territoire: str
    dimension: str = TOTAL
    modalite: str = TOTAL

    @classmethod
    def parse(cls, text: str) -> ObservationName:
        """The figure that `text` names; raises AccessError, which says how a figure is written."""
        parts = [part.strip() for part in text.strip().strip("/").split("/")]
        if len(parts) not in (4, 6) or not all(parts):
            raise AccessError(f"Ce n'est pas le nom d'un chiffre. {HOW_TO_WRITE}")
        try:
            Period.parse(parts[1])
        except PeriodError as error:
            raise AccessError(f"{error} {HOW_TO_WRITE}") from error
        return cls(*parts)

    @property
    def key(self) -> tuple[str, ...]:
        """The values of OBSERVATION_KEY, in its order."""
        return (
            self.indicateur,
            self.periode,
            self.territoire_type,
            self.territoire,
            self.dimension,
            self.modalite,
        )

    def __str__(self) -> str:
        return "/".join(self.key[:4] if self.dimension == TOTAL else self.key)
