"""Observations of a period, from its common tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intercentre.core.engine import create_table, literal, load_rows, open_engine, write_table
from intercentre.core.files import new_folder
from intercentre.core.hub import Hub
from intercentre.core.refusal import Refusal
from intercentre.indicators.aggregation import aggregation_sql
from intercentre.indicators.between_centres import compare_centres, disperse
from intercentre.indicators.quantiles import add_quantiles
from schemas.exchanges.comparison import COMPARISON_KEY
from schemas.exchanges.release import OBSERVATION_COLUMNS, OBSERVATION_KEY, TOTAL
from schemas.indicators import REGION, Definition, definitions
from schemas.period import Period
from schemas.query import Query, read_query

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ACTOR = "indicateurs"
_SQL = Path(__file__).parent / "sql"

# Before protection: the observation row without what protection and concertation add, and what they judge by.
COLUMNS = {name: kind for name, kind in OBSERVATION_COLUMNS.items() if name not in ("statut_secret", "reserves")} | {
    "effectif": "BIGINT",
    "secret": "VARCHAR",
}


class IndicatorError(Refusal):
    """The figures cannot be made or do not add up; the message is French and holds no figure."""


def compute_indicators(hub: Hub, periode: Period | str) -> Path:
    """The folder of the period's observations, made anew from its common tables; says so in the journal.

    leaves  observations.parquet (COLUMNS, in the order of the key), additivite.parquet (periode, somme_centres,
            doublons, region; persons), personnes_bornes.parquet (the same with borne_basse and borne_haute) and
            comparaison.parquet (COMPARISON_COLUMNS, before protection)
    raises  IndicatorError when the period is not harmonised, or when totals are not the sum of their parts
    """
    period = Period.parse(str(periode))
    common = hub.home.common(period)
    if not (common / "periode.parquet").is_file():
        raise IndicatorError(f"Aucune table commune pour {period.libelle} : harmonisez d'abord la période.")
    folder = hub.home.observations(period)
    with new_folder(folder) as scratch:
        rows = write_observations(scratch, common, period, definitions().values())
    with hub.registry.change() as change:
        change.journal(
            ACTOR,
            "indicateurs_calcules",
            str(period),
            definitions={one.code: one.version for one in definitions().values()},
            lignes=rows,
        )
    return folder


def write_observations(folder: Path, common: Path, periode: Period, wanted: Iterable[Definition]) -> dict[str, int]:
    """`folder` holds the observations and the additivity lines; returns the rows of each file."""
    with open_engine() as engine:
        open_common(engine, common)
        load_rows(engine, "observation", COLUMNS, [])
        chosen = sorted(wanted, key=lambda one: one.mesure == "dispersion")  # it is made from the other observations
        for definition in chosen:
            observe(engine, definition, periode)
        check_sums(engine, chosen)
        create_table(engine, "additivite", _query("additivite"), {"total": TOTAL})
        check_additivity(engine)
        create_table(engine, "personnes_bornes", _query("personnes_bornes"), {"total": TOTAL})
        compare_centres(engine, chosen)
        bounds = folder / "personnes_bornes.parquet"
        return {
            "observations": write_table(engine, "observation", folder / "observations.parquet", OBSERVATION_KEY),
            "additivite": write_table(engine, "additivite", folder / "additivite.parquet", ("periode",)),
            "personnes_bornes": write_table(engine, "personnes_bornes", bounds, ("periode",)),
            "comparaison": write_table(engine, "comparaison", folder / "comparaison.parquet", COMPARISON_KEY),
        }


def open_common(engine: DuckDBPyConnection, common: Path) -> None:
    """Schema `commun` shows every common table in the folder, and the definitions in force."""
    engine.execute("CREATE SCHEMA commun")
    for path in sorted(common.glob("*.parquet")):
        engine.execute(f"CREATE VIEW commun.{path.stem} AS SELECT * FROM read_parquet({literal(path)})")
    versions = [(one.code, one.version) for one in definitions().values()]
    load_rows(engine, "commun.definition", {"indicateur": "VARCHAR", "version": "VARCHAR"}, versions)


def observe(engine: DuckDBPyConnection, definition: Definition, periode: Period) -> None:
    """The table `observation` holds the indicator's rows as well."""
    if definition.mesure == "dispersion":
        disperse(engine, definition, REGION)
    else:
        create_table(engine, "unite", definition.query)
        engine.execute(f"CREATE OR REPLACE TABLE cumul AS {aggregation_sql(definition)}")
        add_quantiles(engine, definition)
    expected = {
        "region": REGION,
        "tables_requises": list(definition.tables_requises),
        "recul_jours": definition.recul_jours,
    }
    create_table(engine, "attendu", _query(f"attendu_{definition.couverture}"), expected)
    engine.execute(f"INSERT INTO observation BY NAME {_query('observation').text}", _parameters(definition, periode))


def check_sums(engine: DuckDBPyConnection, wanted: Iterable[Definition]) -> None:
    """Every total is the sum of its categories and, where units add up, the region is the sum of its places.

    raises  IndicatorError naming the indicators, periods and dimensions that disagree
    source  rule V73, docs/decisions/0005
    """
    parameters = {
        "total": TOTAL,
        "additifs": [one.code for one in wanted if one.mesure != "distinct" and len(one.territoires) > 1],
        "du_total": [f"{one.code} {dimension}" for one in wanted for dimension in one.ventilations_du_total],
    }
    wrong = engine.execute(_query("desaccord").text, parameters).fetchall()
    if wrong:
        places = ", ".join(" ".join(row) for row in sorted(wrong)[:5])
        raise IndicatorError(f"{len(wrong)} totaux ne sont pas la somme de leurs parts : {places}.")


def check_additivity(engine: DuckDBPyConnection) -> None:
    """The sum of the centres, less the double counts, is the region; raises IndicatorError otherwise."""
    wrong = engine.execute(
        "SELECT periode FROM additivite WHERE somme_centres - doublons <> region ORDER BY periode"
    ).fetchall()
    if wrong:
        raise IndicatorError(
            f"Somme des centres, doublons et région en désaccord : {', '.join(row[0] for row in wrong)}."
        )


def _parameters(definition: Definition, periode: Period) -> Mapping[str, Any]:
    return {
        "indicateur": definition.code,
        "version": definition.version,
        "mesure": definition.mesure,
        "unite": definition.unite,
        "facteur": definition.facteur,
        "secret": definition.secret,
        "dimensions_du_total": list(definition.ventilations_du_total),
        "types": list(definition.periodes),
        "lieux": [*definition.territoires, *definition.territoires_totaux],
        "est_cohorte": definition.vue == "cohorte",
        "date_etat": periode.fin,
        "total": TOTAL,
    }


def _query(name: str) -> Query:
    return read_query(_SQL / f"{name}.sql")
