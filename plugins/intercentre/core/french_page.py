"""A page as French sets it: one step at rendering, so that no text and no template has to hold it."""

from __future__ import annotations

from typing import Any

from jinja2 import Template

from intercentre.core.french import french_spaces


class FrenchPage(Template):
    """A template whose result has its no-break spaces."""

    def render(self, *values: Any, **named: Any) -> str:
        return french_spaces(super().render(*values, **named))
