"""Rounds in the portal: eight places, a centre's own vote, the decision; by the page and by the API."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from intercentre.concertation import cast_vote, open_round, round_status
from intercentre.core.hub import Hub
from schemas.exchanges.agreement import Opinion, RoundState, Vote
from schemas.nomenclatures import nomenclature
from tests.as_read import as_read
from tests.portal.conftest import Visit
from tests.portal.facts import PERIODE, write_figures

CENTRES = list(nomenclature("centre").entries)


@pytest.fixture
def tour(hub: Hub) -> str:
    write_figures(hub, "I01", "I21", "I22")
    return open_round(hub, PERIODE)


def test_without_a_round_the_page_says_so(person: Callable[[str], Visit]) -> None:
    assert "Aucun tour de concertation pour le moment" in person("cai").get("/concertation").text


def test_the_open_round_shows_eight_named_places(tour: str, person: Callable[[str], Visit]) -> None:
    page = person("discri").get("/concertation").text
    places = re.findall(r'<p class="nom">([^<]+)</p>', page)
    assert len(places) == 8
    assert {"CAI", "CeRAIC", "CRVI"} <= set(places)
    assert page.count("Pas encore exprimé") == 8
    assert "<form" in page  # to log out
    assert 'name="avis"' not in page  # DISCRI has no vote


def test_a_centre_votes_by_the_page(tour: str, hub: Hub, person: Callable[[str], Visit]) -> None:
    visitor = person("cai")
    page = visitor.get("/concertation").text
    assert re.findall(r'name="indicateurs" value="([^"]+)"', page) == ["I01", "I21", "I22"]
    answer = visitor.post(
        f"/concertation/{tour}/voix",
        data={
            "csrf": visitor.csrf("/concertation"), "avis": "reserve", "motif": "Les transferts de juillet.",
            "indicateurs": ["I21", "I22"],
        },
    )  # fmt: skip
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/concertation/{tour}")
    place = next(place for place in round_status(hub, tour).places if place.centre == "CAI")
    assert place.avis is Opinion.RESERVE
    assert (place.motif, place.indicateurs) == ("Les transferts de juillet.", ("I21", "I22"))
    shown = as_read(visitor.get(f"/concertation/{tour}").text)
    assert "Votre avis est enregistré" in shown
    assert "« Les transferts de juillet. »" in shown
    assert shown.count(" checked") == 3  # the opinion and the two indicators


def test_a_vote_is_of_the_accounts_own_centre(tour: str, hub: Hub, program: Callable[[str], Visit]) -> None:
    forged = {"avis": "approuve", "centre": "CRIC"}
    assert program("cai").post(f"/api/v1/tours/{tour}/voix", json=forged).status_code == 422
    assert program("cai").post(f"/api/v1/tours/{tour}/voix", json={"avis": "approuve"}).status_code == 201
    voted = [place.centre for place in round_status(hub, tour).places if place.avis is not None]
    assert voted == ["CAI"]


def test_a_refused_form_keeps_what_was_typed(tour: str, person: Callable[[str], Visit]) -> None:
    visitor = person("cai")
    answer = visitor.post(
        f"/concertation/{tour}/voix",
        data={"csrf": visitor.csrf("/concertation"), "avis": "oppose", "motif": "", "indicateurs": ["I21"]},
    )
    assert answer.status_code == 409
    assert "demande un motif" in answer.text
    assert 'value="oppose" required checked' in answer.text
    assert 'value="I21" checked' in answer.text


@pytest.mark.parametrize(
    "data", [{"avis": "peut-etre"}, {"motif": "sans avis"}, {"avis": "oppose", "motif": "x" * 601}]
)
def test_a_vote_that_is_none_is_refused_with_a_sentence(
    tour: str, hub: Hub, person: Callable[[str], Visit], data: dict[str, str]
) -> None:
    visitor = person("cai")
    answer = visitor.post(f"/concertation/{tour}/voix", data={"csrf": visitor.csrf("/concertation"), **data})
    assert answer.status_code == 422
    assert "Choisissez un avis" in answer.text
    assert round_status(hub, tour).votes_exprimes == 0


def test_a_reason_cannot_smuggle_markup(tour: str, person: Callable[[str], Visit]) -> None:
    visitor = person("cai")
    motif = "<script>alert(1)</script>"
    visitor.post(
        f"/concertation/{tour}/voix", data={"csrf": visitor.csrf("/concertation"), "avis": "oppose", "motif": motif}
    )
    page = visitor.get("/concertation").text
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_the_api_tells_the_round(tour: str, hub: Hub, program: Callable[[str], Visit]) -> None:
    cast_vote(hub, tour, "CRIC", Vote(avis=Opinion.APPROUVE), "cric")
    listed = program("cai").get("/api/v1/tours?periode=2026-T3").json()["tours"]
    assert [round_["tour_id"] for round_ in listed] == [tour]
    assert program("cai").get("/api/v1/tours?periode=2026-T2").json() == {"tours": []}
    round_ = program("cai").get(f"/api/v1/tours/{tour}").json()
    assert (round_["etat"], round_["periode"], round_["quorum"]) == ("ouvert", "2026-T3", 5)
    assert [place["centre"] for place in round_["places"]] == sorted(CENTRES)
    assert {place["centre"]: place["avis"] for place in round_["places"]}["CRIC"] == "approuve"


def test_wrong_api_calls_are_told_in_french(tour: str, program: Callable[[str], Visit]) -> None:
    visitor = program("cai")
    answer = visitor.post(f"/api/v1/tours/{tour}/voix", content=b"{")
    assert (answer.status_code, "L'avis n'a pas la forme attendue" in answer.json()["erreur"]["message"]) == (422, True)
    named = visitor.post(f"/api/v1/tours/{tour}/voix", json={"avis": "SECRET", "motif": 3}).json()["erreur"]["message"]
    assert "champs : avis, motif" in named
    assert "SECRET" not in named
    assert visitor.get("/api/v1/tours?periode=T3").status_code == 422
    assert visitor.get("/api/v1/tours/absent").status_code == 404
    assert visitor.post("/api/v1/tours/absent/voix", json={"avis": "approuve"}).status_code == 404
    unknown = {"avis": "reserve", "motif": "Trop bas.", "indicateurs": ["I99"]}
    assert visitor.post(f"/api/v1/tours/{tour}/voix", json=unknown).status_code == 409
    assert visitor.post(f"/api/v1/tours/{tour}/voix", content=b"x" * 70_000).status_code == 413


def test_the_last_vote_decides_and_the_minutes_are_shown(
    tour: str, hub: Hub, program: Callable[[str], Visit], person: Callable[[str], Visit]
) -> None:
    for centre in CENTRES[1:]:
        assert cast_vote(hub, tour, centre, Vote(avis=Opinion.APPROUVE), centre.lower()) is RoundState.OUVERT
    answer = program(CENTRES[0].lower()).post(f"/api/v1/tours/{tour}/voix", json={"avis": "approuve"})
    assert answer.status_code == 201
    assert answer.json()["etat"] == "accorde"
    page = person("cric").get("/concertation").text
    assert "La publication est accordée." in page
    assert "Procès-verbal du tour" in page
    assert 'name="avis"' not in page
    late = program("cric").post(f"/api/v1/tours/{tour}/voix", json={"avis": "oppose", "motif": "Trop tard."})
    assert late.status_code == 409


def test_after_the_deadline_there_is_no_form(tour: str, person: Callable[[str], Visit], clock: Any) -> None:
    clock.advance(days=11)
    visitor = person("cai")
    page = visitor.get("/concertation").text
    assert 'name="avis"' not in page
    answer = visitor.post(f"/concertation/{tour}/voix", data={"csrf": visitor.csrf("/"), "avis": "approuve"})
    assert answer.status_code == 409
