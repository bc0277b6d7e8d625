"""Bytes in, receipt out: nothing is judged, nothing is lost, the same bytes are recognised."""

from __future__ import annotations

import hashlib
import json
import random
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from sqlalchemy import select

from intercentre.core import custody
from intercentre.core.hub import Hub
from intercentre.core.packing import zip_folder
from intercentre.core.registry.store import verify_journal
from intercentre.core.registry.tables import Depot, Journal
from intercentre.core.sshsig import SignatureError
from intercentre.intake import IntakeError, expected_period, forget_raw_deposits, receive_deposit, verify_receipt
from intercentre.intake.package import Declared, peek
from intercentre.validation import validate_deposit, write_deposit_to_correct
from schemas.exchanges.receipt import Receipt
from schemas.period import Period
from tests.packages import files, with_manifest, write_zip
from tests.partial_deposits import corrected, dossiers

PERIOD = Period(2026, 3)
MANIFEST: dict[str, Any] = {
    "centre_code": "CAI",
    "schema_version": "1.0.0",
    "type_depot": "TRIMESTRIEL",
    "periode_debut": "2026-04-01",
    "periode_fin": "2026-06-30",
    "date_etat": "2026-06-30",
    "sequence": 1,
    "logiciel_source": "outil du centre 4.2",
    "tables": [
        {"nom": "dossier", "fichier": "dossier.csv", "lignes": 3, "sha256": "0" * 64},
        {"nom": "transfert", "lignes": 4},
    ],
    "contact_role": "informatique",
}


def _receive(hub: Hub, source: Path, **asked: Any) -> Receipt:
    return receive_deposit(
        hub, source, **{"centre": "CAI", "periode": PERIOD, "canal": "commande", "acteur": "essai", **asked}
    )


def _deposits(hub: Hub) -> list[Depot]:
    with hub.registry.read() as session:
        return list(session.execute(select(Depot).order_by(Depot.numero)).scalars())


def _actions(hub: Hub) -> list[tuple[str, str]]:
    with hub.registry.read() as session:
        return [
            (line.action, line.objet) for line in session.execute(select(Journal).order_by(Journal.numero)).scalars()
        ]


def _folder(place: Path, **changes: Any) -> Path:
    place.mkdir(parents=True)
    (place / "manifeste.json").write_text(json.dumps(MANIFEST | changes), encoding="utf-8")
    (place / "dossier.csv").write_bytes(b"dossier_id;sexe\nA1;F\n")
    return place


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "depot.zip").write_bytes(b"octets quelconques")
    return tmp_path / "depot.zip"


def test_receipt_says_what_was_received(hub: Hub, source: Path) -> None:
    receipt = _receive(hub, source)
    digest = hashlib.sha256(b"octets quelconques").hexdigest()
    assert receipt.model_dump(exclude={"signature"}) == {
        "depot_id": f"CAI-2026-T3-{digest[:12]}",
        "centre": "CAI",
        "periode": "2026-T3",
        "canal": "commande",
        "fichier": "depot.zip",
        "octets": 18,
        "lignes": None,
        "sha256": digest,
        "recu_le": datetime(2026, 10, 12, 9, 0, tzinfo=UTC),
        "deja_recu": False,
    }
    (row,) = _deposits(hub)
    assert (row.depot_id, row.etat, row.prepare, row.octets, row.numero) == (receipt.depot_id, "recu", False, 18, 1)
    assert Receipt.model_validate_json(row.recepisse) == receipt
    assert _actions(hub) == [("depot_recu", receipt.depot_id)]


def test_same_bytes_twice_are_one_deposit(hub: Hub, source: Path, tmp_path: Path, clock: Any) -> None:
    first = _receive(hub, source)
    clock.advance(hours=3)
    (tmp_path / "copie.zip").write_bytes(source.read_bytes())
    again = _receive(hub, tmp_path / "copie.zip", canal="api")
    assert again == first.model_copy(update={"deja_recu": True})
    verify_receipt(hub, again)
    assert len(_deposits(hub)) == 1
    assert _actions(hub) == [("depot_recu", first.depot_id), ("depot_deja_recu", first.depot_id)]
    assert verify_journal(hub.registry) == (2, None)


def test_same_bytes_of_another_centre_or_period_are_another_deposit(hub: Hub, source: Path) -> None:
    names = {_receive(hub, source).depot_id, _receive(hub, source, centre="CRIC").depot_id}
    names.add(_receive(hub, source, periode=Period(2026, 2)).depot_id)
    assert len(names) == len(_deposits(hub)) == 3
    assert [row.numero for row in _deposits(hub)] == [1, 2, 3]


