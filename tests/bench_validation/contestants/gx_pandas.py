"""Great Expectations on pandas, completed to the same outputs: one suite, its failing lines asked for in full.

Native: values not null, in the set of codes, matching the pattern of identifiers. Days, years, old codes and row rules
are computed by pandas as true or false, and expected to be true. Completed: the text of the failing cells, the typed
rows.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import Any

os.environ["GX_ANALYTICS_ENABLED"] = "False"

import duckdb
import great_expectations as gx
import numpy as np
import pandas as pd
from great_expectations import expectations as gxe

from schemas.contract import EARLIEST_DATE, Code, Day, Identifier, Whole
from schemas.extracts.dossier import _UE_PLUS_OU_BELGE as UNION_OR_BELGIAN
from schemas.regimes import parameter_at, regimes
from tests.bench_validation.contestants.counts import CELLS, ROW_GROUP, ROWS, write_counts
from tests.bench_validation.contestants.python_rules import codes_of_column
from tests.bench_validation.table import BLANKS, COLUMNS, DATE_ETAT, RULES, SETS_ASIDE, TABLE, successors

_PARQUET = f"(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE {ROW_GROUP})"
_FORMAT = {
    "result_format": "COMPLETE",
    "unexpected_index_column_names": ["ligne"],
    "return_unexpected_index_query": False,
}


def judge(source: Path, out: Path) -> None:
    """`out` holds the three files."""
    raw = pd.read_csv(source, sep=";", dtype=str, keep_default_na=False, quoting=csv.QUOTE_NONE, encoding="utf-8")
    texts, values = _read(raw)
    checked = texts.add_prefix("t_")
    checked["ligne"] = np.arange(2, len(raw) + 2)
    for rule, holds in _computed(texts, values).items():
        checked["h_" + "_".join(rule)] = holds
    found = _failures(checked)
    found["brut"] = [raw.at[ligne - 2, column] for ligne, column in zip(found["ligne"], found["colonne"], strict=True)]
    typed = values.copy()
    typed.insert(0, "ligne", checked["ligne"])
    aside = found.loc[found["code"].isin(SETS_ASIDE), "ligne"]
    typed["retenue"] = ~typed["ligne"].isin(aside)
    dates = ", ".join(f"CAST({c} AS DATE) AS {c}" for c in COLUMNS if isinstance(TABLE.fields()[c][0], Day))
    with duckdb.connect() as connection:
        connection.register("typed", typed)
        connection.register("found", found)
        connection.execute(
            f"COPY (SELECT * REPLACE ({dates}, CAST(annee_naissance AS INTEGER) AS annee_naissance) FROM typed)"
            f" TO '{out / ROWS}' {_PARQUET}"
        )
        connection.execute(f"COPY (SELECT ligne, colonne, code, brut FROM found) TO '{out / CELLS}' {_PARQUET}")
    by_rule = found.groupby(["code", "colonne"]).size().to_dict() if len(found) else {}
    write_counts(out, len(typed), int(typed["retenue"].sum()), {rule: int(number) for rule, number in by_rule.items()})


def _failures(checked: pd.DataFrame) -> pd.DataFrame:
    """ligne, colonne, code."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_pandas("race").add_dataframe_asset("dossier")
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": checked})
    suite = gx.ExpectationSuite(name="dossier", expectations=[_expectation(code, column) for code, column in RULES])
    parts: list[tuple[int, str, str]] = []
    for result in batch.validate(suite, result_format=_FORMAT).results:
        if result.exception_info and any(each.get("raised_exception") for each in _exceptions(result.exception_info)):
            raise RuntimeError("an expectation was not evaluated")
        meta = result.expectation_config.meta
        places = result.result.get("unexpected_index_list") or []
        parts += [(place["ligne"], meta["colonne"], meta["code"]) for place in places]
    return pd.DataFrame(parts, columns=["ligne", "colonne", "code"])


def _exceptions(info: dict[str, Any]) -> list[dict[str, Any]]:
    return [info] if "raised_exception" in info else list(info.values())


def _expectation(code: str, column: str) -> Any:
    kind, _ = TABLE.fields()[column]
    meta = {"code": code, "colonne": column}
    if code == "CTR-001":
        return gxe.ExpectColumnValuesToNotBeNull(column=f"t_{column}", meta=meta)
    if code == kind.unreadable and isinstance(kind, Code):
        return gxe.ExpectColumnValuesToBeInSet(column=f"t_{column}", value_set=list(codes_of_column(column)), meta=meta)
    if code == kind.unreadable and isinstance(kind, Identifier):
        pattern = f"^[A-Za-z0-9_-]{{1,{kind.length}}}$"
        return gxe.ExpectColumnValuesToMatchRegex(column=f"t_{column}", regex=pattern, meta=meta)
    return gxe.ExpectColumnValuesToBeInSet(column=f"h_{code}_{column}", value_set=[True], meta=meta)


