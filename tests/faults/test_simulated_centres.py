"""The simulated centres over real HTTP: tokens, entity tags, ranges, and failures on demand."""

from __future__ import annotations

import hashlib
import io
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from intercentre.simulation import CentreServer, simulate
from schemas.period import Period

TOKENS = {"CAI": "jeton-cai", "CRIC": "jeton-cric"}


@pytest.fixture(scope="module")
def deposits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("centres") / "s"
    simulate(folder, dossiers=60, periode=Period(2026, 3), graine=4, centres=["CAI", "CRIC"])
    return folder


@pytest.fixture
def site(deposits: Path) -> Iterator[CentreServer]:
    with CentreServer(deposits, TOKENS) as server:
        yield server


def ask(site: CentreServer, centre: str = "CAI", periode: str = "2026-T3", **headers: str) -> requests.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return requests.get(
        f"{site.url}/{centre}/depots/{periode}.zip",
        headers={"Authorization": f"Bearer {TOKENS.get(centre, '')}"} | named,
        timeout=10,
    )


def test_the_archive_holds_the_deposit_and_keeps_its_bytes(site: CentreServer, deposits: Path) -> None:
    first, second = ask(site), ask(site)
    assert first.status_code == 200
    assert first.content == second.content
    assert first.headers["ETag"] == second.headers["ETag"] == f'"{hashlib.sha256(first.content).hexdigest()}"'
    assert first.headers["Content-Length"] == str(len(first.content))
    with zipfile.ZipFile(io.BytesIO(first.content)) as archive:
        source = {path.name: path.read_bytes() for path in (deposits / "CAI" / "2026-T3").iterdir()}
        assert {name: archive.read(name) for name in archive.namelist()} == source


def test_what_is_known_is_not_sent_again(site: CentreServer) -> None:
    known = ask(site).headers["ETag"]
    again = ask(site, If_None_Match=known)
    assert (again.status_code, again.content) == (304, b"")
    assert ask(site, If_None_Match='"autre"').status_code == 200


def test_new_files_have_a_new_tag(tmp_path: Path) -> None:
    folder = tmp_path / "s"
    simulate(folder, dossiers=20, periode=Period(2026, 3), graine=1, centres=["CAI"])
    with CentreServer(folder, TOKENS) as site:
        before = ask(site)
        (folder / "CAI" / "2026-T3" / "dossier.csv").write_text("autre contenu")
        after = ask(site)
    assert before.headers["ETag"] != after.headers["ETag"]


def test_a_cut_transfer_can_be_resumed_from_where_it_stopped(site: CentreServer) -> None:
    whole = ask(site)
    rest = ask(site, Range="bytes=100-", If_Range=whole.headers["ETag"])
    assert rest.status_code == 206
    assert rest.headers["Content-Range"] == f"bytes 100-{len(whole.content) - 1}/{len(whole.content)}"
    assert rest.content == whole.content[100:]
    assert ask(site, Range="bytes=0-9").content == whole.content[:10]
    assert ask(site, Range="bytes=-7").content == whole.content[-7:]


def test_a_range_of_another_version_gets_the_whole_file(site: CentreServer) -> None:
    answer = ask(site, Range="bytes=100-", If_Range='"ancien"')
    assert answer.status_code == 200
    assert answer.content == ask(site).content


def test_a_range_beyond_the_end_is_refused(site: CentreServer) -> None:
    total = len(ask(site).content)
    answer = ask(site, Range=f"bytes={total}-")
    assert (answer.status_code, answer.headers["Content-Range"]) == (416, f"bytes */{total}")


@pytest.mark.parametrize("authorization", ["", "Bearer faux", "Bearer jeton-cric", "Basic jeton-cai", "jeton-cai"])
def test_only_the_centres_own_token_opens(site: CentreServer, authorization: str) -> None:
    answer = ask(site, Authorization=authorization)
    assert answer.status_code == 401
    assert "Bearer" in answer.headers["WWW-Authenticate"]
    assert not answer.content.startswith(b"PK")


@pytest.mark.parametrize("path", ["/CAI/depots/2027-T1.zip", "/CRVI/depots/2026-T3.zip", "/CAI/depots/..zip", "/x"])
def test_what_is_not_there_is_not_found(site: CentreServer, path: str) -> None:
    answer = requests.get(f"{site.url}{path}", headers={"Authorization": "Bearer jeton-cai"}, timeout=10)
    assert answer.status_code == 404


def test_the_site_says_that_it_is_simulated_and_well(site: CentreServer) -> None:
    page = requests.get(f"{site.url}/", timeout=10)
    assert "simulés" in page.text
    assert "CAI" in page.text
    assert "jeton" not in page.text
    assert requests.get(f"{site.url}/sante", timeout=10).json()["etat"] == "ok"


