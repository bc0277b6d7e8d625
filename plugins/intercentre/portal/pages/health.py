"""What anybody may see: whether the portal is well, and its stylesheet."""

from __future__ import annotations

import logging
from importlib.metadata import version
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, JSONResponse
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from intercentre.core.faults import describe
from intercentre.core.style import STYLESHEET
from intercentre.portal.guard import hub_of

router = APIRouter()
_log = logging.getLogger("intercentre.portal")
_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}
_ICON = Path(__file__).parents[1] / "static" / "icone.svg"


@router.get("/sante")
def health(request: Request) -> JSONResponse:
    """200 when the registry answers, 503 otherwise."""
    try:
        with hub_of(request).registry.read() as session:
            session.execute(text("SELECT 1"))
    except (SQLAlchemyError, OSError) as error:
        _log.error("registre muet : %s", describe(error))
        return JSONResponse({"statut": "en_panne", "registre": "injoignable"}, 503)
    return JSONResponse({"statut": "ok", "registre": "ok", "version": version("intercentre")})


@router.get("/static/intercentre.css")
def stylesheet() -> FileResponse:
    return FileResponse(STYLESHEET, media_type="text/css", headers=_FOREVER)


@router.get("/static/icone.svg")
def icon() -> FileResponse:
    return FileResponse(_ICON, media_type="image/svg+xml", headers=_FOREVER)
