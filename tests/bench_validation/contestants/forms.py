"""The contract in Polars, shared by what runs on it: texts read, values within bounds, old codes followed, rules."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from operator import and_
from pathlib import Path

import polars as pl

from schemas.contract import EARLIEST_DATE, Code, Day, Identifier, Whole
from schemas.extracts.dossier import _UE_PLUS_OU_BELGE as UNION_OR_BELGIAN
from schemas.regimes import parameter_at, regime_at, regimes
from tests.bench_validation.contestants.counts import ROW_GROUP
from tests.bench_validation.table import BLANKS, COLUMNS, DATE_ETAT, ROW_RULES, RULES, SETS_ASIDE, TABLE, successors

ROW_COLUMNS = {rule.finding.code: rule.columns for rule in TABLE.rules()}
PARQUET = {"compression": "zstd", "compression_level": 1, "row_group_size": ROW_GROUP}


def scan(source: Path) -> pl.LazyFrame:
    """Every row as text, with its line."""
    return pl.scan_csv(
        source, separator=";", quote_char=None, infer_schema=False, row_index_name="ligne", row_index_offset=2
    )


def read(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Beside the texts: v_ the value, old codes followed; l_ the value before that, of the columns that have old codes.

    Nothing more is held: the trimmed texts are asked again where a rule needs them.
    """
    return (
        rows.with_columns(**{f"{'l' if successors(column) else 'v'}_{column}": _form(column) for column in COLUMNS})
        .with_columns(_within(column) for column in COLUMNS if isinstance(TABLE.fields()[column][0], Day | Whole))
        .with_columns(**{f"v_{column}": _followed(column) for column in COLUMNS if successors(column)})
    )


def typed() -> list[pl.Expr]:
    """The 24 typed columns."""
    return [pl.col(f"v_{column}").alias(column) for column in COLUMNS]


def broken() -> dict[tuple[str, str], pl.Expr]:
    """(code, column) → true where the rule is broken, over the columns that `read` gives."""
    by_rule = row_rules()
    return {(code, column): by_rule[code] if code in ROW_RULES else cell_rule(code, column) for code, column in RULES}


def cell_rule(code: str, column: str) -> pl.Expr:
    """True where the cell is empty and must not be, cannot be read, or holds an old code."""
    if code == "CTR-001":
        return is_empty(column)
    if code == TABLE.fields()[column][0].unreadable:
        return read_value(column).is_null() & ~is_empty(column)
    return (read_value(column) != pl.col(f"v_{column}")).fill_null(value=False)


def row_rules() -> dict[str, pl.Expr]:
    """Code → true where the row breaks the rule and every column that it reads could be read."""
    v = {column: pl.col(f"v_{column}") for column in COLUMNS}
    age = v["date_ouverture"].dt.year() - v["annee_naissance"]
    obliged = v["statut_public"] == "OBLIGE"
    predicates = {
        "V14": v["dossier_id"].str.contains(r"\A[0-9]{11}\z"),
        "V20": v["date_cloture"].is_null() != v["motif_cloture"].is_null(),
        "V21": v["date_cloture"] < v["date_ouverture"],
        "V23": ~age.is_between(0, 105),
        "V24": obliged & v["nationalite"].is_in(sorted(UNION_OR_BELGIAN)),
        "V25": obliged & (_end_of_newcomer() < v["date_ouverture"]),
        "V27": v["regime_juridique"].cast(pl.String) != _regime(),
    }
    return {code: (_readable(ROW_COLUMNS[code]) & broken).fill_null(value=False) for code, broken in predicates.items()}


def kept(flags: dict[tuple[str, str], pl.Expr]) -> pl.Expr:
    """False where the row has a finding that sets it aside."""
    return ~pl.any_horizontal([flag for (code, _), flag in flags.items() if code in SETS_ASIDE])


def cells(rows: pl.LazyFrame, flags: dict[tuple[str, str], pl.Expr]) -> pl.LazyFrame:
    """The failing cells of rows that have one: ligne, colonne, code, brut."""
    places = [pl.when(flag).then(pl.lit(place, pl.UInt8)) for place, flag in enumerate(flags.values())]
    position = {place: COLUMNS.index(column) for place, (_, column) in enumerate(flags)}
    found = rows.select(
        "ligne", place=pl.concat_list(places).list.drop_nulls(), bruts=pl.concat_list([pl.col(c) for c in COLUMNS])
    ).explode("place")
    return found.select(
        "ligne",
        colonne=pl.col("place").replace_strict({p: c for p, (_, c) in enumerate(flags)}, return_dtype=pl.String),
        code=pl.col("place").replace_strict({p: c for p, (c, _) in enumerate(flags)}, return_dtype=pl.String),
        brut=pl.col("bruts").list.get(pl.col("place").replace_strict(position, return_dtype=pl.UInt8)),
    )


