"""Pages from templates. Everything is escaped; a missing value is a fault, never a blank."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment

from intercentre.core.pages import page_environment
from intercentre.core.style import STYLESHEET
from intercentre.portal.guard import Visitor, hub_of
from intercentre.portal.state import holds_simulated_data
from intercentre.portal.words import CHANNELS, DECISIONS, FILTERS, SHORT, SHORT_DEPOSIT, STATUSES

_TEMPLATES = Path(__file__).parent / "templates"


@cache
def environment() -> Environment:
    """The templates of the portal, with the French formats as filters."""
    found = page_environment(_TEMPLATES)
    found.filters.update(FILTERS)
    found.globals.update(
        STATUTS=STATUSES,
        mots=SHORT,
        mots_depot=SHORT_DEPOSIT,
        canaux=CHANNELS,
        decisions=DECISIONS,
        version_style=_version(),
    )
    return found


def render(
    request: Request,
    template: str,
    visitor: Visitor | None = None,
    *,
    status: int = 200,
    fil: tuple[tuple[str, str], ...] = (),
    **values: Any,
) -> HTMLResponse:
    """A whole page.

    fil  breadcrumbs after the home page: (label, address), the last one being this page, without address
    """
    simulated = visitor is not None and holds_simulated_data(hub_of(request))
    text = (
        environment()
        .get_template(template)
        .render(
            visiteur=visitor,
            simule=simulated,
            chemin=request.url.path,
            fil=fil,
            csrf=visitor.csrf if visitor else None,
            **values,
        )
    )
    return HTMLResponse(text, status_code=status)


def _version() -> str:
    """Short hash of the stylesheet: a browser may keep it for ever, and never keeps an old one."""
    return hashlib.sha256(STYLESHEET.read_bytes()).hexdigest()[:12]
