"""The home page: where the period stands, what is expected of me, by when, what to click."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from intercentre.portal.between_centres import matters_of, persons_of
from intercentre.portal.desk import asked_period
from intercentre.portal.expectations import expected_of
from intercentre.portal.guard import EVERYONE, Visitor, hub_of
from intercentre.portal.rendering import render
from intercentre.portal.rounds import list_rounds
from intercentre.portal.services import anomalies_for, idle_corrections
from intercentre.portal.shelf import list_releases
from intercentre.portal.state import deadline, due_period, offered_periods, period_state
from schemas.extracts import TABLES

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
        periodes=offered_periods(hub.today(), [period]),
        echeance=due,
        attentes=expected_of(visitor.account, period, due, states, rounds, releases, hub.now()),
        etats=states,
        remis=sum(state.is_in for state in states),
        tables=list(TABLES),
        regler=matters_of(hub, period, visitor.account.centre) if visitor.account.centre else [],
        corrections=idle_corrections(hub, period, visitor.account),
        personnes=persons_of(hub, period) if visitor.sees_all else None,
        publications=releases[:3],
        anomalies=[one for one in anomalies_for(hub, period, visitor.account) if not one.is_closed],
    )
