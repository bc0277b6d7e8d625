"""Primary suppression: which figures could single a person out, by the agreed thresholds."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from intercentre.core.engine import create_table
from intercentre.core.refusal import Refusal
from schemas.exchanges.release import TOTAL
from schemas.indicators import WAITING, definitions
from schemas.nomenclatures import nomenclature
from schemas.query import Query, read_query

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_SQL = Path(__file__).parent / "sql"
_HOURS = "heures"  # a sum of hours tells nothing of how many persons it is made of: their number is asked


class MarginMissing(Refusal):
    """A total is absent: what is withheld could be undone without anyone seeing it."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The smallest figures that may be published, in statistical units (persons, dossiers, enrolments).

    effectif_min      smallest count other than zero
    commune_croisee   the same for a commune crossed with another dimension
    denominateur_min  smallest denominator of a rate
    """

    effectif_min: int
    commune_croisee: int
    denominateur_min: int

    @classmethod
    def at(cls, day: date) -> Thresholds:
        """The thresholds in force on `day`; raises KeyError when one of them is not."""
        entries = {code: one for code, one in nomenclature("seuil").entries.items() if one.valid_at(day)}
        return cls(
            effectif_min=int(entries["SECRET_EFFECTIF_MIN"].facts["valeur"]),
            commune_croisee=int(entries["SECRET_COMMUNE_CROISEE"].facts["valeur"]),
            denominateur_min=int(entries["TAUX_DENOMINATEUR_MIN"].facts["valeur"]),
        )


def suppress(engine: DuckDBPyConnection, thresholds: Thresholds) -> None:
    """The table `protegee` is `observation` with every figure withheld that could single a person out.

    Withheld (`valeur`, `numerateur` and `denominateur` null, `statut_secret` = masque):
      counts    1 to effectif_min - 1; zero is published
      rates     and ratios: denominator under denominateur_min (none at all is no figure), or a numerator or a
                complement between 1 and effectif_min - 1; so too the share of those who wait still beside a median
      medians and sums of hours  fewer units than effectif_min
       sums of persons or participations  1 to effectif_min - 1, as counts
       rates of sums (hours)  fewer units than denominateur_min
    For a commune crossed with another dimension, commune_croisee takes the place of effectif_min. Public statistics
    and figures that count no person (`secret` = sans_objet) are never withheld. A rate of counts that tell how many
    persons came (`secret` = taux_seul) is given without them, in whole percent or to a tenth of another unit: the lines
    of two deposits, or a mean of four stocks, would give a withheld count back. One symbol for all reasons: the reason
    would be a hint.
    raises  MarginMissing  when the total of a place or of the region is absent
    source  Hundepool et al., Statistical Disclosure Control, ch. 4; seuil.csv; docs/decisions/0007
    """
    absent = engine.execute(_query("marge_absente").text, {"total": TOTAL}).fetchall()
    if absent:
        raise MarginMissing(f"{len(absent)} totaux manquent, par exemple : {' '.join(min(absent))}.")
    parameters = asdict(thresholds) | {
        "total": TOTAL,
        "attente": WAITING,
        "taux": [
            code for code, one in definitions().items() if one.mesure in ("part", "rapport") and not one.counts_units
        ],
        "taux_de_sommes": [
            code for code, one in definitions().items() if one.mesure in ("part", "rapport") and one.counts_units
        ],
        "medianes": [
            code
            for code, one in definitions().items()
            if one.mesure == "mediane" or (one.mesure == "somme" and one.unite == _HOURS)
        ],
    }
    create_table(engine, "protegee", _query("suppression_primaire"), parameters)


def _query(name: str) -> Query:
    return read_query(_SQL / f"{name}.sql")
