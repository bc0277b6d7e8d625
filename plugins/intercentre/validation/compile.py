"""The contract as SQL: from each class, the typed values of its rows and the places where they break the contract.

Three steps, each over what the one before left:

1. *reading*, over every record: each cell is read the quick way, made for the form of its column (forms.py). A cell
   that is not sure that way has no value yet, and its text is kept; a row that may break a rule is marked. The rows
   with anything kept are the rows in doubt.
2. *cells*, over the texts that were kept, a column at a time: read the long way, trimmed and in every form; what cannot
   be read, or was tolerated, is said here.
3. *rules*, over the marked rows and those with a cell that only the long way could read.

What is beyond doubt costs nothing in the last two. Source: docs/decisions/0001, 0050. The oracle is
schemas.oracle.judge; a property test keeps the two equal.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property

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
    written_sql,
)
from intercentre.validation.forms import PLAIN, Form, Forms
from intercentre.validation.header import BLANKS
from intercentre.validation.leaks import LONGEST_CODE, SHORTEST_SUSPECT, SUSPECT
from schemas.contract import Code, Coded, Extract, FieldType, RowRule

UNPLACED = "?"
"""Stands in a column that the file lacks: no type of field reads it, so the rules that need the column are silent."""

SOURCE = "source"
"""Relation of the records: ligne BIGINT, then the contract's columns as VARCHAR, NULL when empty."""

MISSING = "CTR-001"

NO_TEXT = "\x1f"
"""Stands for a text that is due and missing, among those that a row keeps."""

_MARK = "x"
_MARKED, _IS_MARKED = "textes[1] <> ''", f"bruts LIKE '{_MARK}%'"
"""What the texts that a row keeps begin with when it may break a rule; SQL that asks for it."""

_BETWEEN, _STRAY = "\x1e", "\x1a"
"""Between the texts that a row keeps; in place of such a sign in a text: no type of field reads one that holds it."""

_TEXTS = f"string_split(bruts, {quoted(_BETWEEN)})"


