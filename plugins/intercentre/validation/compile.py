"""The contract as SQL: from each class, the typed values of its rows and the places where they break the contract.

Three steps, each over what the one before left:

1. *reading*, over every record: each cell is read the quick way, made for the form of its column (forms.py). A cell
   that is not sure that way has no value yet, and its text is kept; a row that may break a rule is marked.
2. *texts*, over the texts that were kept: each text of a column is read the long way once, however many cells hold it,
   trimmed and in every form; what cannot be read, or was tolerated, is said here.
3. *rules*, over the marked rows and those with a cell that only the long way could read. Many rules that read the same
   mark no row in the first step: they are asked of each combination of values once (combinations.py).

What is beyond doubt costs nothing in the last two. Source: docs/decisions/0001, 0050. The oracle is
schemas.oracle.judge; a property test keeps the two equal.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cache, cached_property

from intercentre.validation.combinations import Arranged, arrange
from intercentre.validation.expressions import (
    day_sql,
    edged_sql,
    outside_code,
    quick_sql,
    quoted,
    successor_sql,
    sure_sql,
    tolerances_sql,
    written_sql,
)
from intercentre.validation.forms import PLAIN, Form, Forms
from intercentre.validation.header import BLANKS
from intercentre.validation.leaks import SHORTEST_SUSPECT, SUSPECT
from schemas.contract import Code, Coded, Extract, FieldType, RowRule
from schemas.spellings import NOTHING

SOURCE = "source"
"""Relation of the records: ligne BIGINT, then the contract's columns as VARCHAR, NULL when empty or absent."""

MISSING = "CTR-001"

MARK = "!"
"""What a row keeps first when it may break a rule."""

BETWEEN, _STRAY = "\x1e", "\x1a"
"""Between the texts that a row keeps; in place of such a sign in a text: no type of field reads one that holds it."""

UNREAD, UNDATED, READ = "?", "~", "="
"""Why a text is kept: the quick way has no value · it has one as of the state's date, since the day of the code is in
doubt · it has the value, and the text has a finding."""

FIRST_PLACE = ord("0")
_TOGETHER = 5  # columns