def test_other_bytes_with_the_same_first_digits_are_another_deposit(hub: Hub, source: Path) -> None:
    """Twelve hexadecimal digits can be matched on purpose: the deposit that came first must not hide the second."""
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    _receive(hub, source)
    with hub.registry.change() as change:
        change.session.get_one(Depot, f"CAI-2026-T3-{digest[:12]}").sha256 = digest[:12] + "f" * 52
    receipt = _receive(hub, source)
    assert (receipt.depot_id, receipt.deja_recu) == (f"CAI-2026-T3-{digest[:40]}", False)
    assert _receive(hub, source).deja_recu is True
    assert len(_deposits(hub)) == 2


def test_folder_is_the_same_deposit_as_its_zip(hub: Hub, tmp_path: Path) -> None:
    first, second = _folder(tmp_path / "a"), _folder(tmp_path / "b")
    zip_folder(first, tmp_path / "a.zip")
    receipt = _receive(hub, second)
    assert receipt.sha256 == hashlib.sha256((tmp_path / "a.zip").read_bytes()).hexdigest()
    assert _receive(hub, tmp_path / "a.zip").deja_recu is True
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.namelist() == ["dossier.csv", "manifeste.json"]
        assert archive.read("dossier.csv") == (first / "dossier.csv").read_bytes()


def test_link_in_a_folder_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"cle")
    folder = _folder(tmp_path / "a")
    (folder / "lien").symlink_to(tmp_path / "secret")
    (folder / "dossier-lie").symlink_to(tmp_path)
    zip_folder(folder, tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.namelist() == ["dossier.csv", "manifeste.json"]


def test_file_name_that_is_no_text_does_not_stop_a_deposit(hub: Hub, tmp_path: Path) -> None:
    folder = _folder(tmp_path / "a")
    (folder / "donn\udce9es.csv").write_bytes(b"x")  # cp1252 bytes in a name, as an old server leaves them
    assert _receive(hub, folder).octets > 0
    odd = tmp_path / "d\udce9p\nôt.zip"
    odd.write_bytes(b"y")
    assert _receive(hub, odd).fichier == "d_p_ôt.zip"
    assert _receive(hub, odd, fichier="../../etc/pas\x00wd", centre="CRIC").fichier == "pas_wd"


def test_size_bound(make_hub: Callable[..., Hub], source: Path) -> None:
    assert _receive(make_hub("juste", collecte_octets_max=18), source).octets == 18
    small = make_hub("petit", collecte_octets_max=17)
    with pytest.raises(IntakeError, match="17 octets"):
        _receive(small, source)
    assert _deposits(small) == []
    assert not (small.home.root / "z0").exists()


def test_unknown_centre_and_missing_file_are_refused(hub: Hub, source: Path, tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match="pas connu"):
        _receive(hub, source, centre="../CAI")
    with pytest.raises(IntakeError, match="n'existe pas"):
        _receive(hub, tmp_path / "rien")
    assert _actions(hub) == []


def test_empty_file_is_kept(hub: Hub, tmp_path: Path) -> None:
    (tmp_path / "vide.csv").touch()
    receipt = _receive(hub, tmp_path / "vide.csv")
    assert (receipt.octets, receipt.lignes) == (0, None)
    custody.unseal(hub, receipt.sha256, tmp_path / "sorti")
    assert (tmp_path / "sorti").read_bytes() == b""


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("depot_id", "CAI-2026-T3-000000000000"),
        ("centre", "CRIC"),
        ("periode", "2026-T2"),
        ("canal", "api"),
        ("fichier", "autre.zip"),
        ("octets", 19),
        ("lignes", 0),
        ("sha256", "0" * 64),
        ("recu_le", datetime(2026, 10, 12, 9, 0, 0, 1, tzinfo=UTC)),
        ("signature", None),
        ("signature", "-----BEGIN SSH SIGNATURE-----\nU1NIU0lH\n-----END SSH SIGNATURE-----"),
    ],
)
def test_receipt_holds_only_as_it_was_given(hub: Hub, source: Path, field: str, value: object) -> None:
    receipt = Receipt.model_validate_json(_receive(hub, source).model_dump_json())
    verify_receipt(hub, receipt)
    with pytest.raises(SignatureError):
        verify_receipt(hub, receipt.model_copy(update={field: value}))


def test_receipt_of_another_hub_does_not_hold(hub: Hub, make_hub: Callable[..., Hub], source: Path) -> None:
    with pytest.raises(SignatureError):
        verify_receipt(make_hub("autre"), _receive(hub, source))


