"""Documentation: what the contract says, as people read it and fill it in.

Reads: schemas. Writes: docs/generated (pages), templates and examples (CSV, XLSX). Refuses: nothing.
"""

from intercentre.documentation.pages import generated_pages
from intercentre.documentation.templates import write_templates

__all__ = ["generated_pages", "write_templates"]
