"""The contract as SQL: from each class, the typed values of a row and the places where the row breaks the contract.

Source: docs/decisions/0001. The oracle is schemas.oracle.judge; a property test keeps the two equal.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from intercentre.validation.expressions import quoted, read_sql, reason_sql, successor_sql, tolerances_sql, within_sql
from intercentre.validation.header import BLANKS
from intercentre.validation.leaks import LONGEST_CODE, SHORTEST_SUSPECT, SUSPECT
from schemas.contract import Code, Extract

UNPLACED = "?"
"""Stands in a column that the file lacks: no type of field reads it, so the rules that need the column are silent."""

SOURCE = "source"
"""Relation that the compiled statements read: ligne BIGINT, then the contract's columns as VARCHAR."""


@dataclass(frozen=True)
class CompiledTable:
    """One table of the contract as SQL, over the relation `source`; parameters $date_etat and $dernier_jour_admis.

    judge    SELECT of ligne, the typed columns and `constats`: positions in `places`, NULL where there is none
    places   (code, column) of every finding that one row alone can give
    profile  SELECT of one row, an aggregate for each of `profiled`
    profiled (what, column): `suspectes` cells that leaks.py should look at, `longues` cells of free text,
             `TOL-...` true where the tolerance was used
    """

    name: str
    columns: tuple[str, ...]
    judge: str
    places: tuple[tuple[str, str], ...]
    profile: str
    profiled: tuple[tuple[str, str], ...]


@cache
def compile_table(table: type[Extract]) -> CompiledTable:
    """The SQL of a contract class."""
    flags = [*_cell_flags(table), *_rule_flags(table)]
    places = list(dict.fromkeys([*((code, column) for code, column, _ in flags), *_reasons(table)]))
    flagged = ", ".join(f"{flag} AS marque_{place}" for place, (_, _, flag) in enumerate(flags))
    any_mark = " OR ".join(f"marque_{place}" for place in range(len(flags)))
    marks = ", ".join(
        f"CASE WHEN marque_{mark} THEN {_place(table, code, column, places)} END"
        for mark, (code, column, _) in enumerate(flags)
    )
    aggregates = list(_aggregates(table))
    return CompiledTable(
        name=table.contrat.name,
        columns=tuple(table.fields()),
        judge=(
            f"WITH {_text_cte(table)},\n{_read_cte(table)},\n{_coded_cte(table)},\n"
            f"marque AS (SELECT code.*, {flagged} FROM code)\n"
            f"SELECT ligne, {', '.join(table.fields())},\n"
            f"CASE WHEN {any_mark} THEN list_filter([{marks}], lambda place: place IS NOT NULL) END AS constats\n"
            "FROM marque"
        ),
        places=tuple(places),
        profile=f"WITH {_text_cte(table)}\nSELECT {', '.join(sql for _, _, sql in aggregates)}\nFROM texte",
        profiled=tuple((what, column) for what, column, _ in aggregates),
    )


def suspects_sql(column: str) -> str:
    """SELECT of the distinct texts of a column that leaks.py should look at, and how often each stands there."""
    return (
        f"SELECT {trimmed_sql(column)} AS texte, count(*) FROM {SOURCE}"
        f" WHERE regexp_matches(texte, {quoted(SUSPECT)}) GROUP BY texte"
    )


def filled_sql(column: str) -> str:
    """SELECT of the number of cells of a column that are not empty."""
    return f"SELECT count({trimmed_sql(column)}) FROM {SOURCE}"


def trimmed_sql(column: str) -> str:
    """SQL for the trimmed text, NULL when empty; trim is slow, and few texts start or end with anything to trim."""
    edge = f"regexp_matches({column}, '^[^!-~]|[^!-~]$')"
    return f"nullif(CASE WHEN {edge} THEN trim({column}, {quoted(BLANKS)}) ELSE {column} END, '')"


def _text_cte(table: type[Extract]) -> str:
    """Each column as it stands (brut_), and trimmed or NULL (texte_)."""
    raw = [f"{column} AS brut_{column}" for column in table.fields()]
    trimmed = [f"{trimmed_sql(column)} AS texte_{column}" for column in table.fields()]
    return f"texte AS (SELECT ligne, {', '.join(raw + trimmed)} FROM {SOURCE})"


