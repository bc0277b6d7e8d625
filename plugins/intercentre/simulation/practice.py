"""How each centre works: its operators, its offices, its waiting lists. Drawn once per centre and seed."""

from __future__ import annotations

from typing import NamedTuple

from intercentre.simulation.chance import Weighted, stream
from intercentre.simulation.population import centre_weights

# CAI works with 37 operators for 23,071 foreign residents (CAIstiques 2021); others in proportion, within reason.
_RESIDENTS_PER_OPERATOR = 23_071 / 37
_FEWEST, _MOST = 12, 60
_OF_AXIS = {"FLE": 0.75, "ALPHA": 0.4, "CITOYENNETE": 0.35, "ISP": 0.25, "SOCIAL": 0.3, "JURIDIQUE": 0.15}


class Practice(NamedTuple):
    """A centre's ways.

    attente     mean wait for a place, days, when there is a waiting list
    abandon     factor on the chance that a course is given up
    interprete  chance that an interview in another language has an interpreter
    operateurs  axis → operators that offer it
    numeros     every operator that the centre knows, also those that offer nothing any more
    bureaux     offices, or none when the centre's tool does not note them
    """

    attente: float
    abandon: float
    interprete: float
    operateurs: dict[str, Weighted[str]]
    numeros: tuple[str, ...]
    bureaux: Weighted[str | None]
    nombre_bureaux: int

    def axes_of(self, numero: str) -> tuple[str, ...]:
        """The axes on which this operator enrols, in the order of the contract."""
        return tuple(axis for axis, offering in self.operateurs.items() if numero in offering.values)


def practice_of(centre: str, graine: int) -> Practice:
    """The centre's practice for this seed."""
    rng = stream(graine, "centre", centre)
    residents = centre_weights()[centre]
    count = max(_FEWEST, min(_MOST, round(residents / _RESIDENTS_PER_OPERATOR)))
    operators = [enterprise_number(sorted(centre_weights()).index(centre), rank) for rank in range(count)]
    by_axis = {}
    for axis, share in _OF_AXIS.items():
        offering = [(operator, 1.0 / (rank + 1)) for rank, operator in enumerate(operators) if rng.random() < share]
        by_axis[axis] = Weighted(offering or [(operators[0], 1.0)])
    offices: list[tuple[str | None, float]] = [(f"B-{rank:02d}", 1.0 / rank) for rank in range(1, rng.randint(3, 7))]
    return Practice(
        attente=rng.uniform(45, 110),
        abandon=rng.uniform(0.8, 1.25),
        interprete=rng.uniform(0.25, 0.6),
        operateurs=by_axis,
        numeros=tuple(operators),
        bureaux=Weighted(offices if rng.random() < 0.75 else [(None, 1.0)]),
        nombre_bureaux=len(offices),
    )


def enterprise_number(centre: int, rank: int) -> str:
    """A number in the form of the enterprise register, with its check, in a range that is not allotted (09…)."""
    body = 9_990_000 + centre * 100 + rank
    return f"{body:08d}{97 - body % 97:02d}"
