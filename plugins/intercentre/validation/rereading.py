"""What the first reading of a table left in doubt, as SQL: the second and the third step (compile.py).

Relations, in the order in which they are made (judging.py):
- `morceaux`: what the rows keep, one row for each text (`pieces`)
- `textes`: each text of a column read the long way once, however many cells hold it (`texts`)
- `cellules`: each of the cells of `morceaux` with what was found of its text (`CELLS`)
- `<table>_relu`: rows with a value that only the long way read (`new_values`)
- `fautives`: the combinations of values that break one of many rules that read the same (combinations.py)
- `<table>_enfreint`: the rules that a row of `asked` breaks, or that holds such a combination (`broken`)

A rule is silent where a column of its could not be read (`silences`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

from intercentre.validation.compile import (
    BETWEEN,
    FIRST_PLACE,
    MARK,
    MISSING,
    UNDATED,
    UNREAD,
    CompiledTable,
    trimmed_sql,
    with_steps,
)
from intercentre.validation.expressions import (
    day_sql,
    outside_code,
    quoted,
    read_sql,
    reason_sql,
    sql_type,
    tolerances_sql,
    within_sql,
    written_sql,
)
from intercentre.validation.header import BLANKS
from intercentre.validation.leaks import LONGEST_CODE
from schemas.contract import Code, Coded

TEXTS = (
    "place INTEGER, brut VARCHAR, jour DATE, nombre BIGINT, marque BIGINT, valeur VARCHAR, est_nouvelle BOOLEAN,"
    " est_illisible BOOLEAN, est_longue BOOLEAN"
)
"""Columns of `textes` (`Rereading.texts`)."""

_TO_READ = f"(signe = {quoted(UNREAD)} OR signe = {quoted(UNDATED)} AND jour IS NOT NULL)"


CELLS = (
    "SELECT morceau.*, marque, valeur,"
    f" est_nouvelle AND {_TO_READ.replace('jour', 'morceau.jour')} AS est_nouvelle, est_illisible"
    " FROM morceaux AS morceau JOIN textes ON textes.place = morceau.place AND textes.brut = morceau.brut"
    " AND textes.jour IS NOT DISTINCT FROM morceau.jour"
)
"""SELECT of the cells of which a text was kept, with what was found of the text."""


@dataclass(frozen=True)
class Rereading:
    """The statements over what `first.reading` kept; parameter $date_etat."""

    first: CompiledTable

    def statements(self) -> Iterator[str]:
        """All that a verdict depends on, beside the reading."""
        yield self.pieces
        yield self.texts(self.first.kinds)
        yield self.shown(self.first.kinds)
        yield self.broken(self.first.kinds)
        for group in self.first.arranged.together:
            yield group.distinct("")
            yield group.breaking

    @property
    def pieces(self) -> str:
        """SELECT of what the rows keep, one row for each text.

        columns  ligne, place (of the column), signe (why it is kept), brut, jour (that the code is of)
        """
        days = " ".join(
            f"WHEN {self.first.place(column)} THEN {day_sql(self.first.kinds[at], at)}"
            for column, at in self.first.dated.items()
        )
        return (
            f"SELECT ligne, ord(morceau) - {FIRST_PLACE} AS place, morceau[2] AS signe, substr(morceau, 3) AS brut,"
            f" CAST({f'CASE place {days} END' if days else 'NULL'} AS DATE) AS jour FROM"
            f" (SELECT *, unnest(string_split(bruts, {quoted(BETWEEN)})) AS morceau FROM {self.first.read}"
            f" WHERE bruts IS NOT NULL) WHERE morceau <> {quoted(MARK)}"
        )

    def texts(self, columns: Collection[str]) -> str:
        """SELECT of the second step over `morceaux`, one row for each text of these columns, and day of a code.

        columns  place, brut, jour, nombre (of cells), marque (bits of `codes`), valeur (as text), est_nouvelle (the
                 quick way had not read it, or not as of that day), est_illisible, est_longue (longer than any code)
        """

        def of_each(sql: Callable[[str], str]) -> str:
            """A column for all: the engine plans one statement for each column of the table in twenty times as long."""
            cases = " ".join(f"WHEN {self.first.place(column)} THEN {sql(column)}" for column in columns)
            return f"CASE place {cases} END"

        places = ", ".join(str(self.first.place(column)) for column in columns)
        steps = {
            "un": f"SELECT place, brut, jour, count(*) AS nombre, count_if({_TO_READ}) AS a_lire FROM morceaux"
            f" WHERE place IN ({places}) GROUP BY place, brut, jour",
            "texte": f"SELECT *, {trimmed_sql('brut')} AS texte FROM un",
            "lu": f"SELECT *, CASE WHEN texte IS NOT NULL THEN {of_each(self._read)} END AS lu FROM texte",
            "suite": f"SELECT *, CASE WHEN lu IS NOT NULL THEN {of_each(self._followed)} END AS suite FROM lu",
            "final": "SELECT *, coalesce(suite, lu) AS final FROM suite",
        }
        return (
            f"{with_steps(steps)}\nSELECT place, brut, jour, nombre, {of_each(self._marks)} AS marque, final AS valeur,"
            " final IS NOT NULL AND a_lire > 0 AS est_nouvelle, texte IS NOT NULL AND final IS NULL AS est_illisible,"
            f" {of_each(self._is_longer)} AS est_longue FROM final"
        )

    def _read(self, column: str) -> str:
        """SQL for the value of the column in `texte`, as text."""
        kind = self.first.kinds[column]
        return f"CAST({within_sql(kind, read_sql(kind, 'texte'))} AS VARCHAR)"

    def _followed(self, column: str) -> str:
        """SQL for what follows the code in `lu` on its day."""
        return self.first.successor(column, "lu", "coalesce(jour, CAST($date_etat AS DATE))") or "NULL"

    def _is_longer(self, column: str) -> str:
        """SQL for: the text is longer than any that the field may hold."""
        longest = max(LONGEST_CODE, getattr(self.first.kinds[column], "length", 0))
        return f"CASE WHEN strlen(brut) > {LONGEST_CODE} THEN length({trimmed_sql('brut')}) > {longest} END"

    def dating(self, column: str) -> str:
        """UPDATE of the day of the codes of a column of `dated`, where only the long way could read the day."""
        at = self.first.dated[column]
        kind, place = self.first.kinds[at], self.first.place(at)
        day = day_sql(kind, f"CAST(valeur AS {sql_type(kind)})")
        days = f"SELECT ligne AS datee, {day} AS lu FROM cellules WHERE place = {place} AND valeur IS NOT NULL"
        return f"UPDATE morceaux SET jour = lu FROM ({days}) WHERE ligne = datee AND place = {self.first.place(column)}"

    def new_values(self, columns: Iterable[str]) -> str:
        """SELECT over `cellules` of the rows with a value that only the long way read, in these columns.

        columns  ligne, and the columns as text, NULL where the first step had read the cell
        """
        asked = [column for column in self.first.kinds if column in set(columns)]
        places = ", ".join(str(self.first.place(column)) for column in asked)
        values = [f"{self._pivoted('valeur', column)} AS {column}" for column in asked]
        return (
            f"SELECT {', '.join(['ligne', *values])} FROM cellules WHERE est_nouvelle AND place IN ({places})"
            " GROUP BY ligne"
        )

    def shown(self, reread: Collection[str]) -> str:
        """SELECT over `read` of ligne and the final columns; `reread` are those of which the long way read a cell."""
        if not reread:
            return f"SELECT ligne, {', '.join(self.first.kinds)} FROM {self.first.read}"
        values = [
            f"{self._replaced(f'lu.{column}', f'relu.{column}', column)} AS {column}"
            if column in reread
            else f"lu.{column}"
            for column in self.first.kinds
        ]
        rows = f"{self.first.read} AS lu LEFT JOIN {self.first.reread} AS relu USING (ligne)"
        return f"SELECT lu.ligne, {', '.join(values)} FROM {rows}"

    def rows(self, reread: Collection[str], asked: str) -> str:
        """SELECT of rows as the rules see them: ligne, and the final columns that the rules read.

        reread  columns of which the long way read a cell
        asked   SQL over `read` AS lu, beside the values of the long way AS relu, for the rows that are wanted
        """
        used = [column for column in self.first.kinds if any(column in rule.columns for rule in self.first.rules)]
        late = self.late(reread)
        values = [
            self._replaced(f"lu.{column}", f"relu.{column}", column) if column in late else f"lu.{column}"
            for column in used
        ]
        named = [f"{value} AS {column}" for column, value in zip(used, values, strict=True)]
        beside = f" LEFT JOIN {self.first.reread} AS relu USING (ligne)" if late else ""
        return f"SELECT {', '.join(['ligne', *named])} FROM {self.first.read} AS lu{beside} WHERE {asked}"

    def asked(self, reread: Collection[str]) -> str:
        """SELECT, as `rows`, of those that are marked, and of those with a value that came late."""
        marked = f"bruts LIKE '{MARK}%'"
        came = [f"relu.{column} IS NOT NULL" for column in self.late(reread)]
        asked = f"bruts IS NOT NULL AND ({' OR '.join([marked, *came])})" if came else marked
        return self.rows(reread, asked)

    def late(self, reread: Collection[str]) -> list[str]:
        """Columns that the rules read, and of which the long way read a cell."""
        return [column for column in reread if any(column in rule.columns for rule in self.first.rules)]

    def broken(self, reread: Collection[str]) -> str:
        """SELECT of the rules asked of each row that one of `asked` breaks: columns of `rows`, regle (place among the
        rules of the table).
        """
        asked: dict[tuple[str, ...], list[str]] = {}
        for place in self.first.arranged.each_row:
            rule = self.first.rules[place]
            asked.setdefault(rule.columns, []).append(f"CASE WHEN {rule.sql} THEN {place} END")
        lists = (
            f"CASE WHEN {self.are_there(columns)} THEN [{', '.join(rules)}] END" for columns, rules in asked.items()
        )
        places = f"list_filter(flatten([{', '.join(lists)}]), lambda place: place IS NOT NULL)"
        return f"SELECT *, unnest({places}) AS regle FROM ({self.asked(reread)})"

    def written(self, broken: str) -> str:
        """SELECT of ligne, regle, and the text of the cell that the rule is placed on: ecrit, as far as its value tells
        it, of the rules that rows break (`broken`).
        """
        first = {place: rule.columns[0] for place, rule in enumerate(self.first.rules)}
        texts = {
            column: text
            for column in self.first.told
            if (text := written_sql(self.first.kinds[column], column, self.first.form(column)))
        }
        cases = " ".join(f"WHEN {place} THEN {texts[column]}" for place, column in first.items() if column in texts)
        text = f"CASE regle {cases} END" if cases else "NULL"
        return f"SELECT ligne, regle, CAST({text} AS VARCHAR) AS ecrit FROM ({broken})"

    def silences(self, kept: Collection[str]) -> str | None:
        """SELECT over `cellules` of the rules that are silent on a row, since a column that may be empty could not be
        read: ligne, regle (place in `first.rules`). None where no such cell was kept.
        """
        silent = [
            f"({self.first.place(column)}, {place})"
            for place, rule in enumerate(self.first.rules)
            for column in rule.columns
            if column in kept and column not in self.first.due
        ]
        if not silent:
            return None
        rules = f"(VALUES {', '.join(silent)}) AS muette (place, regle)"
        return f"SELECT ligne, regle FROM cellules JOIN {rules} USING (place) WHERE est_illisible"

    def are_there(self, columns: Iterable[str]) -> str:
        """SQL for: no column that must be filled is without a value."""
        return " AND ".join([*(f"{column} IS NOT NULL" for column in columns if column in self.first.due), "true"])

    def _marks(self, column: str) -> str:
        """SQL for the bits of one text: why it could not be read, or what was tolerated."""
        kind = self.first.kinds[column]
        bits = {code: str(1 << at) for at, code in enumerate(self.first.codes(column))}
        outside = outside_code(kind)
        unread = reason_sql(kind, "texte", bits)
        if outside:
            unread = f"CASE WHEN {read_sql(kind, 'texte')} IS NOT NULL THEN {bits[outside]} ELSE {unread} END"
        used = [("TOL-006", "brut <> texte"), *tolerances_sql(kind, "texte")]
        if isinstance(kind, Coded) and column in self.first.followed:
            used.append((kind.mapped, "suite IS NOT NULL"))
        tolerated = " | ".join(f"CASE WHEN {sql} THEN {bits[code]} ELSE 0 END" for code, sql in used)
        said = f"trim(brut, {quoted(BLANKS)}) <> ''"
        blank = f"CASE WHEN {said} THEN {bits['TOL-016']} WHEN brut <> '' THEN {bits['TOL-006']} ELSE 0 END"
        if column in self.first.due:
            blank = f"{bits[MISSING]} | {blank}"
        marks = f"CASE WHEN texte IS NULL THEN {blank} WHEN lu IS NULL THEN {unread} ELSE {tolerated} END"
        return f"CAST({marks} AS BIGINT)"

    def _pivoted(self, what: str, column: str) -> str:
        """SQL for what the cells of one row tell of its cell in the column."""
        return f"max({what}) FILTER (WHERE place = {self.first.place(column)})"

    def _replaced(self, value: str, text: str, column: str) -> str:
        """SQL for the value that the long way read, given as text; without one, the value of the first step."""
        kind = self.first.kinds[column]
        if isinstance(kind, Code):
            return f"coalesce({text}, CAST({value} AS VARCHAR))"
        return f"coalesce(CAST({text} AS {sql_type(kind)}), {value})"
