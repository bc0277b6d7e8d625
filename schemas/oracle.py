"""What the contract says of one row, in plain Python: the oracle of the compiled form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from schemas.contract import Coded, Extract, UnreadableError
from schemas.spellings import NOTHING


@dataclass(frozen=True)
class RowJudgement:
    """What the oracle says of one row: (code, column) pairs and the values that could be read."""

    findings: frozenset[tuple[str, str]]
    values: Mapping[str, Any]


def judge(table: type[Extract], raw: Mapping[str, str | None], date_etat: date) -> RowJudgement:
    """Judge one row as the contract states it, in plain Python.

    raw      column → trimmed text, None, '' or one of NOTHING when empty; every column of the contract present or not
    returns  the findings at the place where validation must put them; a mapped code is read as its successor
    source   docs/decisions/0002; the compiled form must agree with this on any row
    """
    findings: set[tuple[str, str]] = set()
    values: dict[str, Any] = {}
    unreadable: set[str] = set()
    for column, (kind, _) in table.fields().items():
        text = raw.get(column)
        values[column] = None
        if text is None or text in ("", *NOTHING):
            if not table.optional(column):
                findings.add(("CTR-001", column))
                unreadable.add(column)
            continue
        try:
            values[column] = kind.read(text, date_etat)
        except UnreadableError as error:
            findings.add((error.code, column))
            unreadable.add(column)
    for column, (kind, _) in table.fields().items():
        if isinstance(kind, Coded) and values[column] is not None:
            successor = kind.successor(values[column], _day_of(table, kind.at, values) or date_etat)
            if successor is not None:
                findings.add((kind.mapped, column))
                values[column] = successor
    row = table.model_construct(**values)
    for rule in table.rules():
        if unreadable.isdisjoint(rule.columns) and not rule.holds(row):
            findings.add((rule.finding.code, rule.columns[0]))
    return RowJudgement(frozenset(findings), values)


def _day_of(table: type[Extract], column: str | None, values: Mapping[str, Any]) -> date | None:
    """The day that a column gives to its row, None when there is no such column or it could not be read."""
    if column is None or values[column] is None:
        return None
    kind, _ = table.fields()[column]
    return kind.day(values[column])
