"""What is measured of a deposit, and the views on its staged rows in which it can be measured.

The views hold 0 and 100, day numbers, sums over a whole period and nothing else: whatever reads them never sees a value
of a row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from intercentre.core.engine import literal, quoted, scalar
from schemas.contract import Code, MonthText, QuarterText
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
    TOTAL = "sum"  # of a view of one row


class Rows(StrEnum):
    """Which rows make a view."""

    ALL = "toutes"
    PERIOD = "periode"  # those dated of the period
    DISTINCT = "distincts"  # one for each value of `champ_compte` among those dated of the period
    TOTAL = "total"  # a single one, the sums of those dated of the period
    ACTIVE = "actifs"  # dossiers active at the end of `veille`
    NEVER_SEEN = "nouveaux"  # one for each code of `colonne` that no earlier deposit holds


@dataclass(frozen=True, slots=True)
class Frame:
    """A deposit as it is measured.

    dossier     folder of its staged rows
    veille      day at whose end the stock is counted; by default the last day of the period
    anterieurs  folders of the centre's earlier deposits
    """

    dossier: Path
    periode: Period
    veille: date | None = None
    anterieurs: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure of a deposit.

    vue      view in which it is taken; rows and activity are the rows of the view
    champ    column of the view; None for a number of rows
    colonne  column of the contract that it is about; what dates the rows of a period
    libelle  in French, for people
    sql      what `champ` is made of; None where there are too few rows to judge
    lignes   which rows make the view
    compte   column whose distinct values are counted, and the condition on the rows
    """

    vue: str
    table: str
    figure: Figure
    libelle: str
    champ: str | None = None
    colonne: str | None = None
    sql: str = ""
    lignes: Rows = Rows.ALL
    compte: tuple[str, str] = ("", "")

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
        label = "Lignes datées de la période"
        yield Measure(f"{table}_periode", table, Figure.ROWS, label, colonne=column, lignes=Rows.PERIOD)


def _counted(rule: Rule, thresholds: Thresholds) -> Iterator[Measure]:
    for name in rule.indicateurs:
        one = thresholds.indicateurs[name]
        where = f"{quoted(one.colonne)} IN ({_list(one.codes)})" if one.codes else "true"
        yield Measure(
            f"{one.table}_{name.lower()}", one.table, Figure.ROWS, one.libelle, colonne=one.date,
            lignes=Rows.DISTINCT, compte=(one.compte, where),
        )  # fmt: skip


def _totals(rule: Rule, thresholds: Thresholds) -> Iterator[Measure]:
    for table, column in _places(rule.champs):
        label = f"Total de {column} dans la période"
        sql = f"CAST(coalesce(sum({quoted(column)}), 0) AS DOUBLE)"
        yield Measure(
            f"{table}_total", table, Figure.TOTAL, label, f"total_{column}", thresholds.periodes[table], sql, Rows.TOTAL
        )


def _stock(_: Rule, __: Thresholds) -> Iterator[Measure]:
    label = "Dossiers actifs à la fin de la période du dépôt précédent"
    yield Measure("dossier_actif", "dossier", Figure.ROWS, label, colonne="date_ouverture", lignes=Rows.ACTIVE)


def _never_seen(rule: Rule, _: Thresholds) -> Iterator[Measure]:
    for table, column in _places(rule.champs):
        label = f"Codes jamais vus de {column}"
        yield Measure(f"{table}_nouveau_{column}", table, Figure.ROWS, label, colonne=column, lignes=Rows.NEVER_SEEN)


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
    Kind.INDICATEUR: _counted,
    Kind.TOTAL: _totals,
    Kind.STOCK: _stock,
    Kind.NOUVEAUX: _never_seen,
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


def create_views(engine: DuckDBPyConnection, measures: Iterable[Measure], frame: Frame) -> None:
    """A view for each one that the measures name, on the staged rows of a deposit.

    raises  duckdb.Error when a table or a column of the contract is not there
    """
    for view, members in _by_view(measures):
        engine.execute(f"CREATE OR REPLACE VIEW {quoted(view)} AS {_select(engine, members, frame)}")


