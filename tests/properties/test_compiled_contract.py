"""The compiled contract and its oracle, schemas.oracle.judge, say the same of any row."""

from __future__ import annotations

import csv
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from intercentre.validation.compile import SOURCE, compile_table
from intercentre.validation.delimited import on_one_line, read_delimited
from intercentre.validation.forms import Form, Forms, observe_forms
from intercentre.validation.header import BLANKS
from intercentre.validation.workspace import Workspace, create_lists, show_source
from intercentre.validation.workspace import judge as judge_records
from schemas.contract import (
    Code,
    CodeSet,
    Day,
    Denomination,
    Extract,
    FieldType,
    Identifier,
    MonthText,
    Number,
    PeriodText,
    Pseudonym,
    QuarterText,
    Whole,
    YesNo,
)
from schemas.correspondances import LocalCode, localised
from schemas.editions import CURRENT
from schemas.extracts import TABLES
from schemas.oracle import judge

DATE_ETAT = date(2026, 9, 30)
JUDGED = {**TABLES, "dossier_de_CRIPEL": localised(CURRENT, "CRIPEL", DATE_ETAT, simule=True).tables["dossier"]}

# What engines take for a number, a day or a yes, and a few things that people write.
ODD = (
    "3.7", "1e3", "1E3", "0x10", "1_000", "1,5", "1.239", "1,23", "+5", "-1", "-0", "00", "007", "1.", ".5",
    "1 000", "1\u00a0000", "１２", "٣", "²", "½", "NaN", "inf", "infinity", "-infinity", "epoch", "today", "NULL",
    "(null)", "\\N", " NULL", "1990.0", "1990,00", "2026-09-30 00:00:00.0", "#N/A", "#REF!",
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
        case LocalCode():
            return st.sampled_from([*kind.nomenclature.entries, *(local for local, _ in kind.local)])
        case Code() if kind.list_name in kind.in_any_case:
            return st.sampled_from([*kind.nomenclature.entries, "CeRAIC", "cric", "crıc"])
        case Code():
            return st.sampled_from(list(kind.nomenclature.entries))
        case CodeSet():
            codes = st.sampled_from(list(kind.nomenclature.entries))
            separators = st.sampled_from([" ", ", ", "|", " | ", ",", "  "])
            return st.builds(
                lambda held, between: between.join(held), st.lists(codes, min_size=1, max_size=4), separators
            )
        case MonthText():
            days = st.dates(date(1989, 12, 1), date(2026, 10, 31))
            layouts = st.sampled_from(["%Y-%m", "%Y-%m", "%Y-%m-01", "01/%m/%Y", "%m/%Y"])
            return st.builds(date.strftime, days, layouts)
        case QuarterText():
            return st.sampled_from(["1989-T4", "1990-T1", "2026-T3", "2026-T4", "2025-T1"])
        case Denomination():
            names = st.text(st.sampled_from("Aé Œ9'’&().,:/+°«»–-÷×@\n"), min_size=1, max_size=12)
            return names | st.sampled_from(["Langues et Rencontres asbl", "École n° 12", "1 000 visages", "A" * 121])
        case Day():
            days = st.dates(date(2014, 1, 1), date(2026, 12, 31)) | st.dates(date(1989, 12, 30), date(1997, 1, 1))
            layouts = st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%Y-%m-%d 00:00:00", "%d/%m/%Y 0:00"])
            return days.map(date.isoformat) | st.builds(date.strftime, days, layouts)
        case Whole():
            return st.integers(max(kind.lowest, 0), min(kind.highest, 2100)).map(str) | st.integers(1900, 2026).map(str)
        case Number():
            return st.decimals(0, min(kind.highest, 4000), places=1).map(str) | st.sampled_from(["0", "400", "60,5"])
        case PeriodText():
            return st.sampled_from(["2015", "2026-T3"])
        case YesNo():
            return st.sampled_from([*kind.yes, *kind.no])
        case Pseudonym():
            return st.from_regex(r"\Ap1[.][a-c]{1,3}[.][0-9a-f]{63,65}\Z") | st.sampled_from(["p1", "h1.a." + "0" * 64])
        case Identifier():
            return st.from_regex(r"\A[A-Za-z0-9_-]{1,8}\Z") | st.from_regex(r"\A[0-9]{11}\Z")
    raise NotImplementedError(kind)


# Signs that one engine takes for another, for nothing, for a digit or for the end of something.
SIGNS = (
    *"\t\x01\x1a\x1e\x1f\x7f\x85\xa0\xad\u0301\u034f\u061c\u200b\u200d\u200e\u200f\u2028\u2029\u202e\u2066\u2069\ufeff\ufffd",
    *"\"'`\u2019«;,|\\%_=+@<>&$#0٣१９½Ⅷ²𝟙\u212aİıſßﬁŒœÿ÷×😀\U000e0041-./: \n\r",
)

_TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=12)
_SIGNS = st.text(st.sampled_from([*SIGNS, *"aA1"]), min_size=1, max_size=6)
_NUMBERS = st.integers(-(10**30), 10**30).map(str) | st.decimals(allow_nan=True, places=3).map(str)
_LONG = st.builds(lambda text, times: text * times, _SIGNS, st.integers(20, 200))


