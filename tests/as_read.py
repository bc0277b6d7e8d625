"""A page as a person reads it: its entities as signs, its no-break spaces as spaces."""

from __future__ import annotations

import html


def as_read(page: str) -> str:
    return html.unescape(page).replace("\u00a0", " ")
