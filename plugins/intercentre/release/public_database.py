"""intercentre-public.duckdb: the release as one documented file, the same bytes for the same figures.

Columns are stored uncompressed, in the oldest format that holds comments. The engine's compressed blocks end with
whatever lay in memory, which may be rows of the centres: such bytes must not leave (docs/decisions/0021).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from intercentre.core.engine import literal, quoted
from intercentre.release.definitions import DEFINITION_COLUMNS
from schemas.exchanges.release import OBSERVATION_DESCRIPTIONS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

STORAGE = "v1.0.0"
_MACROS = Path(__file__).parent / "sql" / "macros"

# Table → what it is, key of its order, column → description. Columns that are not described speak for themselves.
_KEY = "indicateur, periode, territoire_type, territoire, dimension, modalite"
_TABLES: dict[str, tuple[str, str, dict[str, str]]] = {
    "indicateurs": (
        "Les chiffres publiés : une ligne par indicateur, période, territoire et catégorie ; les totaux ont _T.",
        _KEY,
        OBSERVATION_DESCRIPTIONS,
    ),
    "definitions": ("Une ligne par indicateur publié : ce qu'il compte et comment le lire.", "1", DEFINITION_COLUMNS),
    "modalites": (
        "Les catégories de chaque dimension et leur libellé.",
        "1, 3",
        {"dimension": "Ventilation", "modalite": "Code de la catégorie", "libelle": "Ce que le code veut dire"},
    ),
    "territoires": (
        "Les territoires et leurs noms ; le centre d'une commune est celui de son ressort à la fin de la période.",
        "1, 2",
        {
            "territoire_type": "region, province, arrondissement, centre ou commune",
            "territoire": "Code, tel que dans indicateurs",
            "arrondissement": "Arrondissement de la commune (REFNIS)",
            "province": "Province de la commune ou de l'arrondissement (REFNIS)",
            "centre": "Centre dans le ressort duquel est la commune",
        },
    ),
    "couverture": (
        "Les huit centres et l'état de leur dépôt dans cette publication.",
        "1",
        {
            "etat": "presente, reportee (dernier dépôt accepté d'une période antérieure) ou manquante",
            "periode_depot": "Période du dépôt pris en compte",
            "date_etat": "Jour dont le dépôt donne l'état",
        },
    ),
    "reserves": (
        "Les réserves et oppositions des centres, à lire à côté des chiffres qu'elles visent.",
        "1",
        {"avis": "reserve ou oppose", "indicateurs": "Codes visés, séparés par des points-virgules, ou tous"},
    ),
    "changements": (
        "Ce qui diffère de la publication précédente ; vide pour la première.",
        _KEY,
        {
            "nature": "nouveau, retire, revise, masque, communique ou definitif",
            "ancienne_valeur": "Valeur précédente, pour un chiffre révisé",
            "nouvelle_valeur": "Valeur de cette publication",
        },
    ),
    "lisezmoi": (
        "Ce qu'est cette publication et comment la lire.",
        "1",
        {"texte": "Le texte, paragraphe par paragraphe"},
    ),
}


def write_public_database(engine: DuckDBPyConnection, path: Path) -> None:
    """`path` holds the released tables of `engine` with their comments, views and macros."""
    engine.execute(f"ATTACH {literal(path)} AS publication (STORAGE_VERSION '{STORAGE}')")
    engine.execute("SET force_compression = 'uncompressed'")
    engine.execute("USE publication")
    for table, (description, order, columns) in _TABLES.items():
        engine.execute(f"CREATE TABLE {table} AS SELECT * FROM memory.main.{table} ORDER BY {order}")
        _comment(engine, "TABLE", table, description)
        for column, meaning in columns.items():
            _comment(engine, "COLUMN", f"{table}.{quoted(column)}", meaning)
    for mission in _missions(engine):
        _create_mission(engine, mission)
    for macro in sorted(_MACROS.glob("*.sql")):
        engine.execute(macro.read_text(encoding="utf-8"))
    engine.execute("CHECKPOINT publication")
    engine.execute("USE memory")
    engine.execute("DETACH publication")


def _missions(engine: DuckDBPyConnection) -> list[str]:
    """The missions that a released indicator serves."""
    rows = engine.execute("SELECT DISTINCT unnest(string_split(missions, ';')) FROM definitions ORDER BY 1").fetchall()
    return [row[0] for row in rows]


def _create_mission(engine: DuckDBPyConnection, mission: str) -> None:
    view = quoted(f"mission_{mission}")
    engine.execute(
        f"CREATE VIEW {view} AS SELECT * FROM indicateurs WHERE indicateur IN "
        f"(SELECT indicateur FROM definitions WHERE list_contains(string_split(missions, ';'), {literal(mission)}))"
    )
    _comment(engine, "VIEW", view, f"Les chiffres des indicateurs qui servent la mission {mission} du décret.")


def _comment(engine: DuckDBPyConnection, kind: str, name: str, text: str) -> None:
    engine.execute(f"COMMENT ON {kind} {name} IS {literal(text)}")
