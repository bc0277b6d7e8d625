"""I51 to I53: what is known of the population of the communes, and the newcomers in proportion to it.

The lives hold no population, which is real: it is read from the reference file of the population by commune.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date

from tests.properties.recount.lives import Lives, Period
from tests.properties.recount.parts import Part, Recipe, shared
from tests.properties.recount.places import Commune, atlas_on, population

FIRST_YEAR = 2009
Inhabitants = Mapping[tuple[str, str], int]  # (year, commune code of the time) → persons


def years(lives: Lives) -> list[Period]:
    """Every year since the first population, whether or not the deposits cover it."""
    return [
        Period(str(year), "A", date(year, 1, 1), date(year, 12, 31)) for year in range(FIRST_YEAR, lives.fin.year + 1)
    ]


def communes_documented(lives: Lives, period: Period) -> Iterator[Part]:
    """A commune of which both figures are known, for each of the communes that it is made of.

    Of 2025 only all inhabitants are known, and not the foreigners among them.
    """
    atlas = atlas_on(lives.fin)
    known: defaultdict[str, list[bool]] = defaultdict(list)
    for (year, code), persons in population().items():
        if year == period.name:
            known[atlas.today(code)].append(persons.keys() >= {"BEL", "ETR"})
    for commune in atlas.communes.values():
        if known or period in lives.periods:
            figures = known[commune.code]
            yield Part(commune.centre, int(bool(figures) and all(figures)), 1)


def share_of_foreigners(lives: Lives, period: Period) -> Iterator[Part]:
    atlas = atlas_on(lives.fin)
    for (year, code), persons in population().items():
        commune = atlas.find(code)
        if year == period.name and commune and persons.keys() >= {"BEL", "ETR"}:
            yield Part(commune.centre, persons["ETR"], persons["ETR"] + persons["BEL"], places=around(commune))


def newcomers_among(outside_union: Inhabitants) -> Callable[[Lives, Period], Iterable[Part]]:
    """Obliged dossiers opened, whatever the centre, by those who live in the communes whose population is given."""

    def count(lives: Lives, period: Period) -> Iterator[Part]:
        atlas = atlas_on(lives.fin)
        opened = Counter(
            atlas.today(str(one.opening.commune))
            for one in lives.dossiers
            if one.statut == "OBLIGE" and period.holds(one.ouverture)
        )
        persons: Counter[str] = Counter()
        for (year, code), number in outside_union.items():
            if year == period.name:
                persons[atlas.today(code)] += number
        for code, number in persons.items():
            commune = atlas.communes[code]
            yield Part(commune.centre, opened[code], number, places=around(commune))

    return count


def around(commune: Commune) -> dict[str, str]:
    """The places that the commune is part of."""
    return {"province": commune.province, "arrondissement": commune.arrondissement, "commune": commune.code}


RECIPES = {
    "I51": Recipe(communes_documented, shared(100), "A", silent_when_empty=True),
    "I53": Recipe(
        share_of_foreigners,
        shared(100),
        "A",
        places=("region", "province", "arrondissement", "centre", "commune"),
        silent_when_empty=True,
    ),
}


def newcomers(outside_union: Inhabitants) -> Recipe:
    """I52 on a given population outside the UE+ from 18 to 64."""
    count = newcomers_among(outside_union)
    return Recipe(
        count, shared(1000), "A", places=("region", "province", "arrondissement", "centre"), silent_when_empty=True
    )
