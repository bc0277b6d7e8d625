"""Who is asking, and may they: the dependency that every route but the public ones must have."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.routing import APIRoute

from intercentre.portal.accounts import Account, Role, find_by_name, find_by_token, hash_token
from intercentre.portal.attempts import Attempts
from intercentre.portal.refusals import AuthenticationError, RefusalError
from intercentre.portal.reminders import Reminders
from intercentre.portal.sessions import LoginForms, Sessions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi.dependencies.models import Dependant

    from intercentre.core.hub import Hub

SESSION_COOKIE = "intercentre_session"
PUBLIC_ROUTES = frozenset({"/sante", "/connexion", "/static/intercentre.css", "/static/icone.svg"})
CHECKS_AT_ONCE = 2
_SAFE = frozenset({"GET", "HEAD"})


@dataclass
class Portal:
    """What lives as long as the process: the hub, the open sessions, the failed attempts, what Airflow must hear.

    judging  places at the checks: each takes memory and two threads of the engine, the others wait without a thread
    """

    hub: Hub
    sessions: Sessions
    attempts: Attempts
    reminders: Reminders
    judging: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(CHECKS_AT_ONCE))
    login_forms: LoginForms = field(default_factory=LoginForms)


@dataclass(frozen=True)
class Visitor:
    """The account behind a request; `csrf` is what its forms must send back, None when it came with a bearer token."""

    account: Account
    csrf: str | None

    @property
    def sees_all(self) -> bool:
        """Whether the deposits of every centre are its business."""
        return self.account.role in (Role.DISCRI, Role.EXPLOITANT)

    def may_see(self, centre: str) -> bool:
        return self.sees_all or (self.account.role is Role.CENTRE and self.account.centre == centre)


@dataclass(frozen=True, init=False)
class Allow:
    """Dependency of a route: only accounts of these roles come through.

    raises  AuthenticationError  nobody, or nobody in force (page: to /connexion; API: 401)
            RefusalError 403     somebody of another role
    """

    roles: frozenset[Role]

    def __init__(self, *roles: Role) -> None:
        object.__setattr__(self, "roles", frozenset(roles))

    def __call__(self, request: Request) -> Visitor:
        visitor = identify(request)
        if visitor.account.role not in self.roles:
            raise RefusalError(403, "Votre compte ne donne pas accès à cette page.")
        return visitor


EVERYONE = Allow(*Role)
CENTRES = Allow(Role.CENTRE)
STEWARDS = Allow(Role.DISCRI, Role.EXPLOITANT)
ANSWERING = Allow(Role.CENTRE, Role.DISCRI)
DEPOSITS = Allow(Role.CENTRE, Role.DISCRI, Role.EXPLOITANT)


def portal_of(request: Request) -> Portal:
    """The portal that serves this request."""
    return cast("Portal", request.app.state.portal)


def hub_of(request: Request) -> Hub:
    return portal_of(request).hub


def identify(request: Request) -> Visitor:
    """Who is asking: a bearer token, else a session; raises AuthenticationError."""
    header = request.headers.get("authorization")
    if header is not None:
        return _by_token(request, header)
    visitor = _by_session(request)
    if visitor is None:
        raise AuthenticationError(suite=_way_back(request))
    if is_api(request) and request.method not in _SAFE:
        raise AuthenticationError("Cette adresse attend un jeton (en-tête « Authorization: Bearer … »).")
    return visitor


def log_in(request: Request, token: str) -> tuple[Account, str]:
    """The account that `token` opens and the identifier of its new session; raises AuthenticationError."""
    portal = portal_of(request)
    found = find_by_token(portal.hub, token)
    if found is None:
        _refuse_guessing(portal, request)
        portal.attempts.record(_address(request), secrets.token_hex(8))
        raise AuthenticationError("Ce jeton n'ouvre aucun compte. Vérifiez que vous l'avez copié en entier.")
    account, digest = found
    with portal.hub.registry.change() as change:
        change.journal(account.nom, "connexion", account.nom)
    return account, portal.sessions.open(account.nom, digest)


def is_api(request: Request) -> bool:
    return request.url.path.startswith("/api/")


def require_guards(app: FastAPI) -> None:
    """Refuse to start with a route that says nothing of who may call it; raises RuntimeError naming it."""
    for route in app.routes:
        path = getattr(route, "path", repr(route))
        if path in PUBLIC_ROUTES:
            continue
        if not isinstance(route, APIRoute) or not any(_guards(route.dependant)):
            raise RuntimeError(f"route without a guard: {path}")


def _guards(dependant: Dependant) -> Iterator[Allow]:
    if isinstance(dependant.call, Allow):
        yield dependant.call
    for dependency in dependant.dependencies:
        yield from _guards(dependency)


def _by_token(request: Request, header: str) -> Visitor:
    portal = portal_of(request)
    scheme, _, token = header.partition(" ")
    found = find_by_token(portal.hub, token.strip()) if scheme.lower() == "bearer" else None
    if found is None:
        _refuse_guessing(portal, request)
        portal.attempts.record(_address(request), hash_token(token))
        raise AuthenticationError("Ce jeton n'ouvre aucun compte.")
    return Visitor(found[0], csrf=None)


def _by_session(request: Request) -> Visitor | None:
    portal = portal_of(request)
    session = portal.sessions.find(request.cookies.get(SESSION_COOKIE, ""))
    if session is None:
        return None
    account = find_by_name(portal.hub, session.compte, session.jeton_sha256)
    return None if account is None else Visitor(account, session.csrf)


def _refuse_guessing(portal: Portal, request: Request) -> None:
    """A wrong token from an address that had many is not answered; a right one always is.

    Several centres may share an address, and one of them must not keep another out on the last day.
    """
    wait = portal.attempts.wait_s(_address(request))
    if wait:
        minutes = -(-wait // 60)
        raise RefusalError(
            429,
            f"Trop d'essais infructueux. Réessayez dans {minutes} minute{'s' * (minutes > 1)}.",
            headers={"Retry-After": str(wait)},
        )


def _address(request: Request) -> str:
    return request.client.host if request.client else "inconnue"


def _way_back(request: Request) -> str:
    """Where to go once logged in: the page that was asked for, when it was only looked at."""
    if request.method not in _SAFE or is_api(request):
        return "/"
    query = f"?{request.url.query}" if request.url.query else ""
    return quote(f"{request.url.path}{query}", safe="/?=&-._~%")
