"""Each rule on containers, manifests, files and columns: raised where it must be, silent where it must be."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.packages import judge
from tests.rules.file_examples import FAILING, PASSING, Maker, Place


@pytest.mark.parametrize(
    ("code", "maker", "expected"),
    [
        pytest.param(code, maker, expected, id=f"{code}-{number}")
        for code, examples in FAILING.items()
        for number, (maker, expected) in enumerate(examples, 1)
    ],
)
def test_the_rule_is_raised_at_its_place(code: str, maker: Maker, expected: set[Place], tmp_path: Path) -> None:
    assert _places(code, maker, tmp_path) == expected


@pytest.mark.parametrize(
    ("code", "maker"),
    [
        pytest.param(code, maker, id=f"{code}-{number}")
        for code, examples in PASSING.items()
        for number, maker in enumerate(examples, 1)
    ],
)
def test_the_rule_is_silent(code: str, maker: Maker, tmp_path: Path) -> None:
    assert _places(code, maker, tmp_path) == set()


def _places(code: str, maker: Maker, tmp_path: Path) -> set[Place]:
    given = tmp_path / "recu"
    given.mkdir()
    verdict = judge(maker(given), tmp_path / "sortie", seuil_quarantaine=None)
    return {(found.table, found.ligne, found.colonne) for found in verdict.constats if found.code == code}
