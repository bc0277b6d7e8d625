"""Headers: a page loads one stylesheet of ours and nothing else, and no answer is kept by a cache."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from intercentre.core.style import STYLESHEET
from tests.portal.conftest import Visit

PAGES = ("/", "/connexion", "/depots", "/rien", "/sante", "/static/intercentre.css", "/api/v1/tours")


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_has_the_security_headers(person: Callable[[str], Visit], path: str) -> None:
    headers = person("cai").get(path).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["style-src"] == "'self'"
    assert "script-src" not in policy
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_pages_are_not_kept_and_the_stylesheet_is(person: Callable[[str], Visit]) -> None:
    visitor = person("cai")
    assert visitor.get("/").headers["Cache-Control"] == "no-store"
    assert visitor.get("/api/v1/tours").headers["Cache-Control"] == "no-store"
    assert "immutable" in visitor.get("/static/intercentre.css").headers["Cache-Control"]


def test_the_one_stylesheet_is_small_and_calls_nothing() -> None:
    text = STYLESHEET.read_text(encoding="utf-8")
    assert len(text.encode()) < 20_000
    assert "url(" not in text
    assert "@import" not in text
    assert "@font-face" not in text


def test_health_is_open_and_says_little(visit: Callable[[], Visit]) -> None:
    answer = visit().get("/sante")
    assert answer.status_code == 200
    assert answer.json()["statut"] == "ok"
    assert set(answer.json()) == {"statut", "registre", "version"}


@pytest.mark.parametrize("path", [*PAGES, "/recepisse"])
def test_head_is_answered_as_get_without_the_body(person: Callable[[str], Visit], path: str) -> None:
    http = person("cai").http
    read, asked = http.get(path, follow_redirects=False), http.head(path, follow_redirects=False)
    assert asked.content == b""
    assert asked.status_code == read.status_code
    told = {name: value for name, value in read.headers.items() if name != "date"}
    assert {name: value for name, value in asked.headers.items() if name != "date"} == told


def test_head_is_refused_where_there_is_only_a_form_to_post(person: Callable[[str], Visit]) -> None:
    assert person("cai").http.head("/deconnexion").status_code == 405


def test_health_says_when_the_registry_is_gone(visit: Callable[[], Visit], hub) -> None:  # type: ignore[no-untyped-def]
    visitor = visit()
    assert visitor.get("/sante").status_code == 200
    hub.registry.engine.dispose()
    registry = hub.home.root / "registre.sqlite"
    registry.rename(registry.with_suffix(".parti"))
    registry.mkdir()  # a folder in its place: SQLite cannot open it
    answer = visitor.get("/sante")
    assert answer.status_code == 503
    assert answer.json() == {"statut": "en_panne", "registre": "injoignable"}