def test_period_is_the_depositors_then_the_manifests_then_the_one_expected(hub: Hub, tmp_path: Path) -> None:
    folder = _folder(tmp_path / "a")
    assert _receive(hub, folder).periode == "2026-T3"
    said = _receive(hub, folder, periode=None)
    assert (said.periode, said.lignes) == ("2026-T2", 7)
    (tmp_path / "sans").write_bytes(b"x")
    assert _receive(hub, tmp_path / "sans", periode=None).periode == "2026-T3"
    assert [row.logiciel for row in _deposits(hub)] == ["outil du centre 4.2", "outil du centre 4.2", None]


@pytest.mark.parametrize(
    ("day", "period"),
    [((2026, 10, 1), "2026-T3"), ((2026, 9, 30), "2026-T2"), ((2026, 1, 1), "2025-T4"), ((2026, 12, 31), "2026-T3")],
)
def test_expected_period_is_the_last_that_is_over(hub: Hub, clock: Any, day: tuple[int, int, int], period: str) -> None:
    clock.instant = datetime(*day, 12, tzinfo=UTC)
    assert str(expected_period(hub)) == period


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, Declared(Period(2026, 2), 7, "outil du centre 4.2")),
        ({"periode_debut": "9999-10-01", "periode_fin": "9999-12-31"}, Declared(None, 7, "outil du centre 4.2")),
        ({"periode_debut": "0001-01-01", "periode_fin": "0001-12-31"}, Declared(None, 7, "outil du centre 4.2")),
        ({"periode_debut": "2026-04-02"}, Declared(None, 7, "outil du centre 4.2")),
        ({"logiciel_source": "a\x00b"}, Declared(Period(2026, 2), 7, None)),
        ({"logiciel_source": "\ud800"}, Declared()),
        ({"logiciel_source": "x" * 65}, Declared()),
        ({"inconnu": 1}, Declared()),
        ({"tables": "non"}, Declared()),
    ],
)
def test_what_a_manifest_declares(tmp_path: Path, changes: dict[str, Any], expected: Declared) -> None:
    zip_folder(_folder(tmp_path / "a", **changes), tmp_path / "a.zip")
    assert peek(tmp_path / "a.zip") == expected


def test_manifest_that_is_no_json_declares_nothing(hub: Hub, tmp_path: Path) -> None:
    for number, text in enumerate(["", "[" * 100_000, "{", "null", '{"sequence": 1e999}']):
        folder = _folder(tmp_path / f"m{number}")
        (folder / "manifeste.json").write_text(text)
        zip_folder(folder, tmp_path / "a.zip")
        assert peek(tmp_path / "a.zip") == Declared()
        assert _receive(hub, folder).lignes is None


def test_damaged_archive_never_stops_its_own_reception(hub: Hub, tmp_path: Path) -> None:
    zip_folder(_folder(tmp_path / "a"), tmp_path / "a.zip")
    whole, draw, path = (tmp_path / "a.zip").read_bytes(), random.Random(11), tmp_path / "b.zip"
    for _ in range(500):
        damaged = bytearray(whole)
        for _ in range(draw.randint(1, 5)):
            damaged[draw.randrange(len(damaged))] = draw.randrange(256)
        path.write_bytes(damaged[: draw.randrange(len(damaged))] if draw.random() < 0.2 else damaged)
        assert isinstance(peek(path), Declared)


def _judge(hub: Hub, depot_id: str, etat: str, sequence: int | None = None) -> None:
    with hub.registry.change() as change:
        row = change.session.get_one(Depot, depot_id)
        row.etat, row.sequence = etat, sequence


def _dropped(hub: Hub, place: Path, content: bytes, **asked: Any) -> Receipt:
    place.write_bytes(content)
    return _receive(hub, place, **asked)


