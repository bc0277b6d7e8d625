"""The parameters of a statement: a text of the deposit, or the name of its folder, can look like one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from intercentre.validation.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with closing(Workspace.open(centre="CAI", date_etat=date(2026, 9, 30), scratch=tmp_path)) as opened:
        yield opened


def test_a_literal_that_looks_like_a_parameter_is_a_text(workspace: Workspace) -> None:
    assert workspace.run("SELECT '$date_etat', 'l''an $centre', $centre") == [("$date_etat", "l'an $centre", "CAI")]


def test_a_parameter_alone_is_spelled_out(workspace: Workspace) -> None:
    assert workspace.spelled_out("SELECT $centre, 'l''an $centre'") == "SELECT 'CAI', 'l''an $centre'"


def test_an_apostrophe_in_a_comment_hides_no_parameter(workspace: Workspace) -> None:
    assert workspace.run("-- l'an\nSELECT $centre, '-- $centre'") == [("CAI", "-- $centre")]
