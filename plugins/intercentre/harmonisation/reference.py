"""Reference tables of the reference day, from the dated nomenclatures: communes, territory, countries, regimes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from intercentre.core.engine import load_rows
from intercentre.harmonisation.deposits import StagedDeposit
from schemas.nomenclatures import Entry, nomenclature, read_rows
from schemas.regimes import parameter_at, regimes, target_level_at

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

UNKNOWN, OUTSIDE = "00000", "99999"
_FRENCH = "francaise"
_PARAMETERS = ("heures_fle_min", "heures_cit_min", "heures_isp_min", "delai_mois")

TERRITORY_COLUMNS = {
    "commune": "VARCHAR",
    "nom": "VARCHAR",
    "centre_code": "VARCHAR",
    "arrondissement": "VARCHAR",
    "arrondissement_nom": "VARCHAR",
    "province": "VARCHAR",
    "province_nom": "VARCHAR",
}
COMMUNE_COLUMNS = {
    "code": "VARCHAR",
    "actuelle": "VARCHAR",
    "commune_region": "VARCHAR",
    "arrondissement": "VARCHAR",
    "province": "VARCHAR",
    "centre_code": "VARCHAR",
}
REGIME_COLUMNS = {"regime": "VARCHAR", "debut": "DATE", "fin": "DATE", "niveau_vise": "VARCHAR"} | dict.fromkeys(
    _PARAMETERS, "INTEGER"
)
LEVEL_COLUMNS = {"niveau": "VARCHAR", "rang": "INTEGER"}


def territory(day: date) -> list[tuple[Any, ...]]:
    """The communes of the French-language region on `day`, one row each, with the centre whose territory they are."""
    centre = centre_by_commune(day)
    return [
        (
            entry.code,
            entry.libelle,
            centre[entry.code],
            entry.facts["arrondissement_code"],
            entry.facts["arrondissement"],
            entry.facts["province_code"],
            entry.facts["province"],
        )
        for entry in nomenclature("commune").entries.values()
        if entry.valid_at(day) and entry.facts["region_de_langue"] == _FRENCH
    ]


def centre_by_commune(day: date) -> dict[str, str]:
    """Commune → centre on `day`, from the dated territory table."""
    found = {}
    for row in read_rows("ressort"):
        until = date.fromisoformat(row["valide_au"]) if row["valide_au"] else date.max
        if date.fromisoformat(row["valide_du"]) <= day <= until:
            found[row["commune_refnis"]] = row["centre_code"]
    return found


def communes(day: date) -> list[tuple[Any, ...]]:
    """Every code that a row may bear, with the code of `day` and its place.

    `commune_region` is the commune of the French-language region; 99999 for any other place, 00000 when unknown:
    arrondissement and province follow it.
    """
    listed, centre = nomenclature("commune"), centre_by_commune(day)
    rows = []
    for code in listed.entries:
        current = listed.entries[listed.successor(code, day) or code]
        rows.append((code, current.code, *_place(current), centre.get(current.code)))
    return rows


def regime_rows() -> list[tuple[Any, ...]]:
    """One row per legal regime; a parameter that is still to be confirmed is null."""
    return [
        (
            entry.code,
            entry.valide_du,
            entry.valide_au,
            target_level_at(entry.valide_du),
            *(parameter_at(entry.valide_du, name) for name in _PARAMETERS),
        )
        for entry in regimes()
    ]


def level_rows() -> list[tuple[Any, ...]]:
    """One row per level of French, with its rank: one step up is one more."""
    return [(code, int(entry.facts["rang"])) for code, entry in nomenclature("cecrl").entries.items()]


def load_references(engine: DuckDBPyConnection, day: date, officials: Sequence[StagedDeposit]) -> None:
    """Schema `reference` holds what the SELECTs look up, and `commun` its `territoire`, `regime` and `niveau`."""
    load_rows(engine, "commun.territoire", TERRITORY_COLUMNS, territory(day))
    load_rows(engine, "commun.regime", REGIME_COLUMNS, regime_rows())
    load_rows(engine, "commun.niveau", LEVEL_COLUMNS, level_rows())
    load_rows(engine, "reference.commune", COMMUNE_COLUMNS, communes(day))
    groups = [(code, entry.facts["groupe"]) for code, entry in nomenclature("pays").entries.items()]
    load_rows(engine, "reference.pays", {"code": "VARCHAR", "groupe": "VARCHAR"}, groups)
    ranks = [(deposit.depot_id, rank) for rank, deposit in enumerate(officials, start=1)]
    load_rows(engine, "reference.depot_officiel", {"depot_id": "VARCHAR", "rang_officiel": "INTEGER"}, ranks)


def _place(commune: Entry) -> tuple[str, str, str]:
    if commune.code == UNKNOWN:
        return (UNKNOWN, UNKNOWN, UNKNOWN)
    if commune.facts["region_de_langue"] != _FRENCH:
        return (OUTSIDE, OUTSIDE, OUTSIDE)
    return (commune.code, commune.facts["arrondissement_code"], commune.facts["province_code"])
