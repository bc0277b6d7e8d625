"""A file on its way in: custody, receipt, verdict; bounded, streamed, and nothing left behind."""

from __future__ import annotations

import hashlib
import http.client
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from intercentre.core.hub import Hub
from intercentre.core.registry.store import verify_journal
from intercentre.core.registry.tables import Depot, Journal
from intercentre.intake import verify_receipt
from intercentre.portal import create_account, create_app
from intercentre.portal.uploads import clean_name
from schemas.exchanges.receipt import Receipt
from schemas.exchanges.verdict import Verdict
from tests.as_read import as_read
from tests.portal.conftest import Visit, serving
from tests.portal.packages import MANIFEST, with_one_wrong_sex, zipped

FORM = {"periode": "2026-T3"}


def files(content: bytes, name: str = "depot.zip") -> dict[str, tuple[str, bytes]]:
    return {"fichier": (name, content)}


def left_in_work(hub: Hub) -> list[str]:
    return [path.name for path in hub.home.work.rglob("*")] if hub.home.work.exists() else []


def test_a_deposit_by_the_api_is_judged_and_counts(
    hub: Hub, program: Callable[[str], Visit], packages: dict[str, Path]
) -> None:
    content = zipped(packages["CAI"])
    answer = program("cai").post("/api/v1/depots", files=files(content, "export d'été.zip"), data=FORM)
    assert answer.status_code == 201
    told = answer.json()
    receipt = Receipt.model_validate(told["recepisse"])
    verify_receipt(hub, receipt)
    assert receipt.sha256 == hashlib.sha256(content).hexdigest()
    assert (receipt.octets, receipt.canal, receipt.fichier) == (len(content), "api", "export d'été.zip")
    assert (told["etat"], told["phrase"]) == ("accepte", "Accepté : rien à faire.")
    assert answer.headers["Location"] == f"/api/v1/depots/{receipt.depot_id}"
    verdict = Verdict.model_validate_json(program("cai").get(told["verdict"]).content)
    lines = len((packages["CAI"] / "dossier.csv").read_text(encoding="utf-8").splitlines())
    assert next(table.lignes_lues for table in verdict.tables if table.table == "dossier") == lines - 1
    assert program("cai").get(answer.headers["Location"]).json()["prepare"] is True
    assert left_in_work(hub) == []


def test_the_whole_body_may_be_the_file(program: Callable[[str], Visit], packages: dict[str, Path]) -> None:
    answer = program("cai").post(
        "/api/v1/depots?periode=2026-T3",
        content=zipped(packages["CAI"]),
        headers={"Content-Type": "application/zip", "Content-Disposition": 'attachment; filename="mon export.zip"'},
    )
    assert (answer.status_code, answer.json()["etat"]) == (201, "accepte")
    assert answer.json()["recepisse"]["fichier"] == "mon export.zip"


def test_without_a_period_the_manifest_says_it(program: Callable[[str], Visit], packages: dict[str, Path]) -> None:
    answer = program("cai").post("/api/v1/depots", files=files(zipped(packages["CAI"])))
    assert answer.json()["recepisse"]["periode"] == "2026-T3"


def test_the_same_bytes_again_are_recognised_and_not_judged_twice(
    hub: Hub, program: Callable[[str], Visit], packages: dict[str, Path]
) -> None:
    content = zipped(packages["CAI"])
    first = program("cai").post("/api/v1/depots", files=files(content), data=FORM)
    again = program("cai").post("/api/v1/depots", files=files(content), data=FORM)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["recepisse"]["deja_recu"] is True
    assert again.json()["recepisse"]["depot_id"] == first.json()["recepisse"]["depot_id"]
    with hub.registry.read() as session:
        assert len(session.execute(select(Depot)).scalars().all()) == 1
        actions = [line.action for line in session.execute(select(Journal).order_by(Journal.numero)).scalars()]
    assert actions.count("depot_recu") == actions.count("depot_deja_recu") == 1


def test_a_deposit_by_the_page_comes_back_with_its_verdict(
    hub: Hub, person: Callable[[str], Visit], packages: dict[str, Path]
) -> None:
    visitor = person("cai")
    form, content = {"csrf": visitor.csrf("/depots/nouveau"), **FORM}, with_one_wrong_sex(packages["CAI"])
    answer = visitor.post("/depots", files=files(content), data=form)
    assert answer.status_code == 303
    page = as_read(visitor.get(answer.headers["Location"]).text)
    assert "Accepté, 1 ligne à corriger ; le reste est pris en compte." in page
    assert "dossier.csv, ligne 3, colonne sexe" in page
    assert "Pris en compte dans les chiffres de la période" in page
    report = visitor.get(f"{answer.headers['Location']}/rapport")
    assert report.headers["Content-Disposition"].startswith("attachment; filename=")
    assert "<h1" in report.text
    again = visitor.post("/depots", files=files(content), data=form)
    assert again.headers["Location"].endswith("?deja=1")
    assert "Ce fichier avait déjà été reçu" in visitor.get(again.headers["Location"]).text


