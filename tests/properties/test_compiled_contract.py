"""The compiled contract and its oracle, schemas.oracle.judge, say the same of any row."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from intercentre.validation.compile import compile_table
from intercentre.validation.delimited import on_one_line, read_delimited
from intercentre.validation.header import BLANKS
from intercentre.validation.workspace import Workspace, create_lists, load
from schemas.contract import Code, Day, Extract, FieldType, Identifier, Number, PeriodText, Whole, YesNo
from schemas.extracts import TABLES
from schemas.oracle import judge

DATE_ETAT = date(2026, 9, 30)

# What engines take for a number, a day or a yes, and a few things that people write.
ODD = (
    "3.7", "1e3", "1E3", "0x10", "1_000", "1,5", "1.239", "1,23", "+5", "-1", "-0", "00", "007", "1.", ".5",
    "1 000", "1\u00a0000", "１２", "٣", "²", "½", "NaN", "inf", "infinity", "-infinity", "epoch", "today", "NULL",
    "null", "None", "2001-1-5", "2001-01-5", "2023-02-29", "2024-02-29", "29/02/2023", "29/02/2024", "31/04/2026",
    "2026-09-30", "2026-10-01", "1990-01-01", "1989-12-31", "0000-00-00", "0000-01-01", "9999-12-31",
    "2046-09-01", "2046-09-02", "20260930", "2026/09/30", "30-09-2026", "30.09.2026", "2026-09-30 00:00:00",
    "2026-09-30T00:00:00", "-2026-09-30", "2026-09-30 (BC)", "０９/09/2026", "٠٩/09/2026", "30/09/26", "2026-T3",
    "2026-T5", "2026", "1899", "2100", "2026-t3", "true", "TRUE", "True", "t", "T", "yes", "y", "O", "o", "oui",
    "OUI", "OUİ", "ouı", "non", "N", "1", "0", "vrai", "Vrai", "faux", "falſe", "K", "\u212a", "a", "A", "A ",
    " A", "A1", "A1.1", "a1", "C", "D", "E+", "BEL", "bel", "Bel", "82003", "82005", "82039", "00000", "99999",
    "5000", "05000", "63023", "OBLIGE", "obligé", "12345678901", "１2345678901", "D 1", "D-1", "D_1", "é",
    "e\u0301", "D\u200b1", "D\u00ad1", "\ufeffD1", "D;1", 'D"1', "D'1", '"', '""', "'", "\\", "\\n", "%", "\x1f",
    "\x7f", "a" * 32, "a" * 33, "a" * 64, "a" * 65, "é" * 32, "?", "#", "-", "--", "=1+1", "@x", "<b>",
    "$date_etat", "999999999", "1000000000", "-999999999", "2147483647", "9" * 30, "0.001", "0.10", "100,00",
    "3000", "3000.01", "9999", "9999.99", "10000", "19.523", "1,234", "0,123", "-12 345", "12 345,5", "12 345,55",
    "1\u202f234", "1\u2009234\u00a0567", "1 234 567 890", "1  234", "0 123", "45000", "32873", "32874", "46295",
    "46296", "00000", "99999", "03/04/26", "3/4/2026", "3/04/2026", "03-04-26", "1.23E+11", "1,23E+11", "4711.0",
    "4711,0", "123E10", "+", "-x", "@a", "=a", "=", "+1", "+1,5", "\t=1", "-1.5", "\u2009a\u2009",
)  # fmt: skip


def _valid(kind: FieldType) -> st.SearchStrategy[str]:
    """Texts that the field admits, from a pool small enough for rows to meet their rules."""
    match kind:
        case Code():
            return st.sampled_from(list(kind.nomenclature.entries))
        case Day():
            days = st.dates(date(2014, 1, 1), date(2026, 12, 31))
            return days.map(date.isoformat) | days.map(lambda day: day.strftime("%d/%m/%Y"))
        case Whole():
            return st.integers(max(kind.lowest, 0), min(kind.highest, 2100)).map(str) | st.integers(1900, 2026).map(str)
        case Number():
            return st.decimals(0, min(kind.highest, 4000), places=1).map(str) | st.sampled_from(["0", "400", "60,5"])
        case PeriodText():
            return st.sampled_from(["2015", "2026-T3"])
        case YesNo():
            return st.sampled_from([*kind.yes, *kind.no])
        case Identifier():
            return st.from_regex(r"\A[A-Za-z0-9_-]{1,8}\Z") | st.from_regex(r"\A[0-9]{11}\Z")
    raise NotImplementedError(kind)


_TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=12)


def _cell(kind: FieldType) -> st.SearchStrategy[str]:
    blanks = st.text(BLANKS, max_size=2)
    often_valid = st.one_of(*[_valid(kind)] * 6, st.just(""), st.sampled_from(ODD), _TEXT)
    return st.builds(lambda before, text, after: before + text + after, blanks, often_valid, blanks) | often_valid


def rows_of(table: type[Extract]) -> st.SearchStrategy[list[list[str]]]:
    return st.lists(st.tuples(*(_cell(kind) for kind, _ in table.fields().values())).map(list), min_size=1, max_size=25)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    opened = Workspace.open(centre="CAI", date_etat=DATE_ETAT, scratch=tmp_path_factory.mktemp("travail"))
    create_lists(opened)
    yield opened
    opened.close()


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # rows are independent: the message holds the one at fault
)
@given(data=st.data())
def test_any_row_is_judged_as_the_oracle_does(workspace: Workspace, table: type[Extract], data: st.DataObject) -> None:
    _compare(workspace, table, data.draw(rows_of(table)))


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
def test_every_odd_text_in_every_field(workspace: Workspace, table: type[Extract]) -> None:
    """Each odd text stands once in each column, beside odd texts in the others."""
    width = len(table.fields())
    _compare(
        workspace, table, [[ODD[(line + 7 * column) % len(ODD)] for column in range(width)] for line in range(len(ODD))]
    )


def _compare(workspace: Workspace, table: type[Extract], rows: Sequence[Sequence[str]]) -> None:
    texts = [[on_one_line(cell).strip(BLANKS) for cell in row] for row in rows]
    raws = [dict(zip(table.fields(), cells, strict=True)) for cells in texts if any(cells)]
    found = _judged(workspace, table, rows)
    assert len(found) == len(raws)
    for raw, (findings, values) in zip(raws, found, strict=True):
        expected = judge(table, raw, DATE_ETAT)
        assert findings == expected.findings, raw
        assert values == expected.values, raw


def _judged(
    workspace: Workspace, table: type[Extract], rows: Sequence[Sequence[str]]
) -> list[tuple[frozenset[tuple[str, str]], dict[str, Any]]]:
    """What the compiled form says of these rows once they were written to a file and read back."""
    compiled = compile_table(table)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "table.csv"
        with source.open("w", encoding="utf-8", newline="") as stream:
            # an end of line of any kind must be quoted to stay in its cell; Python's writer thinks only of its own
            quoting = csv.QUOTE_ALL if any("\r" in cell for row in rows for cell in row) else csv.QUOTE_MINIMAL
            writer = csv.writer(stream, delimiter=";", lineterminator="\n", quoting=quoting)
            writer.writerows([list(table.fields()), *rows])
        raw = read_delimited(source, table, Path(folder) / "lignes.txt")
        workspace.run(f"DROP TABLE IF EXISTS {compiled.name}")
        load(workspace, table, raw)
    judged = workspace.run(f"SELECT constats, {', '.join(compiled.columns)} FROM {compiled.name} ORDER BY ligne")
    return [
        (frozenset(compiled.places[place] for place in places or ()), dict(zip(compiled.columns, values, strict=True)))
        for places, *values in judged
    ]
