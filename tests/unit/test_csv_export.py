"""CSV for outside: exact numbers, RFC 4180, and no text that a spreadsheet would run."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from intercentre.core.csv_export import cell_text, decimal_text, neutral, write_csv


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (5.0, "5"),
        (0.0, "0"),
        (-2.5, "-2.5"),
        (0.1, "0.1"),
        (100 / 3, "33.333333333333336"),
        (0.00001, "0.00001"),
        (1e20, "100000000000000000000"),
        (1.5e-7, "0.00000015"),
        (352430.0, "352430"),
    ],
)
def test_numbers_are_the_shortest_decimal_that_reads_back(number: float, text: str) -> None:
    assert decimal_text(number) == text
    assert float(text) == number


@pytest.mark.parametrize("text", ["=1+1", "+32 81", "-cmd", "@SUM(A1)", "\t=1", "\r=1", "-", "=", "-1-1", "+", "-1e5x"])
def test_formulas_are_neutralised(text: str) -> None:
    assert neutral(text) == "'" + text


@pytest.mark.parametrize("text", ["-5", "+12", "-3,5", "-3.25", "", "I01", "65+", "<5", "a=b", "00-17", "'=1"])
def test_numbers_and_plain_text_stay(text: str) -> None:
    assert neutral(text) == text


def test_a_file_is_rfc_4180(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    write_csv(path, ("a", "b"), [("x,y", 'dit "oui"'), (None, 2.0), (date(2026, 10, 1), "=1\n2"), ("é", "fin")])
    expected = 'a,b\r\n"x,y","dit ""oui"""\r\n,2\r\n2026-10-01,"\'=1\n2"\r\né,fin\r\n'
    assert path.read_bytes() == expected.encode()


def test_other_cells() -> None:
    assert [cell_text(cell) for cell in (None, 3, 3.0, True)] == ["", "3", "3", "True"]
