"""What the columns of a loaded table disclose: numbers and contacts (V10, V11), free text (V12), births (V13).

Decided from counts; a column is only looked at again where the profile of the table or the unread cells ask for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from intercentre.validation.compile import SOURCE, filled_sql, trimmed_sql
from intercentre.validation.expressions import quoted, read_sql
from intercentre.validation.leaks import (
    BIRTH,
    EARLIEST_EVENT,
    FULL_DATE,
    MIN_HITS,
    MIN_TEXTS,
    are_birth_dates,
    count_leaks,
    is_free_text,
)
from intercentre.validation.workspace import Workspace, suspects
from schemas.contract import Code, Day, Extract, FieldType, Identifier, Whole


def column_leaks(
    workspace: Workspace, table: type[Extract], profile: Mapping[tuple[str, str], int]
) -> Iterator[tuple[str, str, int]]:
    """(code, column, cells) of the table loaded last, each code once a column; `profile` is what loading it told."""
    unread = _unread(workspace, table)
    same_year = _days_in_the_year_of_birth(workspace, table)
    for column, (kind, _) in table.fields().items():
        if profile.get(("suspectes", column)):
            national, contacts = count_leaks(*suspects(workspace, column))
            yield from ((code, column, count) for code, count in (("V10", national), ("V11", contacts)) if count)
        texts = profile.get(("longues", column)) or _free_texts(workspace, column, kind, unread.get(column, 0))
        if texts:
            yield "V12", column, texts
        births = same_year.get(column, 0) or _births(workspace, column, kind, unread.get(column, 0))
        if births:
            yield "V13", column, births


def _births(workspace: Workspace, column: str, kind: FieldType, unread: int) -> int:
    """Cells of a column that are full dates of birth, as far as its unread cells tell."""
    if unread and isinstance(kind, Whole) and BIRTH in column:
        return _matching(workspace, column, FULL_DATE)
    if unread >= MIN_HITS and isinstance(kind, Day):
        old = _old_days(workspace, column, kind)
        return old if are_birth_dates(old, _filled(workspace, column)) else 0
    return 0


def _unread(workspace: Workspace, table: type[Extract]) -> dict[str, int]:
    """Column → cells that could not be read."""
    codes = {code for kind, _ in table.fields().values() for code, _ in kind.reasons}
    listed = ", ".join(map(quoted, sorted(codes)))
    return dict(
        workspace.run(
            f"SELECT colonne, count(*) FROM constats WHERE table_nom = {quoted(table.contrat.name)}"
            f" AND code IN ({listed}) GROUP BY colonne"
        )
    )


def _filled(workspace: Workspace, column: str) -> int:
    ((filled,),) = workspace.run(filled_sql(column))
    return int(filled)


def _matching(workspace: Workspace, column: str, pattern: str) -> int:
    text = trimmed_sql(column)
    ((count,),) = workspace.run(f"SELECT count(*) FROM {SOURCE} WHERE regexp_full_match({text}, {quoted(pattern)})")
    return int(count)


def _free_texts(workspace: Workspace, column: str, kind: FieldType, unread: int) -> int:
    """Unread cells of a column of codes when most are texts of their own; the texts stay in the engine."""
    if unread < MIN_TEXTS or not isinstance(kind, Code | Identifier):
        return 0
    ((distinct,),) = workspace.run(f"SELECT count(DISTINCT {trimmed_sql(column)}) FROM {SOURCE}")
    filled = _filled(workspace, column)
    return unread if is_free_text(unread, int(distinct) - (filled - unread), filled) else 0


def _old_days(workspace: Workspace, column: str, kind: Day) -> int:
    """Days of a column before any event that an extract may tell of."""
    limit = f"DATE '{EARLIEST_EVENT.isoformat()}'"
    day = read_sql(kind, "texte")
    ((count,),) = workspace.run(
        f"SELECT count(*) FROM (SELECT {trimmed_sql(column)} AS texte FROM {SOURCE})"
        f" WHERE {day} BETWEEN DATE '{date(1900, 1, 1).isoformat()}' AND {limit}"
    )
    return int(count)


def _days_in_the_year_of_birth(workspace: Workspace, table: type[Extract]) -> dict[str, int]:
    """Column of days → those that fall in the year of birth of their own row, where they are too many for chance."""
    years = [column for column, (kind, _) in table.fields().items() if isinstance(kind, Whole) and BIRTH in column]
    days = [column for column, (kind, _) in table.fields().items() if isinstance(kind, Day)]
    if not years or not days:
        return {}
    counts = ", ".join(f"count(*) FILTER (WHERE year({day}) = {years[0]}), count({day})" for day in days)
    ((*numbers,),) = workspace.run(f"SELECT {counts} FROM {table.contrat.name}")
    counted = zip(days, numbers[::2], numbers[1::2], strict=True)
    return {day: same for day, same, filled in counted if are_birth_dates(same, filled)}
