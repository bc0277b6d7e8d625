"""The definitions that a release carries, so that a figure can be read without asking anyone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intercentre.core.engine import load_rows
from intercentre.release.refusal import PublicationRefusee
from schemas.indicators.definition import Definition, breakdowns, definitions

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

DEFINITION_COLUMNS = {
    "indicateur": "Code de l'indicateur",
    "version_definition": "Version de la définition",
    "titre": "Nom de l'indicateur",
    "question": "Question à laquelle il répond",
    "lecture": "Comment lire le chiffre",
    "numerateur": "Ce qui est compté",
    "denominateur": "Ce à quoi le compte est rapporté, pour une part",
    "unite": "Unité du chiffre",
    "vue": "calendrier : ce qui s'est passé dans la période ; cohorte : ce que deviennent les entrées de la période",
    "ventilations": "Dimensions, séparées par des points-virgules",
    "territoires": "Types de territoire, séparés par des points-virgules",
    "periodes": "T : trimestres, A : années",
    "missions": "Missions du décret, séparées par des points-virgules",
    "reference": "D'où vient la définition",
    "pieges": "Où le chiffre peut tromper",
    "maturite": "Quand le chiffre devient définitif",
    "statut": "proposee, adoptee ou retiree par les huit centres",
    "decision": "Où l'adoption est consignée",
}
_MODALITY_COLUMNS = {
    "dimension": "VARCHAR",
    "dimension_titre": "VARCHAR",
    "modalite": "VARCHAR",
    "libelle": "VARCHAR",
}


def load_definitions(engine: DuckDBPyConnection) -> None:
    """`engine` holds definitions (of the released indicators) and modalites (of the released dimensions).

    raises  PublicationRefusee when a figure was computed with a definition that is not the one in force
    """
    used = engine.execute("SELECT DISTINCT indicateur, version_definition FROM indicateurs ORDER BY ALL").fetchall()
    rows = [_row(_definition(code, version)) for code, version in used]
    load_rows(engine, "definitions", dict.fromkeys(DEFINITION_COLUMNS, "VARCHAR"), rows)
    dimensions = {row[0] for row in engine.execute("SELECT DISTINCT dimension FROM indicateurs").fetchall()}
    labels = [
        (name, breakdown.titre, code, label)
        for name, breakdown in breakdowns().items()
        if name in dimensions
        for code, label in breakdown.labels.items()
    ]
    load_rows(engine, "modalites", _MODALITY_COLUMNS, [("_T", "Ensemble", "_T", "Total"), *labels])


def _definition(code: str, version: str) -> Definition:
    definition = definitions().get(code)
    if definition is None or definition.version != version:
        raise PublicationRefusee(
            f"Les chiffres de {code} sont calculés avec la version {version} de sa définition, qui n'est pas celle en "
            "vigueur : recalculez les indicateurs, puis ouvrez un tour de concertation."
        )
    return definition


def _row(definition: Definition) -> tuple[str | None, ...]:
    return (
        definition.code,
        definition.version,
        definition.titre,
        definition.question,
        definition.lecture,
        definition.numerateur,
        definition.denominateur,
        definition.unite,
        definition.vue,
        ";".join(definition.told_dimensions),
        ";".join((*definition.territoires, *definition.territoires_totaux)),
        ";".join(definition.periodes),
        ";".join(definition.missions),
        definition.reference,
        " ; ".join(definition.pieges),
        definition.maturite,
        definition.statut,
        definition.decision,
    )
