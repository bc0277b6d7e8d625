"""What two centres must settle together: the rules between centres, judged on the common tables of a period."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from intercentre.core.engine import create_table, literal, load_rows
from intercentre.core.refusal import Refusal
from schemas.nomenclatures import nomenclature, read_rows
from schemas.period import Period
from schemas.query import read_query
from schemas.rules import catalogue
from schemas.rules.between_centres import BETWEEN_CENTRES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FINDING_COLUMNS = {
    "code": "VARCHAR",
    "severite": "VARCHAR",
    "centre": "VARCHAR",
    "centre_contrepartie": "VARCHAR",
    "table": "VARCHAR",
    "cle_dossier": "VARCHAR",
    "periode": "VARCHAR",
}
_TO_SETTLE = Path(__file__).parent / "sql" / "transfert_a_regler.sql"
_LAST_DAY = date.max.isoformat()
_NAMED = 5  # communes named in a refusal; the number says how many there are


class TerritoryError(Refusal):
    """A commune of the region has no centre, or several (V71): no figure of a centre would be right."""


def judge_centres(engine: DuckDBPyConnection, periode: Period) -> None:
    """`commun.constats_inter` holds one row per finding and centre that it is addressed to.

    cle_dossier  key of a dossier of the centre addressed; null where it would be the other centre's, so that several
                 rows may be alike: each is a case of its own
    """
    thresholds = [(code, entry.facts["valeur"]) for code, entry in nomenclature("seuil").entries.items()]
    load_rows(engine, "reference.seuil", {"code": "VARCHAR", "valeur": "DECIMAL(12,2)"}, thresholds)
    create_table(engine, "reference.transfert_a_regler", read_query(_TO_SETTLE))
    load_rows(engine, "commun.constats_inter", FINDING_COLUMNS, [])
    for rule in BETWEEN_CENTRES:
        code, severity = literal(rule.finding.code), literal(rule.finding.severity.value)
        engine.execute(
            f"INSERT INTO commun.constats_inter SELECT {code}, {severity}, centre, centre_contrepartie,"
            f" table_nom, cle_dossier, {literal(str(periode))} FROM (\n{rule.sql})"
        )


def check_territory(day: date) -> None:
    """Every commune of the French-language region has one centre on `day`; raises TerritoryError (V71) otherwise."""
    wrong = sorted(communes_without_one_centre(day, read_rows("ressort")))
    if wrong:
        message = catalogue()["V71"].message
        raise TerritoryError(message.format(nombre=len(wrong), communes=", ".join(wrong[:_NAMED])))


def communes_without_one_centre(day: date, ressort: Iterable[dict[str, str]]) -> set[str]:
    """Communes of the region on `day` that are in no row of `ressort` valid then, or in several."""
    claimed = Counter(
        row["commune_refnis"]
        for row in ressort
        if date.fromisoformat(row["valide_du"]) <= day <= date.fromisoformat(row["valide_au"] or _LAST_DAY)
    )
    region = {
        entry.code
        for entry in nomenclature("commune").entries.values()
        if entry.valid_at(day) and entry.facts["region_de_langue"] == "francaise"
    }
    return {code for code in region if claimed[code] != 1}
