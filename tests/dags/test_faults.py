"""What a room says when it breaks may quote a cell: it reaches neither the task log nor the journal."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from sqlalchemy import select

from intercentre.core.hub import Hub
from intercentre.core.registry.tables import Journal
from intercentre.core.settings import Settings
from intercentre.operation.layout import plan
from intercentre.operation.supervisor import migrate
from tests.dags.runs import run_dags
from tests.packages import files, write_zip

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

CELL = "Dupont-85073003328"


def test_a_fault_is_told_by_kind_and_place_only(tmp_path: Path) -> None:
    layout = plan(tmp_path, 8000, 8080, os.environ)
    migrate(layout)
    (layout.home.arrivals / "CAI").mkdir(parents=True)
    write_zip(layout.home.arrivals / "CAI" / "cai.zip", files())

    states, printed = run_dags(layout, "arrivees", BROKEN_ROOM=f"intercentre.validation.validate_deposit {CELL}")

    assert states == {"arrivees": "failed"}
    assert "Fault: builtins.OSError" in printed
    assert "<- builtins.ValueError" in printed
    assert "broken:" in printed
    assert CELL not in printed
    logs = [path for path in layout.airflow.home.rglob("*") if path.is_file()]
    assert logs
    assert not [path for path in logs if CELL.encode() in path.read_bytes()]
    with Hub(Settings(home=layout.home.root)).registry.read() as session:
        lines = session.scalars(select(Journal.details).where(Journal.action == "tache_en_echec")).all()
    assert ['"nature":"OSError"' in details for details in lines] == [True]