@dataclass(frozen=True)
class CompiledTable:
    """One table of the contract as SQL; parameters $date_etat and $dernier_jour_admis.

    `reading` is over the relation `source`. Its result is to be the relation `read`: ligne, the typed columns, `bruts`
    (NULL where the row is beyond doubt). `doubts` is over `read`, and its result is to be the relation `doubtful`.
    """

    table: type[Extract]
    forms: Mapping[str, Form]
    with_texts: bool

    @property
    def name(self) -> str:
        return self.table.contrat.name

    @property
    def read(self) -> str:
        """Name of the relation that holds the result of `reading`."""
        return f"{self.name}_lu"

    @property
    def doubtful(self) -> str:
        """Name of the relation that holds the result of `doubts`."""
        return f"{self.name}_doutes"

    @cached_property
    def kinds(self) -> dict[str, FieldType]:
        return {column: kind for column, (kind, _) in self.table.fields().items()}

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(self.kinds)

    @cached_property
    def due(self) -> tuple[str, ...]:
        """Columns that must be filled."""
        return tuple(column for column in self.kinds if not self.table.optional(column))

    @cached_property
    def reading(self) -> str:
        """SELECT of the first step, one row for each record."""
        followers = [f"{sql} AS suite_{column}" for column, sql in self._successors("sur") if sql]
        values = [f"{self._value(column, 'sur')} AS {column}" for column in self.kinds]
        broken = " OR ".join(f"({rule.sql})" for rule in self.table.rules()) or "false"
        steps = {
            "brut": f"SELECT ligne, {self._each(self._raw, 'brut')} FROM {SOURCE}",
            "vite": f"SELECT brut.*, {self._each(self._quick, 'vite')} FROM brut",
            "sur": f"SELECT vite.*, {self._each(self._sure, 'sur')} FROM vite",
            "suite": f"SELECT {', '.join(['sur.*', *followers])} FROM sur",
            "valeur": f"SELECT suite.*, {', '.join(values)} FROM suite",
            "regle": f"SELECT valeur.*, CASE WHEN {broken} THEN {quoted(_MARK)} END AS suspecte FROM valeur",
        }
        return f"{_with(steps)}\nSELECT ligne, {', '.join(self.kinds)}, {self._bruts()} AS bruts FROM regle"

    @property
    def doubts(self) -> str:
        """SELECT of the rows in doubt: ligne, `suspecte`, `brut_<column>` (what is kept), the columns of old codes."""
        return self._gathered(self._with_days(self._followed), "bruts IS NOT NULL")

    def _gathered(self, values: Iterable[str], where: str) -> str:
        texts = [f"{self._text_at('textes', column)} AS brut_{column}" for column in self.kinds]
        return (
            f"SELECT {', '.join(['ligne', _MARKED + ' AS suspecte', *values, *texts])} FROM"
            f" (SELECT *, {_TEXTS} AS textes FROM {self.read} WHERE {where})"
        )

    def kept_text(self, column: str) -> str:
        """SQL over `read`: the text that the row keeps of the column, NULL when none."""
        return f"CASE WHEN bruts IS NOT NULL THEN {self._text_at(_TEXTS, column)} END"

    def _text_at(self, texts: str, column: str) -> str:
        """SQL for the text of the column in a list of what a row keeps: its mark, then a text for each column."""
        return f"nullif({texts}[{self.columns.index(column) + 2}], '')"

    def cells(self, columns: Iterable[str]) -> str:
        """SELECT of the second step over `doubtful`, one row for each text that is kept of these columns.

        columns  place (rank of the column), ligne, brut, marque (bits of `codes`), est_nouvelle (the long way read what
                 the quick way had not), est_longue (longer than any code)
        """
        return " UNION ALL ".join(f"({self._cells_of(column)})" for column in columns)

    def _cells_of(self, column: str) -> str:
        steps = self._long_way(
            self._with_days([column]), self.doubtful, self._with_days(self._followed), f"brut_{column} IS NOT NULL"
        )
        new = f"{column} IS DISTINCT FROM final_{column}" if column in self._followed else f"final_{column} IS NOT NULL"
        return (
            f"{_with(steps)}\nSELECT {self.columns.index(column)} AS place, ligne,"
            f" CASE WHEN brut_{column} <> {quoted(NO_TEXT)} THEN brut_{column} ELSE '' END AS brut,"
            f" {self._cell_marks(column)} AS marque, {new} AS est_nouvelle,"
            f" {_is_longer(f'brut_{column}', self.kinds[column])} AS est_longue FROM final"
        )

    def codes(self, column: str) -> tuple[str, ...]:
        """What can be said of one cell: findings and tolerances (`TOL-…`); the code of bit n stands at n."""
        kind = self.kinds[column]
        codes = [MISSING] if column in self.due else []
        codes += [kind.unreadable, *(code for code, _ in kind.reasons)]
        codes += filter(None, [outside_code(kind), kind.mapped if isinstance(kind, Coded) else None])
        codes += ["TOL-006", *(code for code, _ in tolerances_sql(kind, ""))]
        return tuple(dict.fromkeys(codes))

    def shown(self, reread: Collection[str]) -> str:
        """SELECT over `read` of ligne and the final columns; `reread` are those of which the long way read a cell."""
        asked = self._with_days(reread)
        texts = [f"{self.kept_text(column)} AS brut_{column}" for column in asked]
        steps = {"garde": f"SELECT {', '.join(['*', *texts])} FROM {self.read}"}
        steps |= self._long_way(asked, "garde", self.columns)
        values = [f"final_{column} AS {column}" if column in reread else column for column in self.kinds]
        return f"{_with(steps)}\nSELECT ligne, {', '.join(values)} FROM final"

    def suspects(self, kept: Collection[str], reread: Collection[str]) -> str:
        """SELECT over `read` of the rows that the rules are asked of: ligne, the final columns that they read, the
        texts of those that they name, `illisible_<column>`.

        kept  columns of which any text was kept
        """
        used = self._with_days(column for rule in self.table.rules() for column in rule.columns)
        values = [
            f"final_{column} AS {column}, texte_{column} IS NOT NULL AND final_{column} IS NULL AS illisible_{column}"
            if column in kept
            else f"{column}, false AS illisible_{column}"
            for column in used
        ]
        texts = [f"{self._text_of(column)} AS brut_{column}" for column in sorted(self._told)]
        asked = "bruts IS NOT NULL" if reread else _IS_MARKED
        steps = {"garde": self._gathered(used, asked)}
        steps |= self._long_way(self._with_days(column for column in used if column in kept), "garde", used)
        return f"{_with(steps)}\nSELECT {', '.join(['ligne', *values, *texts])} FROM final"

    def is_broken(self, rule: RowRule) -> str:
        """SQL over the rows of `suspects`: the rule is broken, and each of its columns could be read."""
        readable = [
            f"{column} IS NOT NULL" if column in self.due else f"NOT illisible_{column}" for column in rule.columns
        ]
        return f"coalesce({rule.sql}, false) AND {' AND '.join(readable)}"

    def statements(self) -> Iterator[str]:
        """All that a verdict depends on."""
        yield self.reading
        yield self.cells(self.kinds)
        yield self.shown(self.kinds)
        yield from map(self.is_broken, self.table.rules())

    def _each(self, step: Callable[[str, FieldType], str], prefix: str) -> str:
        return ", ".join(f"{step(column, kind)} AS {prefix}_{column}" for column, kind in self.kinds.items())

    def _form(self, column: str) -> Form:
        return self.forms.get(column, PLAIN)

    def _raw(self, column: str, kind: FieldType) -> str:
        return f"nullif(trim({column}, {quoted(BLANKS)}), '')" if self._form(column).is_trimmed else column

    def _quick(self, column: str, kind: FieldType) -> str:
        return quick_sql(kind, f"brut_{column}", self._form(column))

    def _sure(self, column: str, kind: FieldType) -> str:
        return sure_sql(kind, f"vite_{column}", f"brut_{column}", self._form(column))

    def _successors(self, prefix: str) -> Iterator[tuple[str, str | None]]:
        """(column, SQL for what follows an old code), for the columns of codes, over values named with `prefix`."""
        for column, kind in self.kinds.items():
            if isinstance(kind, Coded):
                at = f"{day_sql(self.kinds[kind.at], f'{prefix}_{kind.at}')}, " if kind.at else ""
                yield column, successor_sql(kind, f"{prefix}_{column}", f"coalesce({at}CAST($date_etat AS DATE))")

    @cached_property
    def _followed(self) -> frozenset[str]:
        return frozenset(column for column, sql in self._successors("lu") if sql)

    @cached_property
    def _told(self) -> frozenset[str]:
        """Columns whose texts are to be told beside a broken rule."""
        return frozenset(rule.columns[0] for rule in self.table.rules() if self.with_texts)

    def _value(self, column: str, prefix: str) -> str:
        if column not in self._followed:
            return f"{prefix}_{column}"
        kind = self.kinds[column]
        follower = quick_sql(kind, f"suite_{column}", PLAIN) if isinstance(kind, Code) else f"suite_{column}"
        return f"CASE WHEN suite_{column} IS NOT NULL THEN {follower} ELSE {prefix}_{column} END"

    def _bruts(self) -> str:
        """SQL for what the row keeps, in the order of the columns, NULL where it is beyond doubt."""
        unsure = [
            f"sur_{column} IS NULL" if column in self.due else f"(sur_{column} IS NULL AND brut_{column} IS NOT NULL)"
            for column in self.kinds
        ]
        old = [f"suite_{column} IS NOT NULL" for column in sorted(self._followed)]
        texts = [f"CASE WHEN {self._is_kept(column)} THEN {self._kept(column)} END" for column in self.kinds]
        between = f", {quoted(_BETWEEN)}, "
        return (
            f"CASE WHEN {' OR '.join([*unsure, *old, 'suspecte IS NOT NULL'])}"
            f" THEN concat({between.join(['suspecte', *texts])}) END"
        )

    def _is_kept(self, column: str) -> str:
        """SQL for: the text of the cell is judged in the second step, or has to be told beside a broken rule."""
        kind, asked = self.kinds[column], [f"sur_{column} IS NULL"]
        if column in self._followed:
            asked.append(f"suite_{column} IS NOT NULL")
            if isinstance(kind, Coded) and kind.at:
                asked.append(f"(sur_{kind.at} IS NULL AND brut_{kind.at} IS NOT NULL)")
        if column in self._told and written_sql(kind, column, self._form(column)) is None:
            asked.append("suspecte IS NOT NULL")
        return " OR ".join(asked)

    def _kept(self, column: str) -> str:
        text = f"translate(brut_{column}, {quoted(_BETWEEN + NO_TEXT)}, {quoted(2 * _STRAY)})"
        return f"coalesce(nullif({text}, ''), {quoted(NO_TEXT)})" if column in self.due else text

    def _with_days(self, columns: Iterable[str]) -> list[str]:
        """The columns, and those that tell the day of their codes."""
        asked = set(columns)
        days = {kind.at for column, kind in self.kinds.items() if column in asked and isinstance(kind, Coded)}
        return [column for column in self.kinds if column in asked | days]

    def _long_way(
        self, columns: Collection[str], source: str, known: Collection[str], where: str = "true"
    ) -> dict[str, str]:
        """Steps over `source`, that add for each of the columns: texte_ trimmed · forme_ read · lu_ within its bounds ·
        suite_ the successor of an old code · final_ the value. `known` are the columns that the source has values of.
        """
        kinds = {column: self.kinds[column] for column in columns}
        texts = {c: f"CASE WHEN brut_{c} IS NOT NULL THEN {trimmed_sql(f'brut_{c}')} END" for c in kinds}
        forms = {c: f"CASE WHEN texte_{c} IS NOT NULL THEN {read_sql(k, f'texte_{c}')} END" for c, k in kinds.items()}
        read = {
            c: f"CASE WHEN brut_{c} IS NULL THEN {c if c in known else 'NULL'} ELSE {within_sql(k, f'forme_{c}')} END"
            for c, k in kinds.items()
        }
        followers = {
            column: f"CASE WHEN brut_{column} IS NOT NULL THEN {sql} END"
            for column, sql in self._successors("lu")
            if sql and column in kinds
        }
        return {
            "texte": f"{_added('texte', texts, source)} WHERE {where}",
            "forme": _added("forme", forms, "texte"),
            "lu": _added("lu", read, "forme"),
            "suite": _added("suite", followers, "lu"),
            "final": _added("final", {column: self._value(column, "lu") for column in kinds}, "suite"),
        }

    def _cell_marks(self, column: str) -> str:
        """SQL for the bits of one cell that kept its text: why it could not be read, or what was tolerated."""
        kind, text = self.kinds[column], f"texte_{column}"
        bits = {code: str(1 << at) for at, code in enumerate(self.codes(column))}
        blank = " | ".join([bits["TOL-006"], *([bits[MISSING]] if column in self.due else [])])
        outside = outside_code(kind)
        unread = reason_sql(kind, text, bits)
        if outside:
            unread = f"CASE WHEN forme_{column} IS NOT NULL THEN {bits[outside]} ELSE {unread} END"
        used = [("TOL-006", f"brut_{column} <> {text}"), *tolerances_sql(kind, text)]
        if isinstance(kind, Coded) and column in self._followed:
            used.append((kind.mapped, f"suite_{column} IS NOT NULL"))
        tolerated = " | ".join(f"CASE WHEN {sql} THEN {bits[code]} ELSE 0 END" for code, sql in used)
        none = f" WHEN {text} = {quoted(NO_TEXT)} THEN {bits[MISSING]}" if column in self.due else ""
        return (
            f"CAST(CASE WHEN {text} IS NULL THEN {blank}{none} WHEN lu_{column} IS NULL THEN {unread}"
            f" ELSE {tolerated} END AS BIGINT)"
        )

    def _text_of(self, column: str) -> str:
        written = written_sql(self.kinds[column], column, self._form(column))
        return f"coalesce(brut_{column}, {written})" if written else f"brut_{column}"


