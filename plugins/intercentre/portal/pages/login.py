"""Coming in with a token, and going out."""

from __future__ import annotations

import secrets

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from intercentre.portal.guard import EVERYONE, SESSION_COOKIE, Visitor, log_in, portal_of
from intercentre.portal.refusals import AuthenticationError, RefusalError
from intercentre.portal.rendering import render
from intercentre.portal.sessions import LIFETIME
from intercentre.portal.uploads import read_answers, read_form

router = APIRouter()
FORM_COOKIE = "intercentre_formulaire"


@router.get("/connexion")
def show_login(request: Request, suite: str = "/") -> Response:
    return _login_page(request, suite)


@router.post("/connexion")
async def log_in_with_token(request: Request) -> Response:
    """The session's cookie and the page that was asked for; the form again, with a sentence, when it is refused."""
    answers = await read_answers(request)
    suite = safe_way_back(answers.get("suite", ["/"])[0])
    cookie = request.cookies.get(FORM_COOKIE, "")
    if not portal_of(request).login_forms.holds(cookie, answers.get("csrf", [""])[0]):
        return _login_page(request, suite, "Cette page avait expiré. Collez votre jeton à nouveau.", 403)
    try:
        _, session = await run_in_threadpool(log_in, request, answers.get("jeton", [""])[0].strip())
    except AuthenticationError as error:
        return _login_page(request, suite, error.message, 401)
    except RefusalError as error:
        answer = _login_page(request, suite, error.message, error.status)
        answer.headers.update(error.headers)
        return answer
    answer = RedirectResponse(suite, 303)
    _set_cookie(request, answer, SESSION_COOKIE, session, int(LIFETIME.total_seconds()))
    return answer


@router.post("/deconnexion")
async def log_out(request: Request, visitor: Visitor = Depends(EVERYONE)) -> Response:
    await read_form(request, visitor)
    portal_of(request).sessions.close(request.cookies.get(SESSION_COOKIE, ""))
    answer = RedirectResponse("/connexion", 303)
    answer.delete_cookie(SESSION_COOKIE, httponly=True, samesite="strict")
    return answer


def safe_way_back(suite: str) -> str:
    """A page of this portal, and nothing else."""
    inside = suite.startswith("/") and not suite.startswith(("//", "/\\")) and suite.isascii() and suite.isprintable()
    return suite if inside and "\\" not in suite else "/"


def _login_page(request: Request, suite: str, refus: str = "", status: int = 200) -> Response:
    cookie = request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(24)
    answer = render(
        request, "connexion.html", status=status, suite=safe_way_back(suite), refus=refus,
        jeton_formulaire=portal_of(request).login_forms.token(cookie),
    )  # fmt: skip
    _set_cookie(request, answer, FORM_COOKIE, cookie, 3600)
    return answer


def _set_cookie(request: Request, answer: Response, name: str, value: str, age_s: int) -> None:
    # The header only decides whether the browser must keep to TLS; a visitor who forges it harms its own session.
    behind_tls = request.url.scheme == "https" or request.headers.get("x-forwarded-proto") == "https"
    answer.set_cookie(name, value, max_age=age_s, httponly=True, samesite="strict", secure=behind_tls, path="/")
