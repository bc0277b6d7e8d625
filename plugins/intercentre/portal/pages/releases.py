"""Releases to download."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from fastapi.responses import FileResponse, Response

from intercentre.portal.guard import EVERYONE, Visitor, hub_of
from intercentre.portal.rendering import render
from intercentre.portal.shelf import SIGNERS, find_file, list_releases, signers_file

router = APIRouter()


@router.get("/publications")
def show_releases(request: Request, visitor: Visitor = Depends(EVERYONE)) -> Response:
    return render(
        request, "publications.html", visitor, fil=(("Publications", ""),), publications=list_releases(hub_of(request))
    )


@router.get(f"/publications/{SIGNERS}")
def download_signers(request: Request, _visitor: Visitor = Depends(EVERYONE)) -> Response:
    return FileResponse(signers_file(hub_of(request)), filename=SIGNERS, media_type="text/plain")


@router.get("/publications/{version}/{fichier}")
def download_file(request: Request, version: str, fichier: str, _visitor: Visitor = Depends(EVERYONE)) -> Response:
    """One file of a release, always as a download: it is data, never a page of the portal."""
    path = find_file(hub_of(request), version, fichier)
    return FileResponse(path, filename=path.name, media_type="application/octet-stream")
