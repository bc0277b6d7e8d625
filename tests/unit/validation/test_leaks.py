"""Personal data are recognised by their form and their check digits, and a column is judged on more than chance."""

from __future__ import annotations

import re
from random import Random

import pytest

from intercentre.validation.leaks import (
    SUSPECT,
    count_leaks,
    is_enterprise_number,
    is_iban,
    is_national_number,
    is_telephone,
)


# 850730033 mod 97 = 69 and 97 - 69 = 28; 2000125567 mod 97 = 20, hence 77; months 05 + 20 and 05 + 40 for BIS numbers
@pytest.mark.parametrize(
    "text", ["85073003328", "85.07.30-033.28", "85 07 30 033 28", "00012556777", "42.01.22.051-81"]
)
def test_national_numbers(text: str) -> None:
    assert is_national_number(text)
    assert re.search(SUSPECT, text)


# BIS numbers (month + 40, month + 20) and unknown days: 854730033 = 97 x 8811649 + 80, and so on
@pytest.mark.parametrize("text", ["85473003317", "85273003371", "85000003306"])
def test_bis_numbers_and_unknown_days(text: str) -> None:
    assert is_national_number(text)


@pytest.mark.parametrize(
    "text", ["85073003329", "85133003328", "85079903328", "8507300332", "850730033280", "8507300332A", "٨5073003328"]
)
def test_other_numbers(text: str) -> None:
    assert not is_national_number(text)


def test_few_random_numbers_pass_for_national_ones() -> None:
    rng = Random(1)
    passing = sum(is_national_number(f"{rng.randrange(10**11):011d}") for _ in range(20_000))
    assert 0 < passing < 200  # under 1 %, so random identifiers of eleven digits do not refuse a deposit


@pytest.mark.parametrize(
    "text",
    [
        "+32470123456",
        "+32 470 12 34 56",
        "0032 470/12.34.56",
        "0470/12.34.56",
        "0470 12 34 56",
        "0470 123 456",
        "081 22 33 44",
        "04/366.11.11",
        "+33 1 23 45 67 89",
    ],
)
def test_telephones(text: str) -> None:
    assert is_telephone(text)
    assert re.search(SUSPECT, text)


@pytest.mark.parametrize(
    "text",
    ["0400.000.086", "01.02.2026", "01/02/2026", "2026-09-30", "0470123456", "P-004711", "12 345", "01-2024-00123"],
)
def test_other_texts_are_no_telephones(text: str) -> None:
    assert not is_telephone(text)


@pytest.mark.parametrize(
    "text", ["BE68539007547034", "be68 5390 0754 7034", "FR1420041010050500013M02606", "GB29NWBK60161331926819"]
)
def test_bank_accounts(text: str) -> None:
    assert is_iban(text)
    assert re.search(SUSPECT, text)


@pytest.mark.parametrize("text", ["BE68539007547035", "BE6853900754703", "ZZ68539007547034", "AB12CDEF00112233"])
def test_other_texts_are_no_bank_accounts(text: str) -> None:
    assert not is_iban(text)


@pytest.mark.parametrize(
    ("text", "is_one"), [("0400000086", True), ("0400.000.086", True), ("0470123456", False), ("04000000861", False)]
)
def test_enterprise_numbers(text: str, is_one: bool) -> None:
    assert is_enterprise_number(text) is is_one


@pytest.mark.parametrize(
    ("suspects", "filled", "expected"),
    [
        ([("85073003328", 2)], 2, (0, 0)),
        ([("85073003328", 3)], 3, (3, 0)),
        ([("85073003328", 1), ("00012556777", 2)], 300, (3, 0)),
        ([("85073003328", 3)], 301, (0, 0)),
        ([("a@b.be", 1)], 100_000, (0, 1)),
        ([("0470123456", 2)], 2, (0, 0)),
        ([("0470123456", 3)], 3, (0, 3)),
        ([("0400000086", 50)], 50, (0, 0)),
        ([("12345678901234", 50)], 50, (0, 0)),
    ],
)
def test_a_column_is_judged_on_its_counts(
    suspects: list[tuple[str, int]], filled: int, expected: tuple[int, int]
) -> None:
    assert count_leaks(suspects, filled) == expected
