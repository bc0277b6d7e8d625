"""Documentation: what the contract says, as people and tools read it and as centres fill it in.

Reads: schemas. Writes: docs/generated (pages), schemas/generated, templates and examples (CSV, XLSX). Refuses: nothing.
"""

from collections.abc import Mapping

from intercentre.documentation.html_pages import Example, Examples, dictionary_page, findings_page, search_script
from intercentre.documentation.pages import markdown_pages
from intercentre.documentation.schema_files import generated_schemas
from intercentre.documentation.templates import write_templates


def generated_pages(examples: Mapping[str, Examples]) -> dict[str, str]:
    """File name under docs/generated → text; `examples` by code are shown in the catalogue of findings."""
    return {
        **markdown_pages(),
        "dictionnaire.html": dictionary_page(),
        "constats.html": findings_page(examples),
        "recherche.js": search_script(),
    }


__all__ = ["Example", "Examples", "generated_pages", "generated_schemas", "write_templates"]
