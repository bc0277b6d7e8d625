"""The drop folder: each arrival is taken once, a wrong one harms no other."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from intercentre.core import custody
from intercentre.core.hub import Hub
from intercentre.core.registry.tables import Depot, Journal
from intercentre.intake import arrivals, take_arrivals, verify_receipt
from schemas.exchanges.receipt import Receipt

OFFICIAL = (
    "CD_REFNIS|CD_SEX|CD_NATLTY|CD_AGE|MS_POPULATION|CD_YEAR\n"
    "92094|F|BEL|30|{belges}|{annee}\n92094|F|ETR|30|7|{annee}\n"
)


@pytest.fixture
def drop(hub: Hub) -> Callable[[str, bytes], Path]:
    def write(name: str, content: bytes) -> Path:
        path = hub.home.arrivals / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    return write


Drop = Callable[[str, bytes], Path]


def _rows(hub: Hub) -> list[tuple[str, str, str, str]]:
    with hub.registry.read() as session:
        rows = session.execute(select(Depot).order_by(Depot.numero)).scalars()
        return [(row.centre_code, row.periode, row.canal, row.fichier) for row in rows]


def _actions(hub: Hub) -> list[str]:
    with hub.registry.read() as session:
        return list(session.execute(select(Journal.action).order_by(Journal.numero)).scalars())


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_nothing_arrived_yet_and_the_folders_are_there(hub: Hub) -> None:
    assert take_arrivals(hub) == []
    assert _names(hub.home.arrivals) == sorted(
        ["CAI", "CERAIC", "CIMB", "CRIBW", "CRIC", "CRILUX", "CRIPEL", "CRVI", "STATBEL"]
    )


def test_files_and_folders_are_taken_and_leave_their_receipts(hub: Hub, drop: Drop, tmp_path: Path) -> None:
    drop("CAI/depot.zip", b"octets du CAI")
    drop("CRIC/T3/dossier.csv", b"dossier_id\nA\n")
    receipts = take_arrivals(hub)
    assert [(receipt.centre, receipt.fichier) for receipt in receipts] == [("CAI", "depot.zip"), ("CRIC", "T3")]
    assert _rows(hub) == [("CAI", "2026-T3", "dossier", "depot.zip"), ("CRIC", "2026-T3", "dossier", "T3")]
    assert _names(hub.home.arrivals / "CAI") == ["depot.zip.recu.json"]
    assert _names(hub.home.arrivals / "CRIC") == ["T3.recu.json"]
    left = Receipt.model_validate_json((hub.home.arrivals / "CAI" / "depot.zip.recu.json").read_text(encoding="utf-8"))
    verify_receipt(hub, left)
    custody.unseal(hub, left.sha256, tmp_path / "sorti")
    assert (tmp_path / "sorti").read_bytes() == b"octets du CAI"
    assert take_arrivals(hub) == []


def test_what_is_still_being_written_is_left_alone(hub: Hub, drop: Drop) -> None:
    for name in ("CAI/depot.zip.part", "CAI/.depot.zip", "CAI/.cache/x"):
        drop(name, b"x")
    assert take_arrivals(hub) == []
    assert _names(hub.home.arrivals / "CAI") == [".cache", ".depot.zip", "depot.zip.part"]


def test_file_that_changes_while_it_is_read_is_taken_again_whole(
    hub: Hub, drop: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, receive = drop("CAI/depot.zip", b"la moit"), arrivals.receive_deposit

    def receive_then_grow(*args: object, **asked: object) -> Receipt:
        receipt = receive(*args, **asked)  # type: ignore[arg-type]
        path.write_bytes(b"la moitie puis le reste")
        return receipt

    monkeypatch.setattr(arrivals, "receive_deposit", receive_then_grow)
    take_arrivals(hub)
    assert path.read_bytes() == b"la moitie puis le reste"
    monkeypatch.setattr(arrivals, "receive_deposit", receive)
    (receipt,) = take_arrivals(hub)
    assert receipt.octets == len(b"la moitie puis le reste")
    assert not path.exists()


def test_links_and_pipes_are_no_arrivals(hub: Hub, drop: Drop, tmp_path: Path) -> None:
    """Who may write in the drop folder must not have the hub read, and show, what only the hub may read."""
    drop("CRIC/depot.zip", b"du CRIC")
    folder = hub.home.arrivals / "CAI"
    folder.mkdir()
    (folder / "vol.zip").symlink_to(hub.home.arrivals / "CRIC" / "depot.zip")
    (folder / "dossier").symlink_to(hub.home.arrivals / "CRIC")
    os.mkfifo(folder / "tuyau.zip")
    assert [receipt.centre for receipt in take_arrivals(hub)] == ["CRIC"]


def test_refused_arrival_stays_with_its_reason_and_the_others_are_taken(make_hub: Callable[..., Hub]) -> None:
    hub = make_hub(collecte_octets_max=10)
    for centre, content in (("CAI", b"beaucoup trop grand"), ("CRVI", b"petit")):
        (hub.home.arrivals / centre).mkdir(parents=True)
        (hub.home.arrivals / centre / "depot.zip").write_bytes(content)
    assert [receipt.centre for receipt in take_arrivals(hub)] == ["CRVI"]
    folder = hub.home.arrivals / "CAI"
    assert _names(folder) == ["depot.zip", "depot.zip.refus.txt"]
    assert "dépasse la taille admise (10 octets)" in (folder / "depot.zip.refus.txt").read_text(encoding="utf-8")
    assert _actions(hub) == ["arrivee_refusee", "depot_recu"]
    assert take_arrivals(hub) == []
    assert _actions(hub) == ["arrivee_refusee", "depot_recu"]  # told once
    (folder / "depot.zip").write_bytes(b"corrige")
    (receipt,) = take_arrivals(hub)
    assert (receipt.centre, receipt.octets) == ("CAI", 7)
    assert _names(folder) == ["depot.zip.recu.json"]


def test_file_that_another_process_took_is_no_failure(hub: Hub, drop: Drop, monkeypatch: pytest.MonkeyPatch) -> None:
    path, receive = drop("CAI/depot.zip", b"x"), arrivals.receive_deposit

    def vanish_first(*args: object, **asked: object) -> Receipt:
        path.unlink()
        return receive(*args, **asked)  # type: ignore[arg-type]

    monkeypatch.setattr(arrivals, "receive_deposit", vanish_first)
    assert take_arrivals(hub) == []
    assert _names(hub.home.arrivals / "CAI") == []
    assert _actions(hub) == []


def test_official_file_becomes_a_deposit_and_its_own_bytes_are_kept(hub: Hub, drop: Drop, tmp_path: Path) -> None:
    content = OFFICIAL.format(belges=11, annee=2024).encode()
    drop("STATBEL/TF_SOC_POP.txt", content)
    (receipt,) = take_arrivals(hub)
    assert (receipt.centre, receipt.periode, receipt.lignes, receipt.fichier) == (
        "STATBEL",
        "2024-T1",
        3,
        "TF_SOC_POP.txt",
    )
    with hub.registry.read() as session:
        line = session.execute(select(Journal).where(Journal.action == "fichier_officiel_pris")).scalar_one()
    custody.unseal(hub, json.loads(line.details)["sha256"], tmp_path / "officiel")
    assert (tmp_path / "officiel").read_bytes() == content


def test_official_files_same_corrected_and_of_another_year(hub: Hub, drop: Drop, tmp_path: Path) -> None:
    def take(belges: int, annee: int) -> tuple[bool, int]:
        drop("STATBEL/TF_SOC_POP.txt", OFFICIAL.format(belges=belges, annee=annee).encode())
        (receipt,) = take_arrivals(hub)
        custody.unseal(hub, receipt.sha256, tmp_path / "depot.zip")
        with zipfile.ZipFile(tmp_path / "depot.zip") as archive:
            return receipt.deja_recu, json.loads(archive.read("manifeste.json"))["sequence"]

    assert take(11, 2024) == (False, 1)
    assert take(12, 2024) == (False, 2)  # a correction of the same year: a later sequence
    assert take(11, 2020) == (False, 3)  # an earlier year, dropped later
    assert take(11, 2024) == (True, 1)  # known bytes, recognised
    assert take(11, 2020) == (True, 3)
    assert [row[1] for row in _rows(hub)] == ["2024-T1", "2024-T1", "2020-T1"]


def test_official_file_that_cannot_be_read_is_refused_once_and_the_next_is_taken(hub: Hub, drop: Drop) -> None:
    path = drop("STATBEL/TF_SOC_POP_2024.txt", b"rien d'officiel")
    drop("STATBEL/TF_SOC_POP_z.txt", OFFICIAL.format(belges=1, annee=2023).encode())
    (hub.home.arrivals / "STATBEL" / "dossier").mkdir()
    assert [receipt.periode for receipt in take_arrivals(hub)] == ["2023-T1"]
    assert "Colonnes attendues" in path.with_name(path.name + ".refus.txt").read_text(encoding="utf-8")
    assert "pas un dossier" in (path.parent / "dossier.refus.txt").read_text(encoding="utf-8")
    assert _actions(hub).count("fichier_officiel_refuse") == 2
    take_arrivals(hub)
    assert _actions(hub).count("fichier_officiel_refuse") == 2


@pytest.mark.parametrize("source", ["CAI", "STATBEL"])
def test_a_name_as_long_as_can_be_keeps_nobody_waiting(hub: Hub, drop: Drop, source: str) -> None:
    entries = [drop(f"{source}/{letter * 251}.zip", letter.encode()) for letter in "ab"]
    drop("CRIC/depot.zip", b"octets du CRIC")
    assert "CRIC" in {receipt.centre for receipt in take_arrivals(hub)}
    suffix = ".recu.json" if source == "CAI" else ".refus.txt"
    left = [name for name in _names(hub.home.arrivals / source) if name.endswith(suffix)]
    assert [name[:41] for name in left] == [f"{'a' * 40}-", f"{'b' * 40}-"]
    assert [entry.exists() for entry in entries] == [source == "STATBEL"] * 2
    assert take_arrivals(hub) == []
