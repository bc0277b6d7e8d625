"""The rule of eight equals, case by case: what a reader of docs/decisions/0020 expects."""

from __future__ import annotations

import pytest

from intercentre.concertation import decide
from schemas.exchanges.agreement import RoundState, Vote

CENTRES = ("CAI", "CERAIC", "CIMB", "CRIBW", "CRIC", "CRILUX", "CRIPEL", "CRVI")
WORDS = {"A": "approuve", "R": "reserve", "O": "oppose"}


def votes(letters: str) -> dict[str, Vote]:
    """One letter a centre, in the order of CENTRES; a dot is silence."""
    return {
        centre: Vote(avis=WORDS[letter], motif="" if letter == "A" else "Motif.")
        for centre, letter in zip(CENTRES, letters, strict=True)
        if letter != "."
    }


@pytest.mark.parametrize(
    ("letters", "is_due", "expected"),
    [
        ("........", False, "ouvert"),
        ("AAAAAAA.", False, "ouvert"),  # seven of eight: the eighth still has its say
        ("OOOOOOO.", False, "ouvert"),  # a centre may change its mind until the end
        ("AAAAAAAA", False, "accorde"),
        ("RRRRRRRR", False, "accorde"),  # reservations are printed, they do not block
        ("AAAAAAOO", False, "accorde"),  # 2 of 8 oppose: not more than a third
        ("AAAAAOOO", False, "rejete"),  # 3 of 8 oppose
        ("OOOOOOOO", False, "rejete"),
        ("........", True, "sans_quorum"),
        ("AAAA....", True, "sans_quorum"),  # 4 votes, quorum 5
        ("OOOO....", True, "sans_quorum"),  # too few to reject, too
        ("AAAAA...", True, "accorde"),  # 5 votes, three silences are agreement
        ("AAAOO...", True, "accorde"),
        ("AAOOO...", True, "rejete"),  # 3 of the 8 centres, whatever the number of votes
        ("ARARO...", True, "accorde"),
    ],
)
def test_rule(letters: str, is_due: bool, expected: str) -> None:
    assert decide(votes(letters), 5, CENTRES, is_due) is RoundState(expected)


def test_a_third_exactly_does_not_reject() -> None:
    nine = (*CENTRES, "NEUF")
    three = {centre: Vote(avis="oppose", motif="Motif.") for centre in nine[:3]}
    others = {centre: Vote(avis="approuve") for centre in nine[3:]}
    assert decide(three | others, 5, nine, False) is RoundState.ACCORDE


def test_votes_of_others_do_not_count() -> None:
    outsiders = {name: Vote(avis="oppose", motif="Motif.") for name in ("X", "Y", "Z", "STATBEL")}
    assert decide(outsiders | votes("AAAAA..."), 5, CENTRES, True) is RoundState.ACCORDE
    assert decide(outsiders | votes("A......."), 5, CENTRES, True) is RoundState.SANS_QUORUM
