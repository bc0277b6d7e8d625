"""Who comes, and from where: weights of centres, communes and persons, from the product's own reference files."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from functools import cache
from random import Random
from typing import NamedTuple

from intercentre.simulation import published
from intercentre.simulation.chance import Weighted
from schemas.nomenclatures import nomenclature, read_rows

HORS_REGION, INCONNUE = "99999", "00000"


class Origin(NamedTuple):
    """Nationality, sex and age band drawn together, as the census counts them together."""

    nationalite: str
    sexe: str
    groupe_age: str


class Territory(NamedTuple):
    """One commune code of a centre's territory while it is valid; `etrangers` of 2015, persons."""

    commune: str
    centre: str
    valide_du: date
    valide_au: date
    etrangers: int


@cache
def territories() -> tuple[Territory, ...]:
    """Every dated commune code of the eight territories; a code that replaced others has their sum of 2015."""
    communes = nomenclature("commune").entries
    counted = {
        row["code_nis"]: int(row["effectif"])
        for row in read_rows("population_commune")
        if row["annee"] == str(published.ANNEE_POIDS) and row["nationalite"] == "ETR"
    }
    inherited: Counter[str] = Counter()
    for code, persons in counted.items():
        successor = communes[code].remplace_par
        if successor:
            inherited[successor] += persons
    return tuple(
        Territory(
            row["commune_refnis"],
            row["centre_code"],
            date.fromisoformat(row["valide_du"]),
            date.fromisoformat(row["valide_au"]) if row["valide_au"] else date.max,
            counted.get(row["commune_refnis"], inherited[row["commune_refnis"]]),
        )
        for row in read_rows("ressort")
    )


@cache
def centre_weights() -> dict[str, int]:
    """Centre → foreign residents of its territory on 1 January 2015, persons."""
    day = date(published.ANNEE_POIDS, 1, 1)
    weights: Counter[str] = Counter()
    for territory in territories():
        if in_force(territory, day):
            weights[territory.centre] += territory.etrangers
    return dict(sorted(weights.items()))


def in_force(territory: Territory, day: date) -> bool:
    """The code existed, in this centre's territory, on `day`."""
    return territory.valide_du <= day <= territory.valide_au and nomenclature("commune").entries[
        territory.commune
    ].valid_at(day)


@cache
def _turning_points() -> tuple[date, ...]:
    entries = nomenclature("commune").entries.values()
    return tuple(sorted({entry.valide_du for entry in entries} | {row.valide_du for row in territories()}))


@cache
def _communes(centre: str, since: date) -> Weighted[str]:
    rows = [row for row in territories() if row.centre == centre and in_force(row, since)]
    return Weighted((row.commune, row.etrangers) for row in rows)


def draw_commune(rng: Random, centre: str, day: date) -> str:
    """A commune code valid on `day`: mostly of the territory, at times elsewhere, rarely unknown or abroad."""
    chance = rng.random()
    if chance < 0.008:
        return HORS_REGION if chance < 0.005 else INCONNUE
    if chance < 0.04:
        centre = other_centres(centre).draw(rng)
    since = max((point for point in _turning_points() if point <= day), default=_turning_points()[0])
    return _communes(centre, since).draw(rng)


@cache
def lasting_communes(centre: str, day: date) -> Weighted[str]:
    """The commune codes of the territory in force on `day`, weighted by foreign residents.

    A fact of many years is written with them: a code that begins only later is accepted, an ended one is questioned.
    """
    return Weighted(
        (row.commune, row.etrangers) for row in territories() if row.centre == centre and in_force(row, day)
    )


@cache
def other_centres(centre: str) -> Weighted[str]:
    """The seven other centres, weighted as their territories."""
    return Weighted((other, weight) for other, weight in centre_weights().items() if other != centre)


@cache
def _union() -> frozenset[str]:
    return frozenset(code for code, entry in nomenclature("pays").entries.items() if entry.facts["ue_plus"] == "O")


def is_union(nationalite: str) -> bool:
    """The nationality is of the EU, the EEA or Switzerland (UE+)."""
    return nationalite in _union()


# Share of a census age band that a centre may receive: 16 and 17 of the 0-17; few of the oldest.
_BAND_SHARE = {"00-17": 0.05, "65+": 0.4}


def _census() -> Iterator[tuple[Origin, float]]:
    women = published.FEMMES_CAI_2021 / published.HOMMES_CAI_2021
    for row in read_rows("nationalite_poids"):
        weight = int(row["effectif"]) * _BAND_SHARE.get(row["groupe_age"], 1.0)
        if row["sexe"] == "F":
            weight *= women
        yield Origin(row["pays"], row["sexe"], row["groupe_age"]), weight


@cache
def _origins() -> tuple[Weighted[Origin], Weighted[Origin]]:
    """Origins outside the UE+, where two nationalities have their published number; then origins of the UE+."""
    outside: dict[Origin, float] = {}
    inside: dict[Origin, float] = {}
    for origin, weight in _census():
        (inside if is_union(origin.nationalite) else outside)[origin] = weight
    by_country: defaultdict[str, float] = defaultdict(float)
    for origin, weight in outside.items():
        by_country[origin.nationalite] += weight
    fixed = published.EFFECTIFS_CAI_2021
    free = sum(weight for country, weight in by_country.items() if country not in fixed)
    unit = free / (published.EFFECTIF_HORS_UE_CAI_2021 - sum(fixed.values()))
    for origin, weight in outside.items():
        if origin.nationalite in fixed:
            outside[origin] = weight / by_country[origin.nationalite] * fixed[origin.nationalite] * unit
    return Weighted(outside.items()), Weighted(inside.items())


def draw_origin(rng: Random) -> Origin:
    """Nationality, sex and age band of one person who comes to a centre."""
    outside, inside = _origins()
    chance = rng.random()
    if chance < published.PART_HORS_UE:
        return outside.draw(rng)
    if chance > 0.99:  # a few naturalised persons still come for help
        return Origin("BEL", "F" if rng.random() < 0.55 else "M", "25-34" if rng.random() < 0.5 else "35-44")
    return inside.draw(rng)
