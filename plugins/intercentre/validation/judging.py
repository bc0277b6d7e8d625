"""From the first reading of a table to its final rows and its findings: the second and third step (compile.py)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from intercentre.validation.combinations import BROKEN, COMBINATIONS
from intercentre.validation.compile import MARK, CompiledTable, looks_personal_sql
from intercentre.validation.expressions import quoted
from intercentre.validation.rereading import CELLS, Rereading
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

    kept     columns of which any text was in doubt
    reread   columns with cells that only the long way reads: their values are not those of the first step
    profile  of the texts that were judged
    """

    kept: frozenset[str] = frozenset()
    reread: frozenset[str] = frozenset()
    profile: Profile = field(default_factory=dict)


@dataclass(frozen=True)
class Doubts:
    """What the first step left to judge.

    has_texts  some cell was not read for sure, or is due and empty, or its text has a finding
    is_marked  some row may break a rule that was asked of each row
    """

    has_texts: bool
    is_marked: bool


def find_doubts(engine: Engine, compiled: CompiledTable) -> Doubts:
    """What the rows keep."""
    ((kept, marked, only_marked),) = engine.run(
        f"SELECT count(bruts), count(*) FILTER (WHERE bruts LIKE '{MARK}%'),"
        f" count(*) FILTER (WHERE bruts = '{MARK}') FROM {compiled.read}"
    )
    return Doubts(kept > only_marked, marked > 0)


def judge_texts(engine: Engine, compiled: CompiledTable) -> Judged:
    """`constats` holds what is said of the cells, `textes` the texts; `morceaux` and `cellules` are there, and
    `compiled.reread` where values came late. `textes` is there and empty before.
    """
    rereading = Rereading(compiled)
    engine.run(f"CREATE OR REPLACE TEMP TABLE morceaux AS {rereading.pieces}")
    kept = [compiled.columns[place] for (place,) in engine.run("SELECT DISTINCT place FROM morceaux ORDER BY place")]
    dated = [column for column in compiled.dated if column in kept]
    plain = [column for column in kept if column not in dated]
    engine.run(f"CREATE OR REPLACE TEMP VIEW cellules AS {CELLS}")
    if plain:
        engine.run(f"INSERT INTO textes {rereading.texts(plain)}")
    for column in dated:
        if compiled.dated[column] in plain:
            engine.run(rereading.dating(column))
    if dated:
        engine.run(f"INSERT INTO textes {rereading.texts(dated)}")
    seen = engine.run(
        "SELECT place, bool_or(est_nouvelle), bit_or(marque), sum(nombre) FILTER (WHERE est_longue),"
        f" sum(nombre) FILTER (WHERE {looks_personal_sql('brut')}) FROM textes GROUP BY place"
    )
    said: list[Said] = []
    reread: set[str] = set()
    profile: dict[tuple[str, str], int] = {}
    for place, is_new, marks, longer, personal in seen:
        column = compiled.columns[place]
        said += [(place, 1 << at, column, code) for at, code in enumerate(compiled.codes(column)) if marks >> at & 1]
        profile |= {("longues", column): int(longer or 0), ("suspectes", column): int(personal or 0)}
        if is_new:
            reread.add(column)
    tolerated = [one for one in said if one[3].startswith("TOL-")]
    _insert_cells(engine, compiled, [one for one in said if one not in tolerated])
    if reread:
        engine.run(f"CREATE OR REPLACE TEMP TABLE {compiled.reread} AS {rereading.new_values(reread)}")
    return Judged(frozenset(kept), frozenset(reread), {**profile, **_count_tolerated(engine, tolerated)})


Said = tuple[int, int, str, str]
"""(place, bit, column, code) of what is said of some text."""


