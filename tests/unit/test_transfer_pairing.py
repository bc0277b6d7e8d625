"""Pairing of transfers and joining of persons: small worked examples, and that order changes nothing."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from intercentre.harmonisation.pairing import Side, pair_transfers
from intercentre.harmonisation.persons import join_persons

DAY = date(2026, 9, 1)
WOMAN = ("F", 1990, "SYR")
MAN = ("M", 1985, "MAR")
ONE, TWO, OF_NEXT_KEY = "h1.2026-a.01", "h1.2026-a.02", "h1.2026-b.02"


def side(centre: str, other: str, cle: str, named: str | None = None, after: int = 0, **facts: Any) -> Side:
    day = DAY + timedelta(days=after)
    effet, profil = facts.get("date_effet", day), facts.get("profil", WOMAN)
    return Side(centre, other, cle, named, effet, day, profil, facts.get("pseudo"))


def states(leaving: list[Side], arriving: list[Side]) -> set[tuple[str | None, str | None, str]]:
    return {(one.cle_sortant, one.cle_entrant, one.etat) for one in pair_transfers(leaving, arriving)}


def test_a_named_side_is_paired_whatever_the_profile_up_to_45_days() -> None:
    leaving = [side("CAI", "CRIC", "CAI:D1")]
    for after in (45, -45):
        arriving = [side("CRIC", "CAI", "CRIC:E1", "CAI:D1", after=after, profil=MAN)]
        (found,) = pair_transfers(leaving, arriving)
        assert (found.cle_entrant, found.etat, found.delai_jours) == ("CRIC:E1", "paire", after)
        assert (found.contradiction, found.se_nomment, found.date_repere) == (None, False, DAY)


def test_dates_further_apart_than_45_days_contradict_each_other() -> None:
    for named, both in ((None, False), ("CRIC:E1", True)):
        for after in (46, -46):
            leaving = [side("CAI", "CRIC", "CAI:D1", named)]
            (found,) = pair_transfers(leaving, [side("CRIC", "CAI", "CRIC:E1", "CAI:D1", after=after)])
            assert (found.cle_sortant, found.cle_entrant, found.etat) == ("CAI:D1", "CRIC:E1", "contradictoire")
            assert (found.contradiction, found.delai_jours, found.se_nomment) == ("DATE", after, both)


def test_the_sender_may_be_the_one_who_names() -> None:
    leaving = [side("CAI", "CRIC", "CAI:D1", "CRIC:E1")]
    assert states(leaving, [side("CRIC", "CAI", "CRIC:E1", profil=None)]) == {("CAI:D1", "CRIC:E1", "paire")}


def test_sides_that_name_other_dossiers_contradict_each_other() -> None:
    leaving = [side("CAI", "CRIC", "CAI:D1", "CRIC:E2")]
    (found,) = pair_transfers(leaving, [side("CRIC", "CAI", "CRIC:E1", "CAI:D1", after=3)])
    assert (found.cle_sortant, found.cle_entrant, found.etat) == ("CAI:D1", "CRIC:E1", "contradictoire")
    assert (found.contradiction, found.delai_jours, found.se_nomment) == ("DOSSIER", 3, False)


def test_sides_that_name_nothing_of_each_other_do_not_contradict() -> None:
    leaving = [side("CAI", "CRIC", "CAI:D1", "CRIC:E2")]
    arriving = [side("CRIC", "CAI", "CRIC:E1", "CAI:D3")]
    assert states(leaving, arriving) == {("CAI:D1", None, "sortant_seul"), (None, "CRIC:E1", "entrant_seul")}
    assert {one.cle_nommee for one in pair_transfers(leaving, arriving)} == {"CRIC:E2", "CAI:D3"}


def test_a_side_that_agrees_is_preferred_to_one_that_contradicts() -> None:
    leaving = [side("CAI", "CRIC", "CAI:D1", "CRIC:E2")]
    arriving = [side("CRIC", "CAI", "CRIC:E1", "CAI:D1"), side("CRIC", "CAI", "CRIC:E2", after=30)]
    assert states(leaving, arriving) == {("CAI:D1", "CRIC:E2", "paire"), (None, "CRIC:E1", "entrant_seul")}


def test_both_centres_claim_the_departure_or_the_arrival() -> None:
    one, other = side("CRIC", "CAI", "CRIC:E1", "CAI:D1", after=4), side("CAI", "CRIC", "CAI:D1")
    for leaving, arriving, contradiction in (
        ([one, other], [], "SENS_SORTANT"),
        ([], [one, other], "SENS_ENTRANT"),
    ):
        (found,) = pair_transfers(leaving, arriving)
        assert (found.centre_sortant, found.cle_sortant) == ("CAI", "CAI:D1")
        assert (found.centre_entrant, found.cle_entrant) == ("CRIC", "CRIC:E1")
        assert (found.etat, found.contradiction, found.delai_jours) == ("contradictoire", contradiction, 4)


def test_a_return_months_later_is_no_contradiction() -> None:
    leaving = [side("CAI", "CRIC", "CAI:D1"), side("CRIC", "CAI", "CRIC:E1", "CAI:D1", after=46)]
    assert states(leaving, []) == {("CAI:D1", None, "sortant_seul"), ("CRIC:E1", None, "sortant_seul")}


def test_a_return_with_all_its_sides_is_two_pairs() -> None:
    leaving = [side("CAI", "CRIC", "CAI:D1", "CRIC:E1"), side("CRIC", "CAI", "CRIC:E1", "CAI:D1", after=20)]
    arriving = [side("CRIC", "CAI", "CRIC:E1", "CAI:D1", after=2), side("CAI", "CRIC", "CAI:D1", "CRIC:E1", after=22)]
    assert states(leaving, arriving) == {("CAI:D1", "CRIC:E1", "paire"), ("CRIC:E1", "CAI:D1", "paire")}


def test_two_departures_that_name_nobody_are_two_persons() -> None:
    leaving = [side("CAI", "CRIC", "CAI:D1"), side("CRIC", "CAI", "CRIC:E1")]
    assert states(leaving, []) == {("CAI:D1", None, "sortant_seul"), ("CRIC:E1", None, "sortant_seul")}


def test_unnamed_sides_are_paired_when_each_is_the_only_candidate() -> None:
    leaving = [side("CAI", "CRIC", "CAI:D1"), side("CAI", "CRIC", "CAI:D2", profil=MAN)]
    arriving = [side("CRIC", "CAI", "CRIC:E1", after=45), side("CRIC", "CAI", "CRIC:E2", profil=MAN, after=-45)]
    assert states(leaving, arriving) == {("CAI:D1", "CRIC:E1", "paire"), ("CAI:D2", "CRIC:E2", "paire")}


def test_two_candidates_are_one_too_many() -> None:
    leaving = [side("CAI", "CRIC", "CAI:D1"), side("CAI", "CRIC", "CAI:D2")]
    assert states(leaving, [side("CRIC", "CAI", "CRIC:E1")]) == {
        ("CAI:D1", None, "sortant_seul"),
        ("CAI:D2", None, "sortant_seul"),
        (None, "CRIC:E1", "entrant_seul"),
    }


def test_a_named_pair_is_no_candidate_any_more() -> None:
    leaving = [side("CAI", "CRIC", "CAI:D1"), side("CAI", "CRIC", "CAI:D2")]
    arriving = [side("CRIC", "CAI", "CRIC:E1", "CAI:D1"), side("CRIC", "CAI", "CRIC:E2")]
    assert states(leaving, arriving) == {("CAI:D1", "CRIC:E1", "paire"), ("CAI:D2", "CRIC:E2", "paire")}


def test_unnamed_sides_stay_alone_beyond_45_days_or_without_the_same_known_profile() -> None:
    for arriving in (
        side("CRIC", "CAI", "CRIC:E1", after=46),
        side("CRIC", "CAI", "CRIC:E1", profil=MAN),
        side("CRIC", "CAI", "CRIC:E1", profil=None),
        side("CIMB", "CAI", "CIMB:E1"),
    ):
        found = pair_transfers([side("CAI", "CRIC", "CAI:D1")], [arriving])
        assert {one.etat for one in found} == {"sortant_seul", "entrant_seul"}


def test_one_pseudonym_is_paired_whatever_the_profile_up_to_45_days() -> None:
    leaving = [side("CAI", "CRIC", "CAI:D1", pseudo=ONE, profil=None), side("CAI", "CRIC", "CAI:D2")]
    for profil in (WOMAN, MAN, None):
        arriving = [side("CRIC", "CAI", "CRIC:E1", pseudo=ONE, profil=profil, after=45), side("CRIC", "CAI", "CRIC:E2")]
        assert states(leaving, arriving) == {("CAI:D1", "CRIC:E1", "paire"), ("CAI:D2", "CRIC:E2", "paire")}
    arriving = [side("CRIC", "CAI", "CRIC:E1", pseudo=ONE, profil=None, after=46)]
    assert states(leaving[:1], arriving) == {("CAI:D1", None, "sortant_seul"), (None, "CRIC:E1", "entrant_seul")}


def test_two_pseudonyms_of_one_key_are_never_paired() -> None:
    leaving, arriving = side("CAI", "CRIC", "CAI:D1", pseudo=ONE), side("CRIC", "CAI", "CRIC:E1", pseudo=TWO)
    assert states([leaving], [arriving]) == {("CAI:D1", None, "sortant_seul"), (None, "CRIC:E1", "entrant_seul")}
    for name, cle in (("CAI:D1", None), (None, "CRIC:E1"), ("CAI:D1", "CRIC:E1")):
        leaving = side("CAI", "CRIC", "CAI:D1", cle, pseudo=ONE)
        arriving = side("CRIC", "CAI", "CRIC:E1", name, pseudo=TWO)
        (found,) = pair_transfers([leaving], [arriving])
        assert (found.etat, found.contradiction) == ("contradictoire", "DOSSIER")
        assert {one.etat for one in pair_transfers([leaving, arriving], [])} == {"sortant_seul"}


def test_pseudonyms_of_two_keys_say_nothing() -> None:
    leaving = [side("CAI", "CRIC", "CAI:D1", pseudo=ONE)]
    for named in (None, "CAI:D1"):
        arriving = [side("CRIC", "CAI", "CRIC:E1", named, pseudo=OF_NEXT_KEY)]
        assert states(leaving, arriving) == {("CAI:D1", "CRIC:E1", "paire")}


def test_a_pseudonym_leaves_one_candidate_of_two() -> None:
    leaving = [side("CAI", "CRIC", "CAI:D1", pseudo=ONE), side("CAI", "CRIC", "CAI:D2")]
    assert states(leaving, [side("CRIC", "CAI", "CRIC:E1", pseudo=TWO)]) == {
        ("CAI:D1", None, "sortant_seul"),
        ("CAI:D2", "CRIC:E1", "paire"),
    }


def test_a_number_of_a_dossier_goes_before_a_pseudonym_and_agreement_before_both() -> None:
    leaving = [side("CAI", "CRIC", "CAI:D1", pseudo=ONE)]
    near = side("CRIC", "CAI", "CRIC:E2", pseudo=ONE, after=2)
    arriving = [side("CRIC", "CAI", "CRIC:E1", "CAI:D1", pseudo=ONE, after=30), near]
    assert states(leaving, arriving) == {("CAI:D1", "CRIC:E1", "paire"), (None, "CRIC:E2", "entrant_seul")}
    arriving = [side("CRIC", "CAI", "CRIC:E1", "CAI:D1", pseudo=ONE, after=46), near]
    assert states(leaving, arriving) == {("CAI:D1", "CRIC:E2", "paire"), (None, "CRIC:E1", "entrant_seul")}


def test_one_pseudonym_under_another_number_contradicts() -> None:
    leaving = [side("CAI", "CRIC", "CAI:D1", "CRIC:E2", pseudo=ONE)]
    (found,) = pair_transfers(leaving, [side("CRIC", "CAI", "CRIC:E1", pseudo=ONE)])
    assert (found.cle_entrant, found.etat, found.contradiction) == ("CRIC:E1", "contradictoire", "DOSSIER")


def test_two_departures_under_one_pseudonym_contradict_each_other() -> None:
    leaving = [side("CAI", "CRIC", "CAI:D1", pseudo=ONE), side("CRIC", "CAI", "CRIC:E1", pseudo=ONE, after=45)]
    (found,) = pair_transfers(leaving, [])
    assert (found.etat, found.contradiction) == ("contradictoire", "SENS_SORTANT")


def test_a_side_does_not_show_its_pseudonym() -> None:
    assert ONE not in repr(side("CAI", "CRIC", "CAI:D1", pseudo=ONE))


def test_two_moves_of_one_dossier_are_paired_by_the_nearest_dates() -> None:
    leaving = [side("CAI", "CRIC", "CAI:D1"), side("CAI", "CRIC", "CAI:D1", after=100)]
    arriving = [side("CRIC", "CAI", "CRIC:E2", "CAI:D1", after=101), side("CRIC", "CAI", "CRIC:E1", "CAI:D1", after=1)]
    found = {(one.cle_entrant, one.date_effet) for one in pair_transfers(leaving, arriving)}
    assert found == {("CRIC:E1", DAY + timedelta(days=1)), ("CRIC:E2", DAY + timedelta(days=101))}


def test_the_day_is_that_of_the_arrival_else_of_the_departure() -> None:
    leaving, arriving = side("CAI", "CRIC", "CAI:D1"), side("CRIC", "CAI", "CRIC:E1", "CAI:D1", after=5)
    unknown = side("CRIC", "CAI", "CRIC:E1", "CAI:D1", after=5, date_effet=None)
    assert pair_transfers([leaving], [arriving])[0].date_effet == DAY + timedelta(days=5)
    assert pair_transfers([leaving], [unknown])[0].date_effet == DAY


def test_every_side_is_in_exactly_one_pairing_in_any_order() -> None:
    draw = random.Random(7)
    centres = ("CAI", "CRIC", "CIMB")
    leaving, arriving = [], []
    for number in range(60):
        start, end = draw.sample(centres, 2)
        after = draw.randrange(120)
        pseudo, profil = draw.choice((None, ONE, TWO, OF_NEXT_KEY)), draw.choice((WOMAN, MAN, None))
        left = side(start, end, f"{start}:D{number}", after=after, profil=profil, pseudo=pseudo)
        leaving.append(left)
        if draw.random() < 0.8:
            named = draw.choice((left.cle, None, f"{start}:D{draw.randrange(60)}"))
            pseudo = draw.choice((None, pseudo, ONE))
            arriving.append(side(end, start, f"{end}:E{number}", named, after=after, profil=left.profil, pseudo=pseudo))
    expected = pair_transfers(leaving, arriving)
    keys = [key for one in expected for key in (one.cle_sortant, one.cle_entrant) if key]
    assert sorted(keys) == sorted(one.cle for one in (*leaving, *arriving))
    assert {one.etat for one in expected} == {"paire", "sortant_seul", "entrant_seul", "contradictoire"}
    for _ in range(5):
        draw.shuffle(leaving)
        draw.shuffle(arriving)
        assert pair_transfers(leaving, arriving) == expected


def test_a_chain_of_moves_is_one_person_named_by_the_smallest_key() -> None:
    links = [("CRIC:P2", "CIMB:P3"), ("CAI:P1", "CRIC:P2"), ("CRVI:P8", "CRILUX:P9")]
    expected = {
        "CAI:P1": "CAI:P1", "CRIC:P2": "CAI:P1", "CIMB:P3": "CAI:P1", "CRVI:P8": "CRILUX:P9", "CRILUX:P9": "CRILUX:P9"
    }  # fmt: skip
    assert join_persons(links) == expected
    assert join_persons([(right, left) for left, right in reversed(links)]) == expected
    assert join_persons([]) == {}


def test_a_long_chain_does_not_exhaust_the_stack() -> None:
    links = [(f"CAI:{number:05}", f"CAI:{number + 1:05}") for number in range(5000)]
    assert set(join_persons(links).values()) == {"CAI:00000"}
