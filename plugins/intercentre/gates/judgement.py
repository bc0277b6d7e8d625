"""What each expectation of a gate comes to, and which places do not hold it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intercentre.core.engine import literal, quoted
from intercentre.core.expectations import Check, Figure
from intercentre.gates.refusal import GateFaultError
from schemas.gates import Expectation
from schemas.query import read_query

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_SQL = Path(__file__).with_name("sql")
Measured = tuple[str, float]


class State(StrEnum):
    """What an expectation comes to."""

    TENUE = "tenue"
    ROMPUE = "non tenue"
    SANS_OBJET = "rien à comparer"


@dataclass(frozen=True, slots=True)
class Outcome:
    """An expectation and what it was judged on.

    lignes  places that were judged
    hors    those that do not hold it, with what was measured there
    """

    code: str
    attente: Expectation
    etat: State
    lignes: int
    hors: tuple[Measured, ...]

    @property
    def stops(self) -> bool:
        return self.attente.is_blocking and self.etat is State.ROMPUE


def write_measures(
    engine: DuckDBPyConnection, database: Path, expectations: Mapping[str, Expectation], parameters: Mapping[str, Any]
) -> None:
    """`database` holds one table per expectation (`lieu`, `valeur`, never null) and nothing else: no row of a person.

    raises  duckdb.Error when a SELECT cannot be evaluated
    """
    engine.execute(f"ATTACH {literal(database)} AS mesures")
    for code, one in expectations.items():
        query = read_query(_SQL / f"{one.vue}.sql")
        given: dict[str, Any] = dict(parameters) | dict(one.parametres)
        table = f"mesures.{quoted(_table(code))}"
        engine.execute(f"CREATE TABLE {table} (lieu VARCHAR NOT NULL, valeur DOUBLE NOT NULL)")
        engine.execute(
            f"INSERT INTO {table} SELECT lieu, valeur FROM ({query.text}) ORDER BY lieu",
            {name: given[name] for name in query.parameters},
        )


def read_measures(engine: DuckDBPyConnection, expectations: Iterable[str]) -> dict[str, list[Measured]]:
    """Expectation code → its places and what was measured there, in the order of places."""
    return {
        code: engine.execute(f"SELECT lieu, valeur FROM mesures.{quoted(_table(code))} ORDER BY ALL").fetchall()
        for code in expectations
    }


def checks_of(expectations: Mapping[str, Expectation], measured: Mapping[str, Sequence[Measured]]) -> list[Check]:
    """What Great Expectations is asked: each value within the limits, of every expectation that has a row.

    raises  GateFaultError naming the expectations without a row that must have one
    """
    empty = [code for code, one in expectations.items() if not measured[code] and not one.vide]
    if empty:
        raise GateFaultError(f"Attentes qui n'ont rien trouvé à juger : {', '.join(empty)}.")
    return [
        Check(code, code, _table(code), Figure.EACH, "valeur", one.minimum, one.maximum)
        for code, one in expectations.items()
        if measured[code]
    ]


def judge(
    expectations: Mapping[str, Expectation], measured: Mapping[str, Sequence[Measured]], kept: Mapping[str, bool]
) -> tuple[Outcome, ...]:
    """What each expectation comes to; `kept` is what Great Expectations says, by code.

    raises  GateFaultError when its answer is not that of the measures themselves: one of the two is wrong
    """
    outcomes = tuple(_outcome(code, one, measured[code]) for code, one in expectations.items())
    apart = [one.code for one in outcomes if one.lignes and kept[one.code] is not (one.etat is State.TENUE)]
    if apart:
        raise GateFaultError(f"Great Expectations et la mesure directe se contredisent : {', '.join(apart)}.")
    return outcomes


def _outcome(code: str, one: Expectation, measured: Sequence[Measured]) -> Outcome:
    out = tuple((place, value) for place, value in measured if not _holds(one, value))
    state = State.SANS_OBJET if not measured else State.ROMPUE if out else State.TENUE
    return Outcome(code, one, state, len(measured), out)


def _holds(one: Expectation, value: float) -> bool:
    return (one.minimum is None or value >= one.minimum) and (one.maximum is None or value <= one.maximum)


def _table(code: str) -> str:
    return code.lower().replace("-", "_")
