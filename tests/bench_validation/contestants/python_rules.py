"""The row rules of the race in plain Python over the values of one row; shared by the contestants that go row by row.

Written for speed: the regime of a day is looked up once, a code in a set.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from schemas.contract import Code, Day, Whole
from schemas.extracts.dossier import _UE_PLUS_OU_BELGE as UNION_OR_BELGIAN
from schemas.regimes import add_months, parameter_at, regime_at
from tests.bench_validation.contestants.counts import CELLS, ROW_GROUP, ROWS
from tests.bench_validation.table import COLUMNS, DATE_ETAT, RULES, SETS_ASIDE, TABLE, successors

Values = dict[str, Any]
Found = list[tuple[str, str]]

_regime = cache(regime_at)
_months = cache(lambda day: parameter_at(day, "anciennete_max_mois"))
_later = lru_cache(maxsize=100_000)(add_months)
_OLD = {column: successors(column) for column in COLUMNS if successors(column)}
_AT = {column: TABLE.fields()[column][0].at for column in _OLD}  # type: ignore[attr-defined]
_MAPPED = {column: TABLE.fields()[column][0].mapped for column in _OLD}  # type: ignore[attr-defined]
_READ_BY = {rule.finding.code: frozenset(rule.columns) for rule in TABLE.rules()}
_ON = {code: column for code, column in RULES if code in _READ_BY}


def follow(values: Values) -> Found:
    """Old codes in `values` are replaced by those in force; returns the findings."""
    found: Found = []
    for column, old in _OLD.items():
        ended = old.get(values[column])
        if ended and ended[0] < (values[_AT[column]] or DATE_ETAT):
            values[column] = ended[1]
            found.append((_MAPPED[column], column))
    return found


def broken_rules(values: Values, unreadable: frozenset[str] = frozenset()) -> Found:
    """The row rules that the row breaks; a rule that reads one of `unreadable` is silent."""
    return [
        (code, _ON[code])
        for code, is_broken in _RULES.items()
        if is_broken(values) and (not unreadable or unreadable.isdisjoint(_READ_BY[code]))
    ]


def _v14(v: Values) -> bool:
    text = v["dossier_id"]
    return text is not None and len(text) == 11 and text.isdigit()


def _v20(v: Values) -> bool:
    return (v["date_cloture"] is None) is not (v["motif_cloture"] is None)


def _v21(v: Values) -> bool:
    closed, opened = v["date_cloture"], v["date_ouverture"]
    return closed is not None and opened is not None and closed < opened


def _v23(v: Values) -> bool:
    born, opened = v["annee_naissance"], v["date_ouverture"]
    return born is not None and opened is not None and not 0 <= opened.year - born <= 105


def _v24(v: Values) -> bool:
    return v["statut_public"] == "OBLIGE" and v["nationalite"] in UNION_OR_BELGIAN


def _v25(v: Values) -> bool:
    start, opened = v["date_debut_sejour_legal"], v["date_ouverture"]
    if v["statut_public"] != "OBLIGE" or start is None or opened is None:
        return False
    months = _months(opened)
    return months is not None and _later(start, months) < opened


def _v27(v: Values) -> bool:
    opened = v["date_ouverture"]
    return opened is not None and v["regime_juridique"] != _regime(opened)


_RULES: Mapping[str, Callable[[Values], bool]] = {
    "V14": _v14, "V20": _v20, "V21": _v21, "V23": _v23, "V24": _v24, "V25": _v25, "V27": _v27,
}  # fmt: skip


def _typed_schema() -> dict[str, Any]:
    types: dict[str, Any] = {}
    for column, (kind, _) in TABLE.fields().items():
        types[column] = pl.Date if isinstance(kind, Day) else pl.Int32 if isinstance(kind, Whole) else pl.String
    return types


class Writer:
    """The typed rows and the failing cells, written a row group at a time so that memory stays flat."""

    def __init__(self, out: Path) -> None:
        self._out = out
        self._schema = {"ligne": pl.Int64, **_typed_schema(), "retenue": pl.Boolean}
        self._rows: list[Sequence[Any]] = []
        self._cells: list[tuple[int, str, str, str | None]] = []
        self._parts: list[tuple[Path, Path]] = []
        self.rows = self.kept = 0
        self.by_rule: dict[tuple[str, str], int] = {}

    def add(self, ligne: int, values: Sequence[Any], found: Found, brut: Mapping[str, str | None]) -> None:
        """One row; `found` is its (code, column) pairs."""
        retained = True
        for code, column in found:
            self._cells.append((ligne, column, code, brut[column]))
            self.by_rule[code, column] = self.by_rule.get((code, column), 0) + 1
            retained = retained and code not in SETS_ASIDE
        self._rows.append((ligne, *values, retained))
        self.rows += 1
        self.kept += retained
        if len(self._rows) == ROW_GROUP:
            self._flush()

    def close(self) -> None:
        """Both files are there; the parts are joined by a streaming plan."""
        self._flush()
        for place, name in enumerate((ROWS, CELLS)):
            parts = [part[place] for part in self._parts]
            pl.scan_parquet(parts).sink_parquet(
                self._out / name, compression="zstd", compression_level=1, row_group_size=ROW_GROUP, engine="streaming"
            )
            for part in parts:
                part.unlink()

    def _flush(self) -> None:
        if not self._rows and self._parts:
            return
        number = len(self._parts)
        part = (self._out / f"lignes-{number:04}.part", self._out / f"constats-{number:04}.part")
        pl.DataFrame(self._rows, schema=self._schema, orient="row").write_parquet(part[0], compression="lz4")
        cells = {"ligne": pl.Int64, "colonne": pl.String, "code": pl.String, "brut": pl.String}
        pl.DataFrame(self._cells, schema=cells, orient="row").write_parquet(part[1], compression="lz4")
        self._parts.append(part)
        self._rows, self._cells = [], []


def codes_of_column(column: str) -> tuple[str, ...]:
    """Every code that the column admits, the old ones included."""
    kind = TABLE.fields()[column][0]
    return tuple(kind.nomenclature.entries) if isinstance(kind, Code) else ()
