"""The period: civil quarters and years, their bounds and their order."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from schemas.period import Period, PeriodError


@pytest.mark.parametrize(
    ("text", "first", "last", "label"),
    [
        ("2026-T1", date(2026, 1, 1), date(2026, 3, 31), "1er trimestre 2026 (2026-T1)"),
        ("2024-T2", date(2024, 4, 1), date(2024, 6, 30), "2e trimestre 2024 (2024-T2)"),
        ("2026-T3", date(2026, 7, 1), date(2026, 9, 30), "3e trimestre 2026 (2026-T3)"),
        ("2026-T4", date(2026, 10, 1), date(2026, 12, 31), "4e trimestre 2026 (2026-T4)"),
        ("2024", date(2024, 1, 1), date(2024, 12, 31), "année 2024"),
    ],
)
def test_bounds_and_label(text: str, first: date, last: date, label: str) -> None:
    period = Period.parse(text)
    assert (period.debut, period.fin, period.libelle, str(period)) == (first, last, label, text)


@pytest.mark.parametrize(
    "text", ["", "2026-T5", "2026-T0", "2026T3", "26-T3", " 2026-T3", "2026-T3\n", "1989", "2101", "٢٠٢٦-T3", "2026-t3"]
)
def test_anything_else_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(PeriodError) as caught:
        Period.parse(text)
    assert str(caught.value) == "Période attendue sous la forme 2026-T3 (trimestre) ou 2026 (année)."


def test_every_day_of_four_years_is_in_its_quarter_and_quarters_follow_one_another() -> None:
    day, seen = date(2023, 1, 1), []
    while day <= date(2026, 12, 31):
        period = Period.quarter_of(day)
        assert period.debut <= day <= period.fin
        if not seen or seen[-1] != period:
            seen.append(period)
        day += timedelta(days=1)
    assert len(seen) == 16
    assert seen == sorted(seen)
    for before, after in pairwise(seen):
        assert before.next() == after
        assert after.previous() == before
        assert before.fin + timedelta(days=1) == after.debut


def test_shift() -> None:
    assert Period(2026, 3).shift(-7) == Period(2024, 4)
    assert Period(2026, 3).shift(6) == Period(2028, 1)
    assert Period(2026).shift(-2) == Period(2024)