def _cell(kind: FieldType) -> st.SearchStrategy[str]:
    blanks = st.text(BLANKS, max_size=2)
    spoiled = st.builds(
        lambda text, sign, at: text[:at] + sign + text[at:], _valid(kind), st.sampled_from(SIGNS), st.integers(0, 12)
    )
    odd = st.one_of(st.just(""), st.sampled_from(ODD), _TEXT, _SIGNS, _NUMBERS, _LONG, spoiled)
    often_valid = st.one_of(*[_valid(kind)] * 2, odd)
    return st.builds(lambda before, text, after: before + text + after, blanks, often_valid, blanks) | often_valid


_nul = st.builds(lambda before, after: f"{before}\0{after}", _TEXT, _TEXT)


def rows_of(table: type[Extract]) -> st.SearchStrategy[list[list[str]]]:
    return st.lists(st.tuples(*(_cell(kind) for kind, _ in table.fields().values())).map(list), min_size=1, max_size=25)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    opened = Workspace.open(centre="CAI", date_etat=DATE_ETAT, scratch=tmp_path_factory.mktemp("travail"))
    create_lists(opened, TABLES.values())
    yield opened
    opened.close()


@pytest.mark.parametrize("table", JUDGED.values(), ids=list(JUDGED))
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # rows are independent: the message holds the one at fault
)
@given(data=st.data())
def test_any_row_is_judged_as_the_oracle_does(workspace: Workspace, table: type[Extract], data: st.DataObject) -> None:
    compare_with_oracle(workspace, table, data.draw(rows_of(table)))


@pytest.mark.parametrize("table", JUDGED.values(), ids=list(JUDGED))
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.reuse, Phase.generate))
@given(data=st.data())
def test_any_text_is_judged_alike_whatever_wrote_it(
    workspace: Workspace, table: type[Extract], data: st.DataObject
) -> None:
    """No file in between: cells keep their NUL and their line ends, as a workbook's can."""
    cells = _nul | st.one_of(*[_cell(kind) for kind, _ in table.fields().values()])
    rows = data.draw(
        st.lists(st.lists(cells, min_size=len(table.fields()), max_size=len(table.fields())), min_size=1, max_size=12)
    )
    columns = list(table.fields())
    workspace.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE saisie (ligne BIGINT, {' VARCHAR, '.join(columns)} VARCHAR)"
    )
    marks = ", ".join(f"({line}, {', '.join('?' * len(columns))})" for line in range(len(rows)))
    workspace.connection.execute(f"INSERT INTO saisie VALUES {marks}", [cell for row in rows for cell in row])
    workspace.connection.execute(f"CREATE OR REPLACE TEMP VIEW {SOURCE} AS SELECT * FROM saisie")
    for raw, (findings, values) in zip(
        [{column: cell.strip(BLANKS) for column, cell in zip(columns, row, strict=True)} for row in rows],
        _read_and_judge(workspace, table, ()),
        strict=True,
    ):
        expected = judge(table, raw, DATE_ETAT)
        assert findings == expected.findings, raw
        assert values == expected.values, raw


