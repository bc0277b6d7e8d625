"""A definition of an indicator: what it answers, how it is counted, where it may mislead.

`schemas/indicators/<CODE>.yml` holds the definition, `<CODE>.sql` the one SELECT that gives its unit rows:
one row per statistical unit, period and place, which the indicators room then counts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from schemas.nomenclatures import nomenclature
from schemas.query import Query, read_query

_FOLDER = Path(__file__).parent
REGION = "RLF"  # the French-language region, as a territory of an observation
UNKNOWN = "INC"

TerritoryType = Literal["region", "province", "arrondissement", "centre", "commune"]

# Territory type → column of the unit rows that names it; the region needs none.
TERRITORY_COLUMN: dict[str, str] = {
    "province": "province",
    "arrondissement": "arrondissement",
    "centre": "centre_code",
    "commune": "commune",
}

QUANTILE = "quantile"  # the dimension whose categories are quantiles
QUANTILES = {"P90": 0.9}
WAITING = "attente"  # the dimension of those who wait still, beside a median of waits that are over
STILL_WAITING = "EN_ATTENTE"
_SHARE = "%"

_PROTECTED = "protege"
# Units of a SELECT that are a person, or something of one person.
_BINOMIAL_UNITS = ("dossier", "personne", "convention", "inscription")

# Unit of a share or a ratio → how many of its denominator it is said of; one when not listed.
_FACTORS = {"%": 100, "‰": 1000, "ETP pour 100 dossiers": 100}


class Breakdown(BaseModel):
    """A dimension by which figures are broken down, and the codes that it may hold.

    inconnu  code of "not known": a unit without a value is counted there, never lost
    croisement  two breakdowns: the categories are their pairs, as `A1_F`
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    titre: str
    nomenclature: str | None = None
    modalites: dict[str, str] = Field(default_factory=dict)
    croisement: tuple[str, str] | None = None
    inconnu: str = UNKNOWN

    @property
    def labels(self) -> Mapping[str, str]:
        """Code → French label, in the order of reading; the unknown last when its list does not hold it."""
        listed = dict(self.modalites)
        if self.nomenclature:
            listed |= {code: entry.libelle for code, entry in nomenclature(self.nomenclature).entries.items()}
        if self.croisement:
            first, second = (breakdowns()[name].labels for name in self.croisement)
            return {
                f"{code}_{other}": f"{label}, {beside}"
                for code, label in first.items()
                for other, beside in second.items()
            }
        listed.setdefault(self.inconnu, "Non renseigné")
        return listed


