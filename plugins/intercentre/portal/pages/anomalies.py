"""The anomalies of a period: what the figures show that the centres concerned may want to talk about."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from intercentre.portal.desk import asked_period
from intercentre.portal.guard import DEPOSITS, Visitor, hub_of
from intercentre.portal.rendering import render
from intercentre.portal.services import anomalies_for
from intercentre.portal.state import due_period, offered_periods
from schemas.anomalies import anomaly_kinds

router = APIRouter()


@router.get("/anomalies")
def show_anomalies(request: Request, periode: str = "", visitor: Visitor = Depends(DEPOSITS)) -> Response:
    """All of them for DISCRI and the operator; for a centre, those that concern it."""
    hub = hub_of(request)
    period = asked_period(periode) or due_period(hub)
    found = anomalies_for(hub, period, visitor.account)
    return render(
        request,
        "anomalies.html",
        visitor,
        fil=(("Concertation", "/concertation"), ("Anomalies", "")),
        periode=period,
        periodes=offered_periods(hub.now().date(), [period]),
        groupes=[
            (code, kind, [one for one in found if one.code == code])
            for code, kind in anomaly_kinds().items()
            if any(one.code == code for one in found)
        ],
    )
