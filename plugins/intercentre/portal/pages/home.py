"""The home page: where the period stands, what is expected of me, by when, what to click."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from intercentre.portal.expectations import expected_of
from intercentre.portal.guard import EVERYONE, Visitor, hub_of
from intercentre.portal.refusals import RefusalError
from intercentre.portal.rendering import render
from intercentre.portal.rounds import list_rounds
from intercentre.portal.shelf import list_releases
from intercentre.portal.state import deadline, due_period, offered_periods, period_state
from schemas.extracts import TABLES
from schemas.period import Period, PeriodError

router = APIRouter()


@router.get("/")
def show_home(request: Request, periode: str = "", visitor: Visitor = Depends(EVERYONE)) -> Response:
    hub = hub_of(request)
    period = asked_period(periode) or due_period(hub)
    states, rounds, releases = period_state(hub, period), list_rounds(hub), list_releases(hub)
    due = deadline(hub, period)
    return render(
        request,
        "accueil.html",
        visitor,
        periode=period,
        periodes=offered_periods(hub.now().date(), [period]),
        echeance=due,
        attentes=expected_of(visitor.account, period, due, states, rounds, releases, hub.now()),
        etats=states,
        remis=sum(state.is_in for state in states),
        tables=list(TABLES),
        publications=releases[:3],
    )


def asked_period(text: str) -> Period | None:
    """The period of the address; None when it names none; raises RefusalError 422 when it is not one."""
    if not text:
        return None
    try:
        return Period.parse(text)
    except PeriodError as error:
        raise RefusalError(422, str(error)) from error