def test_a_manifest_of_another_centre_is_refused(program: Callable[[str], Visit], packages: dict[str, Path]) -> None:
    answer = program("cai").post("/api/v1/depots", files=files(zipped(packages["CRIC"])), data=FORM)
    told = answer.json()
    assert told["etat"] == "refuse"
    assert told["recepisse"]["centre"] == "CAI"
    codes = [constat["code"] for constat in program("cai").get(told["verdict"]).json()["constats"]]
    assert codes == ["V03"]
    assert program("cric").get(told["verdict"]).status_code == 404


@pytest.mark.parametrize(
    ("content", "code"), [(b"", "DEP-002"), (b"<!doctype html><html><body>Connexion</body></html>", "DEP-003")]
)
def test_what_is_no_deposit_is_kept_and_refused_with_its_code(
    program: Callable[[str], Visit], content: bytes, code: str
) -> None:
    told = program("cai").post("/api/v1/depots", files=files(content), data=FORM).json()
    assert told["etat"] == "refuse"
    assert [c["code"] for c in program("cai").get(told["verdict"]).json()["constats"]] == [code]


@pytest.mark.parametrize(
    ("options", "status", "words"),
    [
        ({"data": {"periode": "2026-T3"}, "files": {"autre": ("a.zip", b"x")}}, 422, "Choisissez d'abord un fichier"),
        ({"files": {"fichier": ("", b"")}}, 422, "Choisissez d'abord un fichier"),
        ({"data": {"periode": "T3"}, "files": {"fichier": ("a.zip", b"x")}}, 422, "Période attendue"),
        ({"content": b"x", "headers": {"Content-Type": "multipart/form-data"}}, 400, "Le formulaire n'a pas pu"),
        ({"content": b"rien", "headers": {"Content-Type": "multipart/form-data; boundary=b"}}, 400, "n'a pas pu"),
        ({"data": {"a": "x" * 70_000}, "files": {"fichier": ("a.zip", b"x")}}, 400, "n'a pas pu être lu"),
        ({"files": [("fichier", ("a.zip", b"x")), ("fichier", ("b.zip", b"y"))]}, 400, "n'a pas pu être lu"),
        ({"data": {f"c{rank}": "" for rank in range(30)}, "files": {"fichier": ("a", b"x")}}, 400, "n'a pas pu"),
        (
            {
                "content": b'--b\r\nContent-Disposition: form-data; name="fichier"; filename="a.zip"\r\n\r\nx',
                "headers": {"Content-Type": "multipart/form-data; boundary=b"},
            },
            400,
            "n'a pas pu être lu",
        ),
    ],
)
def test_a_form_that_holds_no_deposit_is_refused_with_a_sentence(
    hub: Hub, program: Callable[[str], Visit], options: dict[str, object], status: int, words: str
) -> None:
    answer = program("cai").post("/api/v1/depots", **options)
    assert (answer.status_code, words in answer.json()["erreur"]["message"]) == (status, True)
    assert left_in_work(hub) == []
    with hub.registry.read() as session:
        assert session.execute(select(Depot)).first() is None


@pytest.fixture
def small(make_hub: Callable[..., Hub]) -> tuple[FastAPI, Hub, str]:
    """A portal that takes at most 1 MB, its hub and a centre's token."""
    hub = make_hub("petit", collecte_octets_max=1_000_000)
    token = create_account(hub, "cai", "centre", "CAI")
    return create_app(hub), hub, token


@pytest.mark.slow
def test_a_file_beyond_the_bound_is_refused_in_french_however_it_comes(small: tuple[FastAPI, Hub, str]) -> None:
    app, hub, token = small
    bearer = {"Authorization": f"Bearer {token}"}
    with serving(app) as address, httpx.Client(base_url=address, headers=bearer) as client:
        inside = client.post("/api/v1/depots", content=b"a" * 1_000_000)
        assert inside.status_code == 201
        for options in (
            {"content": b"a" * 1_000_001},
            {"files": files(b"a" * 1_000_001)},
            {"content": iter([b"a" * 65_536] * 20)},  # no length announced
            {"content": iter([b"a" * 65_536] * 40)},  # beyond what is read away
        ):
            answer = client.post("/api/v1/depots", **options)  # type: ignore[arg-type]
            assert answer.status_code == 413
            assert "dépasse la taille admise (1\u202fMo)" in answer.json()["erreur"]["message"]
    assert left_in_work(hub) == []
    with hub.registry.read() as session:
        assert len(session.execute(select(Depot)).scalars().all()) == 1


