"""Who has a place at the table."""

from __future__ import annotations

from datetime import date

from schemas.nomenclatures import nomenclature


def voting_centres(day: date) -> dict[str, str]:
    """Code → name of the centres that exist on `day`, in the order of their codes; each has one place."""
    entries = sorted(nomenclature("centre").entries.items())
    return {code: entry.libelle for code, entry in entries if entry.valid_at(day)}
