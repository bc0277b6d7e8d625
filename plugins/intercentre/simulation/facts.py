"""Facts of a centre that belong to no dossier: rows that its tool shows since a day, and what it notes later."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from intercentre.simulation.view import Row


class Fact(NamedTuple):
    """One row of a table, from the day on which it is noted.

    ligne   the row as first noted; a column that is not there is empty
    suites  (day, columns noted on that day) in time order; columns of the key never change
    """

    table: str
    jour: date
    ligne: Row
    suites: tuple[tuple[date, Row], ...] = ()


def row_on(fact: Fact, day: date) -> Row:
    """The row as it stands at the end of `day`."""
    row = fact.ligne
    for noted, changes in fact.suites:
        if noted <= day:
            row = {**row, **changes}
    return row


def fact_rows(facts: Iterable[Fact], day: date) -> dict[str, list[Row]]:
    """Table → its rows at the end of `day`, in the order of the facts."""
    tables: defaultdict[str, list[Row]] = defaultdict(list)
    for fact in facts:
        if fact.jour <= day:
            tables[fact.table].append(row_on(fact, day))
    return dict(tables)


def numbered(letter: str, column: str, facts: Iterable[Fact]) -> Iterator[Fact]:
    """The facts in the order of their days, `column` filled with the rank that the centre's tool gives them."""
    for rank, fact in enumerate(sorted(facts, key=lambda fact: fact.jour), start=1):
        yield fact._replace(ligne={column: f"{letter}-{rank:05d}", **fact.ligne})


def months(first: date, last: date) -> Iterator[tuple[str, date]]:
    """(2026-07, its last day) of every month that ends from `first` to `last`."""
    day = first.replace(day=1)
    while (following := (day + timedelta(days=31)).replace(day=1)) - timedelta(days=1) <= last:
        yield f"{day:%Y-%m}", following - timedelta(days=1)
        day = following


def quarter_end(day: date) -> date:
    """The last day of the civil quarter of `day`."""
    first = date(day.year, day.month - (day.month - 1) % 3, 1)
    return (first + timedelta(days=95)).replace(day=1) - timedelta(days=1)
