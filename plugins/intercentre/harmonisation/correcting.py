"""Accepted corrections applied to the extracts: the one place where a row says something else than its deposit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from intercentre.core.engine import load_rows, quoted
from schemas.contract import Extract
from schemas.extracts import TABLES
from schemas.findings import Severity
from schemas.oracle import judge
from schemas.rules import catalogue

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

APPLIED_COLUMNS = {
    "correction_id": "VARCHAR",
    "centre_code": "VARCHAR",
    "depot_id": "VARCHAR",
    "table_nom": "VARCHAR",
    "colonne": "VARCHAR",
    "appliquee": "BOOLEAN",
    "raison": "VARCHAR",
}
APPLIED_KEY = ("correction_id",)
NO_ROW, NOT_VALID, ALREADY_SO, CHANGED = "ligne_absente", "valeur_refusee", "deja_conforme", "depot_change"
REASONS = {
    NO_ROW: "La ligne n'est pas dans le dépôt en vigueur : la correction est à retirer si elle n'y revient pas.",
    NOT_VALID: "À côté du reste de la ligne, le contrat refuse cette valeur : la correction est à retirer, et une "
    "autre à proposer si la cellule est encore fausse.",
    ALREADY_SO: "Le dépôt dit maintenant la même chose : la correction peut être retirée.",
    CHANGED: "Le dépôt ne dit plus ce que la correction remplaçait, ou l'on ne sait pas ce que c'était ; c'est donc "
    "lui qui vaut : la correction est à retirer, et une autre à proposer si la cellule est encore fausse.",
}
"""Reason → what the two roles are told of it."""
_REFUSING = (Severity.BLOQUANT, Severity.A_CORRIGER)


@dataclass(frozen=True, slots=True)
class Override:
    """One cell of a centre's extract that is to say something else.

    cle        every key column of the contract → the text of its value
    valeur     a text of the contract; None for an empty cell
    remplacee  what the cell said when this was proposed, empty for an empty cell; None where nobody knows
    """

    correction_id: str
    centre_code: str
    table: str
    cle: Mapping[str, str]
    colonne: str
    valeur: str | None
    remplacee: str | None


@dataclass(frozen=True, slots=True)
class RowJudgement:
    """What a row would say with other texts in some of its cells.

    valeurs   column → its typed value, an old code brought to its successor
    constats  codes of the findings that would set the row aside, and that it does not have as it stands
    """

    valeurs: Mapping[str, Any]
    constats: tuple[str, ...]


def judge_cells(
    table: type[Extract], row: Mapping[str, Any], date_etat: date, textes: Mapping[str, str | None]
) -> RowJudgement:
    """The row judged by the contract with `textes` in their columns; `row` holds the typed values of its columns."""
    before = {column: text_of(row.get(column)) for column in table.fields()}
    now, then = judge(table, before, date_etat), judge(table, {**before, **textes}, date_etat)
    new = {code for code, _ in then.findings - now.findings if catalogue()[code].severity in _REFUSING}
    return RowJudgement({column: then.values[column] for column in textes}, tuple(sorted(new)))


def text_of(value: object) -> str | None:
    """A typed value as the contract writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return None if value is None else str(value)


def apply_corrections(engine: DuckDBPyConnection, overrides: Iterable[Override]) -> None:
    """Schema `extrait` says what the accepted corrections say; `commun.correction_appliquee` what became of each.

    grain  one row per correction; `raison` says why one was not applied: its row is not in the deposit in force
           (ligne_absente), the deposit says so itself (deja_conforme) or no longer says what the correction replaced
           (depot_change), the contract refuses the value beside the rest of the row (valeur_refusee)

    Corrections of one row that still apply are judged together, since a closing date and its reason go together; when
    the contract refuses them so, each is judged alone.
    """
    by_row: dict[tuple[str, str, tuple[tuple[str, str], ...]], list[Override]] = {}
    for one in overrides:
        by_row.setdefault((one.centre_code, one.table, tuple(one.cle.items())), []).append(one)
    applied = [line for of_row in by_row.values() for line in _apply(engine, of_row)]
    load_rows(engine, "commun.correction_appliquee", APPLIED_COLUMNS, applied)


def _apply(engine: DuckDBPyConnection, of_row: Sequence[Override]) -> list[tuple[object, ...]]:
    row = _row(engine, of_row[0])
    if row is None:
        return [_line(one, None, NO_ROW) for one in of_row]
    standing = [one for one in of_row if one.remplacee == (text_of(row[one.colonne]) or "")]
    settled = [_line(one, row["depot_id"], _told_since(row, one)) for one in of_row if one not in standing]
    return settled + (_replace(engine, row, standing) if standing else [])


def _told_since(row: Mapping[str, Any], one: Override) -> str:
    """Of a cell that no longer says what was replaced: whether it says what the correction does."""
    value = _judged(row, [one]).valeurs[one.colonne]
    return ALREADY_SO if value == row[one.colonne] and (value is None) == (not one.valeur) else CHANGED


def _replace(
    engine: DuckDBPyConnection, row: Mapping[str, Any], of_row: Sequence[Override]
) -> list[tuple[object, ...]]:
    judged = _judged(row, of_row)
    if judged.constats and len(of_row) > 1:
        return [line for one in of_row for line in _apply(engine, [one])]
    if judged.constats:
        return [_line(of_row[0], row["depot_id"], NOT_VALID)]
    for one in of_row:
        engine.execute(
            f"UPDATE extrait.{one.table} SET {quoted(one.colonne)} = ? WHERE {_named(one)}",
            [judged.valeurs[one.colonne], one.centre_code, *one.cle.values()],
        )
    return [_line(one, row["depot_id"], None) for one in of_row]


def _judged(row: Mapping[str, Any], of_row: Sequence[Override]) -> RowJudgement:
    textes = {one.colonne: one.valeur for one in of_row}
    return judge_cells(TABLES[of_row[0].table], row, row["date_etat"], textes)


def _line(one: Override, depot_id: str | None, reason: str | None) -> tuple[object, ...]:
    return (one.correction_id, one.centre_code, depot_id, one.table, one.colonne, reason is None, reason)


def _row(engine: DuckDBPyConnection, one: Override) -> dict[str, Any] | None:
    """The row that the correction names; None when it names none, or several."""
    result = engine.execute(
        f"SELECT * FROM extrait.{one.table} WHERE {_named(one)}", [one.centre_code, *one.cle.values()]
    )
    columns = [column[0] for column in result.description or ()]
    rows: Sequence[Sequence[Any]] = result.fetchall()
    return dict(zip(columns, rows[0], strict=True)) if len(rows) == 1 else None


def _named(one: Override) -> str:
    return " AND ".join(["centre_code = ?", *(f"CAST({quoted(column)} AS VARCHAR) = ?" for column in one.cle)])
