"""The portal as an application: its rooms' doors, its refusals, its headers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from intercentre.portal import api
from intercentre.portal.attempts import Attempts
from intercentre.portal.guard import Portal, Visitor, identify, is_api, require_guards
from intercentre.portal.head import HeadAsGet
from intercentre.portal.headers import HEADERS, SecurityHeaders
from intercentre.portal.pages import (
    anomalies,
    concertation,
    deposits,
    gates,
    health,
    home,
    login,
    rehearsal,
    releases,
    start,
)
from intercentre.portal.refusals import AuthenticationError, RefusalError
from intercentre.portal.reminders import Reminders, remembering
from intercentre.portal.rendering import render
from intercentre.portal.sessions import Sessions
from intercentre.portal.traces import silence_messages

if TYPE_CHECKING:
    from intercentre.core.hub import Hub

_ROUTERS = (health, login, home, start, deposits, concertation, anomalies, releases, gates, rehearsal, api)


def create_app(hub: Hub) -> FastAPI:
    """The portal on this hub; raises RuntimeError when a route says nothing of who may call it."""
    # No generated documentation: its pages load scripts from elsewhere and are open to anybody.
    app = FastAPI(title="Intercentre", docs_url=None, redoc_url=None, openapi_url=None, lifespan=remembering)
    app.state.portal = Portal(hub, Sessions(hub.now), Attempts(hub.now), Reminders(hub))
    for module in _ROUTERS:
        app.include_router(module.router)
    app.add_middleware(HeadAsGet)
    app.add_middleware(SecurityHeaders)
    app.add_exception_handler(RefusalError, _refuse)
    app.add_exception_handler(HTTPException, _refuse_http)
    app.add_exception_handler(RequestValidationError, _refuse_form)
    app.add_exception_handler(Exception, _refuse_fault)
    require_guards(app)
    silence_messages()
    return app


def _refuse(request: Request, error: Exception) -> Response:
    if not isinstance(error, RefusalError):
        raise error
    if isinstance(error, AuthenticationError) and not is_api(request):
        suite = "" if error.suite == "/" else f"?suite={error.suite}"
        answer: Response = RedirectResponse(f"/connexion{suite}", 303)
    else:
        answer = _answer(request, error, None if is_api(request) else _visitor(request))
    answer.headers.update(error.headers)
    return answer


def _answer(request: Request, error: RefusalError, visitor: Visitor | None) -> Response:
    if is_api(request):
        return JSONResponse({"erreur": {"statut": error.status, "message": error.message}}, error.status)
    return render(
        request, "refus.html", visitor, status=error.status,
        titre=error.title, message=error.message, fil=((error.title, ""),),
    )  # fmt: skip


def _refuse_http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    return _refuse(request, RefusalError(error.status_code, headers=error.headers))


def _refuse_form(request: Request, _error: Exception) -> Response:
    return _refuse(request, RefusalError(422, "Cette demande n'a pas la forme attendue. Vérifiez l'adresse."))


def _refuse_fault(request: Request, _error: Exception) -> Response:
    """The page of a fault: it asks nothing of what may be broken, and is made outside every middleware."""
    answer = _answer(request, RefusalError(500), None)
    answer.headers.update({**HEADERS, "Cache-Control": "no-store"})
    return answer


def _visitor(request: Request) -> Visitor | None:
    """Who was asking, for the page's menu; nobody when that itself was refused."""
    try:
        return identify(request)
    except RefusalError:
        return None
