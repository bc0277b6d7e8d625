"""Figures counted from the lives beside those that the hub computes: the same keys, the same numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from tests.properties.recount.lives import Lives, Period
from tests.staged import read_rows


class Figure(NamedTuple):
    """What an observation says; all three are None where there is no answer."""

    valeur: float | None = None
    numerateur: float | None = None
    denominateur: float | None = None


NO_ANSWER = Figure()
Key = tuple[str, str, str]  # period, place, sex (`_T` for all)
Count = Callable[[Lives, Period], Figure]


def number(count: float) -> Figure:
    """A count or a sum."""
    return Figure(count, count, None)


def share(over: float, under: float, factor: float = 100) -> Figure:
    """A share in % (or a ratio times its factor): no value when there is nothing to share."""
    return Figure(round(factor * over / under, 6) if under else None, over, under)


def cohort(over: float, under: float) -> Figure:
    """A share of a cohort: no figure at all while nobody of it was observed long enough."""
    return share(over, under) if under else NO_ANSWER


def middle(values: Iterable[float]) -> Figure:
    """The median of the values, the mean of the middle two when they are even in number."""
    ordered = sorted(values)
    half, odd = divmod(len(ordered), 2)
    if not ordered:
        return Figure(None, None, 0)
    return Figure(ordered[half] if odd else (ordered[half - 1] + ordered[half]) / 2, None, len(ordered))


@dataclass(frozen=True)
class Recount:
    """How one indicator is counted anew.

    kinds   T quarters, A years
    by_sex  counted for each sex as well
    tables  tables without which a centre gives no answer
    """

    count: Count
    kinds: str
    by_sex: bool = False
    tables: tuple[str, ...] = ()


def counted(lives: Lives, recount: Recount) -> dict[Key, Figure]:
    """Every figure that the lives give; what has no answer, or no unit in a sex, is left out."""
    found: dict[Key, Figure] = {}
    for place, local in lives.places:
        answering = [one for one in local.centres if set(recount.tables) <= lives.deposees[one]]
        if not answering:
            continue
        told = local.of_centres(answering)
        parts = {"_T": told} | (told.by_sex if recount.by_sex else {})
        for period in lives.periods:
            if period.kind in recount.kinds:
                for sexe, part in parts.items():
                    found[period.name, place, sexe] = recount.count(part, period)
    return _answers(found)


def computed(observations: Path, code: str, *, by_sex: bool) -> dict[Key, Figure]:
    """The hub's figures of one indicator for the centres and the region, in all and by sex."""
    rows = [row for row in _read(observations) if row["indicateur"] == code]
    dimensions = ("_T", "sexe") if by_sex else ("_T",)
    return _answers(
        {
            (row["periode"], row["territoire"], row["modalite"]): Figure(
                row["valeur"], row["numerateur"], row["denominateur"]
            )
            for row in rows
            if row["territoire_type"] in ("region", "centre") and row["dimension"] in dimensions
        }
    )


_ROWS: dict[Path, list[dict[str, Any]]] = {}


def _read(observations: Path) -> list[dict[str, Any]]:
    if observations not in _ROWS:
        _ROWS[observations] = read_rows(observations)
    return _ROWS[observations]


def _answers(found: Mapping[Key, Figure]) -> dict[Key, Figure]:
    """Without the cells that say nothing: no answer, or a sex of which there is nobody."""
    return {
        key: _rounded(figure)
        for key, figure in found.items()
        if figure != NO_ANSWER and (key[2] == "_T" or any(figure))
    }


def _rounded(figure: Figure) -> Figure:
    return Figure(*(None if one is None else round(float(one), 6) for one in figure))


def disagreements(lives: Lives, observations: Path, code: str, recount: Recount) -> dict[Key, tuple[Any, Any]]:
    """Where the hub and the lives differ: (what the hub says, what the lives say), None for nothing at all.

    raises  AssertionError when the lives give hardly any figure: the recount would prove nothing
    """
    expected = counted(lives, recount)
    found = computed(observations, code, by_sex=recount.by_sex)
    assert len(set(expected.values())) > 3, f"{code}: too few different figures"
    return {
        key: (found.get(key), expected.get(key))
        for key in sorted(found.keys() | expected.keys())
        if found.get(key) != expected.get(key)
    }
