"""Which rules are asked of each row, and which of combinations of values."""

from __future__ import annotations

from collections.abc import Sequence

from intercentre.validation.combinations import MANY, arrange
from intercentre.validation.compile import compile_table
from schemas.contract import RowRule, row_rule
from schemas.extracts import TABLES
from schemas.extracts.inscription import Inscription
from schemas.findings import FindingCode, Scope, Severity


def _rule(sql: str, *columns: str) -> RowRule:
    finding = FindingCode("X1", Severity.A_EXPLIQUER, Scope.LIGNE, "Essai", "Essai.", "Aucun.")
    return RowRule(finding, columns, sql, lambda row: True)


def _many(sql: str, *columns: str) -> list[RowRule]:
    return [_rule(sql.format(number), *columns) for number in range(MANY + 1)]


def _sizes(rules: Sequence[RowRule], kept: Sequence[str] = ()) -> list[int]:
    return [len(group.rules) for group in arrange(rules, kept).together]


def test_a_few_rules_are_asked_of_each_row_as_they_are() -> None:
    arranged = arrange(_many("a = {}", "a")[:MANY], ())
    assert arranged.together == ()
    assert list(arranged.each_row.values()) == [f"a = {number}" for number in range(MANY)]


def test_many_rules_that_read_the_same_are_asked_together() -> None:
    arranged = arrange([*_many("year(jour) - annee = {}", "annee", "jour"), _rule("jour < debut", "jour", "debut")], ())
    (group,) = arranged.together
    assert group.read == ("terme_0",)
    assert list(group.terms.values()) == ['("year"(jour) - annee)']
    assert list(group.rules) == list(range(MANY + 1))
    assert arranged.each_row == {MANY + 1: "(jour < debut)"}
    assert arranged.terms == {}


def test_rules_that_are_silent_for_another_column_are_another_group() -> None:
    assert _sizes([*_many("a = {}", "a"), *_many("a = {}", "a", "b")]) == [MANY + 1, MANY + 1]


def test_a_term_that_rules_asked_of_each_row_share_is_theirs() -> None:
    few = [_rule("length(b) = 1", "b"), _rule("length(b) = 2", "b")]
    arranged = arrange([*_many("a = {}", "a"), *few], ())
    assert list(arranged.terms) == ["terme_0"]
    assert list(arranged.each_row.values()) == ["(terme_0 = 1)", "(terme_0 = 2)"]


def test_a_rule_stays_with_the_row_when_the_first_step_must_keep_its_text() -> None:
    assert _sizes(_many("a = {}", "a"), kept=["a"]) == []
    assert _sizes(_many("a = {}", "a"), kept=["b"]) == [MANY + 1]


def test_a_rule_stays_with_the_row_when_it_reads_what_it_does_not_declare() -> None:
    """The variable of a lambda, too, is no column."""
    assert _sizes(_many("b = {}", "a")) == []
    assert _sizes(_many("len([x for x in a if x <> '{}']) = 1", "a")) == []


def test_every_rule_of_the_contract_is_asked_of_each_row() -> None:
    """A table has eleven at the most: nothing of them is arranged, or parsed."""
    for table in TABLES.values():
        assert len(arrange(table.rules(), ()).each_row) == len(table.rules())


def test_the_text_of_a_number_is_kept_by_the_first_step() -> None:
    """Its value does not tell whether « 12,5 » or « 12.50 » was written; where no text is asked for, none is kept."""

    class ManyHours(Inscription):
        """Inscription with many rules on the hours."""

    for number in range(MANY + 1):
        attach = row_rule(
            f"X{number}", Severity.A_EXPLIQUER, columns=("heures_suivies",), sql=f"heures_suivies = {number}",
            titre="Essai", message="Essai.", remede="Aucun.",
        )  # fmt: skip
        setattr(ManyHours, f"x{number}", attach(lambda row: True))
    assert compile_table(ManyHours, with_texts=True).arranged.together == ()
    assert len(compile_table(ManyHours).arranged.together) == 1
