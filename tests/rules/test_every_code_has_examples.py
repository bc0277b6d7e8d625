"""No code of the catalogue without a deposit that raises it and one that does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemas.plausibility import thresholds
from schemas.rules import catalogue
from tests.rules import (
    between_centres_examples,
    dated_examples,
    file_examples,
    hub_examples,
    local_examples,
    partial_examples,
    row_examples,
)

# Raised by other rooms: a collection that failed, what is implausible beside other deposits. Their own tests name them.
OTHER_ROOMS = ("COL-", *thresholds().regles)
# The same bytes again are no new deposit: the receipt says so (`deja_recu`), and no verdict is given twice.
ON_THE_RECEIPT = {"DEP-006"}
# Of no deposit: a territory of communes, see test_between_centres.py.
OF_THE_REGION = {"V71"}

_OTHERS = (between_centres_examples, file_examples, dated_examples, hub_examples, local_examples, partial_examples)
FAILING = {*row_examples.codes("echoue"), *(code for one in _OTHERS for code in one.FAILING)}
PASSING = {*row_examples.codes("passe"), *(code for one in _OTHERS for code in one.PASSING)}

TESTS = Path(__file__).parents[1]
HERE = [code for code in catalogue() if not code.startswith(OTHER_ROOMS) and code not in ON_THE_RECEIPT | OF_THE_REGION]


@pytest.mark.parametrize("code", HERE)
def test_code_has_a_failing_and_a_passing_example(code: str) -> None:
    assert code in FAILING
    assert code in PASSING


def test_no_example_of_a_code_that_does_not_exist() -> None:
    assert set(HERE) >= FAILING


def test_the_catalogue_shows_an_example_of_each_code() -> None:
    shown = row_examples.shown_examples()
    silent = [code for code in catalogue() if code not in shown or not (shown[code].echoue and shown[code].passe)]
    assert silent == [], "say both in words in exemples_en_mots.yaml, then run `make docs`"


def test_words_stand_in_for_rows_and_only_for_codes_that_exist() -> None:
    assert set(row_examples.WORDS) <= set(catalogue())
    assert set(row_examples.WORDS).isdisjoint(row_examples.EXAMPLES)
    assert all(set(both) == {"echoue", "passe"} and all(both.values()) for both in row_examples.WORDS.values())


def test_codes_of_other_rooms_are_named_by_their_tests() -> None:
    elsewhere = [
        path for path in TESTS.rglob("*.[py]*") if path.suffix in (".py", ".yml") and path.parent.name != "rules"
    ]
    texts = "".join(path.read_text(encoding="utf-8") for path in elsewhere)
    assert not [code for code in catalogue() if code.startswith(OTHER_ROOMS) and code not in texts]
