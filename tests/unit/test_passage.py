"""A gate that stopped a period holds: nobody takes the same files further, whatever they start by hand."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest

from intercentre.core.hub import Hub
from intercentre.core.passage import NotThroughGate, gate_folder, inputs_of, refuse_if_stopped, require_passed
from intercentre.core.refusal import Refusal
from intercentre.disclosure import protect_observations
from intercentre.gates import has_passed
from intercentre.gates.judgement import Measured
from intercentre.harmonisation import harmonise
from intercentre.indicators import compute_indicators
from schemas.gates import Gate
from schemas.period import Period
from tests.portal.gate_evidence import write_gate
from tests.staged import register, stage

PERIODE = Period.parse("2026-T3")
LOST: dict[str, list[Measured]] = {"POR-001": [("dossier, CAI", 1.0)], "POR-007": [("dossier, CAI", -7.5)]}
IMPOSSIBLE: dict[str, list[Measured]] = {"POR-101": [("I04, 2026-T3", 3.0)]}


def say(hub: Hub, porte: Gate, broken: dict[str, list[Measured]]) -> None:
    """The gate has judged what the period has now."""
    shutil.rmtree(gate_folder(hub, PERIODE, porte), ignore_errors=True)
    write_gate(hub, PERIODE, porte, broken, inputs_of(hub, PERIODE, porte))


@pytest.fixture
def common(hub: Hub) -> Path:
    """Common tables made from one dossier."""
    rows = [{"dossier_id": "D1", "date_ouverture": date(2026, 7, 2)}]
    root = hub.home.root / "z1" / "extraits"
    register(hub, stage(root, "CAI", str(PERIODE), {"dossier": rows}, debut_historique=date(2026, 1, 1)))
    return harmonise(hub, PERIODE)


def change(file: Path) -> None:
    """The same rows in other bytes: what a gate has said is no longer about them."""
    with duckdb.connect() as engine:
        engine.execute(f"CREATE TABLE t AS SELECT * FROM read_parquet('{file}')")
        engine.execute(f"COPY t TO '{file}' (FORMAT parquet, COMPRESSION uncompressed)")


def test_no_figure_is_made_of_common_tables_that_were_stopped(hub: Hub, common: Path) -> None:
    say(hub, Gate.TABLES_COMMUNES, LOST)
    with pytest.raises(NotThroughGate, match=r"2026.*reste arrêtée \(POR-001\).*refaites l'harmonisation"):
        compute_indicators(hub, PERIODE)
    assert not hub.home.observations(PERIODE).exists()
    say(hub, Gate.TABLES_COMMUNES, {"POR-007": LOST["POR-007"]})
    assert compute_indicators(hub, PERIODE) == hub.home.observations(PERIODE), "a question stops nothing"


def test_figures_that_were_stopped_are_not_protected(hub: Hub, common: Path) -> None:
    say(hub, Gate.TABLES_COMMUNES, {})
    compute_indicators(hub, PERIODE)
    say(hub, Gate.OBSERVATIONS, IMPOSSIBLE)
    with pytest.raises(NotThroughGate, match=r"\(POR-101\).*recalculez les indicateurs"):
        protect_observations(hub, PERIODE)
    assert not hub.home.protected(PERIODE).exists()
    say(hub, Gate.OBSERVATIONS, {})
    assert protect_observations(hub, PERIODE) == hub.home.protected(PERIODE)


def test_what_was_said_of_other_files_binds_nobody(hub: Hub, common: Path) -> None:
    say(hub, Gate.TABLES_COMMUNES, LOST)
    change(common / "dossier.parquet")
    refuse_if_stopped(hub, PERIODE, *Gate)
    say(hub, Gate.TABLES_COMMUNES, LOST)
    with pytest.raises(NotThroughGate):
        refuse_if_stopped(hub, PERIODE, *Gate)


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (lambda hub, _: None, "n'a pas été contrôlé"),
        (lambda hub, _: say(hub, Gate.TABLES_COMMUNES, LOST), "reste arrêtée"),
        (lambda hub, common: (say(hub, Gate.TABLES_COMMUNES, {}), change(common / "dossier.parquet")), "pas été"),
    ],
)
def test_what_must_have_passed_has_passed_as_it_is_now(
    hub: Hub, common: Path, before: Callable[[Hub, Path], object], said: str
) -> None:
    before(hub, common)
    assert not has_passed(hub, PERIODE, Gate.TABLES_COMMUNES)
    with pytest.raises(NotThroughGate, match=said) as caught:
        require_passed(hub, PERIODE, "tables_communes")
    assert isinstance(caught.value, Refusal)
    say(hub, Gate.TABLES_COMMUNES, {})
    require_passed(hub, PERIODE, "tables_communes")
