"""What a centre has to settle with another one, and between which bounds the persons of the region lie."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from intercentre.core.engine import literal, open_engine
from schemas.period import Period
from schemas.rules import catalogue

if TYPE_CHECKING:
    from intercentre.core.hub import Hub

_SHOWN = 30  # dossiers named under one matter; the number says how many there are


@dataclass(frozen=True)
class Matter:
    """Findings of one rule between a centre and another.

    nombre    cases; a case may name no dossier of this centre
    dossiers  numbers of this centre's own dossiers, the first ones
    """

    code: str
    titre: str
    message: str
    remede: str
    contrepartie: str
    nombre: int
    dossiers: tuple[str, ...]


@dataclass(frozen=True)
class Persons:
    """Persons met in a period: the sum of the centres, the double counts found, the region and its bounds."""

    somme_centres: int
    doublons_trouves: int
    region: int
    borne_basse: int
    borne_haute: int


def matters_of(hub: Hub, periode: Period, centre: str) -> list[Matter]:
    """What `centre` has to settle with others, of the period's common tables; nothing while there are none."""
    path = hub.home.common(periode) / "constats_inter.parquet"
    if not path.is_file():
        return []
    with open_engine() as engine:
        rows = engine.execute(
            f"SELECT code, centre_contrepartie, cle_dossier FROM read_parquet({literal(path)}) WHERE centre = $centre"
            " ORDER BY ALL",
            {"centre": centre},
        ).fetchall()
    return group_matters(rows)


def group_matters(rows: Iterable[tuple[str, str, str | None]]) -> list[Matter]:
    """One matter per rule and other centre; `rows` are (code, other centre, key of an own dossier), in order."""
    found = []
    for (code, other), group in groupby(rows, key=lambda row: row[:2]):
        keys = [key for _, _, key in group]
        entry = catalogue()[code]
        named = tuple(dict.fromkeys(key.partition(":")[2] for key in keys if key))[:_SHOWN]
        found.append(Matter(code, entry.title, entry.message, entry.remedy, other, len(keys), named))
    return found


def persons_of(hub: Hub, periode: Period) -> Persons | None:
    """The persons of the region in the period, before protection; None while they are not computed."""
    path = hub.home.observations(periode) / "personnes_bornes.parquet"
    if not path.is_file():
        return None
    with open_engine() as engine:
        row = engine.execute(
            "SELECT somme_centres, doublons_trouves, region, borne_basse, borne_haute"
            f" FROM read_parquet({literal(path)}) WHERE periode = $periode",
            {"periode": str(periode)},
        ).fetchone()
    return Persons(*row) if row else None
