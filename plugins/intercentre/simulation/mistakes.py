"""Mistakes planted on purpose, each as people make them, each raising exactly the finding that the ledger announces."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import NamedTuple

from intercentre.simulation.chance import stream
from intercentre.simulation.habits import Habit, file_name
from intercentre.simulation.ledger import Entry
from intercentre.simulation.surroundings import Surroundings, look_around
from intercentre.simulation.view import Cell, Row
from schemas.extracts import TABLES
from schemas.period import Period


class Mistake(NamedTuple):
    """One kind of mistake.

    alone   its rule reads other rows of the dossier, which must then be left as they are
    twice   the row is written a second time at the end of the file; both are then wrong
    groupe  its rule counts over many rows of the deposit: only one kind of the group is planted in a deposit
    """

    code: str
    table: str
    colonne: str
    fits: Callable[[Row, Surroundings], bool]
    change: Callable[[Row, Surroundings, Random], Row]
    alone: bool = False
    twice: bool = False
    groupe: str | None = None


def plant_mistakes(
    tables: Mapping[str, Sequence[Row]], centre: str, period: Period, share: float, graine: int, habit: Habit
) -> tuple[dict[str, list[Row]], list[Entry]]:
    """The tables with mistakes in `share` of the rows of each (rounded down, one a row), and the ledger of them."""
    planted = {table: list(rows) for table, rows in tables.items()}
    if share <= 0:
        return planted, []
    around = look_around(tables, centre, period.fin)
    entries: list[Entry] = []
    books = _Books()
    for table in TABLES:
        rng = stream(graine, "erreurs", centre, period, table)
        rows = planted.get(table, [])
        for line, mistake in _plant(rows, table, int(len(rows) * share), around, rng, books):
            file = file_name(habit, TABLES[table])
            entries.append(Entry(centre, str(period), file, line + 2, mistake.colonne, mistake.code))
    return planted, entries


def _plant(
    rows: list[Row],
    table: str,
    count: int,
    around: Surroundings,
    rng: Random,
    books: _Books,
) -> list[tuple[int, Mistake]]:
    """Make `count` rows wrong in place; (index, mistake) of each. Every kind has its turn."""
    from intercentre.simulation.mistake_kinds import KINDS

    kinds = [kind for kind in KINDS if kind.table == table]
    rng.shuffle(kinds)
    lines = rng.sample(range(len(rows)), len(rows))
    waiting = [(kind, iter([line for line in lines if kind.fits(rows[line], around)])) for kind in kinds]
    done: list[tuple[int, Mistake]] = []
    used: set[int] = set()
    while waiting and len(done) < count:
        kind, candidates = waiting.pop(0)
        line = next((line for line in candidates if line not in used and books.admits(kind, rows[line])), None)
        if line is None or (kind.twice and count - len(done) < 2):
            continue
        waiting.append((kind, candidates))
        used.add(line)
        books.note(kind, rows[line])
        done.append((line, kind))
        if kind.twice:
            done.append((len(rows), kind))
            rows.append(rows[line])
        else:
            rows[line] = {**rows[line], **kind.change(rows[line], around, rng)}
    return done


class _Books:
    """Which dossiers already hold a mistake, and which must be left alone from now on."""

    def __init__(self) -> None:
        self._touched: set[Cell] = set()
        self._locked: set[Cell] = set()
        self._groups: dict[str, Mistake] = {}

    def admits(self, kind: Mistake, row: Row) -> bool:
        if kind.groupe and self._groups.get(kind.groupe, kind) is not kind:
            return False
        dossier = row.get("dossier_id")
        return dossier is None or dossier not in (self._touched if kind.alone else self._locked)

    def note(self, kind: Mistake, row: Row) -> None:
        if kind.groupe:
            self._groups[kind.groupe] = kind
        dossier = row.get("dossier_id")
        if dossier is not None:
            self._touched.add(dossier)
            if kind.alone:
                self._locked.add(dossier)