@cache
def compile_table(table: type[Extract], forms: Forms = (), *, with_texts: bool = False) -> CompiledTable:
    """The SQL of a contract class, for a file written in these forms.

    with_texts  the text of every cell of which a finding tells can be had, those that only break a rule included
    """
    return CompiledTable(table, dict(forms), with_texts)


def text_kept_of(text: str) -> str:
    """What a row keeps of a text that could not be read, of a column that is due."""
    return text.translate(str.maketrans(_BETWEEN + NO_TEXT, 2 * _STRAY)) or NO_TEXT


def _with(steps: Mapping[str, str]) -> str:
    return "WITH " + ",\n".join(f"{name} AS ({sql})" for name, sql in steps.items())


def _added(prefix: str, expressions: Mapping[str, str], source: str) -> str:
    columns = ["*", *(f"{sql} AS {prefix}_{column}" for column, sql in expressions.items())]
    return f"SELECT {', '.join(columns)} FROM {source}"


def looks_personal_sql(text: str) -> str:
    """SQL for: leaks.py should look at this text."""
    return f"CASE WHEN strlen({text}) >= {SHORTEST_SUSPECT} THEN regexp_matches({text}, {quoted(SUSPECT)}) END"


def _is_longer(text: str, kind: FieldType) -> str:
    """SQL for: the text is longer than any that the field may hold."""
    longest = max(LONGEST_CODE, getattr(kind, "length", 0))
    return f"CASE WHEN strlen({text}) > {LONGEST_CODE} THEN length({trimmed_sql(text)}) > {longest} END"


def suspects_sql(column: str) -> str:
    """SELECT of the distinct texts of a column that leaks.py should look at, and how often each stands there."""
    return (
        f"SELECT {trimmed_sql(column)} AS texte, count(*) FROM {SOURCE}"
        f" WHERE regexp_matches(texte, {quoted(SUSPECT)}) GROUP BY texte"
    )


def filled_sql(column: str) -> str:
    """SELECT of the number of cells of a column that are not empty."""
    return f"SELECT count({trimmed_sql(column)}) FROM {SOURCE}"


def trimmed_sql(text: str) -> str:
    """SQL for the trimmed text, NULL when empty."""
    return f"nullif(CASE WHEN {edged_sql(text)} THEN trim({text}, {quoted(BLANKS)}) ELSE {text} END, '')"
