"""The one stylesheet of the portal, the reports and the bulletin."""

from __future__ import annotations

from pathlib import Path

STYLESHEET = Path(__file__).with_name("intercentre.css")


def stylesheet() -> str:
    """The stylesheet's text, for a page that must stand alone (a report opened from a disk)."""
    return STYLESHEET.read_text(encoding="utf-8")