def _read_cte(table: type[Extract]) -> str:
    """Each text as the value of its form (forme_), then within the bounds of its field (lu_)."""
    parsed, read = [], []
    for column, (kind, _) in table.fields().items():
        parsed.append(f"{read_sql(kind, f'texte_{column}')} AS forme_{column}")
        read.append(f"{within_sql(kind, f'forme_{column}')} AS lu_{column}")
    return (
        f"forme AS (SELECT texte.*, {', '.join(parsed)} FROM texte),\n"
        f"lu AS (SELECT forme.*, {', '.join(read)} FROM forme)"
    )


def _coded_cte(table: type[Extract]) -> str:
    """Each column under its own name, old codes brought to their successors (suite_: the successor, if any)."""
    followed = {}
    for column, (kind, _) in table.fields().items():
        if isinstance(kind, Code):
            day = f"coalesce(lu_{kind.at}, CAST($date_etat AS DATE))" if kind.at else "CAST($date_etat AS DATE)"
            followed[column] = successor_sql(kind, f"lu_{column}", day)
    follow = [f"{sql} AS suite_{column}" for column, sql in followed.items() if sql]
    values = [
        f"coalesce(suite_{column}, lu_{column}) AS {column}" if followed.get(column) else f"lu_{column} AS {column}"
        for column in table.fields()
    ]
    return (
        f"suite AS (SELECT {', '.join(['lu.*', *follow])} FROM lu),\n"
        f"code AS (SELECT suite.*, {', '.join(values)} FROM suite)"
    )


def _cell_flags(table: type[Extract]) -> Iterator[tuple[str, str, str]]:
    """(code, column, predicate) of the findings that a cell can give."""
    for column, (kind, _) in table.fields().items():
        if not table.optional(column):
            yield "CTR-001", column, f"texte_{column} IS NULL"
        yield kind.unreadable, column, f"texte_{column} IS NOT NULL AND lu_{column} IS NULL"
        if isinstance(kind, Code) and successor_sql(kind, column, column):
            yield kind.mapped, column, f"suite_{column} IS NOT NULL"


def _reasons(table: type[Extract]) -> Iterator[tuple[str, str]]:
    """(code, column) of what an unreadable cell can turn out to be."""
    for column, (kind, _) in table.fields().items():
        for code, _ in kind.reasons:
            yield code, column


def _place(table: type[Extract], code: str, column: str, places: list[tuple[str, str]]) -> str:
    """SQL for the position in `places` of a finding; which one an unreadable cell gives is asked only where it is."""
    kind, _ = table.fields()[column]
    if code != kind.unreadable:
        return str(places.index((code, column)))
    positions = {reason: str(places.index((reason, column))) for reason, _ in kind.reasons}
    return reason_sql(kind, f"texte_{column}", positions)


def _rule_flags(table: type[Extract]) -> Iterator[tuple[str, str, str]]:
    """(code, column, predicate) of the row rules; silent where a column that they read is unreadable."""
    for rule in table.rules():
        readable = [
            f"(lu_{column} IS NOT NULL OR texte_{column} IS NULL)"
            if table.optional(column)
            else f"lu_{column} IS NOT NULL"
            for column in rule.columns
        ]
        yield rule.finding.code, rule.columns[0], f"{' AND '.join(readable)} AND coalesce({rule.sql}, false)"


def _aggregates(table: type[Extract]) -> Iterator[tuple[str, str, str]]:
    """(what, column, aggregate) of the profile of a table."""
    for column, (kind, _) in table.fields().items():
        text = f"texte_{column}"
        longest = max(LONGEST_CODE, getattr(kind, "length", 0))
        looked_at = f"CASE WHEN strlen({text}) >= {SHORTEST_SUSPECT} THEN regexp_matches({text}, {quoted(SUSPECT)}) END"
        yield "suspectes", column, f"count(*) FILTER (WHERE {looked_at})"
        yield (
            "longues",
            column,
            f"count(*) FILTER (WHERE strlen({text}) > {LONGEST_CODE} AND length({text}) > {longest})",
        )
        yield "TOL-006", column, f"coalesce(bool_or(brut_{column} <> coalesce({text}, '')), false)"
        for code, used in tolerances_sql(kind, text):
            yield code, column, f"coalesce(bool_or({used}), false)"