def test_retention_keeps_what_the_hub_stands_on(hub: Hub, tmp_path: Path, clock: Any) -> None:
    older = _dropped(hub, tmp_path / "f", b"accepte, remplace", periode=Period(2026, 1))
    last = _dropped(hub, tmp_path / "f", b"dernier accepte", periode=Period(2026, 2))
    refused = _dropped(hub, tmp_path / "f", b"refuse", periode=Period(2026, 2))
    other = _dropped(hub, tmp_path / "f", b"dernier accepte du CRIC", centre="CRIC", periode=Period(2025, 4))
    _judge(hub, older.depot_id, "accepte", 1)
    _judge(hub, last.depot_id, "accepte_avec_quarantaine", 2)
    _judge(hub, refused.depot_id, "refuse", 3)
    _judge(hub, other.depot_id, "accepte", 1)
    clock.advance(days=89)
    young = _dropped(hub, tmp_path / "f", b"recent, refuse")
    _judge(hub, young.depot_id, "refuse", 4)
    assert forget_raw_deposits(hub) == 0
    clock.advance(days=2)
    assert forget_raw_deposits(hub) == 2
    kept = {
        receipt.sha256: hub.home.custody(receipt.sha256).exists() for receipt in (older, last, refused, other, young)
    }
    assert kept == {
        older.sha256: False,
        last.sha256: True,
        refused.sha256: False,
        other.sha256: True,
        young.sha256: True,
    }
    assert [line for line in _actions(hub) if line[0] == "octets_effaces"] == [
        ("octets_effaces", older.depot_id),
        ("octets_effaces", refused.depot_id),
    ]
    assert len(_deposits(hub)) == 5  # rows, receipts and verdicts stay
    assert forget_raw_deposits(hub) == 0
    assert verify_journal(hub.registry)[1] is None


def test_retention_keeps_bytes_that_a_younger_deposit_holds_too(hub: Hub, source: Path, clock: Any) -> None:
    receipt = _receive(hub, source)
    clock.advance(days=60)
    _receive(hub, source, centre="CRIC")
    clock.advance(days=60)
    assert forget_raw_deposits(hub) == 0
    clock.advance(days=60)
    assert forget_raw_deposits(hub) == 1
    assert not hub.home.custody(receipt.sha256).exists()


def test_correction_that_was_accepted_takes_the_place_of_what_it_corrects(hub: Hub, tmp_path: Path, clock: Any) -> None:
    first = _dropped(hub, tmp_path / "f", b"premier")
    correction = _dropped(hub, tmp_path / "f", b"rectificatif")
    _judge(hub, first.depot_id, "accepte", 5)
    _judge(hub, correction.depot_id, "accepte", 6)
    clock.instant += timedelta(days=365)
    assert forget_raw_deposits(hub) == 1
    assert hub.home.custody(correction.sha256).exists()


T2 = {"periode_debut": "2026-04-01", "periode_fin": "2026-06-30", "date_etat": "2026-06-30"}


def test_a_manifest_says_the_period_whatever_the_case_of_its_name(hub: Hub, tmp_path: Path) -> None:
    content = with_manifest(files(), **T2)
    content["Export T2\\MANIFESTE.JSON"] = content.pop("manifeste.json")
    receipt = _receive(hub, write_zip(tmp_path / "a.zip", content), periode=None)
    assert receipt.periode == "2026-T2"
    assert validate_deposit(hub, receipt.depot_id).is_accepted


def test_the_workbook_of_rows_to_correct_says_its_period_itself(hub: Hub, tmp_path: Path) -> None:
    content = with_manifest(files({"dossier": dossiers({3: {"sexe": "Femme"}})}), **T2)
    whole = _receive(hub, write_zip(tmp_path / "a.zip", content), periode=None)
    validate_deposit(hub, whole.depot_id)
    with hub.registry.read() as session:
        write_deposit_to_correct(hub, session.get_one(Depot, whole.depot_id), tmp_path / "corriger.xlsx")
    path = corrected((tmp_path / "corriger.xlsx").read_bytes(), tmp_path / "b.xlsx", "dossier", {2: {"sexe": "F"}})
    receipt = _receive(hub, path, periode=None)
    assert receipt.periode == "2026-T2"
    verdict = validate_deposit(hub, receipt.depot_id)
    assert verdict.sentence == "Accepté : plus aucune ligne à corriger pour 2026-T2."


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/workbook.xml", b"<workbook"),
        ("xl/workbook.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><workbook/>'),
        ("xl/workbook.xml", "<workbook/>".encode("utf-16")),
        ("xl/sharedStrings.xml", b"<sst/>"),
        ("xl/sharedStrings.xml", b"<sst>" + b" " * 1_000_001 + b"</sst>"),
        ("xl/worksheets/sheet1.xml", b"<worksheet/>"),
        ("xl/_rels/workbook.xml.rels", b"<Relationships/>"),
    ],
)
def test_a_workbook_that_is_out_of_bounds_declares_nothing(tmp_path: Path, part: str, content: bytes) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet("depot_partiel")
        for at, said in enumerate([("champ", "valeur"), *T2.items(), ("logiciel_source", "essai")]):
            sheet.write_row(at, 0, said)
    assert peek(tmp_path / "a.xlsx") == Declared(Period(2026, 2), None, "essai")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert peek(write_zip(tmp_path / "b.xlsx", {**parts, part: content})) == Declared()
