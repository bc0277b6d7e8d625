"""Which deposit another is compared with in the hub: the one in force for the last period before, when it is judged."""

from __future__ import annotations

import json
from pathlib import Path

from sqlalchemy import select

from intercentre.core.hub import Hub
from intercentre.core.registry.tables import Journal
from intercentre.intake import receive_deposit
from intercentre.pipeline import in_order
from intercentre.staging import stage_deposit
from intercentre.validation import validate_deposit
from schemas.exchanges.receipt import Receipt
from schemas.period import Period
from tests.packages import CENTRE, files, with_manifest, write_zip

T1, T2, T3 = Period(2026, 1), Period(2026, 2), Period(2026, 3)


def _receive(hub: Hub, folder: Path, periode: Period, sequence: int, centre: str = CENTRE, **changes: str) -> Receipt:
    days = {"periode_debut": periode.debut, "periode_fin": periode.fin, "date_etat": periode.fin}
    given = {name: day.isoformat() for name, day in days.items()} | changes
    content = files({"dossier": [{"bureau_id": f"B-{sequence}"}]})
    content = with_manifest(content, sequence=sequence, centre_code=centre, **given)
    package = write_zip(folder / f"{centre}-{periode}-{sequence}.zip", content)
    return receive_deposit(hub, package, centre=centre, periode=periode, canal="commande", acteur="essai")


def _judge(hub: Hub, receipt: Receipt) -> str:
    validate_deposit(hub, receipt.depot_id)
    stage_deposit(hub, receipt.depot_id)
    return receipt.depot_id


def _compared_with(hub: Hub, depot_id: str) -> list[str | None]:
    judged = select(Journal).where(Journal.action == "depot_juge", Journal.objet == depot_id)
    with hub.registry.read() as session:
        return [json.loads(line.details)["precedent"] for line in session.execute(judged).scalars()]


def test_the_first_deposit_is_compared_with_nothing(hub: Hub, tmp_path: Path) -> None:
    assert _compared_with(hub, _judge(hub, _receive(hub, tmp_path, T3, 1))) == [None]


def test_the_last_period_before_counts_and_in_it_the_last_deposit(hub: Hub, tmp_path: Path) -> None:
    _judge(hub, _receive(hub, tmp_path, T1, 1))
    first = _judge(hub, _receive(hub, tmp_path, T2, 2))
    corrected = _judge(hub, _receive(hub, tmp_path, T2, 3, type_depot="RECTIFICATIF", remplace_depot_id=first))
    _judge(hub, _receive(hub, tmp_path, T2, 4, centre="CRIC"))
    refused = _judge(hub, _receive(hub, tmp_path, T2, 5, schema_version="9.0.0"))
    last = _judge(hub, _receive(hub, tmp_path, T3, 6))
    again = _judge(hub, _receive(hub, tmp_path, T3, 7))
    assert _compared_with(hub, last) == _compared_with(hub, again) == [corrected]
    assert _compared_with(hub, corrected)[0].startswith("CAI-2026-T1-")
    assert refused not in _compared_with(hub, last)


def test_an_earlier_period_that_comes_late_does_not_change_the_verdict(hub: Hub, tmp_path: Path) -> None:
    later = _judge(hub, _receive(hub, tmp_path, T2, 1))
    _judge(hub, _receive(hub, tmp_path, T1, 2))
    validate_deposit(hub, later)
    assert _compared_with(hub, later) == [None]
    assert _compared_with(hub, _judge(hub, _receive(hub, tmp_path, T3, 3))) == [later]


def test_deposits_received_in_another_order_are_judged_by_period(hub: Hub, tmp_path: Path) -> None:
    receipts = [_receive(hub, tmp_path, period, at) for at, period in enumerate((T3, T1, Period(2025), T2), 1)]
    assert [receipt.periode for receipt in in_order(receipts)] == ["2025", "2026-T1", "2026-T2", "2026-T3"]
