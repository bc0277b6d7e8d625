"""The desk where deposits are handed in, the same for the page and for the API: custody first, then the check."""

from __future__ import annotations

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from intercentre.core.registry.tables import Depot
from intercentre.portal.guard import Visitor, hub_of, portal_of
from intercentre.portal.refusals import RefusalError
from intercentre.portal.services import TakenIn, find_deposit, judge, receive
from intercentre.portal.uploads import check_csrf, receive_upload
from schemas.exchanges.receipt import Receipt
from schemas.period import Period, PeriodError


async def take_in(request: Request, visitor: Visitor, canal: str, periode: str = "") -> TakenIn:
    """The request's file is in custody, judged, and staged when it is accepted.

    periode  what the address says; the form's own answer goes before it; neither: the manifest
    raises   RefusalError  403 a form that is not the visitor's own, 413, 422
    """
    hub = hub_of(request)
    async with receive_upload(request, hub.home.work, hub.settings.collecte_octets_max) as upload:
        check_csrf(visitor, upload.fields.get("csrf", ""))
        period = asked_period(upload.fields.get("periode", "") or periode)
        receipt = await run_in_threadpool(receive, hub, upload.path, upload.name, visitor.account, period, canal)
    return await check(request, receipt)


async def check(request: Request, receipt: Receipt) -> TakenIn:
    """The deposit has its verdict, as soon as there is a place at the checks."""
    async with portal_of(request).judging:
        return await run_in_threadpool(judge, hub_of(request), receipt)


def visible_deposit(request: Request, visitor: Visitor, depot_id: str) -> Depot:
    """The deposit, if it is this visitor's business; raises RefusalError 404, which does not say whether it exists."""
    row = find_deposit(hub_of(request), depot_id)
    if not visitor.may_see(row.centre_code):
        raise RefusalError(404)
    return row


def asked_period(text: str) -> Period | None:
    """The period that a person names; None when it names none; raises RefusalError 422 when it is not one."""
    if not text:
        return None
    try:
        return Period.parse(text)
    except PeriodError as error:
        raise RefusalError(422, str(error)) from error