@pytest.mark.parametrize("table", JUDGED.values(), ids=list(JUDGED))
def test_every_odd_text_in_every_field(workspace: Workspace, table: type[Extract]) -> None:
    """Each odd text stands once in each column, beside odd texts in the others."""
    width = len(table.fields())
    compare_with_oracle(
        workspace, table, [[ODD[(line + 7 * column) % len(ODD)] for column in range(width)] for line in range(len(ODD))]
    )


@pytest.mark.parametrize("digits", [0, 64])
def test_every_sign_in_an_identifier(workspace: Workspace, digits: int) -> None:
    """Read as a fingerprint or not: every sign of the first two planes' start, and what nearly is a fingerprint."""
    table = JUDGED["dossier"]
    whole = "0a" * 32
    texts = [whole, whole.upper(), whole[1:], f"{whole}0", f"{whole[1:]}g", f"{whole[1:]} ", "é" * 32, "\u0663" * 32]
    texts += [f"a{chr(sign)}b" for sign in (*range(1, 0x250), 0xFF10, 0x1D7D9) if chr(sign) not in "\n\r"]
    texts += [f"{whole[2:]}{chr(sign)}{chr(sign)}" for sign in range(0x21, 0x7F)]
    columns = list(table.fields())
    rows = [["" if column != "personne_ref" else text for column in columns] for text in texts]
    raws = [dict(zip(columns, row, strict=True)) for row in rows]
    found = _judged(workspace, table, rows, (("personne_ref", Form(fingerprint=digits)),))
    for raw, (findings, values) in zip(raws, found, strict=True):
        cells = {column: on_one_line(cell).strip(BLANKS) for column, cell in raw.items()}
        expected = judge(table, cells, DATE_ETAT)
        assert findings == expected.findings, raw
        assert values == expected.values, raw


def compare_with_oracle(workspace: Workspace, table: type[Extract], rows: Sequence[Sequence[str]]) -> None:
    texts = [[on_one_line(cell).strip(BLANKS) for cell in row] for row in rows]
    raws = [dict(zip(table.fields(), cells, strict=True)) for cells in texts if any(cells)]
    samples = [dict(zip(table.fields(), row, strict=True)) for row in rows]
    for forms in {(), observe_forms(table, samples), observe_forms(table, samples[:1])}:
        found = _judged(workspace, table, rows, forms)
        assert len(found) == len(raws)
        for raw, (findings, values) in zip(raws, found, strict=True):
            expected = judge(table, raw, DATE_ETAT)
            assert findings == expected.findings, raw
            assert values == expected.values, raw


def _judged(
    workspace: Workspace, table: type[Extract], rows: Sequence[Sequence[str]], forms: Forms
) -> list[tuple[frozenset[tuple[str, str]], dict[str, Any]]]:
    """What the compiled form says of these rows once they were written to a file and read back in these forms."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "table.csv"
        with source.open("w", encoding="utf-8", newline="") as stream:
            # an end of line of any kind must be quoted to stay in its cell; Python's writer thinks only of its own
            quoting = csv.QUOTE_ALL if any("\r" in cell for row in rows for cell in row) else csv.QUOTE_MINIMAL
            writer = csv.writer(stream, delimiter=";", lineterminator="\n", quoting=quoting)
            writer.writerows([list(table.fields()), *rows])
        raw = replace(read_delimited(source, table, Path(folder) / "lignes.txt"), forms=forms)
        show_source(workspace, table, raw)
        return _read_and_judge(workspace, table, forms)


def _read_and_judge(
    workspace: Workspace, table: type[Extract], forms: Forms
) -> list[tuple[frozenset[tuple[str, str]], dict[str, Any]]]:
    """(findings, values) of each record of `source`, in the order of the lines, by the compiled form."""
    compiled = compile_table(table, forms)
    workspace.run(f"DROP TABLE IF EXISTS {compiled.name}")
    workspace.run("DELETE FROM constats")
    workspace.run(f"CREATE OR REPLACE TABLE {compiled.read} AS {compiled.reading}")
    judge_records(workspace, compiled, shown="TABLE")
    found: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for ligne, code, column in workspace.run("SELECT ligne, code, colonne FROM constats"):
        found[ligne].add((code, column))
    rows = workspace.run(f"SELECT ligne, {', '.join(compiled.columns)} FROM {compiled.name} ORDER BY ligne")
    return [(frozenset(found[ligne]), dict(zip(compiled.columns, values, strict=True))) for ligne, *values in rows]