def is_empty(column: str) -> pl.Expr:
    """True where nothing, or blanks alone, stand in the cell."""
    return (pl.col(column).str.strip_chars(BLANKS) == "").fill_null(value=True)


def read_value(column: str) -> pl.Expr:
    """The value before an old code is followed."""
    return pl.col(f"l_{column}" if successors(column) else f"v_{column}")


def _form(column: str) -> pl.Expr:
    """The value of a text that has the form; null otherwise."""
    kind, _ = TABLE.fields()[column]
    text = pl.col(column).str.strip_chars(BLANKS)
    if isinstance(kind, Identifier):
        return pl.when((text.str.len_chars() <= kind.length) & text.str.contains(r"\A[A-Za-z0-9_-]+\z")).then(text)
    if isinstance(kind, Code):
        return text.cast(pl.Enum(list(kind.nomenclature.entries)), strict=False)
    if isinstance(kind, Day):
        iso = text.str.contains(r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}\z")
        belgian = text.str.contains(r"\A[0-9]{2}/[0-9]{2}/[0-9]{4}\z")
        return pl.coalesce(
            pl.when(iso).then(text).str.to_date("%Y-%m-%d", strict=False),
            pl.when(belgian).then(text).str.to_date("%d/%m/%Y", strict=False),
        )
    if isinstance(kind, Whole):
        return pl.when(text.str.contains(r"\A-?[0-9]{1,9}\z")).then(text).cast(pl.Int32, strict=False)
    raise NotImplementedError(type(kind).__name__)


def _within(column: str) -> pl.Expr:
    """The value within the bounds of its field; a step of its own, so that Polars reads the text once."""
    kind, _ = TABLE.fields()[column]
    lowest, highest = (kind.lowest, kind.highest) if isinstance(kind, Whole) else (EARLIEST_DATE, DATE_ETAT)
    value = pl.col(f"v_{column}")
    return pl.when(value.is_between(lowest, highest)).then(value).alias(f"v_{column}")


def _followed(column: str) -> pl.Expr:
    """The code in force on the day of the row that replaced an old one."""
    value, old = read_value(column), successors(column)
    at = TABLE.fields()[column][0].at  # type: ignore[attr-defined]
    day = read_value(at).fill_null(DATE_ETAT)
    last = value.replace_strict({code: end for code, (end, _) in old.items()}, default=None, return_dtype=pl.Date)
    names = TABLE.fields()[column][0].nomenclature.entries  # type: ignore[attr-defined]
    follower = value.replace_strict(
        {code: name for code, (_, name) in old.items()}, default=None, return_dtype=pl.Enum(list(names))
    )
    return pl.when(last < day).then(follower).otherwise(value)


def _readable(columns: tuple[str, ...]) -> pl.Expr:
    return reduce(and_, _each_readable(columns))


def _each_readable(columns: tuple[str, ...]) -> Iterator[pl.Expr]:
    for column in columns:
        readable = read_value(column).is_not_null()
        yield readable | is_empty(column) if TABLE.optional(column) else readable


def _regime() -> pl.Expr:
    """The regime in force on the day of opening."""
    day, found = pl.col("v_date_ouverture"), pl.lit(None, pl.String)
    for entry in regimes():
        found = pl.when(day >= entry.valide_du).then(pl.lit(regime_at(entry.valide_du))).otherwise(found)
    return found


def _end_of_newcomer() -> pl.Expr:
    """The start of legal stay and the months that the regime of the opening allows."""
    day, end = pl.col("v_date_ouverture"), pl.lit(None, pl.Date)
    for entry in regimes():
        months = parameter_at(entry.valide_du, "anciennete_max_mois")
        limit = (
            pl.lit(None, pl.Date) if months is None else pl.col("v_date_debut_sejour_legal").dt.offset_by(f"{months}mo")
        )
        end = pl.when(day >= entry.valide_du).then(limit).otherwise(end)
    return end