@dataclass(frozen=True)
class CompiledTable:
    """One table of the contract as SQL; parameters $date_etat and $dernier_jour_admis.

    `reading` is over the relation `source`. Its result is to be the relation `read`: ligne, the typed columns, `bruts`
    (what the row keeps, NULL where it is beyond doubt), which other connections to the database see. What is made of it
    then is in rereading.py.
    """

    table: type[Extract]
    forms: Mapping[str, Form]
    absent: frozenset[str]
    with_texts: bool

    @property
    def name(self) -> str:
        return self.table.contrat.name

    @property
    def read(self) -> str:
        """Name of the relation that holds the result of `reading`."""
        return f"{self.name}_lu"

    @property
    def reread(self) -> str:
        """Name of the relation of the rows with values that only the long way could read."""
        return f"{self.name}_relu"

    @property
    def broken(self) -> str:
        """Name of the relation of the rules that rows break."""
        return f"{self.name}_enfreint"

    @cached_property
    def kinds(self) -> dict[str, FieldType]:
        return {column: kind for column, (kind, _) in self.table.fields().items()}

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(self.kinds)

    @cached_property
    def due(self) -> tuple[str, ...]:
        """Columns that must be filled, absent ones left out: what the file lacks is not said of each row."""
        return tuple(c for c in self.kinds if not self.table.optional(c) and c not in self.absent)

    @cached_property
    def rules(self) -> tuple[RowRule, ...]:
        """The rules on single rows that can be asked: of those that need an absent column none can."""
        return tuple(rule for rule in self.table.rules() if self.absent.isdisjoint(rule.columns))

    @cached_property
    def reading(self) -> str:
        """SELECT of the first step, one row for each record."""
        followers = [f"{sql} AS suite_{column}" for column in self.kinds if (sql := self._quick_successor(column))]
        values = [f"{self._value(column)} AS {column}" for column in self.kinds]
        terms = [f"{sql} AS {name}" for name, sql in self.arranged.terms.items()]
        kept = [f"{self._kept(columns)} AS garde_{number}" for number, columns in enumerate(self._groups)]
        steps = {
            "brut": f"SELECT ligne, {self._each(self._raw, 'brut')} FROM {SOURCE}",
            "vite": f"SELECT brut.*, {self._each(self._quick, 'vite')} FROM brut",
            "sur": f"SELECT vite.*, {self._each(self._sure, 'sur')} FROM vite",
            "suite": f"SELECT {', '.join(['sur.*', *followers])} FROM sur",
            "valeur": f"SELECT suite.*, {', '.join(values)} FROM suite",
            "terme": f"SELECT {', '.join(['valeur.*', *terms])} FROM valeur",
            "regle": f"SELECT terme.*, {self._mark()} AS suspecte FROM terme",
            "garde": f"SELECT {', '.join(['regle.*', *kept])} FROM regle",
        }
        return f"{with_steps(steps)}\nSELECT ligne, {', '.join(self.kinds)}, {self._bruts()} AS bruts FROM garde"

    def place(self, column: str) -> int:
        """Place of the column among those of the table, from 0."""
        return self.columns.index(column)

    @cached_property
    def dated(self) -> dict[str, str]:
        """Column whose old codes have successors → the column that tells the day of its codes."""
        kinds = {column: kind for column, kind in self.kinds.items() if column in self.followed}
        return {column: kind.at for column, kind in kinds.items() if isinstance(kind, Coded) and kind.at}

    def kept_text(self, column: str) -> str:
        """SQL over `read`: the text that the row keeps of the column, NULL when none."""
        pattern = quoted(f"(?:^|{BETWEEN}){re.escape(_sign(self.place(column)))}.([^{BETWEEN}]*)")
        return f"CASE WHEN regexp_matches(bruts, {pattern}) THEN regexp_extract(bruts, {pattern}, 1) END"

    def is_void(self) -> str:
        """SQL over `read`: all that is due is missing from the row."""
        held = f"concat({quoted(BETWEEN)}, bruts, {quoted(BETWEEN)})"
        missing = (f"{BETWEEN}{_sign(self.place(column))}{UNREAD}{BETWEEN}" for column in self.due)
        asked = " AND ".join(f"contains({held}, {quoted(text)})" for text in missing)
        return f"bruts IS NOT NULL AND {asked}" if asked else "false"

    def codes(self, column: str) -> tuple[str, ...]:
        """What can be said of one cell: findings and tolerances (`TOL-…`); the code of bit n stands at n."""
        kind = self.kinds[column]
        codes = [MISSING] if column in self.due else []
        codes += [kind.unreadable, *(code for code, _ in kind.reasons)]
        codes += filter(None, [outside_code(kind), kind.mapped if isinstance(kind, Coded) else None])
        codes += ["TOL-006", "TOL-016", *(code for code, _ in tolerances_sql(kind, ""))]
        return tuple(dict.fromkeys(codes))

    def _each(self, step: Callable[[str, FieldType], str], prefix: str) -> str:
        return ", ".join(f"{step(column, kind)} AS {prefix}_{column}" for column, kind in self.kinds.items())

    def form(self, column: str) -> Form:
        """The habit in which the column is written."""
        return self.forms.get(column, PLAIN)

    def _raw(self, column: str, kind: FieldType) -> str:
        return f"nullif(trim({column}, {quoted(BLANKS)}), '')" if self.form(column).is_trimmed else column

    def _quick(self, column: str, kind: FieldType) -> str:
        return quick_sql(kind, f"brut_{column}", self.form(column))

    def _sure(self, column: str, kind: FieldType) -> str:
        return sure_sql(kind, f"vite_{column}", f"brut_{column}", self.form(column))

    def successor(self, column: str, code: str, day: str) -> str | None:
        """SQL for what follows an old code of this column on a day; None where none has ended, or it holds no codes."""
        kind = self.kinds[column]
        return successor_sql(kind, code, day) if isinstance(kind, Coded) else None

    def _quick_successor(self, column: str) -> str | None:
        at = self.dated.get(column)
        days = [day_sql(self.kinds[at], f"sur_{at}")] if at else []
        return self.successor(column, f"sur_{column}", f"coalesce({', '.join([*days, 'CAST($date_etat AS DATE)'])})")

    @cached_property
    def followed(self) -> frozenset[str]:
        """Columns of codes of which some have ended and have a successor."""
        return frozenset(column for column in self.kinds if self.successor(column, "", ""))

    @cached_property
    def arranged(self) -> Arranged:
        """The rules, by what they are asked of."""
        kept = [column for column in self.told if written_sql(self.kinds[column], column, self.form(column)) is None]
        return arrange(self.rules, kept)

    def _mark(self) -> str:
        """SQL for MARK where a row may break a rule that is asked of each row."""
        broken = " OR ".join(f"({sql})" for sql in self.arranged.each_row.values()) or "false"
        return f"CASE WHEN {broken} THEN {quoted(MARK)} END"

    def _value(self, column: str) -> str:
        if column not in self.followed:
            return f"sur_{column}"
        return _or_follower(self.kinds[column], f"suite_{column}", f"sur_{column}", self.form(column))

    @cached_property
    def _groups(self) -> list[list[str]]:
        """The columns of the file, a few at a time: most rows in doubt have one text to keep, and only its group is put
        together.
        """
        present = [column for column in self.kinds if column not in self.absent]
        return [present[start : start + _TOGETHER] for start in range(0, len(present), _TOGETHER)]

    def _kept(self, columns: Collection[str]) -> str:
        """SQL for what the row keeps of these cells, NULL where nothing is to be said of them."""
        reasons = [f"({sql})" for column in columns for _, sql in self._reasons(column)]
        pieces = ", ".join([quoted(BETWEEN), *map(self._piece, columns)])
        return f"CASE WHEN {' OR '.join(reasons)} THEN concat_ws({pieces}) END"

    def _bruts(self) -> str:
        """SQL for what the row keeps, in the order of the columns, NULL where it is beyond doubt."""
        kept = ["suspecte", *(f"garde_{number}" for number, _ in enumerate(self._groups))]
        is_doubtful = " OR ".join(f"{one} IS NOT NULL" for one in kept)
        return f"CASE WHEN {is_doubtful} THEN concat_ws({', '.join([quoted(BETWEEN), *kept])}) END"

    def _is_unread(self, column: str) -> str:
        filled = "" if column in self.due else f" AND brut_{column} IS NOT NULL"
        return f"sur_{column} IS NULL{filled}"

    def _reasons(self, column: str) -> list[tuple[str, str]]:
        """(sign, SQL) of each reason to keep the text of a cell, the first that holds being the one."""
        reasons = [(UNREAD, self._is_unread(column))]
        if at := self.dated.get(column):
            reasons.append((UNDATED, f"sur_{column} IS NOT NULL AND sur_{at} IS NULL AND brut_{at} IS NOT NULL"))
        if column in self.followed:
            reasons.append((READ, f"suite_{column} IS NOT NULL"))
        if column in self.told and written_sql(self.kinds[column], column, self.form(column)) is None:
            reasons.append((READ, f"suspecte IS NOT NULL AND brut_{column} IS NOT NULL"))
        return reasons

    def _piece(self, column: str) -> str:
        """SQL for what the row keeps of the cell: place, sign, text; NULL where nothing is to be said of it."""
        place, text = _sign(self.place(column)), f"replace(brut_{column}, {quoted(BETWEEN)}, {quoted(_STRAY)})"
        cases = (f"WHEN {sql} THEN concat({quoted(place + sign)}, {text})" for sign, sql in self._reasons(column))
        return f"CASE {' '.join(cases)} END"

    @cached_property
    def told(self) -> tuple[str, ...]:
        """Columns whose texts are to be told beside a broken rule."""
        return tuple(sorted({rule.columns[0] for rule in self.rules if self.with_texts}))


