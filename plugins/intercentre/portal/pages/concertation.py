"""Concertation: the open round, the eight places, a centre's vote, the decision and its minutes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from fastapi import APIRouter, BackgroundTasks, Depends, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from intercentre.portal.guard import CENTRES, DEPOSITS, Visitor, hub_of, portal_of
from intercentre.portal.refusals import RefusalError
from intercentre.portal.rendering import render
from intercentre.portal.rounds import find_round, list_rounds, opinion_of, place_of, takes_votes
from intercentre.portal.services import indicators_of, publish_later, vote
from intercentre.portal.uploads import read_form
from schemas.exchanges.agreement import RoundState, Vote
from schemas.period import Period

if TYPE_CHECKING:
    from intercentre.concertation import Place, RoundStatus

router = APIRouter()
_TRAIL = ("Concertation", "/concertation")


@router.get("/concertation")
def show_rounds(request: Request, visitor: Visitor = Depends(DEPOSITS)) -> Response:
    """The open round, whole; those that are decided, in a list. Without an open one, the last one decided."""
    rounds = list_rounds(hub_of(request))
    current = next((round_ for round_ in rounds if round_.etat is RoundState.OUVERT), rounds[0] if rounds else None)
    others = tuple(round_ for round_ in rounds if round_ is not current)
    return _page(request, visitor, current, fil=(("Concertation", ""),), autres=others)


@router.get("/concertation/{tour_id}")
def show_round(request: Request, tour_id: str, visitor: Visitor = Depends(DEPOSITS)) -> Response:
    round_ = find_round(hub_of(request), tour_id)
    return _page(request, visitor, round_, fil=_trail(round_))


@router.post("/concertation/{tour_id}/voix")
async def cast(request: Request, tour_id: str, later: BackgroundTasks, visitor: Visitor = Depends(CENTRES)) -> Response:
    """The vote is cast and the round shown with it; the form again, with a sentence, when it is refused."""
    answers = await read_form(request, visitor)
    hub = hub_of(request)
    round_ = await run_in_threadpool(find_round, hub, tour_id)
    try:
        state = await run_in_threadpool(vote, hub, tour_id, visitor.account, _vote_of(answers))
    except RefusalError as error:
        return await run_in_threadpool(_page, request, visitor, round_, _trail(round_), refusal=error, answers=answers)
    if state is RoundState.ACCORDE:
        later.add_task(publish_later, portal_of(request).reminders, tour_id, round_.periode)
    return RedirectResponse(f"/concertation/{round_.tour_id}", 303)


def _vote_of(answers: Mapping[str, list[str]]) -> Vote:
    """The vote that the form holds; raises RefusalError 422."""
    try:
        return Vote.model_validate(
            {
                "avis": answers.get("avis", [""])[0],
                "motif": answers.get("motif", [""])[0].replace("\r\n", "\n").strip(),
                "indicateurs": tuple(answers.get("indicateurs", [])),
            }
        )
    except ValidationError as error:
        raise RefusalError(422, "Choisissez un avis, et gardez votre motif sous 600 caractères.") from error


def _page(
    request: Request,
    visitor: Visitor,
    round_: RoundStatus | None,
    fil: tuple[tuple[str, str], ...],
    *,
    refusal: RefusalError | None = None,
    answers: Mapping[str, list[str]] | None = None,
    autres: tuple[RoundStatus, ...] = (),
) -> Response:
    """The page of one round; `answers` are those of a form that was refused."""
    hub, own = hub_of(request), place_of(round_, visitor.account.centre)
    return render(
        request,
        "concertation.html",
        visitor,
        status=refusal.status if refusal else 200,
        fil=fil,
        tour=round_,
        places=[(place, opinion_of(round_, place)) for place in round_.places] if round_ else [],
        autres=autres,
        place=own,
        vote_ouvert=bool(round_ and own and takes_votes(round_, hub.now())),
        indicateurs=indicators_of(hub, round_.periode) if round_ else [],
        refus=refusal.message if refusal else "",
        reponses=answers if answers is not None else _standing(own),
    )


def _standing(own: Place | None) -> dict[str, list[str]]:
    """The vote as it stands, for the form."""
    if own is None or own.avis is None:
        return {}
    return {"avis": [own.avis.value], "motif": [own.motif], "indicateurs": list(own.indicateurs)}


def _trail(round_: RoundStatus) -> tuple[tuple[str, str], ...]:
    return _TRAIL, (Period.parse(round_.periode).libelle, "")
