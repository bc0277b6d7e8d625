"""Depositing at a hub that refuses, is away, or is no hub: each time one French sentence that says what to do."""

from __future__ import annotations

import io
import json
import socket
import zipfile
from collections.abc import Callable
from email.parser import BytesParser
from email.policy import HTTP
from pathlib import Path
from typing import Any

import pytest

from intercentre.core.packing import zip_folder
from intercentre.intake import send as sending
from intercentre.intake.send import SendError, send
from tests.faults.scripted_server import Request, ScriptedServer, answer

Serve = Callable[..., ScriptedServer]
RECEIPT = {"depot_id": "CAI-2026-T3-0123456789ab", "centre": "CAI", "signature": "é"}
CONTENT = json.dumps({"recepisse": RECEIPT, "verdict": "/api/v1/depots/CAI-2026-T3-0123456789ab/verdict"}).encode()


def _form(request: Request) -> dict[str, Any]:
    message = BytesParser(policy=HTTP).parsebytes(
        b"Content-Type: " + request.headers["content-type"].encode() + b"\r\n\r\n" + request.body
    )
    return {
        str(part.get_param("name", header="content-disposition")): (part.get_filename(), part.get_payload(decode=True))
        for part in message.iter_parts()
    }


@pytest.fixture
def depot(tmp_path: Path) -> Path:
    (tmp_path / "depot.zip").write_bytes(b"PK octets")
    return tmp_path / "depot.zip"


@pytest.mark.parametrize("status", [200, 201])
def test_receipt_and_address_of_the_verdict(serve: Serve, depot: Path, status: int) -> None:
    server = serve(answer(status, CONTENT, Content_Type="application/json"))
    receipt, verdict = send(depot, f"{server.address}/", "mon-jeton", "2026-T3")
    assert json.loads(receipt) == RECEIPT
    assert "é" in receipt
    assert verdict == f"{server.address}/api/v1/depots/CAI-2026-T3-0123456789ab/verdict"
    assert server.requests[0].path == "/api/v1/depots"
    assert server.requests[0].headers["authorization"] == "Bearer mon-jeton"
    form = _form(server.requests[0])
    assert form == {"periode": (None, b"2026-T3"), "fichier": ("depot.zip", b"PK octets")}


def test_folder_is_sent_as_the_zip_that_the_hub_would_make(serve: Serve, tmp_path: Path) -> None:
    folder = tmp_path / "2026-T3"
    folder.mkdir()
    (folder / "dossier.csv").write_bytes(b"dossier_id\nA\n")
    server = serve(answer(201, CONTENT))
    send(folder, server.address, "jeton", None)
    form = _form(server.requests[0])
    zip_folder(folder, tmp_path / "attendu.zip")
    assert form == {"fichier": ("2026-T3.zip", (tmp_path / "attendu.zip").read_bytes())}
    assert zipfile.ZipFile(io.BytesIO(form["fichier"][1])).namelist() == ["dossier.csv"]


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (401, "ne reconnaît pas ce jeton"),
        (403, "pas le droit de déposer"),
        (404, "pas de hub à cette adresse"),
        (413, "dépasse la taille admise"),
        (422, "n'a pas pu prendre ce fichier"),
        (429, "Attendez quelques minutes"),
        (500, "momentanément indisponible .réponse 500."),
        (503, "momentanément indisponible .réponse 503."),
        (302, "inattendue .réponse 302."),
        (418, "inattendue .réponse 418."),
    ],
)
def test_refusals(serve: Serve, depot: Path, status: int, sentence: str) -> None:
    server = serve(answer(status, b"<html>secret</html>", Location="http://ailleurs.example/"))
    with pytest.raises(SendError, match=sentence) as caught:
        send(depot, server.address, "mon-jeton", None)
    assert "mon-jeton" not in str(caught.value)
    assert "html" not in str(caught.value)
    assert len(server.requests) == 1


def test_the_hubs_own_sentence_is_passed_on(serve: Serve, depot: Path) -> None:
    said = json.dumps({"erreur": {"statut": 422, "message": "Période attendue sous la forme 2026-T3."}}).encode()
    server = serve(answer(422, said))
    with pytest.raises(SendError, match=r"ce fichier\. Période attendue sous la forme 2026-T3\."):
        send(depot, server.address, "jeton", "T3")


@pytest.mark.parametrize("content", [b"", b"<html>", b"[]", b"{}", b'{"recepisse": 1, "verdict": "x"}', b"\xff"])
def test_what_is_no_receipt_is_no_success(serve: Serve, depot: Path, content: bytes) -> None:
    server = serve(answer(200, content))
    with pytest.raises(SendError, match="inattendue"):
        send(depot, server.address, "jeton", None)


def test_hub_away(depot: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(SendError, match="injoignable"):
        send(depot, f"http://127.0.0.1:{port}", "jeton", None)


def test_hub_that_never_answers(serve: Serve, depot: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def wait(connection: socket.socket) -> None:
        connection.recv(1)  # until the other side gives up

    monkeypatch.setattr(sending, "_ANSWER_S", 0.2)
    server = serve(lambda _request, connection: wait(connection))
    with pytest.raises(SendError, match="pas répondu à temps"):
        send(depot, server.address, "jeton", None)


@pytest.mark.parametrize(
    "address", ["", "hub.example", "ftp://hub.example", "http://", "http://[::1", "https://moi:secret@hub.example"]
)
def test_address_that_is_none(depot: Path, address: str) -> None:
    with pytest.raises(SendError, match="Adresse attendue") as caught:
        send(depot, address, "jeton", None)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("token", ["a\nb", "a b", "é", ""])
def test_token_that_no_header_can_carry(serve: Serve, depot: Path, token: str) -> None:
    server = serve(answer(201, CONTENT))
    with pytest.raises(SendError, match="caractère inadmissible"):
        send(depot, server.address, token, None)
    assert server.requests == []


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(SendError, match="n'existe pas"):
        send(tmp_path / "rien.zip", "http://hub.example", "jeton", None)
