"""What the portal's tests share: accounts, clients that keep to one account, a real server, a real browser."""

from __future__ import annotations

import re
import shutil
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from intercentre.core.hub import Hub
from intercentre.portal.accounts import create_account
from intercentre.portal.application import create_app
from tests.portal.packages import simulated

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it would rather have another HTTP library; the one there is does
    from starlette.testclient import TestClient

ACCOUNTS = {
    "cai": ("centre", "CAI"),
    "cric": ("centre", "CRIC"),
    "discri": ("discri", None),
    "autorite": ("autorite", None),
    "exploitant": ("exploitant", None),
}
CSRF = re.compile(r'name="csrf" value="([^"]+)"')


@pytest.fixture
def tokens(hub: Hub) -> dict[str, str]:
    """Account → token."""
    return {nom: create_account(hub, nom, role, centre) for nom, (role, centre) in ACCOUNTS.items()}


@pytest.fixture
def app(hub: Hub, tokens: dict[str, str]) -> FastAPI:
    return create_app(hub)


@dataclass
class Visit:
    """One person's way through the portal: cookies kept, redirects shown, never followed by themselves."""

    http: Any

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.http.get(path, **options)  # type: ignore[no-any-return]

    def post(self, path: str, **options: Any) -> httpx.Response:
        return self.http.post(path, **options)  # type: ignore[no-any-return]

    def csrf(self, path: str) -> str:
        """The token in the form of a page."""
        found = CSRF.search(self.get(path).text)
        assert found is not None, path
        return found[1]

    def log_in(self, token: str, suite: str = "/") -> httpx.Response:
        csrf = self.csrf("/connexion")
        return self.post("/connexion", data={"csrf": csrf, "jeton": token, "suite": suite})


@pytest.fixture
def visit(app: FastAPI) -> Iterator[Callable[[], Visit]]:
    """A maker of anonymous visits."""
    clients = []

    def make() -> Visit:
        client = TestClient(app, follow_redirects=False, raise_server_exceptions=False)
        clients.append(client)
        return Visit(client)

    yield make
    for client in clients:
        client.close()


@pytest.fixture
def person(visit: Callable[[], Visit], tokens: dict[str, str]) -> Callable[[str], Visit]:
    """A maker of visits logged in through the login page."""

    def make(nom: str) -> Visit:
        visitor = visit()
        assert visitor.log_in(tokens[nom]).status_code == 303
        return visitor

    return make


@pytest.fixture
def program(visit: Callable[[], Visit], tokens: dict[str, str]) -> Callable[[str], Visit]:
    """A maker of visits with the bearer token of an account."""

    def make(nom: str) -> Visit:
        visitor = visit()
        visitor.http.headers["Authorization"] = f"Bearer {tokens[nom]}"
        return visitor

    return make


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """The application behind a real server on a free port; gives its address."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", access_log=False))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            if not thread.is_alive():
                raise RuntimeError("the server did not start")
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    with serving(app) as url:
        yield url


@pytest.fixture(scope="session")
def chromium() -> str:
    """The system's browser."""
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        if path := shutil.which(name):
            return path
    pytest.skip("aucun Chromium sur cette machine : les essais dans un vrai navigateur sont sautés")


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core, the version of axe.lock, where tests/portal/axe.sh puts it."""
    version = Path(__file__).with_name("axe.lock").read_text(encoding="utf-8").split()[1]
    script = Path(sys.prefix) / "share" / "axe-core" / version / "axe.min.js"
    if not script.is_file():
        pytest.skip("axe-core n'est pas dans cet environnement (tests/portal/axe.sh) : ces essais sont sautés")
    return script.read_text(encoding="utf-8")


@pytest.fixture
def browser(chromium: str) -> Iterator[Any]:
    """A real browser, without its own downloads nor a sandbox (tests may run as root)."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield running
        running.close()


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Centre → folder of a simulated deposit without mistakes."""
    return simulated(tmp_path_factory.mktemp("simulation") / "depots", "CAI", "CRIC")