def _insert_cells(engine: Engine, compiled: CompiledTable, said: Sequence[Said]) -> None:
    if said:
        text = "brut" if compiled.with_texts else "NULL"
        engine.run(
            f"INSERT INTO constats SELECT {quoted(compiled.name)}, ligne, colonne, code, {text}"
            f" FROM cellules {_joined(said, 'cellules')}"
        )


def _count_tolerated(engine: Engine, said: Sequence[Said]) -> dict[tuple[str, str], int]:
    if not said:
        return {}
    counted = engine.run(f"SELECT code, colonne, sum(nombre) FROM textes {_joined(said, 'textes')} GROUP BY ALL")
    return {(code, column): int(number) for code, column, number in counted}


def _joined(said: Sequence[Said], relation: str) -> str:
    """SQL that joins to the relation each of what is said of its texts: colonne, code."""
    rows = ", ".join(f"({place}, {bit}, {quoted(column)}, {quoted(code)})" for place, bit, column, code in said)
    return (
        f"JOIN (VALUES {rows}) AS dit (place, bit, colonne, code)"
        f" ON dit.place = {relation}.place AND marque & dit.bit <> 0"
    )


def break_rules(engine: Engine, compiled: CompiledTable, reread: Collection[str] = ()) -> None:
    """`compiled.broken` holds the rules that rows break, be they silent: ligne, regle, ecrit (Rereading.written).

    reread  columns of which the long way read a cell
    """
    rereading = Rereading(compiled)
    engine.run(f"CREATE OR REPLACE TABLE {compiled.broken} (ligne BIGINT, regle INTEGER, ecrit VARCHAR)")
    if compiled.arranged.each_row:
        engine.run(f"INSERT INTO {compiled.broken} {rereading.written(rereading.broken(reread))}")
    for group in compiled.arranged.together:
        rows = f"({rereading.rows(reread, 'true')}) WHERE {rereading.are_there(sorted(group.columns))}"
        # a table, since the engine would ask a condition on the combinations of each row
        engine.run(f"CREATE OR REPLACE TEMP TABLE {COMBINATIONS} AS {group.distinct(rows)}")
        engine.run(f"CREATE OR REPLACE TEMP TABLE {BROKEN} AS {group.breaking}")
        if engine.run(f"SELECT 1 FROM {BROKEN} LIMIT 1"):
            engine.run(f"INSERT INTO {compiled.broken} {rereading.written(group.broken_rows(rows))}")


def tell_broken(engine: Engine, compiled: CompiledTable, kept: Collection[str]) -> None:
    """`constats` holds what the rules on single rows say, from `compiled.broken`; nothing of it is left.

    kept  columns of which any text was in doubt: `morceaux` has the texts, `cellules` what was found of them
    """
    places = [place for (place,) in engine.run(f"SELECT DISTINCT regle FROM {compiled.broken} ORDER BY regle")]
    if places:
        silences = Rereading(compiled).silences(kept)
        text = "coalesce(brut, ecrit)" if kept else "ecrit"
        engine.run(
            f"INSERT INTO constats SELECT {quoted(compiled.name)}, ligne, colonne, code,"
            f" {text if compiled.with_texts else 'NULL'} FROM {compiled.broken}"
            f" JOIN (VALUES {_said_by_rules(compiled, places)}) AS dit (regle, place, colonne, code) USING (regle)"
            f"{' LEFT JOIN morceaux USING (ligne, place)' if kept and compiled.with_texts else ''}"
            f"{f' ANTI JOIN ({silences}) USING (ligne, regle)' if silences else ''}"
        )
    engine.run(f"DROP TABLE {compiled.broken}")


def _said_by_rules(compiled: CompiledTable, places: Iterable[int]) -> str:
    """SQL rows of each rule and what it says: regle, place of the column, colonne, code."""
    rules = {place: compiled.rules[place] for place in places}
    return ", ".join(
        f"({place}, {compiled.place(rule.columns[0])}, {quoted(rule.columns[0])}, {quoted(rule.finding.code)})"
        for place, rule in rules.items()
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
