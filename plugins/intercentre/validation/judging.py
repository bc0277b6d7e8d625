"""From the first reading of a table to its final rows and its findings: the second and third step (compile.py)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from intercentre.validation.compile import CompiledTable, looks_personal_sql
from intercentre.validation.expressions import quoted
from schemas.contract import Denomination, Identifier


class Engine(Protocol):
    """What executes a statement with the parameters that it names (workspace.Workspace)."""

    def run(self, statement: str) -> list[tuple[Any, ...]]: ...


Profile = Mapping[tuple[str, str], int]
"""(what, column) → cells: `TOL-...` that made use of a tolerance, `suspectes` that leaks.py should look at, `longues`
that are longer than any code; a column that is not named has none."""


@dataclass(frozen=True)
class Judged:
    """What the texts in doubt told.

    reread   columns with cells that only the long way reads: their values are not those of the first step
    profile  of the texts that were judged
    """

    reread: frozenset[str] = frozenset()
    profile: Profile = field(default_factory=dict)


@dataclass(frozen=True)
class Doubts:
    """What the first step left to judge.

    kept      columns of which a cell was not read for sure, or is due and empty
    suspects  rows that may break a rule
    """

    kept: tuple[str, ...]
    suspects: int


def gather_doubts(engine: Engine, compiled: CompiledTable, absent: Collection[str]) -> Doubts | None:
    """The relation `compiled.doubtful` is there, unless no row is in doubt: then None.

    absent  columns that the file lacks: they hold nothing to judge
    """
    ((rows,),) = engine.run(f"SELECT count(bruts) FROM {compiled.read}")
    if not rows:
        return None
    engine.run(f"CREATE OR REPLACE TEMP TABLE {compiled.doubtful} AS {compiled.doubts}")
    present = [column for column in compiled.columns if column not in absent]
    counts = ", ".join(f"count(brut_{column})" for column in present)
    ((suspects, *numbers),) = engine.run(f"SELECT count(*) FILTER (WHERE suspecte), {counts} FROM {compiled.doubtful}")
    kept = tuple(column for column, number in zip(present, numbers, strict=True) if number)
    return Doubts(kept, suspects)


def judge_cells(engine: Engine, compiled: CompiledTable, doubts: Doubts) -> Judged:
    """`constats` holds what is said of the cells."""
    if not doubts.kept:
        return Judged()
    engine.run(f"CREATE OR REPLACE TEMP TABLE cellules AS {compiled.cells(doubts.kept)}")
    seen = engine.run(
        "SELECT place, bool_or(est_nouvelle), bit_or(marque), count(*) FILTER (WHERE est_longue),"
        f" count(*) FILTER (WHERE {looks_personal_sql('brut')}) FROM cellules GROUP BY place"
    )
    said, reread = [], set()
    profile: dict[tuple[str, str], int] = {}
    for place, is_new, marks, longer, personal in seen:
        column = compiled.columns[place]
        said += [(place, 1 << at, column, code) for at, code in enumerate(compiled.codes(column)) if marks >> at & 1]
        profile |= {("longues", column): longer, ("suspectes", column): personal}
        if is_new:
            reread.add(column)
    tolerated = [one for one in said if one[3].startswith("TOL-")]
    _insert_cells(engine, compiled, [one for one in said if one not in tolerated])
    return Judged(frozenset(reread), {**profile, **_count_tolerated(engine, tolerated)})


Said = tuple[int, int, str, str]
"""(place, bit, column, code) of what is said of some cell."""


def _insert_cells(engine: Engine, compiled: CompiledTable, said: Sequence[Said]) -> None:
    if said:
        text = "brut" if compiled.with_texts else "NULL"
        engine.run(
            f"INSERT INTO constats SELECT {quoted(compiled.name)}, ligne, colonne, code, {text} FROM {_marked(said)}"
        )


def _count_tolerated(engine: Engine, said: Sequence[Said]) -> dict[tuple[str, str], int]:
    if not said:
        return {}
    counted = engine.run(f"SELECT code, colonne, count(*) FROM {_marked(said)} GROUP BY ALL")
    return {(code, column): number for code, column, number in counted}


def _marked(said: Sequence[Said]) -> str:
    """SQL for the cells with each of what is said of them: place, ligne, brut, colonne, code."""
    rows = ", ".join(f"({place}, {bit}, {quoted(column)}, {quoted(code)})" for place, bit, column, code in said)
    return (
        f"cellules JOIN (VALUES {rows}) AS dit (place, bit, colonne, code)"
        " ON dit.place = cellules.place AND cellules.marque & dit.bit <> 0"
    )


def judge_rules(engine: Engine, compiled: CompiledTable, doubts: Doubts, reread: Collection[str]) -> None:
    """`constats` holds what the rules on single rows say."""
    rules = compiled.table.rules()
    if not rules or not (doubts.suspects or reread):
        return
    engine.run(f"CREATE OR REPLACE TEMP TABLE suspectes AS {compiled.suspects(doubts.kept, reread)}")
    (numbers,) = engine.run(
        f"SELECT {', '.join(f'count(*) FILTER (WHERE {compiled.is_broken(rule)})' for rule in rules)} FROM suspectes"
    )
    for rule, number in zip(rules, numbers, strict=True):
        if number:
            column = rule.columns[0]
            engine.run(
                f"INSERT INTO constats SELECT {quoted(compiled.name)}, ligne, {quoted(column)},"
                f" {quoted(rule.finding.code)}, {f'brut_{column}' if compiled.with_texts else 'NULL'}"
                f" FROM suspectes WHERE {compiled.is_broken(rule)}"
            )


def count_personal(engine: Engine, compiled: CompiledTable) -> dict[tuple[str, str], int]:
    """Cells that look like personal data among those read as identifiers and names.

    A cell that was read as a code, a day, a number or a yes is nothing else, and none of them is long.
    """
    free = [column for column, kind in compiled.kinds.items() if isinstance(kind, Identifier | Denomination)]
    if not free:
        return {}
    looks = ", ".join(f"count(*) FILTER (WHERE {looks_personal_sql(column)})" for column in free)
    (numbers,) = engine.run(f"SELECT {looks} FROM {compiled.name}")
    return {("suspectes", column): number for column, number in zip(free, numbers, strict=True)}
