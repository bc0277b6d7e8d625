"""Pages from templates: all is escaped, a missing value is a fault, spaces are French, icons the same everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from intercentre.core.french import french_count, french_number

if TYPE_CHECKING:
    from jinja2 import Environment

_SHARED = Path(__file__).with_name("templates")


def page_environment(folder: Path) -> Environment:
    """The templates of `folder`, which may import core/templates; numbers and counts are filters."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from intercentre.core.french_page import FrenchPage

    environment = Environment(
        loader=FileSystemLoader([folder, _SHARED]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.template_class = FrenchPage
    environment.filters |= {"nombre": french_number, "compte": french_count}
    return environment
