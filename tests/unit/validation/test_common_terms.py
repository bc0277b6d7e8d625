"""What many rules compute alike is computed once, and the rules keep their meaning."""

from __future__ import annotations

import duckdb
import pytest

from intercentre.validation.common_terms import share_terms
from schemas.contract import Code, Day, Extract, FieldType, MonthText, Number, Whole, YesNo
from schemas.extracts import TABLES


def test_a_term_that_stands_twice_gets_a_name() -> None:
    shared = share_terms(["year(jour) - annee = 200", "year(jour) - annee = 201", "jour IS NULL"])
    assert shared.written == ("(terme_0 = 200)", "(terme_0 = 201)", "(jour IS NULL)")
    assert shared.read == ({"terme_0"}, {"terme_0"}, {"jour"})
    (term,) = shared.terms.values()
    assert duckdb.sql(f"SELECT {term} FROM (SELECT DATE '2026-01-31' AS jour, 1990 AS annee)").fetchall() == [(36,)]


def test_the_greatest_term_is_named_and_a_part_that_stands_alone_too() -> None:
    shared = share_terms(["year(jour) - annee = 1", "year(jour) - annee = 2 OR year(jour) = annee"])
    assert shared.written == ("(terme_0 = 1)", "((terme_0 = 2) OR (terme_1 = annee))")
    assert shared.read == ({"terme_0"}, {"terme_0", "terme_1", "annee"})
    assert list(shared.terms) == ["terme_0", "terme_1"]


@pytest.mark.parametrize(
    "expression",
    [
        "a = 1 OR a = 2",  # a column is no term
        "a = CAST('2025-01-01' AS DATE) OR b = CAST('2025-01-01' AS DATE)",  # nor is what reads none
        "len([x for x in liste if length(x) = 2 and length(x) = 2]) = 1",  # x is the lambda's own
    ],
)
def test_nothing_is_named_where_nothing_is_computed_twice(expression: str) -> None:
    assert share_terms([expression]).terms == {}


@pytest.mark.parametrize("expression", ["a = = 1", "a = 'b", ""])
def test_a_rule_that_cannot_be_parsed_is_refused(expression: str) -> None:
    with pytest.raises(ValueError, match="parsed"):
        share_terms(["a = 1", expression])


@pytest.mark.parametrize(
    "table", [table for table in TABLES.values() if table.rules()], ids=lambda table: table.__name__
)
def test_the_rules_of_the_contract_mean_the_same_with_their_terms_named(table: type[Extract]) -> None:
    """Over every pair of two values for each column that the rules read."""
    rules = [rule.sql for rule in table.rules()]
    shared = share_terms(rules)
    terms = ", ".join(["*", *(f"{sql} AS {name}" for name, sql in shared.terms.items())])
    columns = sorted({column for rule in table.rules() for column in rule.columns})
    values = {column: table.fields()[column][0] for column in columns}
    pairs = " CROSS JOIN ".join(f"(SELECT unnest({_two(kind)}) AS {column})" for column, kind in values.items())
    differs = " OR ".join(
        f"({rule}) IS DISTINCT FROM ({written})" for rule, written in zip(rules, shared.written, strict=True)
    )
    with duckdb.connect() as engine:
        ((rows, differing),) = engine.execute(
            f"SELECT count(*), count(*) FILTER (WHERE {differs}) FROM (SELECT {terms} FROM (SELECT * FROM {pairs}))",
            {"date_etat": "2026-09-30"} if "$date_etat" in differs else None,
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