def _read(raw: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The texts trimmed, null when empty; the values, old codes not yet followed."""
    texts, values = {}, {}
    for column in COLUMNS:
        kind, _ = TABLE.fields()[column]
        text = raw[column].str.strip(BLANKS)
        text = text.where(text != "", None)
        texts[column] = text
        if isinstance(kind, Code):
            values[column] = text.where(text.isin(codes_of_column(column)), None)
        elif isinstance(kind, Identifier):
            matches = text.str.fullmatch(f"[A-Za-z0-9_-]{{1,{kind.length}}}").eq(True)
            values[column] = text.where(matches, None)
        elif isinstance(kind, Day):
            iso = pd.to_datetime(
                text.where(_matches(text, "[0-9]{4}-[0-9]{2}-[0-9]{2}")), format="%Y-%m-%d", errors="coerce"
            )
            turned = pd.to_datetime(
                text.where(_matches(text, "[0-9]{2}/[0-9]{2}/[0-9]{4}")), format="%d/%m/%Y", errors="coerce"
            )
            day = iso.fillna(turned)
            values[column] = day.where(day.between(pd.Timestamp(EARLIEST_DATE), pd.Timestamp(DATE_ETAT)))
        elif isinstance(kind, Whole):
            number = pd.to_numeric(text.where(_matches(text, "-?[0-9]{1,9}"))).astype("Float64").astype("Int64")
            values[column] = number.where(number.between(kind.lowest, kind.highest))
    return pd.DataFrame(texts), pd.DataFrame(values)


def _matches(text: pd.Series, pattern: str) -> pd.Series:
    return text.str.fullmatch(pattern).eq(True)


def _computed(texts: pd.DataFrame, values: pd.DataFrame) -> dict[tuple[str, str], pd.Series]:
    """(code, column) → true where a rule that pandas computes holds; old codes are followed in `values`."""
    holds: dict[tuple[str, str], pd.Series] = {}
    readable = {column: values[column].notna() for column in COLUMNS}
    for code, column in RULES:
        kind, _ = TABLE.fields()[column]
        if code == kind.unreadable and isinstance(kind, Day | Whole):
            holds[code, column] = readable[column] | texts[column].isna()
    for column in COLUMNS:
        old = successors(column)
        if old:
            kind, _ = TABLE.fields()[column]
            day = values[kind.at].fillna(pd.Timestamp(DATE_ETAT))
            last = pd.to_datetime(values[column].map({code: end for code, (end, _) in old.items()}))
            ended = last.lt(day)
            holds[kind.mapped, column] = ~ended
            values[column] = values[column].mask(ended, values[column].map({c: name for c, (_, name) in old.items()}))
    ready = {
        column: readable[column] | (texts[column].isna() if TABLE.optional(column) else False) for column in COLUMNS
    }
    places = dict(RULES)
    for rule in TABLE.rules():
        code = rule.finding.code
        all_ready = np.logical_and.reduce([ready[column] for column in rule.columns])
        holds[code, places[code]] = ~(_broken(code, values).fillna(False).astype(bool) & all_ready)
    return holds


def _broken(code: str, v: pd.DataFrame) -> pd.Series:
    opened, obliged = v["date_ouverture"], v["statut_public"].eq("OBLIGE")
    age = opened.dt.year - v["annee_naissance"]
    if code == "V14":
        return _matches(v["dossier_id"], "[0-9]{11}")
    if code == "V20":
        return v["date_cloture"].isna() != v["motif_cloture"].isna()
    if code == "V21":
        return v["date_cloture"] < opened
    if code == "V23":
        return (age < 0) | (age > 105)
    if code == "V24":
        return obliged & v["nationalite"].isin(UNION_OR_BELGIAN)
    if code == "V25":
        return obliged & (_end_of_newcomer(v) < opened)
    if code == "V27":
        return v["regime_juridique"].ne(_by_regime(opened, {entry.code: entry.code for entry in regimes()}))
    raise NotImplementedError(code)


def _by_regime(opened: pd.Series, facts: dict[str, Any]) -> pd.Series:
    found = pd.Series([None] * len(opened), index=opened.index, dtype=object)
    for entry in regimes():
        found = found.mask(opened.ge(pd.Timestamp(entry.valide_du)), facts[entry.code])
    return found


def _end_of_newcomer(v: pd.DataFrame) -> pd.Series:
    end = pd.Series(pd.NaT, index=v.index, dtype="datetime64[us]")
    for entry in regimes():
        months = parameter_at(entry.valide_du, "anciennete_max_mois")
        limit = pd.NaT if months is None else v["date_debut_sejour_legal"] + pd.DateOffset(months=months)
        end = end.mask(v["date_ouverture"].ge(pd.Timestamp(entry.valide_du)), limit)
    return end
