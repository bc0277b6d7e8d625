"""Of several accepted deposits of a centre for one period, which one counts: the same everywhere, manifest or not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from intercentre.core.hub import Hub
from intercentre.core.registry.tables import Depot
from intercentre.harmonisation.deposits import accepted_deposits, centres_in_force
from intercentre.harmonisation.record import conformity_rows, read_record
from intercentre.intake import forget_raw_deposits, receive_deposit
from intercentre.plausibility.history import earlier_deposits, staged_deposits
from intercentre.portal.state import judge_centre, read_deposits, replacement_of
from intercentre.staging import stage_deposit
from intercentre.validation import validate_deposit
from intercentre.validation.deposit import former_deposit
from schemas.exchanges.verdict import Decision
from schemas.period import Period
from tests.conftest import Clock
from tests.packages import CENTRE, PERIODE, files, with_manifest, write_zip
from tests.partial_deposits import FAULTY, dossiers, partial, row

NEXT = Period(2026, 4)


def _receive(hub: Hub, package: Path) -> str:
    return receive_deposit(hub, package, centre=CENTRE, periode=PERIODE, canal="api", acteur="essai").depot_id


def _send(hub: Hub, folder: Path, name: str, sequence: int | None) -> str:
    """A deposit with as many dossiers as its name is long; without a manifest when it has no sequence."""
    content = files({"dossier": [row(number) for number in range(1, len(name) + 1)]})
    whole = content if sequence is None else with_manifest(content, sequence=sequence)
    return _receive(hub, write_zip(folder / f"{name}.zip", whole))


def _judge(hub: Hub, depot_id: str) -> set[str]:
    """The deposit is judged, and staged when it is accepted; returns the codes of what refuses it."""
    verdict = validate_deposit(hub, depot_id)
    stage_deposit(hub, depot_id)
    return {found.code for found in verdict.constats if found.severite.value == "bloquant"}


def _in_force(hub: Hub, clock: Clock) -> str:
    """The deposit that counts: every room and the portal name the same one."""
    (centre,) = centres_in_force(accepted_deposits(hub), PERIODE, [CENTRE])
    assert centre.depot is not None
    found = centre.depot.depot_id
    with hub.registry.read() as session:
        rows = {one.depot_id: one for one in session.scalars(select(Depot))}
    facts = read_deposits(hub)
    shown = judge_centre(CENTRE, PERIODE, facts).depot
    before = former_deposit(hub, Depot(centre_code=CENTRE, periode=str(NEXT)))
    beside = earlier_deposits(staged_deposits(hub), replace(staged_deposits(hub)[0], periode=NEXT), 1)
    assert shown is not None
    assert before is not None
    assert {found} == {shown.depot_id, before.depot_id, *(one.depot_id for one in beside)}
    for depot_id, one in rows.items():
        replacement = replacement_of(one, facts)
        wanted = None if depot_id == found or one.etat == "refuse" else found
        assert (replacement.depot_id if replacement else None) == wanted
    clock.advance(days=hub.settings.duree_depots_jours + 1)
    forget_raw_deposits(hub)
    assert hub.home.custody(rows[found].sha256).exists()
    return found


@pytest.mark.parametrize(
    "sequences",
    [(20263, None), (None, 1), (None, None), (5, None, 6), (5, 6, None), (5, None, None), (None, 5, None)],
    ids=str,
)
def test_the_last_accepted_deposit_counts_with_or_without_a_manifest(
    hub: Hub, clock: Clock, tmp_path: Path, sequences: tuple[int | None, ...]
) -> None:
    for at, sequence in enumerate(sequences, start=1):
        depot_id = _send(hub, tmp_path, "x" * at, sequence)
        assert _judge(hub, depot_id) == set()
        clock.advance(days=7)
    rows = {table: count for _, _, table, count, _ in conformity_rows(read_record(hub, PERIODE).depots)}
    assert rows["dossier"] == len(sequences)
    assert _in_force(hub, clock) == depot_id


def test_a_sequence_that_came_before_is_refused_and_the_correction_without_manifest_stays(
    hub: Hub, clock: Clock, tmp_path: Path
) -> None:
    _judge(hub, _send(hub, tmp_path, "premier", 5))
    correction = _send(hub, tmp_path, "correction", None)
    _judge(hub, correction)
    assert _judge(hub, _send(hub, tmp_path, "autre", 5)) == {"V09"}
    assert _in_force(hub, clock) == correction


def test_a_collection_judged_after_the_correction_that_followed_it_does_not_take_its_place(
    hub: Hub, clock: Clock, tmp_path: Path
) -> None:
    collected, correction = _send(hub, tmp_path, "collecte", 5), _send(hub, tmp_path, "correction", None)
    _judge(hub, correction)
    _judge(hub, collected)
    assert _in_force(hub, clock) == correction


def test_a_partial_deposit_completes_the_correction_without_manifest(hub: Hub, clock: Clock, tmp_path: Path) -> None:
    first = _send(hub, tmp_path, "premier", 5)
    _judge(hub, first)
    correction = _receive(hub, write_zip(tmp_path / "correction.zip", files({"dossier": dossiers(FAULTY)})))
    assert _judge(hub, correction) == set()
    assert validate_deposit(hub, correction).verdict is Decision.ACCEPTE_AVEC_QUARANTAINE
    day = {"date_etat": "2026-10-12"}
    assert _judge(hub, _receive(hub, partial(tmp_path, first, {"dossier": [row(4)]}, **day))) == {"V08-S"}
    completed = _receive(hub, partial(tmp_path, correction, {"dossier": [row(4)]}, **day))
    assert _judge(hub, completed) == set()
    assert _in_force(hub, clock) == completed
    again = _send(hub, tmp_path, "correction", None)
    _judge(hub, again)
    assert _in_force(hub, clock) == again
