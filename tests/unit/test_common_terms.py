"""What many rules compute alike is computed once, and the rules keep their meaning."""

from __future__ import annotations

import duckdb
import pytest

from intercentre.validation.common_terms import with_common_terms
from schemas.contract import Code, Day, Extract, FieldType, MonthText, Number, Whole, YesNo
from schemas.extracts import TABLES


def test_a_term_that_stands_twice_gets_a_name() -> None:
    named, written = with_common_terms("year(jour) - annee = 200 OR year(jour) - annee = 201")
    assert len(named) == 1
    (name,) = named
    assert written.count(name) == 2
    assert "year" not in written
    assert duckdb.sql(f"SELECT {named[name]} FROM (SELECT DATE '2026-01-31' AS jour, 1990 AS annee)").fetchall() == [
        (36,)
    ]


def test_the_greatest_term_is_named_and_a_part_that_stands_alone_too() -> None:
    named, _ = with_common_terms("year(jour) - annee = 1 OR year(jour) - annee = 2 OR year(jour) = 3")
    assert len(named) == 2


@pytest.mark.parametrize(
    "expression",
    [
        "a = 1 OR a = 2",  # a column is no term
        "a = CAST('2025-01-01' AS DATE) OR b = CAST('2025-01-01' AS DATE)",  # nor is what reads none
        "len([x for x in liste if length(x) = 2 and length(x) = 2]) = 1",  # x is the lambda's own
    ],
)
def test_nothing_is_named_where_nothing_is_computed_twice(expression: str) -> None:
    named, _ = with_common_terms(expression)
    assert named == {}


def test_a_rule_that_cannot_be_parsed_is_refused() -> None:
    with pytest.raises(ValueError, match="parsed"):
        with_common_terms("a = = 1")


@pytest.mark.parametrize(
    "table", [table for table in TABLES.values() if table.rules()], ids=lambda table: table.__name__
)
def test_the_rules_of_the_contract_mean_the_same_with_their_terms_named(table: type[Extract]) -> None:
    """Over every pair of two values for each column that the rules read."""
    expression = " OR ".join(f"({rule.sql})" for rule in table.rules())
    named, written = with_common_terms(expression)
    terms = ", ".join(["*", *(f"{sql} AS {name}" for name, sql in named.items())])
    columns = sorted({column for rule in table.rules() for column in rule.columns})
    values = {column: table.fields()[column][0] for column in columns}
    pairs = " CROSS JOIN ".join(f"(SELECT unnest({_two(kind)}) AS {column})" for column, kind in values.items())
    with duckdb.connect() as engine:
        ((rows, differing),) = engine.execute(
            f"SELECT count(*), count(*) FILTER (WHERE ({expression}) IS DISTINCT FROM ({written}))"
            f" FROM (SELECT {terms} FROM (SELECT * FROM {pairs}))",
            {"date_etat": "2026-09-30"} if "$date_etat" in expression else None,
        ).fetchall()
    assert rows == 2 ** len(columns)
    assert differing == 0


def _two(kind: FieldType) -> str:
    match kind:
        case Code():
            return str([*kind.nomenclature.entries][:2])
        case Day():
            return "[DATE '2019-02-28', DATE '2026-09-30']"
        case Whole():
            return "[3, 1990]"
        case Number():
            return "[0.5, 400.0]"
        case YesNo():
            return "[true, false]"
        case MonthText():
            return "['2024-01', '2026-08']"
        case _:
            return "['12345678901', NULL]"