@cache
def compile_table(
    table: type[Extract], forms: Forms = (), absent: frozenset[str] = frozenset(), *, with_texts: bool = False
) -> CompiledTable:
    """The SQL of a contract class, for a file written in these forms.

    absent      columns that the file lacks
    with_texts  the text of every cell of which a finding tells can be had, those that only break a rule included
    """
    return CompiledTable(table, dict(forms), absent, with_texts)


def text_kept_of(text: str) -> str:
    """What a row keeps of a text that could not be read."""
    return text.replace(BETWEEN, _STRAY)


def _sign(place: int) -> str:
    return chr(FIRST_PLACE + place)


def _or_follower(kind: FieldType, follower: str, value: str, form: Form) -> str:
    """SQL for the successor of a code, given as text, where it has one; else the value."""
    typed = quick_sql(kind, follower, form) if isinstance(kind, Code) else follower
    return f"CASE WHEN {follower} IS NOT NULL THEN {typed} ELSE {value} END"


def with_steps(steps: Mapping[str, str]) -> str:
    return "WITH " + ",\n".join(f"{name} AS ({sql})" for name, sql in steps.items())


def looks_personal_sql(text: str) -> str:
    """SQL for: leaks.py should look at this text."""
    return f"CASE WHEN strlen({text}) >= {SHORTEST_SUSPECT} THEN regexp_matches({text}, {quoted(SUSPECT)}) END"


def trimmed_sql(text: str) -> str:
    """SQL for the trimmed text, NULL when empty, or when it says that there is nothing."""
    trimmed = f"CASE WHEN {edged_sql(text)} THEN trim({text}, {quoted(BLANKS)}) ELSE {text} END"
    return f"CASE WHEN {trimmed} NOT IN ({', '.join(map(quoted, ('', *NOTHING)))}) THEN {trimmed} END"
