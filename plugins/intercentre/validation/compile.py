"""The contract as SQL: from each class, the typed values of a row and the places where the row breaks the contract.

Each cell is read the quick way, made for the form of its column (forms.py); one that is not sure that way is read the
long way, trimmed and in every form. The long way is taken inside CASE, so that it costs nothing where it is not needed.

Source: docs/decisions/0001. The oracle is schemas.oracle.judge; a property test keeps the two equal.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from intercentre.validation.expressions import (
    day_sql,
    edged_sql,
    outside_code,
    quick_sql,
    quoted,
    read_sql,
    reason_sql,
    successor_sql,
    sure_sql,
    tolerances_sql,
    within_sql,
)
from intercentre.validation.forms import PLAIN, Form, Forms
from intercentre.validation.header import BLANKS
from intercentre.validation.leaks import LONGEST_CODE, SHORTEST_SUSPECT, SUSPECT
from schemas.contract import Code, Coded, Extract, FieldType, RowRule
from schemas.correspondances import LocalCode
from schemas.findings import Severity
from schemas.rules import catalogue

UNPLACED = "?"
"""Stands in a column that the file lacks: no type of field reads it, so the rules that need the column are silent."""

SOURCE = "source"
"""Relation that the compiled statements read: ligne BIGINT, then the contract's columns as VARCHAR, NULL when empty."""

MARKS = "marques_"
"""Prefix of the columns of marks: 63 bits each, one for each place; NULL where the row has none at all."""

BETWEEN_TEXTS = "\x1e"
"""Stands between the texts of `bruts`; a file that holds it is not read where it lies."""

ALONE = "retenue_seule"
"""Column that is true where the row alone gives no finding that sets it aside."""

_BITS = 63


@dataclass(frozen=True)
class Place:
    """What one row alone can give: a finding of `code` on `column`, kept as a bit of a column of marks."""

    code: str
    column: str
    word: int
    bit: int

    @property
    def is_finding(self) -> bool:
        """False for a tolerance, which is said once of its column."""
        return not self.code.startswith("TOL-")

    @property
    def is_set(self) -> str:
        """SQL for: the row has this mark."""
        return f"{MARKS}{self.word} & {1 << self.bit} <> 0"


@dataclass(frozen=True)
class CompiledTable:
    """One table of the contract as SQL, over the relation `source`; parameters $date_etat and $dernier_jour_admis.

    judge   SELECT of ligne, the typed columns, the columns of marks, `bruts` where it was asked for, `retenue_seule`
    places  every finding and every tolerance that one row alone can give
    marks   names of the columns of marks
    """

    name: str
    columns: tuple[str, ...]
    judge: str
    places: tuple[Place, ...]
    marks: tuple[str, ...]
    has_texts: bool


@cache
def compile_table(table: type[Extract], forms: Forms = (), *, with_texts: bool = False) -> CompiledTable:
    """The SQL of a contract class, for a file written in these forms.

    with_texts  also `bruts`, cells of a marked row as written, in the order of the columns, '' where nothing is said
    """
    return _Compilation(table, dict(forms), with_texts).compile()


def suspects_sql(column: str) -> str:
    """SELECT of the distinct texts of a column that leaks.py should look at, and how often each stands there."""
    return (
        f"SELECT {trimmed_sql(column)} AS texte, count(*) FROM {SOURCE}"
        f" WHERE regexp_matches(texte, {quoted(SUSPECT)}) GROUP BY texte"
    )


def looks_personal_sql(column: str) -> str:
    """Aggregate: how many cells of a column leaks.py should look at."""
    text = trimmed_sql(column)
    return (
        f"count(*) FILTER (WHERE CASE WHEN strlen({column}) >= {SHORTEST_SUSPECT}"
        f" THEN regexp_matches({text}, {quoted(SUSPECT)}) END)"
    )


def longer_sql(column: str, kind: FieldType) -> str:
    """Aggregate: how many cells of a column are longer than any text that its field may hold."""
    longest = max(LONGEST_CODE, getattr(kind, "length", 0))
    return (
        f"count(*) FILTER (WHERE CASE WHEN strlen({column}) > {LONGEST_CODE}"
        f" THEN length({trimmed_sql(column)}) > {longest} END)"
    )


