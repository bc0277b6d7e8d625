"""Validation: what the contract says of a deposit, in one verdict, the same offline and in the hub.

Reads: a package (ZIP, folder or one file) or a deposit in custody, and the rows of the centre's deposit before.
Writes: typed rows, findings, the verdict.
Refuses: nothing by exception; what cannot be read is a finding that blocks the deposit.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from intercentre.validation.annotated import annotate_deposit, write_annotated
    from intercentre.validation.deposit import validate_deposit
    from intercentre.validation.offline import PrecedentError
    from intercentre.validation.package import MissingContextError, validate_package
    from intercentre.validation.precedent import Precedent
    from intercentre.validation.report import render_html, render_json, render_text
    from intercentre.validation.ruleset import rules_hash
    from intercentre.validation.to_correct import write_deposit_to_correct, write_to_correct
    from intercentre.validation.verdict import verdict_bytes

_HOMES = {
    "MissingContextError": "package",
    "Precedent": "precedent",
    "PrecedentError": "offline",
    "annotate_deposit": "annotated",
    "render_html": "report",
    "render_json": "report",
    "render_text": "report",
    "rules_hash": "ruleset",
    "validate_deposit": "deposit",
    "validate_package": "package",
    "verdict_bytes": "verdict",
    "write_annotated": "annotated",
    "write_deposit_to_correct": "to_correct",
    "write_to_correct": "to_correct",
}

__all__ = [
    "MissingContextError",
    "Precedent",
    "PrecedentError",
    "annotate_deposit",
    "render_html",
    "render_json",
    "render_text",
    "rules_hash",
    "validate_deposit",
    "validate_package",
    "verdict_bytes",
    "write_annotated",
    "write_deposit_to_correct",
    "write_to_correct",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for: DuckDB and Jinja are heavy."""
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
