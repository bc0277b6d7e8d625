"""What validation takes for granted of the contract, the rules and the lists; and what each type of field admits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import schemas.rules
from intercentre.validation.compile import compile_table
from intercentre.validation.expressions import read_sql, reason_sql, within_sql
from intercentre.validation.header import BLANKS
from intercentre.validation.workspace import Workspace, create_lists
from schemas.contract import (
    Code,
    Coded,
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
    UnreadableError,
    Whole,
    YesNo,
)
from schemas.extracts import TABLES
from schemas.findings import Scope, Severity
from schemas.nomenclatures import nomenclature
from schemas.rules import catalogue
from schemas.rules.between_centres import BETWEEN_CENTRES
from schemas.rules.cross_table import CROSS_TABLE_RULES, PRECEDENT_PREFIX, CrossTableRule

DATE_ETAT = date(2026, 9, 30)
FIELDS = [
    pytest.param(table, column, id=f"{name}.{column}") for name, table in TABLES.items() for column in table.fields()
]

# Type of field, text, value (None: refused). Every line was decided by hand from the contract's own words.
READINGS: list[tuple[FieldType, str, Any]] = [
    (Identifier(), "D-12_a", "D-12_a"),
    (Identifier(), "a" * 32, "a" * 32),
    (Identifier(), "a" * 33, None),
    (Identifier(64), "a" * 64, "a" * 64),
    (Identifier(), "é", None),
    (Identifier(), "１２", None),
    (Identifier(), "D 1", None),
    (Identifier(), "D;1", None),
    (Identifier(), "-D1", "-D1"),
    (Identifier(), "+D1", None),
    (Identifier(), "_D-", "_D-"),
    (Identifier(), "1E5", "1E5"),
    (Pseudonym(), "p1.2026-a." + "0f" * 32, "p1.2026-a." + "0f" * 32),
    (Pseudonym(), "p1." + "k" * 16 + "." + "0" * 64, "p1." + "k" * 16 + "." + "0" * 64),
    (Pseudonym(), "p1." + "k" * 17 + "." + "0" * 64, None),
    (Pseudonym(), "p1.." + "0" * 64, None),
    (Pseudonym(), "p1.2026." + "0F" * 32, None),
    (Pseudonym(), "p1.2026." + "0" * 63, None),
    (Pseudonym(), "p1.2026." + "0" * 65, None),
    (Pseudonym(), "p2.2026." + "0" * 64, None),
    (Pseudonym(), "P-1", None),
    (Identifier(), "1.23E+11", None),
    (Whole(), "3", 3),
    (Whole(), "007", 7),
    (Whole(), "-0", 0),
    (Whole(), "-1", None),
    (Whole(-5, 5), "-5", -5),
    (Whole(1, 9), "10", None),
    (Whole(), "3.7", None),
    (Whole(), "3,0", 3),
    (Whole(), "1990.0", 1990),
    (Whole(), "1990.00", 1990),
    (Whole(), "1990.000", None),
    (Whole(), "1990.", None),
    (Whole(), "1990.01", None),
    (Whole(), "1 990.0", None),
    (Whole(1, 9), "10.0", None),
    (Whole(), "1e3", None),
    (Whole(), "0x10", None),
    (Whole(), "1_000", None),
    (Whole(), "1 000", 1000),
    (Whole(), "1\u202f000", 1000),
    (Whole(), "-12\u00a0345\u2009678", None),
    (Whole(-999_999_999), "-12\u00a0345\u2009678", -12345678),
    (Whole(), "1 0000", None),
    (Whole(), "0 100", None),
    (Whole(), "10 00", None),
    (Whole(), "1  000", None),
    (Whole(), "1 000 000 000", None),
    (Whole(), "1.000", None),
    (Whole(), "+5", None),
    (Whole(), "１２", None),
    (Whole(), "٣", None),
    (Whole(), "1000000000", None),
    (Number(), "12.5", Decimal("12.50")),
    (Number(), "12,5", Decimal("12.50")),
    (Number(), "12", Decimal("12.00")),
    (Number(), "0,05", Decimal("0.05")),
    (Number(), "1.239", None),
    (Number(), "12 345,5", Decimal("12345.50")),
    (Number(), "12\u202f345.5", Decimal("12345.50")),
    (Number(), "12\u2009345", Decimal("12345.00")),
    (Number(), "1 234,567", None),
    (Number(), "12 34,5", None),
    (Number(), "12,345.5", None),
    (Number(), "0 345,5", None),
    (Number(0, 9_999), "12 345,5", None),
    (Number(), "1.", None),
    (Number(), ".5", None),
    (Number(), "1e3", None),
    (Number(), "1.234,5", None),
    (Number(), "infinity", None),
    (Number(), "NaN", None),
    (Number(0, 10), "10,01", None),
    (Number(-5, 5), "-4,5", Decimal("-4.50")),
    (Day(), "2026-09-30", date(2026, 9, 30)),
    (Day(), "30/09/2026", date(2026, 9, 30)),
    (Day(), "03/02/2026", date(2026, 2, 3)),
    (Day(), "1990-01-01", date(1990, 1, 1)),
    (Day(), "1989-12-31", None),
    (Day(), "2026-10-01", None),
    (Day(future=True), "2026-10-01", date(2026, 10, 1)),
    (Day(future=True), "2046-09-01", date(2046, 9, 1)),
    (Day(future=True), "2046-09-02", None),
    (Day(), "2024-02-29", date(2024, 2, 29)),
    (Day(), "2023-02-29", None),
    (Day(), "29/02/2023", None),
    (Day(), "2001-1-5", None),
    (Day(), "5/1/2001", None),
    (Day(), "2026-09-30 00:00:00", date(2026, 9, 30)),
    (Day(), "2026-09-30T00:00:00.000", date(2026, 9, 30)),
    (Day(), "30/09/2026 0:00", date(2026, 9, 30)),
    (Day(), "2026-09-30 00:00:01", None),
    (Day(), "2026-09-30 12:00:00", None),
    (Day(), "2026-09-30  00:00:00", None),
    (Day(), "2026-09-30 00:00:00Z", None),
    (Day(), "2026-02-30 00:00:00", None),
    (Day(), "2026-10-01 00:00:00", None),
    (Day(), "46295 00:00:00", None),
    (Day(), "30-09-2026", date(2026, 9, 30)),
    (Day(), "03-02-2026 00:00:00", date(2026, 2, 3)),
    (Day(), "31-04-2026", None),
    (Day(), "30-09/2026", None),
    (Day(), "30.09.2026", None),
    (Day(), "20260930", None),
    (Day(), "46295", date(2026, 9, 30)),  # 46 295 days after 30 December 1899: 126 years, 31 leap days, 274 days
    (Day(), "46296", None),
    (Day(future=True), "46296", date(2026, 10, 1)),
    (Day(), "32874", date(1990, 1, 1)),
    (Day(), "32873", None),
    (Day(), "00000", None),
    (Day(), "99999", None),
    (Day(), "46295.5", None),
    (Day(), "03/04/26", None),
    (Day(), "3/04/2026", None),
    (Day(), "epoch", None),
    (Day(), "infinity", None),
    (Day(), "today", None),
    (Day(), "0000-01-01", None),
    (Day(), "２０２６-09-30", None),
    (PeriodText(), "2015", "2015"),
    (PeriodText(), "2026-T3", "2026-T3"),
    (PeriodText(), "2026-T5", None),
    (PeriodText(), "2026-t3", None),
    (PeriodText(), "2115", None),
    (MonthText(), "2026-07", "2026-07"),
    (MonthText(), "2026-07-01", "2026-07"),
    (MonthText(), "01/07/2026", "2026-07"),
    (MonthText(), "07/2026", "2026-07"),
    (MonthText(), "1990-01", "1990-01"),
    (MonthText(), "2026-09", "2026-09"),
    (MonthText(), "1989-12", None),
    (MonthText(), "2026-10", None),
    (MonthText(), "2026-13", None),
    (MonthText(), "2026-7", None),
    (MonthText(), "2026-07-02", None),
    (MonthText(), "02/07/2026", None),
    (MonthText(), "13/2026", None),
    (MonthText(), "juil-26", None),
    (MonthText(), "２０２６-07", None),
    (QuarterText(), "2026-T3", "2026-T3"),
    (QuarterText(), "1990-T1", "1990-T1"),
    (QuarterText(), "1989-T4", None),
    (QuarterText(), "2026-T4", None),
    (QuarterText(), "2026-T0", None),
    (QuarterText(), "2026-T5", None),
    (QuarterText(), "T3 2026", None),
    (QuarterText(), "2026", None),
    (CodeSet("axe"), "FLE", "FLE"),
    (CodeSet("axe"), "CITOYENNETE FLE", "FLE CITOYENNETE"),
    (CodeSet("axe"), "JURIDIQUE|ISP,ALPHA", "ALPHA ISP JURIDIQUE"),
    (CodeSet("axe"), "ISP , ALPHA", "ALPHA ISP"),
    (CodeSet("axe"), "ISP   ALPHA", "ALPHA ISP"),
    (CodeSet("axe"), "FLE FLE", None),
    (CodeSet("axe"), "FLE fle", None),
    (CodeSet("axe"), "FLE, ", None),
    (CodeSet("axe"), "FLE,,ISP", None),
    (CodeSet("axe"), "|FLE", None),
    (CodeSet("axe"), "FLE;ISP", None),
    (CodeSet("axe"), "FLE\u00a0ISP", None),
    (CodeSet("commune"), "92094 91034", "91034 92094"),
    (CodeSet("commune"), "92094 5000", None),
    (Denomination(), "Langues et Rencontres asbl", "Langues et Rencontres asbl"),
    (Denomination(), "L'Œuvre d'Élie (1905), n° 1", "L'Œuvre d'Élie (1905), n° 1"),
    (Denomination(), "L'Œuvre d'Élie (1905), n° 12", None),
    (Denomination(), "3 visages", "3 visages"),
    (Denomination(), "É" * 120, "É" * 120),
    (Denomination(), "É" * 121, None),
    (Denomination(), '"Le Pont" ASBL', None),
    (Denomination(), "12345", None),
    (Denomination(), "081 73 71 76", None),
    (Denomination(), "Asbl, tél. 081/73.71.76", None),
    (Denomination(), "info@asbl.be", None),
    (Denomination(), "=SOMME(A1)", None),
    (Denomination(), "-asbl", None),
    (Denomination(), "+asbl", None),
    (Denomination(), "Asbl \u202eabc", None),
    (Denomination(), "Asbl\u200b", None),
    (Denomination(), "Asbl\tX", None),
    (Denomination(), "Асбл", None),
    (Denomination(), "<b>asbl</b>", None),
    (YesNo(), "true", True),
    (YesNo(), "O", True),
    (YesNo(), "OUI", True),
    (YesNo(), "Vrai", True),
    (YesNo(), "1", True),
    (YesNo(), "False", False),
    (YesNo(), "n", False),
    (YesNo(), "Non", False),
    (YesNo(), "0", False),
    (YesNo(), "OUİ", None),
    (YesNo(), "t", True),
    (YesNo(), "F", False),
    (YesNo(), "yes", None),
    (YesNo(), "2", None),
    (Code("sexe"), "F", "F"),
    (Code("sexe"), "f", None),
    (Code("centre"), "CERAIC", "CERAIC"),
    (Code("centre"), "CeRAIC", "CERAIC"),
    (Code("centre"), "crıc", None),
    (Code("centre"), "CeRAIQ", None),
    (Code("sexe"), "H", None),
    (Code("titre"), "C", "C"),
    (Code("titre"), "F+", "F+"),
    (Code("pays"), "bel", None),
]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    opened = Workspace.open(centre="CAI", date_etat=DATE_ETAT, scratch=tmp_path_factory.mktemp("travail"))
    create_lists(opened, TABLES.values())
    yield opened
    opened.close()


def _compiled(workspace: Workspace, kind: FieldType, text: str) -> Any:
    workspace.connection.execute("CREATE OR REPLACE TEMP TABLE essai (texte VARCHAR)")
    workspace.connection.execute("INSERT INTO essai VALUES (?)", [text])
    ((value,),) = workspace.run(
        f"SELECT {within_sql(kind, 'forme')} FROM (SELECT {read_sql(kind, 'texte')} AS forme FROM essai)"
    )
    return value


def _oracle(kind: FieldType, text: str) -> Any:
    try:
        return kind.read(text, DATE_ETAT)
    except UnreadableError:
        return None


@pytest.mark.parametrize(("kind", "text", "value"), READINGS)
def test_a_type_of_field_admits_what_it_says(workspace: Workspace, kind: FieldType, text: str, value: Any) -> None:
    assert _compiled(workspace, kind, text) == value
    assert _oracle(kind, text) == value
    assert type(_compiled(workspace, kind, text)) is type(value)


# Type of field, unreadable text, code that says why; by hand, as above.
REFUSALS: list[tuple[FieldType, str, str]] = [
    (Number(), "19.523", "CTR-009"),
    (Number(), "1,234", "CTR-009"),
    (Number(), "-999,000", "CTR-009"),
    (Number(), "0,123", "CTR-004"),
    (Number(), "1.234,5", "CTR-004"),
    (Number(), "1234,567", "CTR-004"),
    (Number(), "-5", "CTR-004"),
    (Number(), "+5", "CTR-004"),
    (Number(), "=1+1", "V14b"),
    (Whole(), "12.345", "CTR-009"),
    (Whole(), "3.7", "CTR-003"),
    (Whole(), "-1", "CTR-003"),
    (Whole(), "-", "CTR-003"),
    (Whole(), "---", "CTR-003"),
    (Whole(), "--x", "V14b"),
    (Whole(), "@SOMME(A1)", "V14b"),
    (Identifier(), "1,23E+11", "CTR-010"),
    (Identifier(), "1.23457E+17", "CTR-010"),
    (Identifier(), "4711.0", "CTR-010"),
    (Identifier(), "4711,00", "CTR-010"),
    (Identifier(), "4711.5", "CTR-002"),
    (Identifier(), "D 1", "CTR-002"),
    (Identifier(), "+D1", "V14b"),
    (Identifier(), "-5,5", "CTR-002"),
    (Identifier(), "-D 1", "V14b"),
    (Identifier(), "=cmd|'/c calc'!A1", "V14b"),
    (Day(), "03/04/26", "V18-A"),
    (Day(), "30-09-26", "V18-A"),
    (Day(), "3/4/2026", "V18-A"),
    (Day(), "3/04/2026", "V18-A"),
    (Day(), "03.4.2026", "V18-A"),
    (Day(), "31-04-2026", "V18"),
    (Day(), "2026-09-30 12:00:00", "V18"),
    (Day(), "31/04/2026", "V18"),
    (Day(), "2026-1-5", "V18"),
    (Day(), "99999", "V18"),
    (Day(), "=AUJOURDHUI()", "V14b"),
    (Day(), "#N/A", "CTR-026"),
    (Number(), "#DIV/0!", "CTR-026"),
    (Identifier(), "#REF!", "CTR-026"),
    (Identifier(), "#12", "CTR-002"),
    (YesNo(), "#VALEUR!", "CTR-026"),
    (Denomination(), "#NOM?", "CTR-026"),
    (Denomination(), "# Le Pont!", "CTR-023"),
    (Code("sexe"), "#NULL!", "CTR-026"),
    (Code("sexe"), "H", "V15"),
    (Code("sexe"), "+F", "V14b"),
    (YesNo(), "-oui", "V14b"),
    (PeriodText(), "@2026", "V14b"),
]


@pytest.mark.parametrize(("kind", "text", "code"), REFUSALS)
def test_an_unreadable_text_is_refused_for_its_own_reason(
    workspace: Workspace, kind: FieldType, text: str, code: str
) -> None:
    codes = {reason: f"'{reason}'" for reason, _ in kind.reasons}
    workspace.connection.execute("CREATE OR REPLACE TEMP TABLE essai (texte VARCHAR)")
    workspace.connection.execute("INSERT INTO essai VALUES (?)", [text])
    assert workspace.run(f"SELECT {reason_sql(kind, 'texte', codes)} FROM essai") == [(code,)]
    with pytest.raises(UnreadableError) as refused:
        kind.read(text, DATE_ETAT)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "code", ["CTR-002", "CTR-003", "CTR-004", "CTR-009", "CTR-010", "CTR-026", "V14b", "V18", "V18-A"]
)
def test_every_reason_has_a_refusal(code: str) -> None:
    assert code in {reason for _, _, reason in REFUSALS}


def test_every_type_of_field_has_readings_that_pass_and_that_fail() -> None:
    for kind in {type(kind) for table in TABLES.values() for kind, _ in table.fields().values()}:
        values = [value is None for each, _, value in READINGS if type(each) is kind]
        assert True in values
        assert False in values


@pytest.mark.parametrize("sign", [f"D{sign}1" for sign in "\x1a\x1e"])
@pytest.mark.parametrize(("table", "column"), FIELDS)
def test_no_field_reads_what_stands_for_something_else(
    workspace: Workspace, table: type[Extract], column: str, sign: str
) -> None:
    """The sign between the texts that a row keeps, and what stands for it in a text."""
    kind, _ = table.fields()[column]
    assert _compiled(workspace, kind, sign) is None
    assert _oracle(kind, sign) is None


@pytest.mark.parametrize(("table", "column"), FIELDS)
def test_every_finding_of_a_field_is_in_the_catalogue(table: type[Extract], column: str) -> None:
    codes = set(compile_table(table).codes(column))
    assert codes <= set(catalogue())
    assert codes & {code for code, entry in catalogue().items() if entry.severity is Severity.A_CORRIGER}


def test_no_code_holds_a_space_or_a_line_end() -> None:
    """A line end in a cell is read as a space: it must never make a code of what is none."""
    for table in TABLES.values():
        for kind, _ in table.fields().values():
            if isinstance(kind, Coded):
                assert not [code for code in nomenclature(kind.list_name).entries if set(code) & set(BLANKS)]


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
def test_keys_references_and_rules_name_columns_that_exist(table: type[Extract]) -> None:
    columns = set(table.fields())
    assert set(table.contrat.key) <= columns
    for reference in table.contrat.references:
        assert set(reference.columns) <= columns
        assert set(reference.target) == set(TABLES[reference.table].contrat.key)
    for rule in table.rules():
        assert set(rule.columns) <= columns


def test_column_names_need_no_quoting_in_the_rules() -> None:
    for table in TABLES.values():
        assert all(re.fullmatch("[a-z][a-z0-9_]*", column) for column in table.fields())


@pytest.mark.parametrize("rule", CROSS_TABLE_RULES, ids=lambda rule: rule.finding.code)
def test_a_rule_file_is_one_select_that_says_what_it_reads(rule: CrossTableRule) -> None:
    body = re.sub(r"--.*", "", rule.sql)
    read = set(re.findall(r"\b(?:FROM|JOIN)\s+([a-z_]+)", body)) - set(re.findall(r"([a-z_]+) AS \(", body))
    assert set(rule.tables) == read
    data = {name for name in rule.tables if not name.startswith("ref_")}
    assert {name.removeprefix(PRECEDENT_PREFIX) for name in data} <= set(TABLES)
    assert ";" not in body
    assert re.search(r"(SELECT|,)\s*\*|\.\*", body) is None
    assert re.match(r"\s*(WITH|SELECT)\b", body)
    assert rule.finding.scope in ({Scope.LIGNE, Scope.TABLE} if rule.precedent else {Scope.LIGNE})
    known = {"date_etat", "centre", *({"debut_historique"} if rule.precedent else ())}
    assert set(re.findall(r"\$(\w+)", body)) <= known


def test_there_is_no_rule_file_that_is_not_read() -> None:
    folder = Path(schemas.rules.__file__).parent
    read = [rule.finding.code for rule in (*CROSS_TABLE_RULES, *BETWEEN_CENTRES)]
    assert sorted(path.stem for path in folder.glob("*.sql")) == sorted(read)