def test_head_tells_the_size_without_the_body(site: CentreServer) -> None:
    url, bearer = f"{site.url}/CAI/depots/2026-T3.zip", {"Authorization": "Bearer jeton-cai"}
    answer = requests.head(url, headers=bearer, timeout=10)
    assert answer.headers["Content-Length"] == str(len(ask(site).content))
    assert answer.content == b""


def test_unavailable_twice_then_fine(site: CentreServer) -> None:
    site.fail("CAI", "503x2")
    assert [ask(site).status_code for _ in range(4)] == [503, 503, 200, 200]
    assert site.counts("CAI") == {503: 2, 200: 2}


def test_unavailable_for_ever_and_only_there(site: CentreServer) -> None:
    site.fail("CAI", "503")
    assert [ask(site).status_code for _ in range(3)] == [503, 503, 503]
    assert ask(site, "CRIC").status_code == 200
    site.repair("CAI")
    assert ask(site).status_code == 200


def test_a_broken_connection_can_be_told_from_a_whole_file(site: CentreServer) -> None:
    whole = ask(site)
    site.fail("CAI", "coupex1")
    with pytest.raises((requests.exceptions.ChunkedEncodingError, requests.exceptions.ConnectionError)):
        ask(site)
    assert site.requests[-1].octets == len(whole.content) // 2
    assert ask(site).content == whole.content


def test_a_broken_answer_leaves_half_that_the_rest_completes(site: CentreServer) -> None:
    whole = ask(site)
    site.fail("CAI", "coupe")
    half = b""
    url, bearer = f"{site.url}/CAI/depots/2026-T3.zip", {"Authorization": "Bearer jeton-cai"}
    with requests.get(url, headers=bearer, stream=True, timeout=10) as answer:
        assert answer.headers["Content-Length"] == str(len(whole.content))
        try:
            for piece in answer.iter_content(64):
                half += piece
        except requests.exceptions.ChunkedEncodingError:
            pass
    site.repair("CAI")
    rest = ask(site, Range=f"bytes={len(half)}-", If_Range=whole.headers["ETag"])
    assert 0 < len(half) < len(whole.content)
    assert half + rest.content == whole.content


def test_a_login_page_and_an_empty_file_look_like_success(site: CentreServer) -> None:
    site.fail("CAI", "html")
    page = ask(site)
    assert (page.status_code, page.headers["Content-Type"].split(";")[0]) == (200, "text/html")
    site.fail("CAI", "vide")
    empty = ask(site)
    assert (empty.status_code, empty.content) == (200, b"")


def test_a_refused_token_and_a_silent_centre(site: CentreServer) -> None:
    site.fail("CAI", "401")
    assert ask(site).status_code == 401
    site.fail("CAI", "absent")
    with pytest.raises(requests.ConnectionError):
        ask(site)
    assert site.requests[-1].statut == 0


def test_a_slow_centre_drips_and_does_not_hold_up_the_end(deposits: Path) -> None:
    with CentreServer(deposits, TOKENS, {"CAI": "lent"}) as site:
        url, bearer = f"{site.url}/CAI/depots/2026-T3.zip", {"Authorization": "Bearer jeton-cai"}
        with requests.get(url, headers=bearer, stream=True, timeout=10) as answer:
            began = time.monotonic()
            whole = int(answer.headers["Content-Length"])
            pieces = answer.iter_content(whole // 60 + 1)  # one of the sixty pieces that it is sent in
            received = sum(len(next(pieces)) for _ in range(4))
            assert time.monotonic() - began > 0.25
            assert received < whole
            stopping = time.monotonic()
            site.close()
            assert time.monotonic() - stopping < 2


def test_after_the_end_nothing_listens(deposits: Path) -> None:
    with CentreServer(deposits, TOKENS) as site:
        address = site.url
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{address}/sante", timeout=2)


@pytest.mark.slow
def test_serving_from_a_process_ends_cleanly_on_an_interruption(deposits: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from intercentre.simulation import serve;"
        "serve(Path(sys.argv[1]), jetons={'CAI': 'jeton-cai'}, ready=lambda url: print(url, flush=True))"
    )
    command = [sys.executable, "-c", script, str(deposits)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert requests.get(f"{address}/sante", timeout=10).status_code == 200
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (0, "")
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{address}/sante", timeout=2)


@pytest.mark.parametrize("wrong", ["panne", "503x", "503x0", "lent ", "coupex-1"])
def test_an_unknown_incident_is_refused(deposits: Path, wrong: str) -> None:
    with pytest.raises(ValueError, match="Incident inconnu"):
        CentreServer(deposits, TOKENS, {"CAI": wrong})
