"""Rounds in a real registry: opening, voting, deadline, minutes, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from pydantic import ValidationError
from sqlalchemy import func, select

from intercentre.concertation import (
    ConcertationRefusee,
    cast_vote,
    close_due_rounds,
    is_complete,
    open_round,
    reservations,
    round_status,
)
from intercentre.core.hub import Hub
from intercentre.core.registry.store import verify_journal
from intercentre.core.registry.tables import Journal, Tour, Voix
from schemas.exchanges.agreement import RoundState, Vote

CENTRES = ("CAI", "CERAIC", "CIMB", "CRIBW", "CRIC", "CRILUX", "CRIPEL", "CRVI")
YES = Vote(avis="approuve")


def put_figures(hub: Hub, periode: str = "2026-T3", value: float = 12.0) -> Path:
    folder = hub.home.protected(periode)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "observations.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT * FROM (VALUES ('I01', {value}), ('I21', 3.0)) AS t(indicateur, valeur)) "
            f"TO '{path}' (FORMAT parquet)"
        )
    return path


def actions(hub: Hub) -> list[str]:
    with hub.registry.read() as session:
        return list(session.execute(select(Journal.action).order_by(Journal.numero)).scalars())


def vote_all(hub: Hub, tour_id: str, centres: tuple[str, ...] = CENTRES, vote: Vote = YES) -> RoundState:
    state = RoundState.OUVERT
    for centre in centres:
        state = cast_vote(hub, tour_id, centre, vote, f"compte-{centre.lower()}")
    return state


def test_a_round_opens_on_the_figures_and_closes_with_the_eighth_vote(hub: Hub) -> None:
    put_figures(hub)
    tour = open_round(hub, "2026-T3")
    assert tour == "2026-T3-tour-1"
    assert vote_all(hub, tour, CENTRES[:7]) is RoundState.OUVERT
    assert round_status(hub, tour).attendus == ("CRVI",)
    assert cast_vote(hub, tour, "CRVI", YES, "compte-crvi") is RoundState.ACCORDE
    status = round_status(hub, tour)
    assert status.etat is RoundState.ACCORDE
    assert status.decide_le == datetime(2026, 10, 12, 9, 0, tzinfo=UTC)
    assert actions(hub) == ["tour_ouvert", *["voix_emise"] * 8, "tour_accorde"]
    assert verify_journal(hub.registry) == (10, None)


def test_settings_give_deadline_and_quorum(make_hub: Callable[..., Hub]) -> None:
    hub = make_hub(quorum=6, delai_jours=3)
    put_figures(hub)
    status = round_status(hub, open_round(hub, "2026-T3"))
    assert (status.quorum, status.echeance) == (6, datetime(2026, 10, 15, 9, 0, tzinfo=UTC))


def test_status_has_eight_named_places_and_is_frozen(hub: Hub) -> None:
    put_figures(hub)
    tour = open_round(hub, "2026-T3")
    cast_vote(hub, tour, "CERAIC", Vote(avis="reserve", motif="Voir note.", indicateurs=("I21",)), "compte")
    status = round_status(hub, tour)
    assert [place.centre for place in status.places] == list(CENTRES)
    assert status.places[1].nom == "CeRAIC"
    assert status.places[1].indicateurs == ("I21",)
    assert status.votes_exprimes == 1
    assert not status.places[0].tacite
    with pytest.raises(FrozenInstanceError):
        status.etat = RoundState.ACCORDE  # type: ignore[misc]


def test_same_figures_same_round(hub: Hub) -> None:
    put_figures(hub)
    first = open_round(hub, "2026-T3")
    assert open_round(hub, "2026-T3") == first
    assert actions(hub) == ["tour_ouvert"]
    vote_all(hub, first)
    assert open_round(hub, "2026-T3") == first


def test_other_figures_open_another_round_and_replace_the_open_one(hub: Hub) -> None:
    put_figures(hub)
    first = open_round(hub, "2026-T3")
    put_figures(hub, value=13.0)
    second = open_round(hub, "2026-T3")
    assert second == "2026-T3-tour-2"
    assert round_status(hub, first).etat is RoundState.REMPLACE
    assert "d'autres chiffres ont remplacé ceux-ci" in (round_status(hub, first).proces_verbal or "")
    assert actions(hub) == ["tour_ouvert", "tour_remplace", "tour_ouvert"]


def test_a_decided_round_is_not_rewritten_by_other_figures(hub: Hub) -> None:
    put_figures(hub)
    first = open_round(hub, "2026-T3")
    vote_all(hub, first)
    put_figures(hub, value=13.0)
    second = open_round(hub, "2026-T3")
    assert round_status(hub, first).etat is RoundState.ACCORDE
    put_figures(hub)  # the first figures again: their agreement still stands, the second round has no object
    assert open_round(hub, "2026-T3") == first
    assert round_status(hub, second).etat is RoundState.REMPLACE


def test_figures_that_come_back_after_being_replaced_are_voted_anew(hub: Hub) -> None:
    put_figures(hub)
    open_round(hub, "2026-T3")
    put_figures(hub, value=13.0)
    open_round(hub, "2026-T3")
    put_figures(hub)
    assert open_round(hub, "2026-T3") == "2026-T3-tour-3"
    with hub.registry.read() as session:
        states = {tour.tour_id: tour.etat for tour in session.execute(select(Tour)).scalars()}
    assert states == {
        "2026-T3-tour-1": "remplace",
        "2026-T3-tour-2": "remplace",
        "2026-T3-tour-3": "ouvert",
    }


def test_periods_do_not_disturb_each_other(hub: Hub) -> None:
    put_figures(hub, "2026-T2")
    put_figures(hub, "2026-T3")
    earlier, later = open_round(hub, "2026-T2"), open_round(hub, "2026-T3")
    assert (earlier, later) == ("2026-T2-tour-1", "2026-T3-tour-1")
    assert round_status(hub, earlier).etat is RoundState.OUVERT


def test_a_rejected_round_can_be_taken_up_again(hub: Hub) -> None:
    put_figures(hub)
    first = open_round(hub, "2026-T3")
    vote_all(hub, first, CENTRES[:5])
    assert vote_all(hub, first, CENTRES[5:], Vote(avis="oppose", motif="Comptage à revoir.")) is RoundState.REJETE
    assert open_round(hub, "2026-T3") == first
    again = open_round(hub, "2026-T3", reprise=True)
    assert again == "2026-T3-tour-2"
    assert open_round(hub, "2026-T3", reprise=True) == again


def test_silence_is_agreement_after_the_deadline_with_a_quorum(hub: Hub, clock: object) -> None:
    put_figures(hub)
    tour = open_round(hub, "2026-T3")
    vote_all(hub, tour, CENTRES[:5])
    clock.advance(days=9, hours=23)  # type: ignore[attr-defined]
    assert close_due_rounds(hub) == []
    clock.advance(hours=1)  # type: ignore[attr-defined]
    assert close_due_rounds(hub) == [tour]
    assert close_due_rounds(hub) == []
    status = round_status(hub, tour)
    assert status.etat is RoundState.ACCORDE
    assert [place.centre for place in status.places if place.tacite] == ["CRILUX", "CRIPEL", "CRVI"]
    assert "- CRVI : accord tacite (pas d'avis à l'échéance)." in (status.proces_verbal or "")
    assert "5 approbations, 0 réserve, 0 opposition, 3 accords tacites" in (status.proces_verbal or "")


def test_without_quorum_there_is_no_decision(hub: Hub, clock: object) -> None:
    put_figures(hub)
    tour = open_round(hub, "2026-T3")
    vote_all(hub, tour, CENTRES[:4])
    clock.advance(days=10)  # type: ignore[attr-defined]
    assert close_due_rounds(hub) == [tour]
    status = round_status(hub, tour)
    assert status.etat is RoundState.SANS_QUORUM
    assert not any(place.tacite for place in status.places)
    assert "4 centres sans avis" in (status.proces_verbal or "")


def test_the_last_vote_counts_and_all_stay(hub: Hub) -> None:
    put_figures(hub)
    tour = open_round(hub, "2026-T3")
    cast_vote(hub, tour, "CAI", Vote(avis="oppose", motif="Un dossier manque."), "compte-cai")
    cast_vote(hub, tour, "CAI", YES, "compte-cai")
    assert reservations(hub, tour) == []
    assert round_status(hub, tour).votes_exprimes == 1
    with hub.registry.read() as session:
        assert session.execute(select(func.count()).select_from(Voix)).scalar_one() == 2


NO = Vote(avis="oppose", motif="Nos chiffres sont faux.", indicateurs=("I21",))


def test_an_opposition_is_held_when_figures_are_made_anew(hub: Hub, clock: Any) -> None:
    """CAI and CRIC oppose, CIMB approves; then another figure changes, and neither of the three speaks again."""
    put_figures(hub)
    first = open_round(hub, "2026-T3")
    for centre, vote in (("CAI", NO), ("CRIC", NO), ("CIMB", YES)):
        cast_vote(hub, first, centre, vote, centre.lower())
    put_figures(hub, value=13.0)
    second = open_round(hub, "2026-T3")
    vote_all(hub, second, ("CERAIC", "CRIBW", "CRILUX", "CRIPEL", "CRVI"))
    status = round_status(hub, second)
    assert (status.votes_exprimes, status.attendus) == (5, ("CAI", "CIMB", "CRIC"))
    clock.advance(days=11)
    assert close_due_rounds(hub) == [second]
    status = round_status(hub, second)
    places = {place.centre: place for place in status.places}
    assert status.etat is RoundState.ACCORDE
    assert (places["CAI"].avis, places["CAI"].tacite, places["CAI"].repris) == (NO.avis, False, True)
    assert places["CIMB"].tacite, "an approval of other figures is none of these"
    assert [(one.centre, one.motif) for one in reservations(hub, second)] == [("CAI", NO.motif), ("CRIC", NO.motif)]
    assert f"au tour {first}, maintenu" in str(status.proces_verbal)
    assert "5 approbations, 0 réserve, 2 oppositions, 1 accord tacite" in str(status.proces_verbal)


def test_held_oppositions_may_stop_a_release_and_make_no_quorum(hub: Hub, clock: Any) -> None:
    put_figures(hub)
    first = open_round(hub, "2026-T3")
    for centre in CENTRES[:3]:
        cast_vote(hub, first, centre, NO, centre.lower())
    put_figures(hub, value=13.0)
    second = open_round(hub, "2026-T3")
    vote_all(hub, second, CENTRES[4:])
    clock.advance(days=11)
    close_due_rounds(hub)
    assert round_status(hub, second).etat is RoundState.SANS_QUORUM, "four of eight spoke on these figures"
    third = open_round(hub, "2026-T3", reprise=True)
    vote_all(hub, third, CENTRES[3:])
    clock.advance(days=11)
    close_due_rounds(hub)
    assert round_status(hub, third).etat is RoundState.REJETE, "three of eight oppose"


def test_a_centre_that_speaks_again_is_held_to_nothing(hub: Hub) -> None:
    put_figures(hub)
    first = open_round(hub, "2026-T3")
    cast_vote(hub, first, "CAI", NO, "cai")
    put_figures(hub, value=13.0)
    second = open_round(hub, "2026-T3")
    assert vote_all(hub, second) is RoundState.ACCORDE
    assert reservations(hub, second) == []


def test_reservations_name_their_indicators(hub: Hub) -> None:
    put_figures(hub)
    tour = open_round(hub, "2026-T3")
    cast_vote(hub, tour, "CRIC", Vote(avis="reserve", motif=" Deux\nantennes ", indicateurs=("I21", "I01")), "a")
    cast_vote(hub, tour, "CAI", Vote(avis="oppose", motif="Série rompue."), "b")
    first, second = reservations(hub, tour)
    assert (first.centre, first.avis, first.indicateurs) == ("CAI", "oppose", ())
    assert first.bears_on("I01")
    assert (second.centre, second.motif, second.indicateurs) == ("CRIC", "Deux antennes", ("I01", "I21"))
    assert not second.bears_on("I53")


def test_minutes_say_who_said_what_and_by_which_rule(hub: Hub) -> None:
    put_figures(hub)
    tour = open_round(hub, "2026-T3")
    cast_vote(hub, tour, "CAI", Vote(avis="reserve", motif="Antenne fermée.", indicateurs=("I21",)), "a")
    cast_vote(hub, tour, "CERAIC", Vote(avis="oppose", motif="Définition discutée."), "b")
    cast_vote(hub, tour, "CIMB", Vote(avis="approuve", motif="Relu avec l'équipe."), "c")
    vote_all(hub, tour, CENTRES[3:])
    text = round_status(hub, tour).proces_verbal or ""
    assert "3e trimestre 2026 (2026-T3)" in text
    assert "Ouvert le 12 octobre 2026 à 11 h 00, échéance le 22 octobre 2026 à 11 h 00." in text  # Brussels, summer
    assert "Quorum : 5 centres sur 8." in text
    assert "- CAI : approuve avec réserve (le 12 octobre 2026 à 11 h 00), sur I21. Motif : « Antenne fermée. »" in text
    assert "- CeRAIC : s'oppose (le 12 octobre 2026 à 11 h 00), sur l'ensemble des chiffres." in text
    assert "- CIMB : approuve (le 12 octobre 2026 à 11 h 00). Remarque : « Relu avec l'équipe. »" in text
    assert "6 approbations, 1 réserve, 1 opposition, 0 accord tacite" in text
    assert "plus d'un tiers" in text
    assert "Décision : La publication est accordée." in text


@pytest.mark.parametrize(
    ("vote", "word"),
    [
        (Vote(avis="reserve"), "motif"),
        (Vote(avis="oppose", motif="  \n "), "motif"),
        (Vote(avis="reserve", motif="Voir.", indicateurs=("I21", "I99")), "n'existe pas"),
        (Vote(avis="approuve", indicateurs=("I21",)), "approbation"),
        (Vote(avis="reserve", motif="Écrire à prenom.nom@centre.be"), "adresse électronique"),
        (Vote(avis="reserve", motif="Le dossier 42.01.22-051.81 manque"), "désigne une personne"),
    ],
)
def test_a_vote_without_its_reason_is_refused(hub: Hub, vote: Vote, word: str) -> None:
    put_figures(hub)
    tour = open_round(hub, "2026-T3")
    with pytest.raises(ConcertationRefusee, match=word):
        cast_vote(hub, tour, "CAI", vote, "compte")
    assert actions(hub) == ["tour_ouvert"]
    assert round_status(hub, tour).votes_exprimes == 0


def test_who_may_not_vote(hub: Hub) -> None:
    put_figures(hub)
    tour = open_round(hub, "2026-T3")
    for stranger in ("STATBEL", "DISCRI", "cai", ""):
        with pytest.raises(ConcertationRefusee, match="pas connu"):
            cast_vote(hub, tour, stranger, YES, "compte")
    with pytest.raises(ConcertationRefusee, match="n'existe pas"):
        cast_vote(hub, "2026-T3-tour-9", "CAI", YES, "compte")


def test_a_closed_round_takes_no_vote(hub: Hub, clock: object) -> None:
    put_figures(hub)
    tour = open_round(hub, "2026-T3")
    clock.advance(days=10)  # type: ignore[attr-defined]
    with pytest.raises(ConcertationRefusee, match="échéance de ce tour est passée"):
        cast_vote(hub, tour, "CAI", YES, "compte")
    close_due_rounds(hub)
    with pytest.raises(ConcertationRefusee, match="quorum n'a pas été atteint"):
        cast_vote(hub, tour, "CAI", YES, "compte")


def test_a_vote_is_about_the_figures_that_were_shown(hub: Hub) -> None:
    put_figures(hub)
    tour = open_round(hub, "2026-T3")
    put_figures(hub, value=99.0)
    with pytest.raises(ConcertationRefusee, match="chiffres de cette période ont changé"):
        cast_vote(hub, tour, "CAI", YES, "compte")


def test_no_round_without_figures_or_with_an_impossible_quorum(make_hub: Callable[..., Hub]) -> None:
    with pytest.raises(ConcertationRefusee, match="Aucun chiffre protégé pour 3e trimestre 2026"):
        open_round(make_hub(), "2026-T3")
    hub = make_hub("autre", quorum=9)
    put_figures(hub)
    with pytest.raises(ConcertationRefusee, match="quorum réglé"):
        open_round(hub, "2026-T3")


@pytest.mark.parametrize(
    ("rows", "complete"),
    [
        ([("I01", "2026-T3", "region", "8/8"), ("I01", "2026-T3", "centre", "1/1")], True),
        ([("I01", "2026-T3", "region", "8/8"), ("I53", "2026-T3", "region", "252/252")], True),
        ([("I01", "2026-T3", "region", "7/8")], False),
        ([("I01", "2026-T3", "region", "8/8"), ("I21", "2026-T3", "region", "0/8")], False),
        # only the period itself is asked about
        ([("I01", "2026-T3", "region", "8/8"), ("I01", "2026-T2", "region", "6/8")], True),
        # I05 rests on a table of level 2, which a centre of level 1 does not deposit
        ([("I01", "2026-T3", "region", "8/8"), ("I05", "2026-T3", "region", "7/8")], True),
        ([("I05", "2026-T3", "region", "8/8")], False),
        ([("I01", "2026-T2", "region", "8/8")], False),
        ([], False),
    ],
)
def test_figures_are_complete_when_they_count_every_centre(
    hub: Hub, rows: list[tuple[str, str, str, str]], complete: bool
) -> None:
    path = hub.home.protected("2026-T3") / "observations.parquet"
    path.parent.mkdir(parents=True)
    columns = "indicateur VARCHAR, periode VARCHAR, territoire_type VARCHAR, couverture VARCHAR"
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE t ({columns})")
        for row in rows:
            connection.execute("INSERT INTO t VALUES (?, ?, ?, ?)", row)
        connection.execute(f"COPY t TO '{path}' (FORMAT parquet)")
    assert is_complete(hub, "2026-T3") is complete


def test_a_crash_in_the_middle_of_a_vote_leaves_neither_vote_nor_line(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_figures(hub)
    tour = open_round(hub, "2026-T3")

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("intercentre.concertation.votes.settle", crash)
    with pytest.raises(KeyboardInterrupt):
        cast_vote(hub, tour, "CAI", YES, "compte")
    monkeypatch.undo()
    assert actions(hub) == ["tour_ouvert"]
    assert round_status(hub, tour).votes_exprimes == 0
    assert cast_vote(hub, tour, "CAI", YES, "compte") is RoundState.OUVERT


@pytest.mark.parametrize("motif", ["a\0b", "a\x1b[31m", "\u202egnp.exe", "\ud800"])
def test_a_reason_is_text_that_can_be_kept_and_printed(motif: str) -> None:
    with pytest.raises(ValidationError):
        Vote(avis="reserve", motif=motif)
    assert Vote(avis="reserve", motif="Ligne 1 : « été »\r\nLigne 2").motif.endswith("2")
