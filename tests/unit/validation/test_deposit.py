"""The verdict of a deposit in custody, in the registry and on disk, once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from intercentre.core.custody import forget
from intercentre.core.hub import Hub
from intercentre.core.registry.tables import Depot, Journal
from intercentre.intake import receive_deposit
from intercentre.staging import stage_deposit
from intercentre.staging.stage import NotJudgedError
from intercentre.validation import validate_deposit, validate_package, verdict_bytes
from intercentre.validation.deposit import UnknownDepositError
from schemas.exchanges.verdict import Decision
from schemas.extracts import VERSION_CONTRAT
from tests.conftest import Clock
from tests.packages import CENTRE, PERIODE, files, with_manifest, write_zip


def _receive(hub: Hub, tmp_path: Path, name: str = "depot.zip", **changes: object) -> str:
    package = write_zip(tmp_path / name, with_manifest(files(), **changes))
    return receive_deposit(hub, package, centre=CENTRE, periode=PERIODE, canal="commande", acteur="essai").depot_id


def _depot(hub: Hub, depot_id: str) -> Depot:
    with hub.registry.read() as session:
        return session.get_one(Depot, depot_id)


def _actions(hub: Hub) -> list[tuple[str, str]]:
    with hub.registry.read() as session:
        return [
            (line.action, line.objet) for line in session.execute(select(Journal).order_by(Journal.numero)).scalars()
        ]


def test_the_verdict_is_that_of_the_offline_check_byte_for_byte(hub: Hub, tmp_path: Path) -> None:
    starts = {"schema_version": VERSION_CONTRAT, "debut_historique_par_table": {"test_langue": "2024-03-01"}}
    depot_id = _receive(hub, tmp_path, sequence=12, debut_historique="2023-01-01", **starts)
    verdict = validate_deposit(hub, depot_id)
    offline = validate_package(
        tmp_path / "depot.zip", centre=None, periode=None, today=date(2026, 10, 12), out=tmp_path / "sortie"
    )
    depot = _depot(hub, depot_id)
    assert depot.verdict is not None
    assert depot.verdict.encode() == verdict_bytes(offline) == verdict_bytes(verdict)
    assert (hub.home.validated(depot_id) / "verdict.json").read_bytes() == verdict_bytes(offline)
    assert (depot.etat, depot.sequence) == ("accepte", 12)
    assert (depot.date_etat, depot.debut_historique) == (date(2026, 9, 30), date(2023, 1, 1))
    assert depot.debuts_par_table == {"test_langue": "2024-03-01"}
    assert depot.juge_le is not None


def test_judging_twice_changes_nothing(hub: Hub, clock: Clock, tmp_path: Path) -> None:
    depot_id = _receive(hub, tmp_path)
    first = validate_deposit(hub, depot_id)
    before = _depot(hub, depot_id).juge_le
    clock.advance(days=3)
    assert validate_deposit(hub, depot_id) == first
    assert _depot(hub, depot_id).juge_le == before
    assert _actions(hub) == [("depot_recu", depot_id), ("depot_juge", depot_id)]


def test_judging_later_gives_the_verdict_of_the_day_of_receipt(hub: Hub, clock: Clock, tmp_path: Path) -> None:
    """A state of tomorrow does not become right by waiting."""
    depot_id = _receive(hub, tmp_path, date_etat="2026-10-13")
    clock.advance(days=30)
    verdict = validate_deposit(hub, depot_id)
    assert ([found.code for found in verdict.constats], _depot(hub, depot_id).etat) == (["V04"], "refuse")


def test_a_crash_after_the_files_and_before_the_registry_is_made_good(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    depot_id = _receive(hub, tmp_path)

    def crash(*_: object) -> None:
        raise OSError("no more power")

    with monkeypatch.context() as patch:
        patch.setattr("intercentre.validation.deposit._record", crash)
        with pytest.raises(OSError, match="no more power"):
            validate_deposit(hub, depot_id)
    assert _depot(hub, depot_id).etat == "recu"
    assert validate_deposit(hub, depot_id).verdict is Decision.ACCEPTE
    assert _actions(hub) == [("depot_recu", depot_id), ("depot_juge", depot_id)]
    assert [path.name for path in hub.home.validated(depot_id).parent.iterdir()] == [depot_id]


def test_the_plain_bytes_do_not_stay(hub: Hub, tmp_path: Path) -> None:
    validate_deposit(hub, _receive(hub, tmp_path))
    assert list(hub.home.work.iterdir()) == []


def test_a_verdict_outlives_the_raw_bytes(hub: Hub, tmp_path: Path) -> None:
    depot_id = _receive(hub, tmp_path)
    verdict = validate_deposit(hub, depot_id)
    forget(hub, _depot(hub, depot_id).sha256)
    assert validate_deposit(hub, depot_id) == verdict


def test_a_deposit_that_nobody_made(hub: Hub) -> None:
    with pytest.raises(UnknownDepositError):
        validate_deposit(hub, "CAI-2026-T3-000000000000")


def test_a_container_that_cannot_be_opened_is_a_verdict_too(hub: Hub, tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    path.write_bytes(b"<html>connexion</html>")
    depot_id = receive_deposit(hub, path, centre=CENTRE, periode=PERIODE, canal="api", acteur="essai").depot_id
    verdict = validate_deposit(hub, depot_id)
    depot = _depot(hub, depot_id)
    assert [(found.code, found.fichier) for found in verdict.constats] == [("DEP-003", "export.zip")]
    assert (depot.etat, depot.sequence, depot.date_etat) == ("refuse", None, None)
    assert not stage_deposit(hub, depot_id)


def test_an_official_source_may_send_an_earlier_year_later(hub: Hub, tmp_path: Path) -> None:
    etats = []
    for sequence, value in ((20250, "1"), (20150, "2"), (20250, "3")):
        content = files({"stat_locale": [{"valeur": value}]})
        package = write_zip(tmp_path / f"{value}.zip", with_manifest(content, centre_code="STATBEL", sequence=sequence))
        receipt = receive_deposit(hub, package, centre="STATBEL", periode=PERIODE, canal="dossier", acteur="essai")
        etats.append(validate_deposit(hub, receipt.depot_id).verdict)
    assert etats == [Decision.ACCEPTE] * 3


def test_staging_waits_for_the_verdict(hub: Hub, tmp_path: Path) -> None:
    with pytest.raises(NotJudgedError):
        stage_deposit(hub, _receive(hub, tmp_path))


def test_two_processes_that_judge_the_same_deposit_record_one_verdict(hub: Hub, tmp_path: Path) -> None:
    depot_id = _receive(hub, tmp_path)
    with ThreadPoolExecutor(4) as pool:
        verdicts = list(pool.map(lambda _: validate_deposit(hub, depot_id), range(4)))
    assert len({verdict_bytes(verdict) for verdict in verdicts}) == 1
    assert _actions(hub) == [("depot_recu", depot_id), ("depot_juge", depot_id)]
    assert [path.name for path in hub.home.validated(depot_id).parent.iterdir()] == [depot_id]
    assert stage_deposit(hub, depot_id)
