"""Centres' servers that fail: each failure has its code, its row and its line, and harms nobody else."""

from __future__ import annotations

import gzip
import io
import socket
import ssl
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from sqlalchemy import select

from intercentre.core import custody
from intercentre.core.hub import Hub
from intercentre.core.registry.store import verify_journal
from intercentre.core.registry.tables import Collecte, Depot, Journal
from intercentre.intake import Collection, Endpoint, collect, receive_deposit, transfer
from schemas.period import Period
from tests.faults.scripted_server import Request, ScriptedServer, Step, answer

PERIOD = Period(2026, 3)
TOKEN = "jeton-du-centre"
Serve = Callable[..., ScriptedServer]


def _archive(size: int = 200_000) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("dossier.csv", b"ligne;" * (size // 6))
    return stream.getvalue()


FILE = _archive()
OTHER = _archive(150_000)


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfer, "_FIRST_PAUSE_S", 0.02)
    monkeypatch.setattr(transfer, "_LONGEST_PAUSE_S", 0.05)


@pytest.fixture
def hub(make_hub: Callable[..., Hub]) -> Hub:
    return make_hub(collecte_octets_max=1_000_000, collecte_delai_s=10, collecte_essais=3)


@pytest.fixture(autouse=True)
def _others_are_untouched(hub: Hub, tmp_path: Path) -> Iterator[None]:
    """Another centre's deposit, taken in before, is the same after whatever happens to the CAI."""
    other = tmp_path / "cric.zip"
    other.write_bytes(OTHER)
    receipt = receive_deposit(hub, other, centre="CRIC", periode=PERIOD, canal="commande", acteur="test")

    def state() -> tuple[object, ...]:
        with hub.registry.read() as session:
            row = session.get_one(Depot, receipt.depot_id)
            return row.etat, row.recepisse, row.sha256, row.numero

    before = state()
    yield
    assert state() == before
    custody.unseal(hub, receipt.sha256, tmp_path / "cric-apres.zip")
    assert (tmp_path / "cric-apres.zip").read_bytes() == OTHER
    assert verify_journal(hub.registry)[1] is None


def _collect(hub: Hub, address: str, token: str = TOKEN) -> Collection:
    return collect(hub, Endpoint("CAI", f"{address}/cai/{{periode}}.zip", "X"), PERIOD, token)


def _assert_failed(hub: Hub, collection: Collection, code: str) -> None:
    """The failure is told, recorded and journaled, and left no deposit."""
    assert (collection.resultat, collection.depot_id) == ("echec", None)
    assert collection.constat is not None
    assert collection.constat.code == code
    with hub.registry.read() as session:
        row = session.execute(select(Collecte).order_by(Collecte.numero.desc()).limit(1)).scalar_one()
        line = session.execute(select(Journal).order_by(Journal.numero.desc()).limit(1)).scalar_one()
        deposits = session.execute(select(Depot).where(Depot.centre_code == "CAI")).scalars().all()
    assert (row.centre_code, row.periode, row.resultat, row.code, row.depot_id) == (
        "CAI",
        "2026-T3",
        "echec",
        code,
        None,
    )
    assert (line.acteur, line.action, line.objet) == ("collecte", "collecte_echec", "CAI-2026-T3")
    assert f'"code":"{code}"' in line.details
    assert deposits == []


def _assert_taken(hub: Hub, collection: Collection, content: bytes, tmp_path: Path, resultat: str = "depot") -> None:
    """The very bytes of `content` are in custody, and the collection is recorded and journaled."""
    assert (collection.resultat, collection.constat) == (resultat, None)
    assert collection.depot_id is not None
    with hub.registry.read() as session:
        deposit = session.get_one(Depot, collection.depot_id)
        row = session.execute(select(Collecte).order_by(Collecte.numero.desc()).limit(1)).scalar_one()
        line = session.execute(select(Journal).order_by(Journal.numero.desc()).limit(1)).scalar_one()
    assert (deposit.centre_code, deposit.periode, deposit.canal) == ("CAI", "2026-T3", "collecte")
    assert (row.resultat, row.code, row.depot_id) == (resultat, None, collection.depot_id)
    assert (line.action, line.objet) == (f"collecte_{resultat}", "CAI-2026-T3")
    custody.unseal(hub, deposit.sha256, tmp_path / "pris")
    assert (tmp_path / "pris").read_bytes() == content


def _cut(body: bytes, at: int, **headers: str) -> Step:
    """The head promises the whole body, and the connection ends after `at` bytes."""
    return answer(200, body[:at], Content_Length=str(len(body)), **headers)


def _rest(body: bytes, etag: str = '"v1"') -> Step:
    """What a good server says to a Range request: the rest when If-Range still holds, else the whole."""

    def step(request: Request, connection: socket.socket) -> None:
        start = (
            int(request.headers["range"].removeprefix("bytes=").removesuffix("-")) if "range" in request.headers else 0
        )
        if start and request.headers.get("if-range") == etag:
            span = f"bytes {start}-{len(body) - 1}/{len(body)}"
            answer(206, body[start:], Content_Range=span, ETag=etag)(request, connection)
        else:
            answer(200, body, ETag=etag)(request, connection)

    return step


def test_file_is_taken_with_the_token_and_the_period_in_the_address(hub: Hub, serve: Serve, tmp_path: Path) -> None:
    server = serve(answer(200, FILE, ETag='"v1"'))
    _assert_taken(hub, _collect(hub, server.address), FILE, tmp_path)
    assert server.requests[0].path == "/cai/2026-T3.zip"
    assert server.requests[0].headers["authorization"] == f"Bearer {TOKEN}"
    assert server.requests[0].headers["accept-encoding"] == "identity"


def test_endpoint_down(hub: Hub) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    _assert_failed(hub, _collect(hub, f"http://127.0.0.1:{port}"), "COL-001")


@pytest.mark.parametrize("status", [401, 403])
def test_refused_token_is_not_tried_again(hub: Hub, serve: Serve, status: int) -> None:
    server = serve(answer(status), answer(200, FILE))
    _assert_failed(hub, _collect(hub, server.address), "COL-002")
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_unavailable_then_fine(hub: Hub, serve: Serve, tmp_path: Path, status: int) -> None:
    server = serve(answer(status), answer(status, Retry_After="0"), answer(200, FILE))
    _assert_taken(hub, _collect(hub, server.address), FILE, tmp_path)
    assert len(server.requests) == 3


def test_unavailable_for_ever(hub: Hub, serve: Serve) -> None:
    server = serve(answer(503, Retry_After="0"))
    _assert_failed(hub, _collect(hub, server.address), "COL-003")
    assert len(server.requests) == 3


@pytest.mark.parametrize("waiting", ["²", "demain", "-1", "9" * 400, "Wed, 21 Oct 2026 07:28:00 GMT"])
def test_unreadable_retry_after_is_ignored(hub: Hub, serve: Serve, tmp_path: Path, waiting: str) -> None:
    server = serve(answer(503, Retry_After=waiting), answer(200, FILE))
    _assert_taken(hub, _collect(hub, server.address), FILE, tmp_path)


def test_unavailable_keeps_its_code_when_no_time_is_left_for_another_try(
    make_hub: Callable[..., Hub], serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer, "_LONGEST_PAUSE_S", 60.0)
    hub = make_hub("presse", collecte_delai_s=2, collecte_essais=3)
    server = serve(answer(503, Retry_After="30"))
    started = time.monotonic()
    _assert_failed(hub, _collect(hub, server.address), "COL-003")
    assert time.monotonic() - started < 2


def test_cut_in_the_middle_is_resumed_by_range(hub: Hub, serve: Serve, tmp_path: Path) -> None:
    server = serve(_cut(FILE, 70_001, ETag='"v1"'), _rest(FILE))
    _assert_taken(hub, _collect(hub, server.address), FILE, tmp_path)
    assert server.requests[1].headers["range"] == "bytes=70001-"
    assert server.requests[1].headers["if-range"] == '"v1"'


def test_cut_twice_is_resumed_twice(hub: Hub, serve: Serve, tmp_path: Path) -> None:
    second = answer(
        206,
        FILE[1000:2000],
        Content_Range=f"bytes 1000-{len(FILE) - 1}/{len(FILE)}",
        Content_Length=str(len(FILE) - 1000),
        ETag='"v1"',
    )
    server = serve(_cut(FILE, 1000, ETag='"v1"'), second, _rest(FILE))
    _assert_taken(hub, _collect(hub, server.address), FILE, tmp_path)
    assert server.requests[2].headers["range"] == "bytes=2000-"


def test_cut_for_ever(hub: Hub, serve: Serve) -> None:
    server = serve(_cut(FILE, 500, ETag='"v1"'))
    _assert_failed(hub, _collect(hub, server.address), "COL-004")
    assert len(server.requests) == 3


def test_cut_in_a_chunked_answer_is_never_taken_for_the_whole(hub: Hub, serve: Serve) -> None:
    chunk = f"{len(FILE):x}\r\n".encode() + FILE[:900]
    server = serve(answer(200, chunk, Content_Length="", Transfer_Encoding="chunked"))
    _assert_failed(hub, _collect(hub, server.address), "COL-004")


def test_whole_chunked_answer(hub: Hub, serve: Serve, tmp_path: Path) -> None:
    chunks = b"".join(f"{len(part):x}\r\n".encode() + part + b"\r\n" for part in (FILE[:99], FILE[99:]))
    server = serve(answer(200, chunks + b"0\r\n\r\n", Content_Length="", Transfer_Encoding="chunked"))
    _assert_taken(hub, _collect(hub, server.address), FILE, tmp_path)


def test_server_without_range_support_sends_the_whole_again(hub: Hub, serve: Serve, tmp_path: Path) -> None:
    server = serve(_cut(FILE, 70_000, ETag='"v1"'), answer(200, FILE, ETag='"v1"'))
    _assert_taken(hub, _collect(hub, server.address), FILE, tmp_path)


@pytest.mark.parametrize("tag", ["", 'W/"v1"', "sans-guillemets", '"é"', f'"{"x" * 400}"'])
def test_cut_without_a_strong_tag_starts_again(hub: Hub, serve: Serve, tmp_path: Path, tag: str) -> None:
    server = serve(_cut(FILE, 70_000, ETag=tag), answer(200, FILE, ETag=tag))
    _assert_taken(hub, _collect(hub, server.address), FILE, tmp_path)
    assert "range" not in server.requests[1].headers


def test_file_that_changed_between_cut_and_resume_is_taken_whole(hub: Hub, serve: Serve, tmp_path: Path) -> None:
    server = serve(_cut(FILE, 70_000, ETag='"v1"'), _rest(OTHER, '"v2"'))
    _assert_taken(hub, _collect(hub, server.address), OTHER, tmp_path)


@pytest.mark.parametrize(
    "lie",
    [
        pytest.param(answer(206, FILE[70_000:], ETag='"v1"'), id="no Content-Range"),
        pytest.param(answer(206, FILE[5:], Content_Range=f"bytes 5-9/{len(FILE)}", ETag='"v1"'), id="another place"),
        pytest.param(
            answer(206, OTHER[70_000:], Content_Range=f"bytes 70000-{len(OTHER) - 1}/{len(OTHER)}", ETag='"v2"'),
            id="another version",
        ),
        pytest.param(
            answer(206, OTHER[70_000:], Content_Range=f"bytes 70000-{len(OTHER) - 1}/{len(OTHER)}", ETag='"v1"'),
            id="another size",
        ),
        pytest.param(answer(206, FILE[70_000:], Content_Range="bytes 70000-²/*", ETag='"v1"'), id="unreadable"),
        pytest.param(answer(416), id="no such range"),
    ],
)
def test_wrong_rest_is_dropped_and_the_whole_taken(hub: Hub, serve: Serve, tmp_path: Path, lie: Step) -> None:
    server = serve(_cut(FILE, 70_000, ETag='"v1"'), lie, answer(200, FILE, ETag='"v1"'))
    _assert_taken(hub, _collect(hub, server.address), FILE, tmp_path)
    assert "range" not in server.requests[2].headers


def test_first_answer_that_is_a_part_is_completed(hub: Hub, serve: Serve, tmp_path: Path) -> None:
    """206 to a request without Range: 100 of all the bytes are not the file."""
    part = answer(206, FILE[:100], Content_Range=f"bytes 0-99/{len(FILE)}", ETag='"v1"')
    server = serve(part, answer(200, FILE))
    _assert_taken(hub, _collect(hub, server.address), FILE, tmp_path)


@pytest.mark.parametrize(
    "page",
    [
        answer(200, b"<!DOCTYPE html><title>Connexion</title>", Content_Type="application/zip"),
        answer(200, b"\xef\xbb\xbf\r\n <HTML><body>Connexion</body>", Content_Type=""),
        answer(200, b"Veuillez vous connecter", Content_Type="text/html; charset=utf-8"),
    ],
    ids=["doctype", "mark", "declared"],
)
def test_login_page_is_no_deposit(hub: Hub, serve: Serve, page: Step) -> None:
    _assert_failed(hub, _collect(hub, serve(page).address), "COL-007")


def test_archive_that_a_script_declares_as_a_page_is_a_deposit(hub: Hub, serve: Serve, tmp_path: Path) -> None:
    server = serve(answer(200, FILE, Content_Type="text/html; charset=UTF-8"))
    _assert_taken(hub, _collect(hub, server.address), FILE, tmp_path)


def test_empty_file_is_kept_for_its_verdict(hub: Hub, serve: Serve, tmp_path: Path) -> None:
    _assert_taken(hub, _collect(hub, serve(answer(200, b"")).address), b"", tmp_path)


def test_nothing_new_by_entity_tag(hub: Hub, serve: Serve, tmp_path: Path) -> None:
    server = serve(answer(200, FILE, ETag='"v1"'), answer(304, Content_Length=""), answer(200, OTHER, ETag='"v2"'))
    first = _collect(hub, server.address)
    again = _collect(hub, server.address)
    _assert_taken(hub, again, FILE, tmp_path, "inchange")
    assert again.depot_id == first.depot_id
    assert server.requests[1].headers["if-none-match"] == '"v1"'
    _assert_taken(hub, _collect(hub, server.address), OTHER, tmp_path)
    assert server.requests[2].headers["if-none-match"] == '"v1"'


def test_nothing_new_by_content(hub: Hub, serve: Serve, tmp_path: Path) -> None:
    server = serve(answer(200, FILE))
    first, again = _collect(hub, server.address), _collect(hub, server.address)
    assert first.resultat == "depot"
    _assert_taken(hub, again, FILE, tmp_path, "inchange")
    with hub.registry.read() as session:
        assert len(session.execute(select(Depot).where(Depot.centre_code == "CAI")).scalars().all()) == 1


def test_nothing_new_that_nobody_asked_about_is_a_failure(hub: Hub, serve: Serve) -> None:
    _assert_failed(hub, _collect(hub, serve(answer(304, Content_Length="")).address), "COL-008")


def test_declared_size_too_large_is_refused_before_the_body(make_hub: Callable[..., Hub], serve: Serve) -> None:
    hub = make_hub("petit", collecte_octets_max=1000, collecte_essais=3)
    server = serve(answer(200, b"P", Content_Length="1001"))
    _assert_failed(hub, _collect(hub, server.address), "COL-005")


def test_undeclared_size_too_large_is_refused_at_the_bound(make_hub: Callable[..., Hub], serve: Serve) -> None:
    hub = make_hub("petit", collecte_octets_max=1000, collecte_essais=3)
    chunk = b"3e9\r\n" + b"P" * 1001 + b"\r\n0\r\n\r\n"
    endless = answer(200, b"P" * 100_000, Content_Length="")
    for step in (endless, answer(200, chunk, Content_Length="", Transfer_Encoding="chunked")):
        _assert_failed(hub, _collect(hub, serve(step).address), "COL-005")
    assert list(hub.home.work.iterdir()) == []  # nothing is left behind


def test_largest_admitted_size_is_admitted(make_hub: Callable[..., Hub], serve: Serve, tmp_path: Path) -> None:
    hub = make_hub("juste", collecte_octets_max=1000)
    content = b"P" * 1000
    _assert_taken(hub, _collect(hub, serve(answer(200, content)).address), content, tmp_path)


@pytest.mark.parametrize("length", ["²", "5, 6", "-4", "1e3", "9" * 30])
def test_lying_content_length_never_breaks_the_collection(hub: Hub, serve: Serve, length: str) -> None:
    collection = _collect(hub, serve(answer(200, FILE, Content_Length=length)).address)
    if collection.resultat == "echec":
        assert collection.constat is not None
        assert collection.constat.code in ("COL-001", "COL-004", "COL-005")
        _assert_failed(hub, collection, collection.constat.code)


def test_compressed_answer_is_kept_as_sent_and_never_inflated(
    make_hub: Callable[..., Hub], serve: Serve, tmp_path: Path
) -> None:
    """Ten million zeros in ten thousand bytes: the hub stores what came, so that a bomb stays small."""
    hub = make_hub("petit", collecte_octets_max=100_000)
    bomb = gzip.compress(bytes(10_000_000))
    server = serve(answer(200, bomb, Content_Encoding="gzip"))
    _assert_taken(hub, _collect(hub, server.address), bomb, tmp_path)


def _drip(head: bytes, piece: bytes) -> Step:
    def step(_request: Request, connection: socket.socket) -> None:
        connection.sendall(head)
        for _ in range(25):
            time.sleep(0.1)
            connection.sendall(piece)

    return step


@pytest.mark.parametrize(
    "slow",
    [
        pytest.param(_drip(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"P"), id="body"),
        pytest.param(_drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n", b"P"), id="chunk"),
        pytest.param(_drip(b"HTTP/1.1 200 OK\r\n", b"X"), id="headers"),
        pytest.param(_drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), id="continue"),
        pytest.param(_drip(b"HTTP/1.1 200 OK\r\n\r\n", b"P"), id="body without end"),
        pytest.param(_drip(b"", b""), id="silence"),
    ],
)
def test_slow_beyond_the_deadline(make_hub: Callable[..., Hub], serve: Serve, slow: Step) -> None:
    """A byte now and then meets no timeout of a socket; the deadline holds all the same."""
    hub = make_hub("presse", collecte_delai_s=1, collecte_essais=2)
    started = time.monotonic()
    collection = _collect(hub, serve(slow).address)
    assert time.monotonic() - started < 3
    _assert_failed(hub, collection, "COL-006")


@pytest.mark.parametrize("status", [204, 400, 404, 405, 410, 418])
def test_nothing_at_this_address(hub: Hub, serve: Serve, status: int) -> None:
    server = serve(answer(status, Content_Length="" if status == 204 else "0"))
    _assert_failed(hub, _collect(hub, server.address), "COL-008")
    assert len(server.requests) == 1


def test_redirection_to_another_host_carries_no_token(hub: Hub, serve: Serve, tmp_path: Path) -> None:
    store = serve(answer(200, FILE))
    centre = serve(answer(302, Location=f"{store.address}/objet?signature=x"))
    _assert_taken(hub, _collect(hub, centre.address), FILE, tmp_path)
    assert centre.requests[0].headers["authorization"] == f"Bearer {TOKEN}"
    assert "authorization" not in store.requests[0].headers


def test_redirection_within_the_centre_keeps_the_token(hub: Hub, serve: Serve, tmp_path: Path) -> None:
    server = serve(answer(307, Location="/export/T3"), answer(200, FILE))
    _assert_taken(hub, _collect(hub, server.address), FILE, tmp_path)
    assert [request.path for request in server.requests] == ["/cai/2026-T3.zip", "/export/T3"]
    assert server.requests[1].headers["authorization"] == f"Bearer {TOKEN}"


def test_redirection_to_a_login_page(hub: Hub, serve: Serve) -> None:
    server = serve(answer(302, Location="/login"), answer(200, b"<html>", Content_Type="text/html"))
    _assert_failed(hub, _collect(hub, server.address), "COL-007")


def test_endless_redirection_ends(hub: Hub, serve: Serve) -> None:
    server = serve(answer(302, Location="/encore"))
    _assert_failed(hub, _collect(hub, server.address), "COL-008")
    assert len(server.requests) == 6


@pytest.mark.parametrize(
    "location",
    ["file:///etc/passwd", "ftp://127.0.0.1/x", "http://[::1", "http://127.0.0.1:99999/", "//", "http://\xff.be/"],
)
def test_redirection_elsewhere_than_the_web(hub: Hub, serve: Serve, location: str) -> None:
    collection = _collect(hub, serve(answer(302, Location=location)).address)
    assert collection.constat is not None
    assert collection.constat.code in ("COL-001", "COL-008")
    _assert_failed(hub, collection, collection.constat.code)


def test_body_of_a_redirection_is_not_read(make_hub: Callable[..., Hub], serve: Serve, tmp_path: Path) -> None:
    hub = make_hub("petit", collecte_octets_max=300_000, collecte_delai_s=2)
    endless = _drip(b"HTTP/1.1 302 Found\r\nLocation: /suite\r\n\r\n", b"P" * 10_000)
    server = serve(endless, answer(200, FILE))
    _assert_taken(hub, _collect(hub, server.address), FILE, tmp_path)


@pytest.mark.parametrize("token", ["abc\r\nX-Injecte: 1", "abc\n", "", "jeton é", "a b"])
def test_token_that_no_header_can_carry_is_never_sent(hub: Hub, serve: Serve, token: str) -> None:
    server = serve(answer(200, FILE))
    _assert_failed(hub, _collect(hub, server.address, token), "COL-002")
    assert server.requests == []


def test_tag_with_a_folded_line_is_not_sent_back(hub: Hub, serve: Serve, tmp_path: Path) -> None:
    server = serve(answer(200, FILE, ETag='"v1\r\n X-Injecte: 1"'), answer(200, OTHER))
    _collect(hub, server.address)
    _assert_taken(hub, _collect(hub, server.address), OTHER, tmp_path)
    assert "if-none-match" not in server.requests[1].headers


@pytest.mark.parametrize(
    "noise",
    [b"", b"\x00\xff rien de lisible\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200],
)
def test_what_is_no_http_is_a_failure(hub: Hub, serve: Serve, noise: bytes) -> None:
    collection = _collect(hub, serve(lambda _request, connection: connection.sendall(noise)).address)
    _assert_failed(hub, collection, "COL-004" if noise.startswith(b"HTTP/1.1 200 OK\r\nETag") else "COL-001")


def test_token_is_in_no_record(hub: Hub, serve: Serve) -> None:
    _collect(hub, serve(answer(401)).address)
    with hub.registry.read() as session:
        lines = session.execute(select(Journal)).scalars().all()
    assert all(TOKEN not in line.details for line in lines)


def test_certificate_that_nobody_vouches_for_is_refused(hub: Hub, tmp_path: Path) -> None:
    key = Ed25519PrivateKey.generate()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = (
        builder.serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    )
    san = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    certificate = builder.add_extension(san, critical=False).sign(key, None)
    pem = tmp_path / "centre.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    pem.write_bytes(private + certificate.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    seen = []

    def shake_hands(listener: socket.socket) -> None:
        for _ in range(hub.settings.collecte_essais):
            connection, _address = listener.accept()
            with suppress(OSError), context.wrap_socket(connection, server_side=True) as secure:
                seen.append(secure.recv(100))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=shake_hands, args=(listener,))
        thread.start()
        collection = _collect(hub, f"https://127.0.0.1:{listener.getsockname()[1]}")
        thread.join(5)
    _assert_failed(hub, collection, "COL-001")
    assert not any(seen)  # neither the request nor the token went out
