"""What the first reading of a table left in doubt, as SQL: the second and the third step (compile.py).

Relations, in the order in which they are made (judging.py):
- `morceaux`: what the rows keep, one row for each text (`pieces`)
- `textes`: each text of a column read the long way once, however many cells hold it (`texts`)
- `cellules`: each of the cells of `morceaux` with what was found of its text (`CELLS`)
- `<table>_relu`: rows with a value that only the long way read (`new_values`)
- `fautives`: the combinations of values that break one of many rules that read the same (combinations.py)

The rules are then asked of the rows of `asked`; one is silent where a column of its could not be read (`silences`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from intercentre.validation.compile import (
    BETWEEN,
    FIRST_PLACE,
    MARK,
    MISSING,
    UNDATED,
    UNREAD,
    CompiledTable,
    or_follower,
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
from intercentre.validation.forms import PLAIN
from intercentre.validation.leaks import LONGEST_CODE
from schemas.contract import Code, Coded, FieldType

MARK_PLACE = ord(MARK) - FIRST_PLACE
"""The place of a piece that only says that its row may break a rule."""

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
        yield self.asked((), self.first.kinds)
        yield self.broken
        for group in self.first.arranged.together:
            yield group.distinct("")
            yield group.breaking

    @property
    def pieces(self) -> str:
        """SELECT of what the rows keep, one row for each text, and for each row that may break a rule.

        columns  ligne, place (of the column; MARK_PLACE), signe (why it is kept), brut, jour (that the code is of)
        """
        days = " ".join(
            f"WHEN {self.first.place(column)} THEN {day_sql(self.first.kinds[at], at)}"
            for column, at in self.first.dated.items()
        )
        return (
            f"SELECT ligne, ord(morceau) - {FIRST_PLACE} AS place, morceau[2] AS signe, substr(morceau, 3) AS brut,"
            f" CAST({f'CASE place {days} END' if days else 'NULL'} AS DATE) AS jour FROM"
            f" (SELECT *, unnest(string_split(bruts, {quoted(BETWEEN)})) AS morceau FROM {self.first.read}"
            " WHERE bruts IS NOT NULL)"
        )

    def texts(self, columns: Iterable[str]) -> str:
        """SELECT of the second step over `morceaux`, one row for each text of these columns, and day of a code.

        columns  place, brut, jour, nombre (of cells), marque (bits of `codes`), valeur (as text), est_nouvelle (the
                 quick way had not read it, or not as of that day), est_illisible, est_longue (longer than any code)
        """
        return " UNION ALL ".join(f"({self._texts_of(column)})" for column in columns)

    def _texts_of(self, column: str) -> str:
        kind = self.first.kinds[column]
        followed = self.first.successor(column, "lu", "coalesce(jour, CAST($date_etat AS DATE))")
        suite = f"CASE WHEN lu IS NOT NULL THEN {followed} END" if followed else "NULL"
        steps = {
            "un": f"SELECT brut, jour, count(*) AS nombre, count_if({_TO_READ}) AS a_lire FROM morceaux"
            f" WHERE place = {self.first.place(column)} GROUP BY brut, jour",
            "texte": f"SELECT *, {trimmed_sql('brut')} AS texte FROM un",
            "forme": f"SELECT *, CASE WHEN texte IS NOT NULL THEN {read_sql(kind, 'texte')} END AS forme FROM texte",
            "lu": f"SELECT *, {within_sql(kind, 'forme')} AS lu FROM forme",
            "suite": f"SELECT *, {suite} AS suite FROM lu",
            "final": f"SELECT *, {or_follower(kind, 'suite', 'lu', PLAIN) if followed else 'lu'} AS final FROM suite",
        }
        return (
            f"{with_steps(steps)}\nSELECT {self.first.place(column)} AS place, brut, jour, nombre,"
            f" {self._marks(column)} AS marque, CAST(final AS VARCHAR) AS valeur,"
            " final IS NOT NULL AND a_lire > 0 AS est_nouvelle, texte IS NOT NULL AND final IS NULL AS est_illisible,"
            f" {_is_longer('brut', kind)} AS est_longue FROM final"
        )

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

    def rows(self, kept: Collection[str], reread: Collection[str], asked: str) -> str:
        """SELECT of rows as the rules see them: ligne, the final columns that the rules read, `brut_<column>` of those
        that they name.

        kept    columns of which any text was kept
        reread  those of which the long way read a cell
        asked   SQL over `read` AS lu, beside the values of the long way AS relu, for the rows that are wanted
        """
        used = [column for column in self.first.kinds if any(column in rule.columns for rule in self.first.rules)]
        late = self._late(reread)
        values = [
            self._replaced(f"lu.{column}", f"relu.{column}", column) if column in late else f"lu.{column}"
            for column in used
        ]
        named = [f"{value} AS {column}" for column, value in zip(used, values, strict=True)]
        beside = f" LEFT JOIN {self.first.reread} AS relu USING (ligne)" if late else ""
        final = f"SELECT {', '.join(['ligne', 'bruts', *named])} FROM {self.first.read} AS lu{beside} WHERE {asked}"
        texts = [f"{self._told_text(column, kept)} AS brut_{column}" for column in self.first.told]
        return f"SELECT {', '.join(['ligne', *used, *texts])} FROM ({final})"

    def asked(self, kept: Collection[str], reread: Collection[str]) -> str:
        """SELECT, as `rows`, of those that are marked, and of those with a value that came late."""
        marked = f"bruts LIKE '{MARK}%'"
        came = [f"relu.{column} IS NOT NULL" for column in self._late(reread)]
        asked = f"bruts IS NOT NULL AND ({' OR '.join([marked, *came])})" if came else marked
        return self.rows(kept, reread, asked)

    def _late(self, reread: Collection[str]) -> list[str]:
        """Columns that the rules read, and of which the long way read a cell."""
        return [column for column in reread if any(column in rule.columns for rule in self.first.rules)]

    @property
    def broken(self) -> str:
        """SQL over the rows of `asked`: list of the places, in `first.rules`, of the rules that the row breaks, but for
        their silence. Of those that are asked of each row.
        """
        asked: dict[tuple[str, ...], list[str]] = {}
        for place in self.first.arranged.each_row:
            rule = self.first.rules[place]
            asked.setdefault(rule.columns, []).append(f"CASE WHEN {rule.sql} THEN {place} END")
        lists = (
            f"CASE WHEN {self.are_there(columns)} THEN [{', '.join(rules)}] END" for columns, rules in asked.items()
        )
        return f"list_filter(flatten([{', '.join(lists)}]), lambda place: place IS NOT NULL)"

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
            unread = f"CASE WHEN forme IS NOT NULL THEN {bits[outside]} ELSE {unread} END"
        used = [("TOL-006", "brut <> texte"), *tolerances_sql(kind, "texte")]
        if isinstance(kind, Coded) and column in self.first.followed:
            used.append((kind.mapped, "suite IS NOT NULL"))
        tolerated = " | ".join(f"CASE WHEN {sql} THEN {bits[code]} ELSE 0 END" for code, sql in used)
        blank = f"CASE WHEN brut <> '' THEN {bits['TOL-006']} ELSE 0 END"
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

    def _told_text(self, column: str, kept: Collection[str]) -> str:
        texts = [self.first.kept_text(column)] if column in kept else []
        if written := written_sql(self.first.kinds[column], column, self.first.form(column)):
            texts.append(written)
        return f"coalesce({', '.join(texts)})" if texts else "NULL"


def _is_longer(text: str, kind: FieldType) -> str:
    """SQL for: the text is longer than any that the field may hold."""
    longest = max(LONGEST_CODE, getattr(kind, "length", 0))
    return f"CASE WHEN strlen({text}) > {LONGEST_CODE} THEN length({trimmed_sql(text)}) > {longest} END"
