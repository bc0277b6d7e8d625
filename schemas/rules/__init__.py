"""The catalogue of findings: codes of fields and deposits, row rules beside their table, cross-table rules as SQL."""

from schemas.rules.catalogue import catalogue, finding

__all__ = ["catalogue", "finding"]
