"""What the figures of a signed release must keep: types, keys, secrecy, additivity, reservations, equal formats."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from intercentre.core.csv_export import neutral
from intercentre.core.engine import literal, open_engine
from intercentre.release.inputs import CERTIFICATE
from schemas.exchanges.comparison import RELEASED_COMPARISON_COLUMNS
from schemas.exchanges.release import OBSERVATION_COLUMNS, OBSERVATION_KEY, TOTAL
from schemas.period import Period, PeriodError
from schemas.query import read_query

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_SQL = Path(__file__).parent / "sql" / "controles"
_CONTENT = (
    "LISEZMOI.txt",
    "changements.md",
    "definitions.csv",
    "indicateurs.csv",
    "indicateurs.parquet",
    "intercentre-public.duckdb",
    "reserves.csv",
)
_NAMED = 5  # places named in a sentence; the number says how many there are
_MESSAGES = {
    "cle_en_double": "plusieurs lignes pour un même chiffre",
    "masque_avec_valeur": "une valeur dans une ligne masquée",
    "code_inconnu": "un code hors de sa liste (statut, type de territoire ou couverture)",
    "additivite": "la somme des centres n'est pas le chiffre de la région",
    "total_absent": "une ventilation sans son total",
}


def check_content(folder: Path, periode: Period) -> Iterable[str]:
    """French sentences about figures that do not hold together; their keys, never their values.

    periode  the release's own period: no figure is of a later one
    """
    import duckdb

    absent = [name for name in _CONTENT if not (folder / name).is_file()]
    if absent:
        yield from (f"{name} : une publication doit contenir ce fichier." for name in absent)
        return
    try:
        with open_engine() as engine:
            parquet = literal(folder / "indicateurs.parquet")
            engine.execute(f"CREATE VIEW indicateurs AS FROM read_parquet({parquet})")
            yield from _columns(engine)
            yield from _rules(engine)
            yield from _periods(engine, periode)
            yield from _formats(engine, folder)
            yield from _reservations(engine, folder)
            yield from _definitions(engine, folder)
            yield from _certificate(engine, folder)
            yield from _comparison(engine, folder / "comparaison.parquet")
    except duckdb.Error:  # signed bytes that the engine cannot read as observations
        yield (
            "indicateurs.parquet, comparaison.parquet ou intercentre-public.duckdb : "
            "le fichier n'a pas la forme attendue."
        )


def _columns(engine: DuckDBPyConnection) -> Iterable[str]:
    found = {row[0]: row[1] for row in engine.execute("DESCRIBE indicateurs").fetchall()}
    if list(found.items()) != list(OBSERVATION_COLUMNS.items()):
        yield "indicateurs.parquet : les colonnes ou leurs types ne sont pas ceux d'une observation."


def _rules(engine: DuckDBPyConnection) -> Iterable[str]:
    for path in sorted(_SQL.glob("*.sql")):
        rows = engine.execute(read_query(path).text).fetchall()
        if rows:
            places = " ; ".join(", ".join(str(part) for part in row) for row in rows[:_NAMED])
            more = f" ; et {len(rows) - _NAMED} autres" if len(rows) > _NAMED else ""
            yield f"indicateurs.parquet : {_MESSAGES[path.stem]} ({places}{more})."


def _periods(engine: DuckDBPyConnection, periode: Period) -> Iterable[str]:
    for (text,) in engine.execute("SELECT DISTINCT periode FROM indicateurs ORDER BY periode").fetchall():
        try:
            late = Period.parse(text).fin > periode.fin
        except PeriodError:
            yield "indicateurs.parquet : une période n'a pas la forme 2026-T3 ou 2026."
            return
        if late:
            yield f"indicateurs.parquet : la période {text} finit après celle de la publication."


def _formats(engine: DuckDBPyConnection, folder: Path) -> Iterable[str]:
    columns = ", ".join(OBSERVATION_COLUMNS)
    rows = engine.execute(f"SELECT {columns} FROM indicateurs ORDER BY {', '.join(OBSERVATION_KEY)}").fetchall()
    if not _same_csv(folder / "indicateurs.csv", rows):
        yield "indicateurs.csv : ne dit pas la même chose que indicateurs.parquet."
    engine.execute(f"ATTACH {literal(folder / 'intercentre-public.duckdb')} AS publiee (READ_ONLY)")
    stored = engine.execute(
        f"SELECT {columns} FROM publiee.indicateurs ORDER BY {', '.join(OBSERVATION_KEY)}"
    ).fetchall()
    engine.execute("DETACH publiee")
    if stored != rows:
        yield "intercentre-public.duckdb : ne dit pas la même chose que indicateurs.parquet."


def _same_csv(path: Path, rows: Sequence[Sequence[object]]) -> bool:
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            header, *lines = csv.reader(stream, strict=True)
    except (ValueError, csv.Error):
        return False
    if header != list(OBSERVATION_COLUMNS) or len(lines) != len(rows):
        return False
    return all(len(line) == len(row) and all(map(_same_cell, line, row)) for line, row in zip(lines, rows, strict=True))


def _same_cell(text: str, value: object) -> bool:
    if value is None:
        return text == ""
    if isinstance(value, float):
        try:
            return float(text) == value
        except ValueError:
            return False
    return text == (value.isoformat() if isinstance(value, date) else neutral(str(value)))


def _reservations(engine: DuckDBPyConnection, folder: Path) -> Iterable[str]:
    listed = _pairs(folder / "reserves.csv", "centre", "indicateurs")
    if listed is None:
        yield "reserves.csv : le fichier n'a pas la forme attendue."
        return
    marks = engine.execute("SELECT DISTINCT indicateur, reserves FROM indicateurs ORDER BY ALL").fetchall()
    for code, mark in marks:
        expected = ";".join(centre for centre, about in listed if about == "tous" or code in about.split(";"))
        if mark != expected:
            yield f"indicateurs.parquet : les réserves de {code} ne sont pas celles de reserves.csv."
    codes = {code for code, _ in marks}
    for centre, about in listed:
        if about != "tous" and not codes.issuperset(about.split(";")):
            yield f"reserves.csv : la réserve de {centre} vise un indicateur qui n'est pas publié."


def _definitions(engine: DuckDBPyConnection, folder: Path) -> Iterable[str]:
    known = _pairs(folder / "definitions.csv", "indicateur", "version_definition")
    if known is None:
        yield "definitions.csv : le fichier n'a pas la forme attendue."
        return
    for pair in engine.execute(
        "SELECT DISTINCT indicateur, version_definition FROM indicateurs ORDER BY ALL"
    ).fetchall():
        if pair not in known:
            yield f"definitions.csv : la définition de {pair[0]}, version {pair[1]}, manque."


def _pairs(path: Path, first: str, second: str) -> list[tuple[str, str]] | None:
    """Two columns of a CSV file; None when it does not have them."""
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            rows = csv.DictReader(stream, strict=True)
            if not {first, second}.issubset(rows.fieldnames or ()):
                return None
            return [(row[first] or "", row[second] or "") for row in rows]
    except (ValueError, csv.Error):
        return None


def _certificate(engine: DuckDBPyConnection, folder: Path) -> Iterable[str]:
    """The statement of protection, where there is one, counts the figures that are here."""
    path = folder / CERTIFICATE
    if not path.is_file():
        return
    try:
        counts = json.loads(path.read_bytes())["comptes"]
        stated = (counts["cellules"], counts["masquees"])
    except (KeyError, TypeError, ValueError):
        yield f"{CERTIFICATE} : le fichier n'a pas la forme attendue."
        return
    found = engine.execute("SELECT count(*), count(*) FILTER (WHERE statut_secret = 'masque') FROM indicateurs")
    if found.fetchall() != [stated]:
        yield f"{CERTIFICATE} : le nombre de chiffres ou de chiffres masqués n'est pas celui de la publication."


def _comparison(engine: DuckDBPyConnection, path: Path) -> Iterable[str]:
    """The comparison, where there is one, says nothing of a figure that is not released."""
    if not path.is_file():
        return
    engine.execute(f"CREATE VIEW comparaison AS FROM read_parquet({literal(path)})")
    found = {row[0]: row[1] for row in engine.execute("DESCRIBE comparaison").fetchall()}
    if list(found.items()) != list(RELEASED_COMPARISON_COLUMNS.items()):
        yield "comparaison.parquet : les colonnes ou leurs types ne sont pas ceux d'une comparaison publiée."
        return
    query = read_query(_SQL.parent / "comparaison_indue.sql").text
    if rows := engine.execute(query, {"total": TOTAL}).fetchall():
        yield f"comparaison.parquet : des lignes ({len(rows)}) ne découlent pas de chiffres communiqués."
