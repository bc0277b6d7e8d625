"""Releases to download: by everyone with an account, one file at a time, nothing beside them."""

from __future__ import annotations

import http.client
from collections.abc import Callable
from pathlib import Path

import pytest

from intercentre.concertation import open_round
from intercentre.core.hub import Hub
from tests.portal.conftest import ACCOUNTS, Visit
from tests.portal.facts import PERIODE, write_figures, write_release

CONTENT = b"indicateur,valeur\nI21,12\n"


@pytest.fixture
def release(hub: Hub) -> Path:
    write_figures(hub, "I21")
    folder = write_release(hub, open_round(hub, PERIODE), indicateurs__csv=CONTENT, LISEZMOI__txt=b"Lisez-moi.\n")
    (hub.home.releases / "allowed_signers").write_text("publication@intercentre cle\n", encoding="ascii")
    return folder


@pytest.mark.parametrize("nom", list(ACCOUNTS))
def test_everyone_with_an_account_downloads(release: Path, program: Callable[[str], Visit], nom: str) -> None:
    answer = program(nom).get("/publications/2026-T3.1/indicateurs.csv")
    assert answer.content == CONTENT
    assert answer.headers["Content-Disposition"] == 'attachment; filename="indicateurs.csv"'
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert program(nom).get("/publications/allowed_signers").content.startswith(b"publication@intercentre")


def test_the_page_lists_every_file_with_its_size(release: Path, person: Callable[[str], Visit]) -> None:
    page = person("autorite").get("/publications").text
    assert 'href="/publications/2026-T3.1/indicateurs.csv"' in page
    assert f"{len(CONTENT)}\u202foctets" in page or f"{len(CONTENT)} octets" in page
    assert page.index("LISEZMOI.txt") < page.index("indicateurs.csv")
    assert "ssh-keygen -Y verify" in page


@pytest.mark.parametrize(
    "path",
    [
        "2026-T3.1/absent.csv",
        "2026-T3.2/indicateurs.csv",
        "2026-T3.1/%2e%2e",
        "2026-T3.1/..%2f..%2fregistre.sqlite",
        "..%2fpublications%2f2026-T3.1/indicateurs.csv",
        "2026-T3.1/..%5cregistre.sqlite",
        "2026-T3.1/%2fetc%2fpasswd",
        "2026-T3.1/indicateurs.csv%00",
        "2026-T3.1/secret.txt",
        "brouillon/indicateurs.csv",
        "2026-T3.1/sous",
    ],
)
def test_nothing_beside_a_release_can_be_reached(
    release: Path, hub: Hub, program: Callable[[str], Visit], path: str
) -> None:
    (release / "secret.txt").symlink_to(hub.home.root / "registre.sqlite")
    (release / "sous").mkdir()
    draft = hub.home.releases / "brouillon"
    draft.mkdir()
    (draft / "indicateurs.csv").write_bytes(b"pas encore")
    answer = program("discri").get(f"/publications/{path}")
    assert answer.status_code == 404
    assert b"SQLite" not in answer.content
    assert b"pas encore" not in answer.content


@pytest.mark.slow
@pytest.mark.parametrize("path", ["2026-T3.1/../../registre.sqlite", "../registre.sqlite", "%2e%2e/registre.sqlite"])
def test_a_client_that_keeps_the_dots_in_its_path_gains_nothing(
    release: Path, address: str, tokens: dict[str, str], path: str
) -> None:
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=10)
    connection.request("GET", f"/publications/{path}", headers={"Authorization": f"Bearer {tokens['discri']}"})
    answer = connection.getresponse()
    assert answer.status == 404
    assert b"SQLite" not in answer.read()
    connection.close()


def test_before_any_release_the_page_says_so(person: Callable[[str], Visit]) -> None:
    visitor = person("autorite")
    assert "Aucune publication pour le moment" in visitor.get("/publications").text
    assert visitor.get("/publications/allowed_signers").status_code == 404
