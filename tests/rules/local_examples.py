"""Deposits of a centre whose tool has codes of its own: cells of dossier.canal_entree, line by line."""

from __future__ import annotations

CENTRE, COLUMN = "CRIPEL", "canal_entree"

FAILING: dict[str, list[list[str]]] = {
    "TOL-022": [
        ["ENT-CPAS"],
        ["COMMUNE", " ENT-SEUL "],
        ["ENT-ADMIN", "ENT-CPAS", "ENT-FOREM", "ENT-SEUL"],
    ],
}

PASSING: dict[str, list[list[str]]] = {
    "TOL-022": [
        ["CPAS"],
        ["COMMUNE", "SPONTANE"],
        ["ent-cpas"],  # a code is written as it stands in the list
    ],
}