def filled_sql(column: str) -> str:
    """SELECT of the number of cells of a column that are not empty."""
    return f"SELECT count({trimmed_sql(column)}) FROM {SOURCE}"


def trimmed_sql(text: str) -> str:
    """SQL for the trimmed text, NULL when empty."""
    return f"nullif(CASE WHEN {edged_sql(text)} THEN trim({text}, {quoted(BLANKS)}) ELSE {text} END, '')"


class _Compilation:
    """The steps of one row, each a CTE that adds columns:

    brut_ as written · vite_ read the quick way · sur_ where that is beyond doubt · texte_ trimmed, where it is not ·
    forme_ read the long way · lu_ within its bounds · suite_ the successor of an old code · then the column itself.
    """

    def __init__(self, table: type[Extract], forms: Mapping[str, Form], with_texts: bool) -> None:
        self.table = table
        self.kinds: dict[str, FieldType] = {column: kind for column, (kind, _) in table.fields().items()}
        self.forms = {column: forms.get(column, PLAIN) for column in self.kinds}
        self.with_texts = with_texts
        self.followed = {column: sql for column, sql in self._successors() if sql}
        self.places = tuple(self._number(self._groups()))
        self.placed = {(place.code, place.column): place for place in self.places}
        self.words = sorted({place.word for place in self.places})

    def compile(self) -> CompiledTable:
        followers = [f"{sql} AS suite_{column}" for column, sql in self.followed.items()]
        steps = {
            "brut": f"SELECT ligne, {self._each(self._raw, 'brut')} FROM {SOURCE}",
            "vite": f"SELECT brut.*, {self._each(self._quick, 'vite')} FROM brut",
            "sur": f"SELECT vite.*, {self._each(self._sure, 'sur')} FROM vite",
            "texte": f"SELECT sur.*, {self._each(self._text, 'texte')} FROM sur",
            "forme": f"SELECT {', '.join(['texte.*', *self._forms()])} FROM texte",
            "lu": f"SELECT forme.*, {self._each(self._read, 'lu')} FROM forme",
            "suite": f"SELECT {', '.join(['lu.*', *followers])} FROM lu",
            "valeur": f"SELECT suite.*, {', '.join(f'{self._value(c)} AS {c}' for c in self.kinds)} FROM suite",
            "regle": f"SELECT {', '.join(['valeur.*', *self._rules()])} FROM valeur",
            "doute": f"SELECT regle.*, {self._doubt()} AS en_doute FROM regle",
        }
        marks = [f"{MARKS}{word}" for word in self.words]
        columns = [*self.kinds, *(self._marks(word) for word in self.words), *self._texts()]
        aside = [f"({MARKS}{word} & {self._aside(word)} <> 0)" for word in self.words]
        return CompiledTable(
            name=self.table.contrat.name,
            columns=tuple(self.kinds),
            judge=(
                "WITH "
                + ",\n".join(f"{name} AS ({sql})" for name, sql in steps.items())
                + f"\nSELECT *, NOT coalesce({' OR '.join(aside)}, false) AS {ALONE}"
                + f" FROM (SELECT ligne, {', '.join(columns)} FROM doute)"
            ),
            places=self.places,
            marks=tuple(marks),
            has_texts=self.with_texts,
        )

    def _each(self, step: Callable[[str, FieldType], str], prefix: str) -> str:
        return ", ".join(f"{step(column, kind)} AS {prefix}_{column}" for column, kind in self.kinds.items())

    def _raw(self, column: str, kind: FieldType) -> str:
        return f"nullif(trim({column}, {quoted(BLANKS)}), '')" if self.forms[column].is_trimmed else column

    def _quick(self, column: str, kind: FieldType) -> str:
        return quick_sql(kind, f"brut_{column}", self.forms[column])

    def _sure(self, column: str, kind: FieldType) -> str:
        return sure_sql(kind, f"vite_{column}", f"brut_{column}", self.forms[column])

    def _text(self, column: str, kind: FieldType) -> str:
        return f"CASE WHEN sur_{column} IS NULL AND brut_{column} IS NOT NULL THEN {trimmed_sql(f'brut_{column}')} END"

    def _forms(self) -> list[str]:
        """What is read the long way and has bounds to be asked afterwards."""
        return [
            f"CASE WHEN texte_{column} IS NOT NULL THEN {read_sql(kind, f'texte_{column}')} END AS forme_{column}"
            for column, kind in self.kinds.items()
            if _is_bounded(kind)
        ]

    def _read(self, column: str, kind: FieldType) -> str:
        if _is_bounded(kind):
            asked, read = f"forme_{column} IS NOT NULL", within_sql(kind, f"forme_{column}")
        else:  # the quick way knows every code of the list: only trimming can still make one
            is_listed = isinstance(kind, Code) and not isinstance(kind, LocalCode)
            asked = f"texte_{column} <> brut_{column}" if is_listed else f"texte_{column} IS NOT NULL"
            read = read_sql(kind, f"texte_{column}")
        return f"CASE WHEN sur_{column} IS NOT NULL THEN sur_{column} WHEN {asked} THEN {read} END"

    def _successors(self) -> Iterator[tuple[str, str | None]]:
        for column, kind in self.kinds.items():
            if isinstance(kind, Coded):
                at = f"{day_sql(self.kinds[kind.at], f'lu_{kind.at}')}, " if kind.at else ""
                yield column, successor_sql(kind, f"lu_{column}", f"coalesce({at}CAST($date_etat AS DATE))")

    def _value(self, column: str) -> str:
        if column not in self.followed:
            return f"lu_{column}"
        kind = self.kinds[column]
        follower = quick_sql(kind, f"suite_{column}", PLAIN) if isinstance(kind, Code) else f"suite_{column}"
        return f"CASE WHEN suite_{column} IS NOT NULL THEN {follower} ELSE lu_{column} END"

    def _rules(self) -> list[str]:
        return [f"coalesce({_staged(rule.sql)}, false) AS regle_{n}" for n, rule in enumerate(self.table.rules())]

    def _doubt(self) -> str:
        """SQL for: something may have to be said of this row."""
        unsure = [
            f"(sur_{column} IS NULL AND brut_{column} IS NOT NULL)"
            if self.table.optional(column)
            else f"sur_{column} IS NULL"
            for column in self.kinds
        ]
        old = [f"suite_{column} IS NOT NULL" for column in self.followed]
        broken = [f"regle_{n}" for n in range(len(self.table.rules()))]
        return " OR ".join([*unsure, *old, *broken])

    def _groups(self) -> Iterator[list[tuple[str, str]]]:
        """(code, column) of the places, those that one expression tells apart together."""
        for column, kind in self.kinds.items():
            codes = [] if self.table.optional(column) else ["CTR-001"]
            codes += [kind.unreadable, *(code for code, _ in kind.reasons)]
            codes += filter(None, [outside_code(kind), kind.mapped if column in self.followed else None])  # type: ignore[attr-defined]
            codes += ["TOL-006", *(code for code, _ in tolerances_sql(kind, ""))]
            yield [(code, column) for code in dict.fromkeys(codes)]
        for rule in self.table.rules():
            yield [_place_of(rule)]

    @staticmethod
    def _number(groups: Iterator[list[tuple[str, str]]]) -> Iterator[Place]:
        word, bit = 0, 0
        for group in groups:
            if bit + len(group) > _BITS:
                word, bit = word + 1, 0
            for code, column in group:
                yield Place(code, column, word, bit)
                bit += 1

    def _bit(self, code: str, column: str) -> str:
        return str(1 << self.placed[code, column].bit)

    def _word(self, code: str, column: str) -> int:
        return self.placed[code, column].word

    def _marks(self, word: int) -> str:
        """SQL for one column of marks, NULL for a row of which nothing has to be said."""
        parts = [
            self._cell_marks(column)
            for column, kind in self.kinds.items()
            if self._word(kind.unreadable, column) == word
        ]
        parts += [
            f"CASE WHEN regle_{n} AND {self._readable(rule.columns)} THEN {self._bit(*_place_of(rule))} ELSE 0 END"
            for n, rule in enumerate(self.table.rules())
            if self._word(*_place_of(rule)) == word
        ]
        summed = " | ".join(f"CAST({part} AS BIGINT)" for part in parts)
        return f"CASE WHEN en_doute THEN nullif({summed}, 0) END AS {MARKS}{word}"

    def _cell_marks(self, column: str) -> str:
        """SQL for the bits of one cell: nothing when it was sure, why it could not be read, or what was tolerated."""
        kind = self.kinds[column]
        text = f"texte_{column}"
        missing = "0" if self.table.optional(column) else self._bit("CTR-001", column)
        blank = f"CASE WHEN brut_{column} IS NOT NULL THEN {self._bit('TOL-006', column)} ELSE 0 END"
        reasons = {code: self._bit(code, column) for code in (kind.unreadable, *(code for code, _ in kind.reasons))}
        outside = outside_code(kind)
        unread = reason_sql(kind, text, reasons)
        if outside:
            unread = f"CASE WHEN forme_{column} IS NOT NULL THEN {self._bit(outside, column)} ELSE {unread} END"
        used = [("TOL-006", f"brut_{column} <> {text}"), *tolerances_sql(kind, text)]
        tolerated = " | ".join(f"CASE WHEN {sql} THEN {self._bit(code, column)} ELSE 0 END" for code, sql in used)
        unsure = (
            f"CASE WHEN sur_{column} IS NOT NULL THEN 0 WHEN {text} IS NULL THEN {missing} | {blank}"
            f" WHEN lu_{column} IS NULL THEN {unread} ELSE {tolerated} END"
        )
        if column not in self.followed:
            return unsure
        mapped = self._bit(kind.mapped, column)  # type: ignore[attr-defined]
        return f"({unsure} | CASE WHEN suite_{column} IS NOT NULL THEN {mapped} ELSE 0 END)"

    def _readable(self, columns: tuple[str, ...]) -> str:
        """SQL for: none of these columns is unreadable, nor empty where it is due."""
        return " AND ".join(
            f"(lu_{column} IS NOT NULL OR texte_{column} IS NULL)"
            if self.table.optional(column)
            else f"lu_{column} IS NOT NULL"
            for column in columns
        )

    def _aside(self, word: int) -> int:
        """The bits of the findings that set a row aside."""
        codes = {code for code, entry in catalogue().items() if entry.severity is Severity.A_CORRIGER}
        return sum(1 << place.bit for place in self.places if place.word == word and place.code in codes)

    def _texts(self) -> list[str]:
        """The cells of a marked row as written: those that could not be read, and those on which something is said."""
        if not self.with_texts:
            return []
        rules = [(f"regle_{n}", rule.columns[0]) for n, rule in enumerate(self.table.rules())]
        cells = []
        for column in self.kinds:
            old = [f"suite_{column} IS NOT NULL"] if column in self.followed else []
            broken = [mark for mark, named in rules if named == column]
            asked = " OR ".join([f"sur_{column} IS NULL", *old, *broken])
            cells.append(f"CASE WHEN {asked} THEN coalesce(brut_{column}, '') ELSE '' END")
        return [f"CASE WHEN en_doute THEN concat_ws({quoted(BETWEEN_TEXTS)}, {', '.join(cells)}) END AS bruts"]


def _staged(predicate: str) -> str:
    """The same predicate; what follows the first AND is only asked of the rows that fulfil what stands before it."""
    first, second = _first_conjunct(predicate)
    return f"CASE WHEN {first} THEN {second} END" if second else predicate


def _first_conjunct(predicate: str) -> tuple[str, str]:
    """What stands before and after the first AND outside brackets; nothing after where there is none, or an OR."""
    depth, at = 0, None
    for found in re.finditer(r"'[^']*'|[()]|\b(AND|OR|BETWEEN|CASE)\b", predicate):
        word = found[0]
        depth += {"(": 1, ")": -1}.get(word, 0)
        if depth == 0 and word in ("OR", "BETWEEN", "CASE") and at is None:
            return predicate, ""
        if depth == 0 and word == "OR":
            return predicate, ""
        if depth == 0 and word == "AND" and at is None:
            at = found
    return (predicate[: at.start()], predicate[at.end() :]) if at else (predicate, "")


def _is_bounded(kind: FieldType) -> bool:
    return within_sql(kind, "valeur") != "valeur"


def _place_of(rule: RowRule) -> tuple[str, str]:
    """(code, column) of a rule on rows: its finding stands on the first column that it reads."""
    return rule.finding.code, rule.columns[0]
