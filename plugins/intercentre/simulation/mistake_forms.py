"""The forms that mistakes take, whatever the table: something typed, left out, doubled, or that points at nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from intercentre.simulation.mistakes import Mistake
from intercentre.simulation.surroundings import Surroundings
from intercentre.simulation.view import Cell, Row
from schemas.extracts import TABLES
from schemas.nomenclatures import nomenclature

Fits = Callable[[Row, Surroundings], bool]

BAD_DAYS = ("31/02/2025", "2025-13-05", "00/00/0000", "janvier 2025", "2205-03-14", "1089-06-01", "05/2025")


def anything(_: Row, __: Surroundings) -> bool:
    return True


def filled(*columns: str) -> Fits:
    return lambda row, _: all(row.get(column) is not None for column in columns)


def holds(column: str, *values: Cell) -> Fits:
    return lambda row, _: row.get(column) in values


def holds_not(column: str, *values: Cell) -> Fits:
    return lambda row, _: row.get(column) not in values


def both(*conditions: Fits) -> Fits:
    return lambda row, around: all(condition(row, around) for condition in conditions)


def unattested(row: Row, around: Surroundings) -> bool:
    return row["dossier_id"] not in around.attestes


def current_code(row: Row, around: Surroundings) -> bool:
    """The commune's code is still in force: it is not questioned when the day of its row cannot be read."""
    return nomenclature("commune").successor(str(row["commune_refnis"]), around.date_etat) is None


def day_of(row: Row, column: str) -> date:
    value = row[column]
    if not isinstance(value, date):
        raise TypeError(column)
    return value


def written(
    code: str,
    table: str,
    column: str,
    texts: tuple[str, ...],
    fits: Fits = anything,
    *,
    groupe: str | None = None,
) -> Mistake:
    """Something that the field cannot hold is typed in the cell."""
    return Mistake(code, table, column, fits, lambda _, __, rng: {column: rng.choice(texts)}, groupe=groupe)


def emptied(code: str, table: str, column: str, fits: Fits = anything, *, alone: bool = False) -> Mistake:
    """The cell is left empty."""
    return Mistake(code, table, column, both(fits, filled(column)), lambda _, __, ___: {column: None}, alone)


def orphan(table: str, column: str, fits: Fits = anything) -> Mistake:
    """The reference names a row that is not in the deposit."""
    target = next(reference.table for reference in TABLES[table].contrat.references if column in reference.columns)
    return Mistake(
        "V41",
        table,
        column,
        lambda row, around: target in around.deposees and fits(row, around),
        lambda _, __, rng: {column: f"Z-{rng.randrange(10**6):06d}"},
        alone=column == "dossier_id",
    )


def repeated(table: str, fits: Fits = anything) -> Mistake:
    """The row is there twice, as after an export that was appended to."""
    return Mistake("CTR-007", table, TABLES[table].contrat.key[0], fits, lambda *_: {}, twice=True)


def later(row: Row, column: str, days: int) -> date:
    """The day in the cell, so many days later."""
    return day_of(row, column) + timedelta(days=days)
