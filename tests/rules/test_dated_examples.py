"""Each rule on the day of arrival: raised where it must be, silent where it must be."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemas.exchanges.verdict import Verdict
from schemas.findings import Severity
from tests.packages import files, judge, with_manifest, write_folder
from tests.rules.dated_examples import FAILING, PASSING, Arrival


@pytest.mark.parametrize(("code", "arrival"), [(code, each) for code, examples in FAILING.items() for each in examples])
def test_the_rule_is_raised(code: str, arrival: Arrival, tmp_path: Path) -> None:
    verdict = _judge(arrival, tmp_path)
    (found,) = [one for one in verdict.constats if one.code == code]
    assert (found.table, found.fichier, found.severite) == (None, None, Severity.A_EXPLIQUER)
    assert verdict.is_accepted


def test_the_message_says_the_day_that_was_due(tmp_path: Path) -> None:
    (found,) = [one for one in _judge(FAILING["V07"][0], tmp_path).constats if one.code == "V07"]
    assert "après le 1er février 2027" in found.message


@pytest.mark.parametrize(("code", "arrival"), [(code, each) for code, examples in PASSING.items() for each in examples])
def test_the_rule_is_silent(code: str, arrival: Arrival, tmp_path: Path) -> None:
    verdict = _judge(arrival, tmp_path)
    assert code not in {found.code for found in verdict.constats}
    assert verdict.is_accepted


def _judge(arrival: Arrival, folder: Path) -> Verdict:
    content, period = files({"dossier": [{}]}), arrival.periode
    if arrival.manifest is not None:
        days = {"periode_debut": period.debut, "periode_fin": period.fin, "date_etat": period.fin}
        content = with_manifest(content, **{name: day.isoformat() for name, day in days.items()}, **arrival.manifest)
    return judge(write_folder(folder / "depot", content), folder / "sortie", periode=period, today=arrival.day)
