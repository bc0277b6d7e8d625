"""The contract in the forms that other tools read: the files of schemas/generated."""

from __future__ import annotations

import json
from typing import Any

from intercentre.documentation.json_schema import row_schema
from intercentre.documentation.odcs import contract_document
from intercentre.documentation.table_schema import table_schema
from schemas.extracts import TABLES

_NOTICE = "# Produit par « make docs » à partir de schemas/ : ne pas modifier à la main.\n"


def generated_schemas() -> dict[str, str]:
    """Path under schemas/generated → text; the same contract gives the same bytes."""
    import yaml

    odcs = yaml.safe_dump(contract_document(), allow_unicode=True, sort_keys=False, width=110)
    return {
        **{f"json-schema/{name}.json": _json(row_schema(table)) for name, table in TABLES.items()},
        **{f"table-schema/{name}.json": _json(table_schema(table)) for name, table in TABLES.items()},
        "odcs.yml": _NOTICE + odcs,
    }


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
