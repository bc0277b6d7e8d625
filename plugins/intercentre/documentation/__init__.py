"""Documentation: what the contract says, as people and tools read it and as centres fill it in.

Reads: schemas. Writes: docs/generated (pages), schemas/generated, templates and examples (CSV, XLSX). Refuses: nothing.
"""

from collections.abc import Mapping

from intercentre.documentation.html_pages import Example, Examples, dictionary_page, findings_page, search_script
from intercentre.documentation.indicator_charts import ExampleFigure, WorkedExample
from intercentre.documentation.indicator_html import indicators_page
from intercentre.documentation.pages import markdown_pages
from intercentre.documentation.schema_files import generated_schemas
from intercentre.documentation.templates import write_templates


def generated_pages(examples: Mapping[str, Examples], worked: Mapping[str, WorkedExample]) -> dict[str, str]:
    """File name under docs/generated → text.

    examples  code → examples that the catalogue of findings shows
    worked    indicator → the example that the catalogue of indicators shows
    """
    return {
        **markdown_pages(),
        "dictionnaire.html": dictionary_page(),
        "constats.html": findings_page(examples),
        "indicateurs.html": indicators_page(worked),
        "recherche.js": search_script(),
    }


__all__ = [
    "Example",
    "ExampleFigure",
    "Examples",
    "WorkedExample",
    "generated_pages",
    "generated_schemas",
    "write_templates",
]
