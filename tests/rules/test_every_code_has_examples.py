"""No code of the catalogue without a deposit that raises it and one that does not."""

from __future__ import annotations

import pytest

from schemas.findings import Scope
from schemas.rules import catalogue
from tests.rules import file_examples, hub_examples, row_examples

# Raised by other rooms, each with its tests there: collections that failed (tests/faults), and the same bytes again,
# which the receipt says (tests/faults too).
ELSEWHERE = {code for code, entry in catalogue().items() if entry.scope is Scope.COLLECTE} | {"DEP-006"}


@pytest.mark.parametrize("code", [code for code in catalogue() if code not in ELSEWHERE])
def test_code_has_a_failing_and_a_passing_example(code: str) -> None:
    failing = [*file_examples.FAILING, *hub_examples.FAILING, *row_examples.codes("echoue")]
    passing = [*file_examples.PASSING, *hub_examples.PASSING, *row_examples.codes("passe")]
    assert code in failing
    assert code in passing


def test_no_example_of_a_code_that_does_not_exist() -> None:
    known = {*file_examples.FAILING, *hub_examples.FAILING, *row_examples.codes("echoue")}
    assert known <= set(catalogue()) - ELSEWHERE
