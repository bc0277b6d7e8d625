"""Figures made of parts: what each thing adds, in its centre, its arrondissement and its categories.

A count gives the parts of the region; the figure of every place, category and total is then the sum of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from tests.properties.recount.figures import NO_ANSWER, Figure, middle, number, share
from tests.properties.recount.lives import REGION, Lives, Period
from tests.staged import read_rows

TOTAL = "_T"


@dataclass(frozen=True)
class Part:
    """What one thing adds to the numerator and, in a share, to the denominator.

    unit     name under which the same thing counts once wherever it is met
    places   kind of place (arrondissement, commune…) → code, beside the centre
    classes  dimension → category; one that is not said is not counted there
    """

    centre: str
    over: float
    under: float = 0
    unit: str = ""
    places: Mapping[str, str] = field(default_factory=dict)
    classes: Mapping[str, str | None] = field(default_factory=dict)


class Cell(NamedTuple):
    """One figure: `2025-T1`, centre, CAI, axe, FLE; dimension and category are `_T` for a total."""

    periode: str
    territoire_type: str
    territoire: str
    dimension: str
    modalite: str

    @property
    def is_expected(self) -> bool:
        """A zero is an answer there."""
        return self.dimension == TOTAL and self.territoire_type in ("region", "centre")


Sum = Callable[[Sequence[Part]], Figure]


def counted_once(parts: Sequence[Part]) -> Figure:
    return number(len({part.unit for part in parts}))


def added(parts: Sequence[Part]) -> Figure:
    return number(sum(float(part.over) for part in parts))


def middle_one(parts: Sequence[Part]) -> Figure:
    return middle(part.over for part in parts)


def shared(factor: float) -> Sum:
    """Numerators over denominators, times the factor."""

    def figure(parts: Sequence[Part]) -> Figure:
        return share(sum(float(part.over) for part in parts), sum(float(part.under) for part in parts), factor)

    return figure


@dataclass(frozen=True)
class Recipe:
    """How one indicator is counted anew.

    count        parts of the region in a period, from what the answering centres tell
    kinds        T quarters, A years
    tables       tables without which a centre gives no answer
    places       kinds of place; those of `totals` have the total only
    dimensions   what the figure is broken down by; a category of `of_total` is a share of the total's denominator
    silent_when_empty  no figure, rather than a zero, where nothing can be judged (cohorts, statistics)
    """

    count: Callable[[Lives, Period], Iterable[Part]]
    figure: Sum
    kinds: str
    tables: tuple[str, ...] = ()
    places: tuple[str, ...] = ("region", "centre")
    totals: tuple[str, ...] = ()
    dimensions: tuple[str, ...] = ()
    of_total: tuple[str, ...] = ()
    silent_when_empty: bool = False


def told(lives: Lives, recipe: Recipe, periods: Iterable[Period] | None = None) -> dict[Cell, Figure]:
    """Every figure that the lives give; what has no answer, or nothing in a category, is left out."""
    answering = [one for one in lives.centres if set(recipe.tables) <= lives.deposees[one]]
    local = lives.of_centres(answering)
    found: dict[Cell, Figure] = {}
    for period in lives.periods if periods is None else periods:
        if period.kind in recipe.kinds:
            parts = list(recipe.count(local, period))
            for kind in (*recipe.places, *recipe.totals):
                for place, own in _by_place(parts, kind, answering).items():
                    found |= _cells(recipe, period, kind, place, own)
    return said(found)


def _by_place(parts: Sequence[Part], kind: str, answering: Sequence[str]) -> dict[str, list[Part]]:
    """A centre that answers is there even when it has nothing to count."""
    by_place: defaultdict[str, list[Part]] = defaultdict(list)
    if kind == "region":
        by_place[REGION] = list(parts)
    elif kind == "centre":
        by_place |= {centre: [] for centre in answering}
    if kind != "region":
        for part in parts:
            by_place[part.centre if kind == "centre" else part.places[kind]].append(part)
    return by_place


def _cells(recipe: Recipe, period: Period, kind: str, place: str, parts: Sequence[Part]) -> dict[Cell, Figure]:
    if recipe.silent_when_empty and not parts:
        return {}
    total = recipe.figure(parts)
    cells = {Cell(period.name, kind, place, TOTAL, TOTAL): total}
    if kind in recipe.totals:
        return cells
    for dimension in (*recipe.dimensions, *recipe.of_total):
        classes: defaultdict[str, list[Part]] = defaultdict(list)
        for part in parts:
            if (category := part.classes.get(dimension)) is not None:
                classes[category].append(part)
        for category, own in classes.items():
            figure = recipe.figure(own)
            if dimension in recipe.of_total:
                figure = share(figure.numerateur or 0, total.denominateur or 0)
            cells[Cell(period.name, kind, place, dimension, category)] = figure
    return cells


def computed(observations: Path, code: str) -> dict[Cell, Figure]:
    """The hub's figures of one indicator."""
    return said(
        {
            Cell(*(row[name] for name in Cell._fields)): Figure(*(row[name] for name in Figure._fields))
            for row in _rows(observations)
            if row["indicateur"] == code
        }
    )


@cache
def _rows(observations: Path) -> list[dict[str, Any]]:
    return read_rows(observations)


def said(figures: Mapping[Cell, Figure]) -> dict[Cell, Figure]:
    """The figures that say something.

    A centre without an answer says nothing; nor does a category, or a place of people's, in which nothing is counted.
    """
    return {
        cell: _rounded(figure)
        for cell, figure in figures.items()
        if figure != NO_ANSWER and (any(figure) or cell.is_expected)
    }


def _rounded(figure: Figure) -> Figure:
    return Figure(*(None if one is None else round(float(one), 6) for one in figure))


def differences(expected: Mapping[Cell, Figure], found: Mapping[Cell, Figure]) -> dict[Cell, tuple[Any, Any]]:
    """Where the hub and the lives differ: (what the hub says, what the lives say), None for nothing at all."""
    return {
        cell: (found.get(cell), expected.get(cell))
        for cell in sorted(found.keys() | expected.keys())
        if not _alike(found.get(cell, NO_ANSWER), expected.get(cell, NO_ANSWER))
    }


def _alike(one: Figure, other: Figure) -> bool:
    """The same, but for a value of which the last of six decimals is rounded the other way."""
    if one.valeur is None or other.valeur is None:
        return one == other
    return one[1:] == other[1:] and abs(one.valeur - other.valeur) < 1.5e-6