def measure_deposit(
    engine: DuckDBPyConnection, measures: Iterable[Measure], frame: Frame
) -> dict[Measure, float | None]:
    """The value of each measure on the staged rows of a deposit; None: too few rows, or no such table.

    Shares are percentages, medians are days since 1970, the rest are rows or what a column counts.
    """
    values: dict[Measure, float | None] = {}
    for _, members in _by_view(measures):
        figures = ", ".join(
            one.figure if one.champ is None else f"{one.figure}({quoted(one.champ)})" for one in members
        )
        if (frame.dossier / f"{members[0].table}.parquet").exists():
            row = engine.execute(f"SELECT {figures} FROM ({_select(engine, members, frame)})").fetchone() or ()
        else:
            row = (None,) * len(members)
        values |= dict(zip(members, (None if value is None else float(value) for value in row), strict=True))
    return values


def _by_view(measures: Iterable[Measure]) -> Iterator[tuple[str, list[Measure]]]:
    unique = sorted(dict.fromkeys(measures), key=lambda one: one.vue)
    for view, members in groupby(unique, key=lambda one: one.vue):
        yield view, list(members)


def _select(engine: DuckDBPyConnection, members: list[Measure], frame: Frame) -> str:
    first = members[0]
    source = f"read_parquet({literal(frame.dossier / f'{first.table}.parquet')})"
    fields = [f"{one.sql} AS {quoted(one.champ)}" for one in members if one.champ is not None]
    match first.lignes:
        case Rows.ALL:
            return f"SELECT {', '.join(['1 AS ligne', *fields])} FROM {source}"
        case Rows.PERIOD:
            return f"SELECT 1 AS ligne FROM {source} WHERE {_of_period(first, frame.periode)}"
        case Rows.TOTAL:
            return f"SELECT {', '.join(fields)} FROM {source} WHERE {_of_period(first, frame.periode)}"
        case Rows.DISTINCT:
            column, where = first.compte
            inner = (
                f"SELECT DISTINCT {quoted(column)} FROM {source} WHERE {_of_period(first, frame.periode)} AND {where}"
            )
            return f"SELECT 1 AS ligne FROM ({inner})"
        case Rows.ACTIVE:
            day = f"DATE '{frame.veille or frame.periode.fin}'"
            is_open = f"date_ouverture <= {day} AND (date_cloture IS NULL OR date_cloture > {day})"
            return f"SELECT 1 AS ligne FROM {source} WHERE {is_open}"
        case Rows.NEVER_SEEN:
            return _select_never_seen(engine, first, source, frame.anterieurs)


def _select_never_seen(engine: DuckDBPyConnection, measure: Measure, source: str, earlier: Iterable[Path]) -> str:
    """One row for each code that is in no earlier deposit that has the column; none when no earlier one has it."""
    column = quoted(measure.colonne or "")
    paths = [path for folder in earlier if (path := folder / f"{measure.table}.parquet").exists()]
    known = [path for path in paths if _has_column(engine, path, measure.colonne or "")]
    if not known:
        return f"SELECT 1 AS ligne FROM {source} WHERE false"
    seen = " UNION ALL ".join(f"SELECT {column} FROM read_parquet({literal(path)})" for path in known)
    new = f"SELECT {column} FROM {source} WHERE {column} IS NOT NULL EXCEPT ({seen})"
    return f"SELECT 1 AS ligne FROM ({new})"


def _has_column(engine: DuckDBPyConnection, path: Path, column: str) -> bool:
    return bool(scalar(engine, f"SELECT count(*) FROM parquet_schema({literal(path)}) WHERE name = {literal(column)}"))


def _of_period(measure: Measure, periode: Period) -> str:
    """The rows dated of the period: by a day, a month or a quarter."""
    column = measure.colonne or ""
    kind, _ = TABLES[measure.table].fields()[column]
    if isinstance(kind, MonthText):
        return f"{quoted(column)} BETWEEN '{periode.debut:%Y-%m}' AND '{periode.fin:%Y-%m}'"
    if isinstance(kind, QuarterText):
        first, last = Period.quarter_of(periode.debut), Period.quarter_of(periode.fin)
        return f"{quoted(column)} BETWEEN '{first}' AND '{last}'"
    return f"{quoted(column)} BETWEEN DATE '{periode.debut}' AND DATE '{periode.fin}'"
