"""The anomalies of a period: what the figures show that the centres concerned may want to talk about."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from intercentre.portal.accounts import Role
from intercentre.portal.desk import asked_period
from intercentre.portal.guard import ANSWERING, DEPOSITS, Visitor, hub_of
from intercentre.portal.refusals import RefusalError
from intercentre.portal.rendering import render
from intercentre.portal.services import anomalies_for, answer_anomaly
from intercentre.portal.state import due_period, offered_periods
from intercentre.portal.uploads import read_form
from schemas.anomalies import anomaly_kinds
from schemas.period import Period

router = APIRouter()


@router.get("/anomalies")
def show_anomalies(request: Request, periode: str = "", visitor: Visitor = Depends(DEPOSITS)) -> Response:
    """All of them for DISCRI and the operator; for a centre, those that concern it."""
    return _page(request, visitor, asked_period(periode) or due_period(hub_of(request)))


@router.post("/anomalies")
async def answer(request: Request, visitor: Visitor = Depends(ANSWERING)) -> Response:
    """The centre's explanation or DISCRI's closing is written, and the page shown with it; else the form again."""
    answers = await read_form(request, visitor)
    said = {name: (answers.get(name) or [""])[0] for name in ("periode", "anomalie", "motif")}
    period = asked_period(said["periode"]) or due_period(hub_of(request))
    try:
        await run_in_threadpool(
            answer_anomaly, hub_of(request), period, said["anomalie"], said["motif"], visitor.account
        )
    except RefusalError as error:
        return await run_in_threadpool(_page, request, visitor, period, error, said)
    return RedirectResponse(f"/anomalies?periode={period}", 303)


def _page(
    request: Request,
    visitor: Visitor,
    period: Period,
    refusal: RefusalError | None = None,
    said: dict[str, str] | None = None,
) -> Response:
    """The page of a period; `said` is the form that was refused."""
    hub = hub_of(request)
    found = anomalies_for(hub, period, visitor.account)
    by_kind = {code: [one for one in found if one.anomalie.code == code] for code in anomaly_kinds()}
    answer_as = "Expliquer" if visitor.account.centre else "Clore" if visitor.account.role is Role.DISCRI else ""
    return render(
        request,
        "anomalies.html",
        visitor,
        status=refusal.status if refusal else 200,
        fil=(("Concertation", "/concertation"), ("Anomalies", "")),
        periode=period,
        periodes=offered_periods(hub.today(), [period]),
        groupes=[(code, kind, by_kind[code]) for code, kind in anomaly_kinds().items() if by_kind[code]],
        geste=answer_as,
        refus=refusal.message if refusal else "",
        reponse=said or {"anomalie": "", "motif": ""},
    )
