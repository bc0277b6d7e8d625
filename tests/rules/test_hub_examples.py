"""V08 and V09: judged by the hub, from the deposits that it received before."""

from __future__ import annotations

from pathlib import Path

import pytest

from intercentre.core.hub import Hub
from intercentre.intake import receive_deposit
from intercentre.validation import validate_deposit
from schemas.exchanges.verdict import Verdict
from tests.packages import CENTRE, PERIODE, files, with_manifest, write_zip
from tests.rules.hub_examples import FAILING, PASSING, Deposits


@pytest.mark.parametrize(
    ("code", "deposits"), [(code, each) for code, examples in FAILING.items() for each in examples]
)
def test_the_rule_is_raised(code: str, deposits: Deposits, hub: Hub, tmp_path: Path) -> None:
    verdict = _last_verdict(hub, deposits, tmp_path)
    assert [(found.code, found.fichier) for found in verdict.constats if found.code in FAILING] == [
        (code, "manifeste.json")
    ]
    assert not verdict.is_accepted


@pytest.mark.parametrize(
    ("code", "deposits"), [(code, each) for code, examples in PASSING.items() for each in examples]
)
def test_the_rule_is_silent(code: str, deposits: Deposits, hub: Hub, tmp_path: Path) -> None:
    verdict = _last_verdict(hub, deposits, tmp_path)
    assert code not in {found.code for found in verdict.constats}
    assert verdict.is_accepted


def _last_verdict(hub: Hub, deposits: Deposits, tmp_path: Path) -> Verdict:
    """The deposits are received and judged one after the other; each has other bytes."""
    former = ""
    for number, changes in enumerate(deposits):
        content = files({"dossier": [{"bureau_id": f"B-{number}"}]})
        if changes.get("remplace_depot_id") == "PRECEDENT":
            changes = {**changes, "remplace_depot_id": former}
        package = write_zip(tmp_path / f"depot-{number}.zip", with_manifest(content, **changes))
        receipt = receive_deposit(hub, package, centre=CENTRE, periode=PERIODE, canal="commande", acteur="essai")
        former = receipt.depot_id
        verdict = validate_deposit(hub, former)
    return verdict