class Definition(BaseModel):
    """One indicator, as the centres agree on it.

    mesure        compte: units; distinct: different units, once per territory; mediane: middle value of the units;
                  somme: Σ numerators; part: 100 × Σ numerators / Σ denominators;
                  rapport: Σ numerators / Σ denominators of two different things, × the factor of its unit;
                  dispersion: standard deviation between centres beyond chance, from the observations themselves
    effectif      what stands behind a share: its denominator when that counts units, else the different units
    vue           calendrier: what happened in the period; cohorte: what became of those who entered in the period,
                  once observed long enough (`est_mur` of the unit rows)
    ventilations  dimensions counted for the region and the centres, one at a time
    ventilations_du_total  dimensions of the numerator alone: each category is related to the whole denominator
    territoires   places that have every dimension; `territoires_totaux`: places that have the total only
    periodes      T quarters, A years
    standardisation  breakdowns that make up the mix of public: the comparison of centres also says what the region's
                  rates would give in the centre's own mix; the SELECT brings them, broken down by or not
    quantiles     of a median: other quantiles of the same units, told as categories of the dimension `quantile`
    attente       of a median of waits: the unit rows without `valeur` wait still (right-censored); they are no part of
                  the median, and their share is told in %, as the one category of the dimension `attente`
    tables_requises  tables of a higher level without which a centre has no answer: not a zero, a row without a value
    tables_datees  tables that must be complete since the first day of a period, like the required ones: with one that
                  begins later, a centre has no answer for the period
    recul_jours   days before the end of a period that the deposit must describe too: with a shorter history, a centre
                  has no answer either
    couverture    what makes a figure complete: every centre, or every commune (official statistics)
    portee        centre where no row of another centre bears on a unit row, so that large volumes may be counted
                  centre by centre; it changes no figure and is no part of the fingerprint
    secret        protege; sans_objet for statistics that are public already and for figures that count no person;
                  taux_seul for a rate that describes no person, of counts that would tell how many there are
    statut        proposee until the eight centres adopt the definition; `decision` says where that is recorded
    empreinte     SHA-256 of the version, of what this file says of the counting, and of the SELECT: a change of
                  meaning without a change of version does not pass the tests
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str = Field(pattern=r"^I\d{2}$")
    version: str = Field(pattern=r"^\d+\.\d+\.\d+$")
    titre: str
    question: str
    lecture: str
    numerateur: str
    denominateur: str | None = None
    unite: Literal[
        "dossiers", "personnes", "conventions", "heures", "niveaux", "%", "jours",
        "activités", "participations", "organisations par réunion", "‰", "ETP pour 100 dossiers",
        "actes", "places", "opérateurs", "heures par initiative", "points",
    ]  # fmt: skip
    mesure: Literal["compte", "distinct", "somme", "part", "rapport", "mediane", "dispersion"]
    effectif: Literal["denominateur", "unites"] = "denominateur"
    vue: Literal["calendrier", "cohorte"] = "calendrier"
    ventilations: tuple[str, ...] = ()
    ventilations_du_total: tuple[str, ...] = ()
    territoires: tuple[TerritoryType, ...]
    territoires_totaux: tuple[TerritoryType, ...] = ()
    periodes: tuple[Literal["T", "A"], ...]
    standardisation: tuple[str, ...] = ()
    quantiles: tuple[Literal["P90"], ...] = ()
    attente: bool = False
    tables_requises: tuple[str, ...] = ()
    tables_datees: tuple[str, ...] = ()
    recul_jours: int = Field(default=0, ge=0)
    couverture: Literal["centres", "communes"] = "centres"
    portee: Literal["centre", "region"] = "region"
    missions: tuple[str, ...]
    reference: str
    pieges: tuple[str, ...]
    maturite: str
    secret: Literal["protege", "taux_seul", "sans_objet"] = "protege"  # noqa: S105
    statut: Literal["proposee", "adoptee", "retiree"]
    decision: str
    empreinte: str = Field(pattern="^[0-9a-f]{64}$")

    @model_validator(mode="after")
    def _holds_together(self) -> Definition:
        unknown = {*self.dimensions, *self.standardisation} - set(breakdowns())
        if unknown:
            raise ValueError(f"{self.code}: unknown breakdown {sorted(unknown)}")
        unread = {f"commun.{table}" for table in self.tables_completes} - set(self.query.tables)
        if unread:
            raise ValueError(f"{self.code}: required and not read {sorted(unread)}")
        if (self.quantiles or self.attente) and self.mesure != "mediane":
            raise ValueError(f"{self.code}: quantiles, and those who wait still, go with a median")
        if self.standardisation and not self.compares_centres:
            raise ValueError(f"{self.code}: only what is compared between centres is standardised")
        if self.territoires[0] != "region":
            raise ValueError(f"{self.code}: the region comes first, every other figure is a part of it")
        if (self.mesure == "part") != (self.unite == "%"):
            raise ValueError(f"{self.code}: a share is in %, and nothing else is")
        if self.mesure in ("part", "rapport") and self.denominateur is None:
            raise ValueError(f"{self.code}: a share or a ratio needs a denominator")
        if self.vue == "cohorte" and (self.counts_units or self.mesure in ("distinct", "somme")):
            raise ValueError(f"{self.code}: the units of a cohort are its denominator")
        return self

    @property
    def tables_completes(self) -> tuple[str, ...]:
        """Tables that must describe a whole period before a figure of it is given."""
        return (*self.tables_requises, *self.tables_datees)

    @property
    def dimensions(self) -> tuple[str, ...]:
        return (*self.ventilations, *self.ventilations_du_total)

    @property
    def lieux(self) -> list[str]:
        """Types of the places that have a figure."""
        return [*self.territoires, *self.territoires_totaux]

    @property
    def told_dimensions(self) -> tuple[str, ...]:
        """Every dimension of the figures: the breakdowns; the quantiles and those who wait still, if there are any."""
        return (*self.dimensions, *([QUANTILE] if self.quantiles else []), *([WAITING] if self.attente else []))

    def unit_of(self, dimension: str) -> str:
        """The unit of the figures of a dimension; those who wait still are a share, whatever the median is of."""
        return _SHARE if dimension == WAITING else self.unite

    @property
    def compares_centres(self) -> bool:
        """True for a share of persons or of what belongs to one person: chance alone then follows the binomial law."""
        is_binomial = self.mesure == "part" and self.query.header["unite"] in _BINOMIAL_UNITS
        return is_binomial and "centre" in self.territoires and self.secret == _PROTECTED

    @property
    def counts_units(self) -> bool:
        """True when the denominator counts something else than units (hours): the units are counted beside it."""
        return self.effectif == "unites"

    @property
    def lone_units(self) -> str | None:
        """The column of the SELECT, if any, that is true only of rows whose unit has no other row in the period."""
        return self.query.header.get("seules")

    @property
    def facteur(self) -> int:
        """What Σ numerators / Σ denominators is multiplied by, so that it reads in its unit."""
        return _FACTORS.get(self.unite, 1)

    @property
    def query(self) -> Query:
        """The SELECT of the unit rows."""
        return read_query(_FOLDER / f"{self.code}.sql")

    @property
    def _said_since_1_0(self) -> dict[str, object]:
        """What later definitions say of the counting; one that says nothing of it keeps its fingerprint."""
        return {
            "tables_requises": list(self.tables_requises),
            "tables_datees": list(self.tables_datees),
            "recul_jours": self.recul_jours,
            "standardisation": list(self.standardisation),
            "quantiles": list(self.quantiles),
            "attente": self.attente,
            "effectif": "" if self.effectif == "denominateur" else self.effectif,
        }

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the version, the counting and the SELECT as they stand now."""
        counted = self.model_dump(
            mode="json",
            include={
                "code", "version", "unite", "mesure", "vue", "ventilations", "ventilations_du_total", "territoires",
                "territoires_totaux", "periodes", "couverture", "secret", "numerateur", "denominateur",
            },
        )  # fmt: skip
        counted |= {name: value for name, value in self._said_since_1_0.items() if value}
        content = json.dumps([counted, self.query.text], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()


@cache
def definitions() -> Mapping[str, Definition]:
    """Code → definition, in the order of codes; raises pydantic's ValidationError for a file that does not hold."""
    found = {}
    for path in sorted(_FOLDER.glob("I*.yml")):
        definition = Definition.model_validate(read_mapping(path))
        if definition.code != path.stem:
            raise ValueError(f"{path.name} defines {definition.code}")
        found[definition.code] = definition
    return found


@cache
def breakdowns() -> Mapping[str, Breakdown]:
    """Dimension → breakdown."""
    return {name: Breakdown.model_validate(facts) for name, facts in read_mapping(_FOLDER / "ventilations.yml").items()}


def read_mapping(path: Path) -> dict[str, object]:
    """A YAML file whose top is a mapping; raises TypeError otherwise."""
    loaded = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    if not isinstance(loaded, dict):
        raise TypeError(f"{path.name}: a mapping is expected")
    return loaded
