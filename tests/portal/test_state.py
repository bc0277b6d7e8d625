"""Where a period stands, worked out by hand from lists of deposits."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from intercentre.core.hub import Hub
from intercentre.core.settings import Settings
from intercentre.portal.state import (
    CentreState,
    DepositFact,
    due_period,
    judge_centre,
    judge_tables,
    offered_periods,
)
from schemas.extracts import TABLES
from schemas.period import Period

T2, T3, T4 = Period(2026, 2), Period(2026, 3), Period(2026, 4)


def fact(numero: int, etat: str, periode: Period = T3, centre: str = "CAI", sequence: int = 0) -> DepositFact:
    at = datetime(2026, 10, numero, tzinfo=UTC)
    rank = (periode.fin, sequence, numero)
    return DepositFact(f"{centre}-{numero}", numero, centre, periode, etat, etat != "refuse", "api", rank, at)


@pytest.mark.parametrize(
    ("deposits", "etat", "counts"),
    [
        ([], "manquant", None),
        ([fact(1, "accepte")], "accepte", 1),
        ([fact(1, "refuse")], "refuse", 1),
        ([fact(1, "recu")], "recu", 1),
        ([fact(1, "accepte", T2)], "reporte", 1),
        ([fact(1, "accepte", T2), fact(2, "accepte_avec_quarantaine", T2)], "reporte", 2),
        ([fact(1, "refuse", T2)], "manquant", None),
        ([fact(1, "accepte", T4)], "manquant", None),
        ([fact(1, "accepte", T2), fact(2, "refuse")], "refuse", 2),
        ([fact(1, "accepte"), fact(2, "accepte_avec_quarantaine")], "accepte_avec_quarantaine", 2),
        ([fact(2, "accepte"), fact(1, "accepte_avec_quarantaine")], "accepte", 2),
        ([fact(1, "accepte"), fact(2, "refuse")], "accepte", 1),
        ([fact(1, "accepte", sequence=7), fact(2, "accepte_avec_quarantaine", sequence=6)], "accepte", 1),
        ([fact(1, "accepte", T3, "CRIC")], "manquant", None),
    ],
)
def test_the_last_accepted_deposit_counts_else_the_one_before(
    deposits: list[DepositFact], etat: str, counts: int | None
) -> None:
    state = judge_centre("CAI", T3, deposits)
    assert state.etat == etat
    assert (state.depot.numero if state.depot else None) == counts


def test_a_refused_correction_is_shown_beside_the_deposit_that_stays() -> None:
    state = judge_centre("CAI", T3, [fact(1, "accepte"), fact(2, "refuse")])
    assert state.is_in
    assert state.suivant is not None
    assert state.suivant.numero == 2


def test_tables_of_an_accepted_deposit_are_told_apart() -> None:
    state = CentreState("CAI", "accepte_avec_quarantaine", fact(1, "accepte_avec_quarantaine"))
    tables = judge_tables(state, {"dossier": 3, "convention": 0})
    assert list(tables) == list(TABLES)
    assert tables["dossier"] == "accepte_avec_quarantaine"
    assert tables["convention"] == "accepte"
    assert tables["transfert"] == "non_fournie"


@pytest.mark.parametrize("etat", ["refuse", "reporte", "manquant", "recu"])
def test_tables_of_what_is_not_in_share_its_state(etat: str) -> None:
    assert set(judge_tables(CentreState("CAI", etat), {}).values()) == {etat}


def test_periods_offered_are_those_that_are_over_the_latest_first() -> None:
    offered = offered_periods(date(2026, 10, 12))
    assert [str(period) for period in offered[:3]] == ["2026-T3", "2026-T2", "2026-T1"]
    assert "2026-T4" not in map(str, offered)
    assert "2026" not in map(str, offered)
    assert {"2025", "2024"} <= set(map(str, offered))


def test_the_quarter_changes_at_midnight_in_belgium(tmp_path: Path) -> None:
    """Half past midnight on 1 January in Brussels is still December in UTC."""
    new_year = Hub(Settings(home=tmp_path), now=lambda: datetime(2026, 12, 31, 23, 30, tzinfo=UTC))
    assert (new_year.today(), due_period(new_year)) == (date(2027, 1, 1), T4)
