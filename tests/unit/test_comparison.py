"""Intervals, funnel limits and dispersion against published tables and counts worked out by hand."""

from __future__ import annotations

import math

import pytest

from intercentre.indicators.comparison import Funnel, Group, Interval, dispersion, funnel, ratio_interval, wilson


@pytest.mark.parametrize(
    ("succes", "effectif", "bas", "haut"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_equals_the_table_of_newcombe(succes: int, effectif: int, bas: float, haut: float) -> None:
    """Newcombe, Statistics in Medicine 17 (1998), table I, method 3."""
    found = wilson(succes, effectif)
    assert (round(found.bas, 4), round(found.haut, 4)) == (bas, haut)


def test_wilson_of_a_full_share_mirrors_that_of_an_empty_one() -> None:
    assert wilson(20, 20).bas == pytest.approx(1 - wilson(0, 20).haut)
    assert wilson(20, 20).haut == 1


def test_wilson_limits_are_the_shares_whose_own_test_just_rejects() -> None:
    """The definition: at a limit L, |p - L| is 1.96 standard errors of L itself."""
    found = wilson(45, 120)
    for limit in (found.bas, found.haut):
        assert abs(45 / 120 - limit) / math.sqrt(limit * (1 - limit) / 120) == pytest.approx(1.959964, abs=1e-6)


def test_funnel_of_ten_units_around_one_half_by_hand() -> None:
    """Sums of binomial weights over 1024: 1, 11, 56, 176, 386, 638, 848, 968, 1013, 1023, 1024.

    2.5 % is 25.6: between 11 and 56, so (2 - (56 - 25.6) / 45) / 10. 0.1 % is 1.024: (1 - (11 - 1.024) / 10) / 10.
    """
    limits = funnel(0.5, 10)
    assert limits.a_95.bas == pytest.approx((2 - 30.4 / 45) / 10)
    assert limits.a_95.haut == pytest.approx((8 - (1013 - 998.4) / 45) / 10)
    assert limits.a_998.bas == pytest.approx((1 - 9.976 / 10) / 10)
    assert limits.a_998.haut == pytest.approx((9 - (1023 - 1022.976) / 10) / 10)


def test_a_funnel_of_many_units_is_that_of_the_normal_law() -> None:
    """At 100,000 units the exact limits and 0.3 ± z √(0.3 × 0.7 / n) differ by less than one unit."""
    limits = funnel(0.3, 100_000)
    error = math.sqrt(0.21 / 100_000)
    assert limits.a_95.bas == pytest.approx(0.3 - 1.959964 * error, abs=1.5e-5)
    assert limits.a_998.haut == pytest.approx(0.3 + 3.090232 * error, abs=1.5e-5)


def test_funnel_limits_of_a_rare_event_stay_at_zero() -> None:
    """0.01 of 30: nothing at all happens with probability 0.99^30 = 0.74, so no share is too low."""
    limits = funnel(0.01, 30)
    assert limits.a_95.bas == 0
    assert limits.position(0) == "dans"


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_where_nothing_varies_the_funnel_is_closed(share: float) -> None:
    assert funnel(share, 50) == Funnel(Interval(share, share), Interval(share, share))


def test_positions() -> None:
    limits = Funnel(Interval(0.4, 0.6), Interval(0.35, 0.65))
    assert [limits.position(share) for share in (0.4, 0.5, 0.62, 0.38, 0.66, 0.1)] == [
        "dans", "dans", "hors_95", "hors_95", "hors_998", "hors_998"
    ]  # fmt: skip


def test_dispersion_of_two_centres_by_hand() -> None:
    """40 and 60 of 100: common 0.5, weights 400; Q = 400 × 0.01 × 2 = 8; τ² = 7 / (800 - 320000 / 800) = 0.0175."""
    assert dispersion([Group(40, 100), Group(60, 100)]) == pytest.approx(math.sqrt(0.0175))


def test_dispersion_of_centres_of_different_sizes_by_hand() -> None:
    """20 of 50, 60 of 100, 100 of 150: common 180 / 300 = 0.6, p q = 0.24.

    Q = (50 × 0.04 + 0 + 150 × 0.0044444) / 0.24 = 2.6666667 / 0.24 = 11.1111; k - 1 = 2.
    Denominator: (300 - (2500 + 10000 + 22500) / 300) / 0.24 = 183.3333 / 0.24 = 763.8889. τ² = 9.1111 / 763.8889.
    """
    found = dispersion([Group(20, 50), Group(60, 100), Group(100, 150)])
    assert found == pytest.approx(math.sqrt(9.111111 / 763.888889), rel=1e-6)


def test_centres_that_differ_by_chance_alone_have_no_dispersion() -> None:
    assert dispersion([Group(50, 100), Group(52, 100), Group(48, 100)]) == 0


@pytest.mark.parametrize("groups", [[], [Group(3, 10)], [Group(0, 10), Group(0, 30)], [Group(10, 10), Group(5, 5)]])
def test_without_two_centres_or_without_variation_there_is_no_dispersion(groups: list[Group]) -> None:
    assert dispersion(groups) is None


def test_the_limits_of_a_ratio_are_those_of_the_share_over_the_expected_share() -> None:
    """81 of 263 observed, 100 expected: 263 × 0.2553 / 100 and 263 × 0.3662 / 100."""
    found = ratio_interval(81, 263, 100)
    assert found.bas == pytest.approx(0.6714, abs=2e-4)
    assert found.haut == pytest.approx(0.9631, abs=2e-4)