@pytest.mark.slow
def test_a_gigantic_announcement_is_refused_before_it_is_sent(small: tuple[FastAPI, Hub, str]) -> None:
    app, hub, token = small
    with serving(app) as address:
        connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=10)
        connection.putrequest("POST", "/api/v1/depots")
        connection.putheader("Authorization", f"Bearer {token}")
        connection.putheader("Content-Length", str(10**12))
        connection.endheaders()
        assert connection.getresponse().status == 413
        connection.close()
    assert left_in_work(hub) == []


@pytest.mark.slow
def test_a_transfer_cut_in_the_middle_leaves_nothing(small: tuple[FastAPI, Hub, str]) -> None:
    app, hub, token = small
    with serving(app) as address:
        connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=10)
        connection.putrequest("POST", "/api/v1/depots")
        connection.putheader("Authorization", f"Bearer {token}")
        connection.putheader("Content-Length", "900000")
        connection.endheaders()
        connection.send(b"a" * 300_000)
        connection.close()
        assert httpx.get(f"{address}/sante").status_code == 200
    assert left_in_work(hub) == []
    with hub.registry.read() as session:
        assert session.execute(select(Depot)).first() is None


@pytest.mark.parametrize("fault", [duckdb.IOException("85073003328"), OSError("85073003328")])
def test_a_check_that_breaks_down_keeps_the_deposit_and_can_be_done_again(
    hub: Hub,
    person: Callable[[str], Visit],
    packages: dict[str, Path],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    fault: Exception,
) -> None:
    import intercentre.validation

    def broken(*_arguments: object) -> None:
        raise fault

    visitor = person("cai")
    form = {"csrf": visitor.csrf("/depots/nouveau"), **FORM}
    with monkeypatch.context() as patch:
        patch.setitem(intercentre.validation.__dict__, "validate_deposit", broken)
        answer = visitor.post("/depots", files=files(zipped(packages["CAI"])), data=form)
    address = answer.headers["Location"]
    page = as_read(visitor.get(address).text)
    assert "Votre dépôt est bien reçu ; son contrôle n'a pas pu se terminer." in page
    with hub.registry.read() as session:
        lines = session.execute(select(Journal).order_by(Journal.numero)).scalars().all()
    assert lines[-1].action == "controle_interrompu"
    assert "85073003328" not in caplog.text + lines[-1].details
    again = visitor.post(f"{address}/controle", data={"csrf": form["csrf"]})
    assert again.headers["Location"] == address
    assert "Accepté : rien à faire." in as_read(visitor.get(address).text)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\Exports\\dépôt.zip", "dépôt.zip"),
        ("../../etc/passwd", "passwd"),
        ("a\r\nb\x00.zip", "ab.zip"),
        ("", "depot.zip"),
        ("x" * 300 + ".zip", "x" * 116 + ".zip"),
        ('"><img>.zip', "img.zip"),
    ],
)
def test_a_file_keeps_its_own_name_and_no_more(given: str, kept: str) -> None:
    assert clean_name(given) == kept


@pytest.mark.slow
def test_deposits_that_arrive_together_are_all_kept_and_judged(
    hub: Hub, address: str, tokens: dict[str, str], packages: dict[str, Path]
) -> None:
    """Twelve at once from two centres, each with bytes of its own; the journal's chain stays whole."""
    contents = [
        (centre, zipped(packages[centre.upper()], replaced={MANIFEST: manifest_of_sequence(packages, centre, n)}))
        for n in range(1, 7)
        for centre in ("cai", "cric")
    ]

    def send(given: tuple[str, bytes]) -> httpx.Response:
        return httpx.post(
            f"{address}/api/v1/depots",
            files=files(given[1]), headers={"Authorization": f"Bearer {tokens[given[0]]}"}, timeout=120,
        )  # fmt: skip

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(send, contents))
    assert [answer.status_code for answer in answers] == [201] * 12
    assert len({answer.json()["recepisse"]["depot_id"] for answer in answers}) == 12
    with hub.registry.read() as session:
        rows = session.execute(select(Depot).order_by(Depot.numero)).scalars().all()
    assert [row.numero for row in rows] == list(range(1, 13))
    assert all(row.verdict is not None for row in rows)
    assert verify_journal(hub.registry)[1] is None
    assert left_in_work(hub) == []


def manifest_of_sequence(packages: dict[str, Path], centre: str, sequence: int) -> bytes:
    manifest = json.loads((packages[centre.upper()] / MANIFEST).read_text(encoding="utf-8"))
    return json.dumps(manifest | {"sequence": sequence}).encode()
