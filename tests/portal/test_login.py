"""Coming in and going out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from intercentre.portal.attempts import MOST
from intercentre.portal.pages.login import safe_way_back
from tests.portal.conftest import Visit


def test_a_token_opens_a_session_that_only_the_server_can_read(
    visit: Callable[[], Visit], tokens: dict[str, str]
) -> None:
    answer = visit().log_in(tokens["cai"], suite="/depots")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/depots")
    cookie = next(value for value in answer.headers.get_list("set-cookie") if value.startswith("intercentre_session="))
    attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "samesite=strict", "path=/"} <= attributes
    assert tokens["cai"] not in cookie
    assert "cai" not in cookie.split(";")[0].lower().removeprefix("intercentre_session=")[:4]


def test_behind_tls_the_cookie_keeps_to_tls(visit: Callable[[], Visit], tokens: dict[str, str]) -> None:
    visitor = visit()
    visitor.http.headers["X-Forwarded-Proto"] = "https"
    visitor.http.base_url = "https://testserver"
    answer = visitor.log_in(tokens["cai"])
    assert all("secure" in value.lower() for value in answer.headers.get_list("set-cookie"))


def test_a_wrong_token_is_refused_with_a_sentence(visit: Callable[[], Visit]) -> None:
    answer = visit().log_in("pas-un-jeton")
    assert answer.status_code == 401
    assert "Ce jeton n&#39;ouvre aucun compte" in answer.text
    assert "pas-un-jeton" not in answer.text


def test_each_login_has_a_session_of_its_own(visit: Callable[[], Visit], tokens: dict[str, str]) -> None:
    visitor = visit()
    visitor.log_in(tokens["cai"])
    first = visitor.http.cookies["intercentre_session"]
    visitor.log_in(tokens["cai"])
    assert visitor.http.cookies["intercentre_session"] != first


def test_a_forged_cookie_opens_nothing(visit: Callable[[], Visit]) -> None:
    visitor = visit()
    visitor.http.cookies.set("intercentre_session", "x" * 43)
    assert visitor.get("/").status_code == 303


def test_logging_out_closes_the_session_itself(person: Callable[[str], Visit]) -> None:
    visitor = person("cai")
    kept = visitor.http.cookies["intercentre_session"]
    assert visitor.post("/deconnexion", data={"csrf": visitor.csrf("/")}).headers["Location"] == "/connexion"
    visitor.http.cookies.set("intercentre_session", kept)
    assert visitor.get("/").status_code == 303


def test_a_session_ends_by_itself(person: Callable[[str], Visit], clock: Any) -> None:
    visitor = person("cai")
    clock.advance(hours=7, minutes=59)
    assert visitor.get("/").status_code == 200
    clock.advance(minutes=2)
    assert visitor.get("/").status_code == 303


def test_guessing_is_slowed_down_then_allowed_again(visit: Callable[[], Visit], clock: Any) -> None:
    guesser = visit()
    statuses = [guesser.log_in(f"essai-{rank}").status_code for rank in range(MOST + 1)]
    assert statuses == [401] * MOST + [429]
    refused = guesser.log_in("encore-un")
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 300
    assert "Trop d&#39;essais infructueux" in refused.text
    clock.advance(minutes=6)
    assert guesser.log_in("encore-un").status_code == 401


def test_guessing_bearer_tokens_is_slowed_down_too(visit: Callable[[], Visit]) -> None:
    guesser = visit()
    for rank in range(MOST):
        assert guesser.get("/api/v1/tours", headers={"Authorization": f"Bearer e{rank}"}).status_code == 401
    answer = guesser.get("/api/v1/tours", headers={"Authorization": "Bearer encore-un"})
    assert answer.status_code == 429
    assert answer.json()["erreur"]["statut"] == 429


def test_the_wrong_tokens_of_one_keep_nobody_else_out(visit: Callable[[], Visit], tokens: dict[str, str]) -> None:
    """Several centres may share an address."""
    guesser = visit()
    for rank in range(MOST):
        guesser.get("/api/v1/tours", headers={"Authorization": f"Bearer e{rank}"})
    assert guesser.get("/api/v1/tours", headers={"Authorization": f"Bearer {tokens['cai']}"}).status_code == 200
    assert guesser.log_in(tokens["cric"]).status_code == 303


def test_a_program_that_repeats_one_wrong_token_locks_nobody_out(
    visit: Callable[[], Visit], tokens: dict[str, str]
) -> None:
    visitor = visit()
    for _ in range(3 * MOST):
        assert visitor.get("/api/v1/tours", headers={"Authorization": "Bearer perime"}).status_code == 401
    assert visitor.get("/api/v1/tours", headers={"Authorization": f"Bearer {tokens['cai']}"}).status_code == 200


def test_the_login_form_wants_its_own_token(visit: Callable[[], Visit], tokens: dict[str, str]) -> None:
    visitor = visit()
    assert visitor.post("/connexion", data={"jeton": tokens["cai"]}).status_code == 403
    csrf = visitor.csrf("/connexion")
    other = visit()
    other.get("/connexion")
    assert other.post("/connexion", data={"jeton": tokens["cai"], "csrf": csrf}).status_code == 403


def test_a_stranger_comes_back_to_the_page_that_was_asked_for(
    visit: Callable[[], Visit], tokens: dict[str, str]
) -> None:
    visitor = visit()
    sent = visitor.get("/?periode=2026-T2").headers["Location"]
    assert sent == "/connexion?suite=/?periode=2026-T2"
    assert 'name="suite" value="/?periode=2026-T2"' in visitor.get(sent).text
    assert visitor.log_in(tokens["cai"], suite="/?periode=2026-T2").headers["Location"] == "/?periode=2026-T2"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://ailleurs.example",
        "//ailleurs.example",
        "/\\ailleurs.example",
        "/a\\b",
        "javascript:1",
        "",
        "/a\r\nX: y",
    ],
)
def test_the_way_back_never_leaves_the_portal(
    visit: Callable[[], Visit], tokens: dict[str, str], elsewhere: str
) -> None:
    assert safe_way_back(elsewhere) == "/"
    assert visit().log_in(tokens["cai"], suite=elsewhere).headers["Location"] == "/"
