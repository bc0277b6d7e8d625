"""Deposits: the list, the form, and one deposit with its receipt and its verdict."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO

from fastapi import APIRouter, BackgroundTasks, Depends, Request
from fastapi.responses import RedirectResponse, Response, StreamingResponse
from starlette.concurrency import run_in_threadpool

from intercentre.core.hub import Hub
from intercentre.core.registry.tables import Depot
from intercentre.portal.accounts import Account
from intercentre.portal.annotated import annotated_copy, chunks, rows_to_correct
from intercentre.portal.desk import asked_period, check, take_in, visible_deposit
from intercentre.portal.expectations import by_when
from intercentre.portal.guard import CENTRES, DEPOSITS, STEWARDS, Visitor, hub_of, portal_of
from intercentre.portal.refusals import RefusalError
from intercentre.portal.rendering import render
from intercentre.portal.services import harmonise_later, plausibility_findings, plausibility_page, render_report
from intercentre.portal.state import deadline, due_period, offered_periods, read_deposits, replacement_of
from intercentre.portal.uploads import read_form
from intercentre.portal.verdicts import page_of
from intercentre.validation.grouping import group_findings
from schemas.exchanges.receipt import Receipt
from schemas.exchanges.verdict import Verdict
from schemas.period import Period

router = APIRouter()
_TRAIL = ("Dépôts", "/depots")
_LISTED = 100
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("/depots")
def show_deposits(request: Request, page: int = 1, visitor: Visitor = Depends(DEPOSITS)) -> Response:
    found = read_deposits(hub_of(request), None if visitor.sees_all else visitor.account.centre)[::-1]
    pages = max(1, -(-len(found) // _LISTED))
    page = min(max(1, page), pages)
    return render(
        request, "depots.html", visitor, fil=(("Dépôts", ""),), total=len(found), page=page, nombre_pages=pages,
        depots=found[(page - 1) * _LISTED : page * _LISTED],
    )  # fmt: skip


@router.get("/depots/nouveau")
def show_form(request: Request, periode: str = "", visitor: Visitor = Depends(CENTRES)) -> Response:
    """The form, for the period that is due or for `periode`, that of a deposit to correct."""
    hub = hub_of(request)
    today = hub.today()
    period = asked_period(periode) or due_period(hub)
    due = deadline(hub, period)
    return render(
        request, "depot_nouveau.html", visitor, fil=(_TRAIL, ("Nouveau dépôt", "")), periode=period,
        periodes=offered_periods(today, [period]), echeance=due, est_passee=today > due,
        octets_max=hub.settings.collecte_octets_max,
    )  # fmt: skip


@router.post("/depots")
async def deposit(request: Request, later: BackgroundTasks, visitor: Visitor = Depends(CENTRES)) -> Response:
    """The file is in custody and judged; the browser goes on to its receipt and verdict."""
    taken = await take_in(request, visitor, "portail")
    later.add_task(harmonise_later, portal_of(request).reminders, taken)
    again = "?deja=1" if taken.recepisse.deja_recu else ""
    return RedirectResponse(f"/depots/{taken.recepisse.depot_id}{again}", 303)


@router.get("/depots/{depot_id}")
def show_deposit(
    request: Request, depot_id: str, page: int = 0, deja: bool = False, visitor: Visitor = Depends(DEPOSITS)
) -> Response:
    """`page` > 0 opens the list of all findings at that page."""
    row = visible_deposit(request, visitor, depot_id)
    verdict = Verdict.model_validate_json(row.verdict) if row.verdict else None
    groups, period = group_findings(verdict.constats if verdict else ()), Period.parse(row.periode)
    asked = plausibility_findings(hub_of(request), depot_id)
    replacement = replacement_of(row, read_deposits(hub_of(request), row.centre_code))
    return render(
        request, "depot.html", visitor, fil=(_TRAIL, (row.depot_id, "")), depot=row, deja=deja, verdict=verdict,
        recepisse=Receipt.model_validate_json(row.recepisse), groupes=groups,
        constats=page_of(verdict, page) if verdict else None, ouvert=page > 0,
        quand=by_when(deadline(hub_of(request), period), hub_of(request).today()), periode=period,
        remplace_par=replacement, compare=asked is not None, questions=group_findings(asked or ()),
        plausible=visitor.sees_all and plausibility_page(hub_of(request), depot_id) is not None,
    )  # fmt: skip


@router.get("/depots/{depot_id}/rapport")
def download_report(request: Request, depot_id: str, visitor: Visitor = Depends(DEPOSITS)) -> Response:
    """The verdict as one HTML file, to keep or to send on: it holds no value of any cell."""
    row = visible_deposit(request, visitor, depot_id)
    if row.verdict is None:
        raise RefusalError(404, "Ce dépôt n'a pas encore de verdict.")
    report = render_report(Verdict.model_validate_json(row.verdict))
    headers = {"Content-Disposition": f'attachment; filename="verdict-{row.depot_id}.html"'}
    return Response(report, media_type="text/html; charset=utf-8", headers=headers)


@router.get("/depots/{depot_id}/plausibilite")
def download_plausibility(request: Request, depot_id: str, visitor: Visitor = Depends(STEWARDS)) -> Response:
    """How the deposit compares, as one HTML file: for those who look after all the centres."""
    row = visible_deposit(request, visitor, depot_id)
    page = plausibility_page(hub_of(request), row.depot_id)
    if page is None:
        raise RefusalError(404, "La plausibilité de ce dépôt n'a pas encore été examinée.")
    headers = {"Content-Disposition": f'attachment; filename="plausibilite-{row.depot_id}.html"'}
    return Response(page.read_bytes(), media_type="text/html; charset=utf-8", headers=headers)


@router.get("/depots/{depot_id}/annote.xlsx")
async def download_annotated(request: Request, depot_id: str, visitor: Visitor = Depends(CENTRES)) -> Response:
    """The depositor's own rows, marked: for the depositing centre alone, not even for DISCRI."""
    return await _own_workbook(request, depot_id, visitor, annotated_copy, "annote")


@router.get("/depots/{depot_id}/lignes-a-corriger.xlsx")
async def download_rows_to_correct(request: Request, depot_id: str, visitor: Visitor = Depends(CENTRES)) -> Response:
    """The rows in quarantine as a partial deposit ready to be put right: for the depositing centre alone."""
    return await _own_workbook(request, depot_id, visitor, rows_to_correct, "lignes-a-corriger")


async def _own_workbook(
    request: Request, depot_id: str, visitor: Visitor, write: Callable[[Hub, Depot, Account], BinaryIO], nom: str
) -> Response:
    row = await run_in_threadpool(visible_deposit, request, visitor, depot_id)
    async with portal_of(request).judging:
        copy = await run_in_threadpool(write, hub_of(request), row, visitor.account)
    headers = {"Content-Disposition": f'attachment; filename="{nom}-{row.depot_id}.xlsx"'}
    return StreamingResponse(chunks(copy), media_type=_XLSX, headers=headers)


@router.post("/depots/{depot_id}/controle")
async def check_again(
    request: Request, depot_id: str, later: BackgroundTasks, visitor: Visitor = Depends(DEPOSITS)
) -> Response:
    """A check that broke down is done again; a deposit that has its verdict keeps it."""
    await read_form(request, visitor)
    row = await run_in_threadpool(visible_deposit, request, visitor, depot_id)
    taken = await check(request, Receipt.model_validate_json(row.recepisse))
    later.add_task(harmonise_later, portal_of(request).reminders, taken)
    return RedirectResponse(f"/depots/{row.depot_id}", 303)
