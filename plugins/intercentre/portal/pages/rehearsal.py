"""A version of the contract or a rule tried on past deposits: for those who look after all the centres."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from intercentre.portal.guard import STEWARDS, Visitor, hub_of, portal_of
from intercentre.portal.rehearsals import CentreTrial, Trial, asked_trial, rules_to_try, try_on_past_deposits
from intercentre.portal.rendering import render
from intercentre.portal.uploads import read_form
from schemas.editions import EDITIONS
from schemas.nomenclatures import nomenclature

router = APIRouter()


@router.get("/contrat/essai")
def show_trial(request: Request, visitor: Visitor = Depends(STEWARDS)) -> Response:
    return _page(request, visitor, Trial(), None)


@router.post("/contrat/essai")
async def try_out(request: Request, visitor: Visitor = Depends(STEWARDS)) -> Response:
    """The answer comes when every past deposit was judged; as much work as a check, so it waits for a place there."""
    trial = asked_trial(await read_form(request, visitor))
    async with portal_of(request).judging:
        found = await run_in_threadpool(try_on_past_deposits, hub_of(request), trial)
    return await run_in_threadpool(_page, request, visitor, trial, found)


def _page(request: Request, visitor: Visitor, trial: Trial, found: list[CentreTrial] | None) -> Response:
    return render(
        request, "essai.html", visitor, fil=(("Contrôles", "/controles"), ("Essai du contrat", "")),
        essai=trial, resultats=found, versions=list(EDITIONS), regles=rules_to_try(),
        centres=list(nomenclature("centre").entries),
    )  # fmt: skip
