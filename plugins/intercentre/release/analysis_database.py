"""DISCRI's file of a release: the common tables and the figures before protection. It stays in zone Z1."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from intercentre.core.engine import literal, quoted, without_progress
from intercentre.core.tables import rows_in, tables_in
from intercentre.release.inputs import ReleaseInputs
from schemas.exchanges.comparison import COMPARISON_DESCRIPTIONS
from schemas.exchanges.release import OBSERVATION_DESCRIPTIONS
from schemas.extracts import TABLES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MODE = 0o640
_TABLES = {
    "appariement_transfert": "Une ligne par transfert : les deux côtés appariés, ou celui qui est resté seul",
    "correction_appliquee": "Une ligne par correction acceptée : appliquée, ou pourquoi elle n'a rien changé",
    "couverture": "Une ligne par centre : le dépôt qui parle pour lui, et s'il est présent, reporté ou manquant",
    "evenement": "Une ligne par événement d'un dossier (étape, test, convention, inscription, attestation)",
    "periode": "Une ligne par trimestre et par année de la série qui finit avec la période publiée",
    "periode_couverte": "Une ligne par période et par centre dont le dépôt décrit tous les jours de la période",
    "presence": "Une ligne par dossier et par trimestre ou année pendant laquelle il a un événement",
    "regime": "Une ligne par régime juridique, avec ses paramètres confirmés",
    "territoire": "Une ligne par commune de la région de langue française, à la fin de la période",
}
_COLUMNS = {
    "centre_code": "Centre",
    "depot_id": "Dépôt d'où vient la ligne",
    "date_etat": "Jour dont le dépôt donne l'état",
    "ligne": "Ligne du fichier déposé",
    "cle_dossier": "Dossier, unique dans la région (centre:dossier)",
    "personne_id": "Personne de la région (centre#personne) : transferts appariés et pseudonymes n'en font qu'une",
    "dossiers_personne": "Dossiers de cette personne dans la région, celui-ci compris",
    "commune": "Commune, au code en vigueur à la fin de la période",
    "arrondissement": "Arrondissement (REFNIS)",
    "province": "Province (REFNIS)",
    "age": "Âge à l'ouverture du dossier, années",
    "groupe_age": "Groupe d'âge à l'ouverture",
    "groupe_nationalite": "Groupe de nationalité",
    "regime": "Régime juridique en vigueur à l'ouverture, d'après les dates",
    "annee": "Année de la statistique",
    "est_entiere": "Faux s'il manque l'une des communes dont celle d'aujourd'hui est issue",
    "derniere_date": "Jour du dernier événement du dossier pendant la période",
    "etat": "État",
    "effectif": "Unités statistiques derrière le chiffre : ce que la protection juge",
    "secret": "protege ; taux_seul : publié sans ses deux nombres ; sans_objet : déjà public, ou sans personne",
}

_COVERAGE = {
    "centres_presents": "Centres comptés, dont le dépôt est celui de la période publiée",
    "centres_reportes": "Centres comptés d'après un dépôt antérieur",
    "centres_manquants": "Centres qui ne couvrent pas toute la période : leur absence n'est pas un zéro",
    "part_public_couverte": "Part (0 à 1) que ces centres avaient des dossiers ouverts un an avant ; vide si inconnue",
    "ruptures": "CENTRES : d'autres centres qu'avant ; "
    "TABLE : la première période complète d'une table ; REGIME : une autre loi",
}


_DESCRIBED = {
    "comparaison": COMPARISON_DESCRIPTIONS,
    "anomalies": {
        "anomalie_id": "Genre, indicateur, période et centres",
        "centres": "Centres concernés, dans l'ordre des codes",
        "etat": "ouverte : telle qu'elle est relevée ; ce qu'elle devient est sur le portail",
    },
}


def write_analysis_database(path: Path, inputs: ReleaseInputs) -> None:
    """The new file `path` holds schema `commun` (every common table) and, in `observations`, what was made from it."""
    with without_progress(duckdb.connect(path)) as engine:
        engine.execute("CREATE SCHEMA commun")
        engine.execute("CREATE SCHEMA observations")
        for table, files in tables_in(inputs.common).items():
            _load(engine, f"commun.{quoted(table)}", rows_in(files), _table_comment(table), _columns(table))
        _load(
            engine,
            "observations.couverture",
            rows_in([inputs.coverage]),
            "Une ligne par période : les centres comptés, reportés et manquants, et les ruptures de la série.",
            _COVERAGE,
        )
        described = OBSERVATION_DESCRIPTIONS | _COLUMNS
        _load(
            engine,
            "observations.avant_protection",
            rows_in([inputs.observations]),
            "Les chiffres avant protection : à ne communiquer à personne hors de DISCRI.",
            described,
        )
        for name, source, comment in (
            ("comparaison", inputs.comparison, "Chaque part d'un centre à côté de la région, avant protection."),
            ("anomalies", inputs.anomalies, "Ce que les chiffres protégés montrent et que des centres reprennent."),
        ):
            if source.is_file():
                _load(engine, f"observations.{name}", rows_in([source]), comment, _DESCRIBED[name])
    path.chmod(MODE)


def _load(engine: DuckDBPyConnection, table: str, rows: str, comment: str, columns: dict[str, str]) -> None:
    engine.execute(f"CREATE TABLE {table} AS FROM {rows}")
    engine.execute(f"COMMENT ON TABLE {table} IS {literal(comment)}")
    for name, *_ in engine.execute(f"DESCRIBE {table}").fetchall():
        if name in columns:
            engine.execute(f"COMMENT ON COLUMN {table}.{quoted(name)} IS {literal(columns[name])}")


def _table_comment(table: str) -> str:
    if table in TABLES:
        return f"{TABLES[table].contrat.numero} : {TABLES[table].contrat.grain}"
    return _TABLES.get(table, "Table commune")


def _columns(table: str) -> dict[str, str]:
    if table not in TABLES:
        return _COLUMNS
    return _COLUMNS | {name: info.description or "" for name, (_, info) in TABLES[table].fields().items()}
