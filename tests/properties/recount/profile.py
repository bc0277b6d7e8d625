"""The groups in which people and their dossiers are counted, and the delays in months that the law speaks of."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import schemas.nomenclatures
from tests.properties.recount.lives import Dossier

AGES = ((18, "00-17"), (25, "18-24"), (35, "25-34"), (45, "35-44"), (55, "45-54"), (65, "55-64"))
GROUPS = ("sexe", "groupe_age", "groupe_nationalite")
USUAL = (*GROUPS, "statut_public")
DETAILED = (*USUAL, "motif_sejour", "niveau_diplome")
OBLIGED = (*GROUPS, "motif_sejour", "niveau_diplome")


@cache
def profile_of(dossier: Dossier) -> dict[str, str | None]:
    """Dimension → group, « not known » included; the age is that of the year of the opening."""
    opening = dossier.opening
    return {
        "sexe": dossier.sexe,
        "groupe_age": age_group(opening.annee_naissance, dossier.ouverture),
        "groupe_nationalite": _groups_of_nationalities()[str(opening.nationalite)],
        "statut_public": dossier.statut,
        "motif_sejour": opening.attributs.get("motif_sejour", "INC"),
        "niveau_diplome": opening.attributs.get("niveau_diplome", "9"),
    }


def age_group(born: int | None, day: date) -> str:
    if born is None:
        return "INC"
    return next((group for limit, group in AGES if day.year - born < limit), "65+")


@cache
def _groups_of_nationalities() -> dict[str, str]:
    path = Path(schemas.nomenclatures.__file__).parent / "pays.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        return {row["code"]: row["groupe"] for row in csv.DictReader(stream, delimiter=";")}


def months_after(day: date, months: int) -> date:
    """The same day of the month, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - timedelta(days=1)).day))
