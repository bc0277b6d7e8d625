"""Deny by default: no route answers a stranger, none starts without saying who may call it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from intercentre.core.hub import Hub
from intercentre.portal.accounts import renew_token, revoke_account
from intercentre.portal.guard import PUBLIC_ROUTES, require_guards
from tests.portal.conftest import Visit
from tests.portal.facts import make_deposit

CLOSED_TO = {
    "autorite": {"/depots", "/depots/nouveau", "/depots/{depot_id}", "/depots/{depot_id}/rapport",
                 "/depots/{depot_id}/annote.xlsx", "/depots/{depot_id}/lignes-a-corriger.xlsx",
                 "/depots/{depot_id}/plausibilite", "/depots/{depot_id}/controle",
                 "/concertation", "/concertation/{tour_id}", "/concertation/{tour_id}/voix", "/anomalies", "/controles",
                 "/controles/{periode}/{porte}", "/contrat/essai",
                 "/api/v1/depots", "/api/v1/depots/{depot_id}",
                 "/api/v1/depots/{depot_id}/verdict", "/api/v1/depots/{depot_id}/recepisse", "/api/v1/tours",
                 "/api/v1/tours/{tour_id}", "/api/v1/tours/{tour_id}/voix"},
    "discri": {"/depots/nouveau", "/depots/{depot_id}/annote.xlsx", "/depots/{depot_id}/lignes-a-corriger.xlsx",
               "/concertation/{tour_id}/voix", "/api/v1/tours/{tour_id}/voix"},
    "exploitant": {"/depots/nouveau", "/depots/{depot_id}/annote.xlsx", "/depots/{depot_id}/lignes-a-corriger.xlsx",
               "/concertation/{tour_id}/voix", "/api/v1/tours/{tour_id}/voix"},
    "cai": {"/depots/{depot_id}/plausibilite", "/controles", "/controles/{periode}/{porte}", "/contrat/essai"},
}  # fmt: skip
# Reading the list of deposits is open to DISCRI and the operator; only a centre deposits. The operator reads anomalies.
POST_CLOSED_TO = {
    "discri": {"/depots", "/api/v1/depots"},
    "exploitant": {"/depots", "/api/v1/depots", "/anomalies"},
}


def routes(app: FastAPI) -> Iterator[tuple[str, str]]:
    """(method, path) of every route but the public ones."""
    for route in app.routes:
        assert isinstance(route, APIRoute), route
        if route.path not in PUBLIC_ROUTES:
            for method in sorted(route.methods or ()):
                yield method, route.path


def address_of(path: str, depot_id: str = "CAI-2026-T3-000000000000") -> str:
    filled = {"{depot_id}": depot_id, "{tour_id}": "2026-T3-tour-1", "{version}": "2026-T3.1", "{fichier}": "x.csv",
              "{periode}": "2026-T3", "{porte}": "observations"}  # fmt: skip
    for name, value in filled.items():
        path = path.replace(name, value)
    assert "{" not in path, path
    return path


def test_the_public_routes_are_these_and_no_more() -> None:
    assert set(PUBLIC_ROUTES) == {"/sante", "/connexion", "/static/intercentre.css", "/static/icone.svg"}


def test_a_stranger_is_refused_everywhere(app: FastAPI, visit: Callable[[], Visit], hub: Hub) -> None:
    depot_id = make_deposit(hub, "CAI")
    stranger, seen = visit(), 0
    for method, path in routes(app):
        answer = stranger.http.request(method, address_of(path, depot_id))
        if path.startswith("/api/"):
            assert answer.status_code == 401, path
            assert answer.headers["WWW-Authenticate"].startswith("Bearer")
            assert set(answer.json()) == {"erreur"}
        else:
            assert answer.status_code == 303, path
            assert answer.headers["Location"].startswith("/connexion"), path
            assert answer.text == ""
        seen += 1
    assert seen >= 22


@pytest.mark.parametrize("token", ["", "x", "Bearer", "é" * 40, "a" * 5000])
def test_a_wrong_token_is_a_stranger(visit: Callable[[], Visit], token: str) -> None:
    answer = visit().get("/api/v1/tours", headers={"Authorization": f"Bearer {token}".encode()})
    assert answer.status_code == 401


def test_another_scheme_is_refused_even_with_the_right_token(
    visit: Callable[[], Visit], tokens: dict[str, str]
) -> None:
    answer = visit().get("/api/v1/tours", headers={"Authorization": f"Basic {tokens['cai']}"})
    assert answer.status_code == 401


@pytest.mark.parametrize("nom", list(CLOSED_TO))
def test_each_role_finds_its_own_routes_open_and_the_others_closed(
    app: FastAPI, program: Callable[[str], Visit], nom: str
) -> None:
    visitor = program(nom)
    for method, path in routes(app):
        closed = path in CLOSED_TO[nom] or (method == "POST" and path in POST_CLOSED_TO.get(nom, ()))
        status = visitor.http.request(method, address_of(path)).status_code
        assert (status == 403) == closed, (method, path, status)
        assert status != 401, path


def test_a_route_without_a_guard_stops_the_start(app: FastAPI) -> None:
    router = APIRouter()

    @router.get("/oubli")
    def forgotten() -> str:
        return "ouvert à tous"

    app.include_router(router)
    with pytest.raises(RuntimeError, match="/oubli"):
        require_guards(app)


def test_a_mounted_folder_stops_the_start(app: FastAPI) -> None:
    app.mount("/fichiers", FastAPI())
    with pytest.raises(RuntimeError, match="/fichiers"):
        require_guards(app)


def test_no_generated_documentation_is_served(visit: Callable[[], Visit]) -> None:
    assert {visit().get(path).status_code for path in ("/docs", "/redoc", "/openapi.json")} == {404}


def test_revoking_an_account_closes_its_open_session(hub: Hub, person: Callable[[str], Visit]) -> None:
    visitor = person("cai")
    assert visitor.get("/").status_code == 200
    revoke_account(hub, "cai")
    assert visitor.get("/").status_code == 303


def test_renewing_a_token_closes_the_sessions_of_the_former(hub: Hub, person: Callable[[str], Visit]) -> None:
    visitor = person("cai")
    renew_token(hub, "cai")
    assert visitor.get("/").status_code == 303


def test_a_session_reads_the_api_but_does_not_act_through_it(person: Callable[[str], Visit]) -> None:
    visitor = person("cai")
    assert visitor.get("/api/v1/tours").status_code == 200
    assert visitor.post("/api/v1/depots", content=b"x").status_code == 401
    assert visitor.post("/api/v1/tours/t/voix", json={"avis": "approuve"}).status_code == 401


def test_every_form_wants_its_token(app: FastAPI, person: Callable[[str], Visit], hub: Hub) -> None:
    depot_id = make_deposit(hub, "CAI", "recu")
    posts = [path for method, path in routes(app) if method == "POST" and not path.startswith("/api/")]
    assert len(posts) >= 4
    for path in posts:
        options = {"files": {"fichier": ("d.csv", b"a;b\n")}} if path == "/depots" else {}
        for csrf in ("", "faux"):
            answer = person("discri" if path in CLOSED_TO["cai"] else "cai").post(
                address_of(path, depot_id), data={"csrf": csrf}, **options
            )
            assert answer.status_code == 403, path
            assert "formulaire a expiré" in answer.text
