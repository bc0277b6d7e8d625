"""What is measured of a deposit, and the views on its staged rows in which it can be measured.

The views hold 0 and 100, day numbers and nothing else: whatever reads them never sees a value of a row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from intercentre.core.engine import literal, quoted
from schemas.contract import Code
from schemas.extracts import TABLES
from schemas.nomenclatures import nomenclature
from schemas.period import Period
from schemas.plausibility import Kind, Rule, Thresholds

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Values = Mapping["Measure", float | None]


class Figure(StrEnum):
    """What is taken of a view."""

    ROWS = "count(*)"
    SHARE = "avg"  # of 0 and 100: a percentage
    MEDIAN = "median"  # of day numbers


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure of a deposit.

    vue      view in which it is taken; rows and activity are the rows of the view
    champ    column of the view; None for a number of rows
    colonne  column of the contract that it is about
    libelle  in French, for people
    sql      what `champ` is made of; None where there are too few rows to judge
    """

    vue: str
    table: str
    figure: Figure
    libelle: str
    champ: str | None = None
    colonne: str | None = None
    sql: str = ""

    @property
    def nom(self) -> str:
        return self.vue if self.champ is None else f"{self.vue}.{self.champ}"


def measures_of(rule: Rule, thresholds: Thresholds) -> tuple[Measure, ...]:
    """Everything that a rule measures, in the order of the contract."""
    return tuple(_BY_KIND[rule.mesure](rule, thresholds))


def _rows(rule: Rule, _: Thresholds) -> Iterator[Measure]:
    for table in rule.tables:
        yield Measure(table, table, Figure.ROWS, "Nombre de lignes")


def _activity(rule: Rule, _: Thresholds) -> Iterator[Measure]:
    for table, column in _places(rule.champs):
        yield Measure(f"{table}_periode", table, Figure.ROWS, "Lignes datées de la période", colonne=column)


def _unknown(rule: Rule, thresholds: Thresholds) -> Iterator[Measure]:
    for table, contract in TABLES.items():
        for column, (kind, _) in contract.fields().items():
            code = thresholds.inconnus.get(kind.list_name) if isinstance(kind, Code) else None
            if code is not None and f"{table}.{column}" not in rule.exclus:
                label = f"Part d'inconnus de {column}"
                yield _share(thresholds, table, column, f"inconnus_{column}", label, (code,), ())


def _named(rule: Rule, thresholds: Thresholds) -> Iterator[Measure]:
    for name in rule.parts:
        share = thresholds.parts[name]
        yield _share(thresholds, share.table, share.colonne, f"part_{name}", share.libelle, share.codes, share.hors)


def _distribution(rule: Rule, thresholds: Thresholds) -> Iterator[Measure]:
    for place, apart in rule.repartitions.items():
        ((table, column),) = _places((place,))
        kind, _ = TABLES[table].fields()[column]
        entries = nomenclature(kind.list_name).entries if isinstance(kind, Code) else {}
        for code, entry in entries.items():
            if code not in apart:
                label = f"Répartition de {column} : {entry.libelle}"
                yield _share(thresholds, table, column, f"repartition_{column}_{code}".lower(), label, (code,), apart)


def _filled(rule: Rule, thresholds: Thresholds) -> Iterator[Measure]:
    for table, contract in TABLES.items():
        for column in contract.fields():
            if contract.optional(column) and f"{table}.{column}" not in rule.exclus:
                yield _share(thresholds, table, column, f"rempli_{column}", f"Remplissage de {column}", (), ())


def _median(rule: Rule, thresholds: Thresholds) -> Iterator[Measure]:
    for table, column in _places(rule.champs):
        day = f"date_diff('day', DATE '1970-01-01', {quoted(column)})"
        sql = _when_enough(f"count({quoted(column)})", day, thresholds.effectif_min)
        yield Measure(table, table, Figure.MEDIAN, f"Date médiane de {column}", f"jour_{column}", column, sql)


_BY_KIND = {
    Kind.LIGNES: _rows,
    Kind.ACTIVITE: _activity,
    Kind.INCONNUS: _unknown,
    Kind.PART: _named,
    Kind.REGION: _named,
    Kind.REPARTITION: _distribution,
    Kind.REMPLISSAGE: _filled,
    Kind.MEDIANE: _median,
}


def _places(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    for name in names:
        table, _, column = name.partition(".")
        yield table, column


def _share(
    thresholds: Thresholds,
    table: str,
    column: str,
    field: str,
    label: str,
    codes: tuple[str, ...],
    apart: tuple[str, ...],
) -> Measure:
    name = quoted(column)
    if not codes:
        counted, base = f"CASE WHEN {name} IS NULL THEN 0 ELSE 100 END", "count(*)"
    else:
        kept = f"{name} IS NOT NULL" + (f" AND {name} NOT IN ({_list(apart)})" if apart else "")
        counted = f"CASE WHEN {kept} THEN CASE WHEN {name} IN ({_list(codes)}) THEN 100 ELSE 0 END END"
        base = f"count(*) FILTER (WHERE {kept})"
    sql = _when_enough(base, counted, thresholds.effectif_min)
    return Measure(table, table, Figure.SHARE, label, field, column, f"CAST({sql} AS DOUBLE)")


def _when_enough(base: str, value: str, least: int) -> str:
    return f"CASE WHEN ({base} OVER ()) >= {least} THEN {value} END"


def _list(codes: Iterable[str]) -> str:
    return ", ".join(literal(code) for code in codes)


def create_views(engine: DuckDBPyConnection, measures: Iterable[Measure], folder: Path, periode: Period) -> None:
    """A view for each one that the measures name, on the staged rows in `folder`.

    raises  duckdb.Error when a table or a column of the contract is not there
    """
    for view, members in _by_view(measures):
        engine.execute(f"CREATE OR REPLACE VIEW {quoted(view)} AS {_select(members, folder, periode)}")


def measure_deposit(
    engine: DuckDBPyConnection, measures: Iterable[Measure], folder: Path, periode: Period
) -> dict[Measure, float | None]:
    """The value of each measure on the staged rows in `folder`; None where there are too few rows, or no such table.

    Shares are percentages, medians are days since 1970, the rest are rows.
    """
    values: dict[Measure, float | None] = {}
    for _, members in _by_view(measures):
        select = _select(members, folder, periode)
        figures = ", ".join(
            one.figure if one.champ is None else f"{one.figure}({quoted(one.champ)})" for one in members
        )
        if (folder / f"{members[0].table}.parquet").exists():
            row = engine.execute(f"SELECT {figures} FROM ({select})").fetchone() or ()
        else:
            row = (None,) * len(members)
        values |= dict(zip(members, (None if value is None else float(value) for value in row), strict=True))
    return values


def _by_view(measures: Iterable[Measure]) -> Iterator[tuple[str, list[Measure]]]:
    unique = sorted(dict.fromkeys(measures), key=lambda one: one.vue)
    for view, members in groupby(unique, key=lambda one: one.vue):
        yield view, list(members)


def _select(members: list[Measure], folder: Path, periode: Period) -> str:
    first = members[0]
    fields = [f"{one.sql} AS {quoted(one.champ)}" for one in members if one.champ is not None]
    path = literal(folder / f"{first.table}.parquet")
    source = f"SELECT {', '.join(['1 AS ligne', *fields])} FROM read_parquet({path})"
    if first.vue == first.table or first.colonne is None:
        return source
    return f"{source} WHERE {quoted(first.colonne)} BETWEEN DATE '{periode.debut}' AND DATE '{periode.fin}'"
