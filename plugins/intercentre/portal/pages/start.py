"""How to start, for each kind of account."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from intercentre.portal.guard import EVERYONE, Visitor, hub_of
from intercentre.portal.rendering import render
from intercentre.portal.state import deadline, due_period
from schemas.extracts import TABLES

router = APIRouter()


@router.get("/demarrer")
def show_start(request: Request, visitor: Visitor = Depends(EVERYONE)) -> Response:
    hub = hub_of(request)
    period = due_period(hub)
    return render(
        request, "demarrer.html", visitor, fil=(("Comment démarrer", ""),), periode=period,
        echeance=deadline(hub, period), tables=[table.contrat for table in TABLES.values()],
        adresse=str(request.base_url).rstrip("/"), delai=hub.settings.delai_jours,
    )  # fmt: skip
