"""What a threshold of plausibility says, and the file of them read and checked against the contract."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from schemas.extracts import TABLES
from schemas.nomenclatures import nomenclature

_FILE = Path(__file__).with_name("seuils.yml")


class Kind(StrEnum):
    """What a rule measures."""

    LIGNES = "lignes"  # rows of a table
    ACTIVITE = "activite"  # rows of a table whose date lies in the period of the deposit
    INCONNUS = "inconnus"  # share of "not known" among the codes of a column
    PART = "part"  # a share that has a name
    REPARTITION = "repartition"  # share of each category of a column
    REMPLISSAGE = "remplissage"  # share of filled cells of a column that may be empty
    MEDIANE = "mediane"  # median day of a column of dates
    REGION = "region"  # a share that has a name, against the other centres
    INDICATEUR = "indicateur"  # a count of the period that has the number of an indicator
    TOTAL = "total"  # sum of a column of numbers over the period
    STOCK = "stock"  # dossiers active at the end of the period of the deposit before
    NOUVEAUX = "nouveaux"  # codes of a column that no earlier deposit of the centre holds


class Comparison(StrEnum):
    """With what of the earlier deposits: their values, or the changes from one to the next."""

    NIVEAU = "niveau"
    EVOLUTION = "evolution"


class Direction(StrEnum):
    """Which way out of the bounds is a question."""

    DEUX = "deux"
    HAUSSE = "hausse"
    BAISSE = "baisse"


class Middle(StrEnum):
    """What of the earlier values is expected again."""

    MEDIANE = "mediane"
    MOYENNE = "moyenne"


class Unit(StrEnum):
    """Unit of `marge` and `bande`: % of what is expected, percentage points, days."""

    POURCENT = "pourcent"
    POINTS = "points"
    JOURS = "jours"


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class NamedShare(_Record):
    """Rows that hold one of `codes` over rows that hold a value not in `hors`; without codes: filled over all."""

    libelle: str
    table: str
    colonne: str
    codes: tuple[str, ...] = ()
    hors: tuple[str, ...] = ()


class CountOfPeriod(_Record):
    """Distinct values of `compte` in the rows dated of the period by `date`, which hold one of `codes` if there are."""

    libelle: str
    table: str
    date: str
    compte: str
    colonne: str = ""
    codes: tuple[str, ...] = ()


class Rule(_Record):
    """One rule of plausibility; the meaning of each field is at the head of seuils.yml."""

    mesure: Kind
    comparaison: Comparison
    unite: Unit
    facteur: float = Field(default=0, ge=0)
    marge: float = Field(default=0, ge=0)
    marge_lignes: int = Field(default=0, ge=0)
    bande: float = Field(default=0, ge=0)
    milieu: Middle = Middle.MEDIANE
    etalons_max: int | None = Field(default=None, ge=1)
    sens: Direction = Direction.DEUX
    saison: bool = False
    plafond: float | None = None
    tables: tuple[str, ...] = ()
    champs: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    indicateurs: tuple[str, ...] = ()
    repartitions: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    exclus: Mapping[str, str] = Field(default_factory=dict)
    eclipse: tuple[str, ...] = ()
    raison: str = Field(min_length=20)
    role: str = Field(min_length=3)
    date: date
    statut: Literal["propose", "adopte"]


class Thresholds(_Record):
    """The whole file."""

    version: str = Field(pattern=r"^\d+\.\d+\.\d+$")
    historique_max: int = Field(ge=3)
    historique_min: int = Field(ge=3)
    effectif_min: int = Field(ge=1)
    centres_min: int = Field(ge=4)
    inconnus: Mapping[str, str]
    parts: Mapping[str, NamedShare]
    indicateurs: Mapping[str, CountOfPeriod]
    periodes: Mapping[str, str]
    regles: Mapping[str, Rule]

    @model_validator(mode="after")
    def _names_exist(self) -> Thresholds:
        """Every table, column, code and rule that is named exists: a misspelt one would never be judged."""
        for name, code in self.inconnus.items():
            _require(code in nomenclature(name).entries, f"inconnus: {name} {code}")
        for share in self.parts.values():
            _require(_has(f"{share.table}.{share.colonne}"), f"parts: {share.table}.{share.colonne}")
        for name, count in self.indicateurs.items():
            named = (count.date, count.compte, *((count.colonne,) if count.colonne else ()))
            _require(all(_has(f"{count.table}.{column}") for column in named), f"indicateurs: {name}")
        for table, column in self.periodes.items():
            _require(_has(f"{table}.{column}"), f"periodes: {table}.{column}")
        for code, rule in self.regles.items():
            columns = (*rule.champs, *rule.repartitions, *rule.exclus)
            _require(all(map(_has, columns)), f"{code}: unknown column among {columns}")
            _require(set(rule.tables) <= set(TABLES), f"{code}: unknown table")
            _require(set(rule.parts) <= set(self.parts), f"{code}: unknown share")
            _require(set(rule.indicateurs) <= set(self.indicateurs), f"{code}: unknown count")
            _require(set(rule.eclipse) <= set(self.regles), f"{code}: eclipsed by an unknown rule")
        return self


@cache
def thresholds() -> Thresholds:
    """The thresholds in force."""
    return read_thresholds(_FILE)


def read_thresholds(path: Path) -> Thresholds:
    """The thresholds of a file; raises pydantic.ValidationError when it names what the contract does not have."""
    return Thresholds.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def _has(place: str) -> bool:
    table, _, column = place.partition(".")
    return table in TABLES and column in TABLES[table].fields()


def _require(holds: bool, what: str) -> None:
    if not holds:
        raise ValueError(what)
