"""V08-P, V08-S, V08-Q, V08-E, QUA-002 to QUA-004: partial deposits, judged by the hub with what they complete."""

from __future__ import annotations

from pathlib import Path

import pytest

from intercentre.core.hub import Hub
from intercentre.intake import receive_deposit
from intercentre.validation import validate_deposit
from schemas.exchanges.verdict import Verdict
from schemas.rules import catalogue
from tests.packages import CENTRE, DEFAULTS, PERIODE, csv_bytes, files, places, with_manifest, write_zip
from tests.rules.partial_examples import FAILING, FIRST, PASSING, Example


@pytest.mark.parametrize(("code", "example"), [(code, each) for code, many in FAILING.items() for each in many])
def test_the_rule_is_raised(code: str, example: Example, hub: Hub, tmp_path: Path) -> None:
    verdict = _last_verdict(hub, example, tmp_path)
    assert {place for place in places(verdict) if place[0] in FAILING} == {(code, *example.place)}
    assert verdict.is_accepted is (catalogue()[code].severity.value == "information")


@pytest.mark.parametrize(("code", "example"), [(code, each) for code, many in PASSING.items() for each in many])
def test_the_rule_is_silent(code: str, example: Example, hub: Hub, tmp_path: Path) -> None:
    verdict = _last_verdict(hub, example, tmp_path)
    assert code not in {found.code for found in verdict.constats}
    assert verdict.is_accepted


def _last_verdict(hub: Hub, example: Example, tmp_path: Path) -> Verdict:
    """The deposits are received and judged one after the other, the partial one last."""
    made = []
    for number, faults in enumerate(example.former, 1):
        rows = [{"dossier_id": f"D-{n + 1}", "personne_ref": f"P-{n + 1}", **faults.get(n, {})} for n in range(200)]
        content = with_manifest(files({"dossier": rows}), sequence=number)
        made.append(_judged(hub, write_zip(tmp_path / f"{number}.zip", content))[0])
    named = {"remplace_depot_id": made[-1], **example.changes}
    if named["remplace_depot_id"] == FIRST:
        named["remplace_depot_id"] = made[0]
    brought = [
        {**DEFAULTS["dossier"], "dossier_id": f"D-{n}", "personne_ref": f"P-{n}", **changes}
        for n, changes in example.rows.items()
    ]
    content = with_manifest({"dossier.csv": csv_bytes("dossier", brought)}, type_depot="PARTIEL", **named)
    return _judged(hub, write_zip(tmp_path / "partiel.zip", content))[1]


def _judged(hub: Hub, package: Path) -> tuple[str, Verdict]:
    receipt = receive_deposit(hub, package, centre=CENTRE, periode=PERIODE, canal="commande", acteur="essai")
    return receipt.depot_id, validate_deposit(hub, receipt.depot_id)
