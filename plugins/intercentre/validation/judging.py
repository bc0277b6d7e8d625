"""From the first reading of a table to its final rows and its findings: the second and third step (compile.py)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from intercentre.validation.combinations import BROKEN, COMBINATIONS
from intercentre.validation.compile import CompiledTable, looks_personal_sql
from intercentre.validation.expressions import quoted
from intercentre.validation.rereading import CELLS, MARK_PLACE, Rereading
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

    kept       columns, in the order of the table, of which a cell was not read for sure, or is due and empty
    is_marked  some row may break a rule that was asked of each row
    """

    kept: tuple[str, ...]
    is_marked: bool


def gather_doubts(engine: Engine, compiled: CompiledTable) -> Doubts | None:
    """The relation `morceaux` is there, unless no row is in doubt and each rule was asked: then None."""
    ((rows,),) = engine.run(f"SELECT count(bruts) FROM {compiled.read}")
    if not rows and not compiled.arranged.together:
        return None
    engine.run(f"CREATE OR REPLACE TEMP TABLE morceaux AS {Rereading(compiled).pieces}")
    places = {place for (place,) in engine.run("SELECT DISTINCT place FROM morceaux")}
    kept = tuple(column for column in compiled.columns if compiled.place(column) in places)
    return Doubts(kept, MARK_PLACE in places)


def judge_texts(engine: Engine, compiled: CompiledTable, doubts: Doubts) -> Judged:
    """`constats` holds what is said of the cells, `textes` the texts; `cellules` is there, and `compiled.reread` where
    values came late. `textes` is there and empty before.
    """
    rereading = Rereading(compiled)
    dated = [column for column in compiled.dated if column in doubts.kept]
    plain = [column for column in doubts.kept if column not in dated]
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
    return Judged(frozenset(reread), {**profile, **_count_tolerated(engine, tolerated)})


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


def judge_rules(engine: Engine, compiled: CompiledTable, doubts: Doubts, reread: Collection[str]) -> None:
    """`constats` holds what the rules on single rows say."""
    rereading, arranged = Rereading(compiled), compiled.arranged
    silences = rereading.silences(doubts.kept)
    if arranged.each_row and (doubts.is_marked or reread):
        asked = rereading.asked(doubts.kept, reread)
        broken = f"SELECT *, unnest({rereading.broken}) AS regle FROM ({asked})"
        _insert_broken(engine, compiled, broken, arranged.each_row, silences)
    for group in arranged.together:
        rows = f"({rereading.rows(doubts.kept, reread, 'true')}) WHERE {rereading.are_there(sorted(group.columns))}"
        # a table, since the engine would ask a condition on the combinations of each row
        engine.run(f"CREATE OR REPLACE TEMP TABLE {COMBINATIONS} AS {group.distinct(rows)}")
        engine.run(f"CREATE OR REPLACE TEMP TABLE {BROKEN} AS {group.breaking}")
        places = [place for (place,) in engine.run(f"SELECT DISTINCT regle FROM {BROKEN} ORDER BY regle")]
        if places:
            _insert_broken(engine, compiled, group.broken_rows(rows), places, silences)


def _insert_broken(
    engine: Engine, compiled: CompiledTable, broken: str, places: Iterable[int], silences: str | None
) -> None:
    """`constats` holds what these rules say.

    broken    SELECT of rows (Rereading.rows) with the place of a rule that the row breaks: regle
    silences  SELECT of the rules that are silent on a row
    """
    rules = {place: compiled.rules[place] for place in places}
    said = ", ".join(
        f"({place}, {quoted(rule.columns[0])}, {quoted(rule.finding.code)})" for place, rule in rules.items()
    )
    texts = " ".join(f"WHEN {quoted(column)} THEN brut_{column}" for column in compiled.told)
    engine.run(
        f"INSERT INTO constats SELECT {quoted(compiled.name)}, ligne, colonne, code,"
        f" {f'CASE colonne {texts} END' if texts else 'NULL'}"
        f" FROM ({broken}) JOIN (VALUES {said}) AS dit (regle, colonne, code) USING (regle)"
        f"{f' ANTI JOIN ({silences}) USING (ligne, regle)' if silences else ''}"
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
