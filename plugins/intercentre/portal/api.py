"""The API, version 1: what the pages do, for programs. A bearer token opens it; answers are JSON, in French."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, BackgroundTasks, Depends, Request
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse, Response
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from intercentre.core.french import utc
from intercentre.core.registry.tables import Depot
from intercentre.portal.desk import asked_period, take_in, visible_deposit
from intercentre.portal.guard import CENTRES, DEPOSITS, Visitor, hub_of, portal_of
from intercentre.portal.refusals import RefusalError
from intercentre.portal.rounds import find_round, list_rounds
from intercentre.portal.services import harmonise_later, publish_later, vote
from intercentre.portal.uploads import read_body
from schemas.exchanges.agreement import RoundState, Vote

if TYPE_CHECKING:
    from intercentre.concertation import RoundStatus

router = APIRouter(prefix="/api/v1")


@router.post("/depots")
async def deposit(
    request: Request, later: BackgroundTasks, periode: str = "", visitor: Visitor = Depends(CENTRES)
) -> Response:
    """201 and the signed receipt; 200 when these very bytes were in custody already.

    The file is the field `fichier` of a form (with `periode` beside it), or the whole body (with ?periode=).
    """
    taken = await take_in(request, visitor, "api", periode)
    later.add_task(harmonise_later, portal_of(request).reminders, taken)
    receipt, address = taken.recepisse, f"/api/v1/depots/{taken.recepisse.depot_id}"
    content = {
        "recepisse": receipt.model_dump(mode="json"),
        "etat": taken.verdict.verdict.value if taken.verdict else "recu",
        "phrase": taken.verdict.sentence if taken.verdict else "Reçu ; le contrôle n'est pas terminé.",
        "verdict": f"{address}/verdict",
        "page": f"/depots/{receipt.depot_id}",
    }
    return JSONResponse(content, 200 if receipt.deja_recu else 201, headers={"Location": address})


@router.get("/depots/{depot_id}")
def show_deposit(request: Request, depot_id: str, visitor: Visitor = Depends(DEPOSITS)) -> Response:
    return JSONResponse(_deposit(visible_deposit(request, visitor, depot_id)))


@router.get("/depots/{depot_id}/verdict")
def show_verdict(request: Request, depot_id: str, visitor: Visitor = Depends(DEPOSITS)) -> Response:
    """The verdict as it is stored, byte for byte; 404 before there is one."""
    row = visible_deposit(request, visitor, depot_id)
    if row.verdict is None:
        raise RefusalError(404, "Ce dépôt n'a pas encore de verdict.")
    return Response(row.verdict.encode(), media_type="application/json")


@router.get("/depots/{depot_id}/recepisse")
def show_receipt(request: Request, depot_id: str, visitor: Visitor = Depends(DEPOSITS)) -> Response:
    """The signed receipt as it is stored."""
    row = visible_deposit(request, visitor, depot_id)
    return Response(row.recepisse.encode(), media_type="application/json")


@router.get("/tours")
def show_rounds(request: Request, periode: str = "", visitor: Visitor = Depends(DEPOSITS)) -> Response:
    """Rounds, the latest first, of one period or of all."""
    rounds = list_rounds(hub_of(request), asked_period(periode))
    return JSONResponse({"tours": [_round(round_) for round_ in rounds]})


@router.get("/tours/{tour_id}")
def show_round(request: Request, tour_id: str, visitor: Visitor = Depends(DEPOSITS)) -> Response:
    return JSONResponse(_round(find_round(hub_of(request), tour_id)))


@router.post("/tours/{tour_id}/voix")
async def cast(request: Request, tour_id: str, later: BackgroundTasks, visitor: Visitor = Depends(CENTRES)) -> Response:
    """201 and the round with the vote in it. Body: {avis, motif, indicateurs}."""
    hub = hub_of(request)
    try:
        given = Vote.model_validate_json(await read_body(request))
    except ValidationError as error:
        raise RefusalError(422, _wrong_fields(error)) from error
    round_ = await run_in_threadpool(find_round, hub, tour_id)
    state = await run_in_threadpool(vote, hub, tour_id, visitor.account, given)
    if state is RoundState.ACCORDE:
        later.add_task(publish_later, portal_of(request).reminders, tour_id, round_.periode)
    return JSONResponse(_round(await run_in_threadpool(find_round, hub, tour_id)), 201)


def _wrong_fields(error: ValidationError) -> str:
    """Which fields are wrong; never what they held."""
    fields = sorted({str(place["loc"][0]) for place in error.errors(include_input=False) if place["loc"]})
    named = f" (champ{'s' * (len(fields) > 1)} : {', '.join(fields)})" if fields else ""
    return (
        f"L'avis n'a pas la forme attendue{named}. Attendu : "
        '{"avis": "approuve" | "reserve" | "oppose", "motif": "…", "indicateurs": ["I21"]}.'
    )


def _deposit(row: Depot) -> dict[str, Any]:
    return {
        "depot_id": row.depot_id,
        "centre": row.centre_code,
        "periode": row.periode,
        "canal": row.canal,
        "fichier": row.fichier,
        "octets": row.octets,
        "sha256": row.sha256,
        "recu_le": utc(row.recu_le).isoformat(),
        "etat": row.etat,
        "prepare": row.prepare,
        "recepisse": f"/api/v1/depots/{row.depot_id}/recepisse",
        "verdict": f"/api/v1/depots/{row.depot_id}/verdict" if row.verdict is not None else None,
    }


def _round(round_: RoundStatus) -> Any:
    """A round as the concertation room tells it: its facts and its eight places."""
    return jsonable_encoder(asdict(round_))
