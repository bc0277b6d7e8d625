"""What is expected of each person: the sentence, the date, the thing to click."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from intercentre.concertation import Place, RoundStatus
from intercentre.portal.accounts import Account, Role
from intercentre.portal.expectations import Expectation, expected_of
from intercentre.portal.shelf import Release
from intercentre.portal.state import CentreState
from schemas.exchanges.agreement import Opinion, RoundState
from schemas.period import Period
from tests.portal.test_state import fact

T3 = Period(2026, 3)
DUE = date(2026, 10, 30)
NOW = datetime(2026, 10, 12, 9, tzinfo=UTC)
CAI = Account("cai", Role.CENTRE, "CAI")
DISCRI = Account("discri", Role.DISCRI)


def asked(account: Account, *states: CentreState, rounds=(), releases=(), now=NOW) -> list[Expectation]:  # type: ignore[no-untyped-def]
    return expected_of(account, T3, DUE, states, rounds, releases, now)


def open_round(avis: Opinion | None, echeance: datetime = NOW + timedelta(days=10)) -> RoundStatus:
    place = Place("CAI", "CAI", avis, False, "", (), NOW if avis else None)
    return RoundStatus("2026-T3-tour-1", "2026-T3", "0" * 64, RoundState.OUVERT, NOW, echeance, 5, None, None, (place,))


@pytest.mark.parametrize(
    ("state", "ton", "words", "lien"),
    [
        (CentreState("CAI", "manquant"), "faire", "est attendu", "/depots/nouveau"),
        (CentreState("CAI", "reporte", fact(1, "accepte")), "faire", "est attendu", "/depots/nouveau"),
        (CentreState("CAI", "refuse", fact(1, "refuse")), "refus", "n'a pas été pris en compte", "/depots/CAI-1"),
        (CentreState("CAI", "recu", fact(1, "recu")), "info", "contrôle n'est pas terminé", "/depots/CAI-1"),
        (CentreState("CAI", "accepte_avec_quarantaine", fact(1, "accepte")), "faire", "lignes à corriger",
         "/depots/CAI-1"),
        (CentreState("CAI", "accepte", fact(1, "accepte")), "ok", "rien à faire", "/depots/CAI-1"),
    ],
)  # fmt: skip
def test_a_centre_is_told_one_thing_about_its_deposit(state: CentreState, ton: str, words: str, lien: str) -> None:
    told = asked(CAI, state)
    assert len(told) == 1
    assert (told[0].ton, told[0].lien) == (ton, lien)
    assert words in told[0].phrase


def test_before_the_deadline_its_date_is_given_and_afterwards_haste() -> None:
    before = asked(CAI, CentreState("CAI", "manquant"))[0]
    assert "avant le 30 octobre 2026" in before.suite
    late = asked(CAI, CentreState("CAI", "manquant"), now=NOW + timedelta(days=30))[0]
    assert "était attendu pour le 30 octobre 2026" in late.phrase
    assert "dès que possible" in late.suite


def test_a_vote_is_asked_for_until_it_is_cast_or_too_late() -> None:
    state = CentreState("CAI", "accepte", fact(1, "accepte"))
    told = asked(CAI, state, rounds=[open_round(None)])
    assert told[0].lien == "/concertation/2026-T3-tour-1"
    assert "22 octobre 2026" in told[0].suite
    assert len(asked(CAI, state, rounds=[open_round(Opinion.APPROUVE)])) == 1
    assert len(asked(CAI, state, rounds=[open_round(None, NOW - timedelta(days=1))])) == 1


def test_discri_is_told_who_is_missing() -> None:
    told = asked(DISCRI, CentreState("CAI", "accepte", fact(1, "accepte")), CentreState("CERAIC", "manquant"))
    assert told[0].phrase == "1 dépôt à recevoir ou à corriger, sur 2."
    assert told[0].suite == "Centres : CeRAIC. Échéance : 30 octobre 2026."


def test_discri_is_told_when_all_are_in() -> None:
    assert "rien à faire" in asked(DISCRI, CentreState("CAI", "accepte", fact(1, "accepte")))[0].phrase


def test_an_authority_is_led_to_the_last_release() -> None:
    autorite = Account("autorite", Role.AUTORITE)
    assert asked(autorite)[0].phrase == "Rien n'est attendu de vous."
    told = asked(autorite, releases=[Release("2026-T3.1", T3, NOW, ())])
    assert told[0].lien == "/publications#2026-T3.1"
