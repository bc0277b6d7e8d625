"""The anomalies on the board and on their page: DISCRI sees all, a centre those that concern it, an authority none."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from intercentre.core.hub import Hub
from tests.portal.conftest import Visit
from tests.portal.facts import write_some_anomalies


@pytest.fixture(autouse=True)
def anomalies(hub: Hub) -> None:
    write_some_anomalies(hub)


@pytest.mark.parametrize("nom", ["discri", "exploitant"])
def test_who_sees_all_sees_every_anomaly(person: Callable[[str], Visit], nom: str) -> None:
    page = person(nom).get("/anomalies?periode=2026-T3").text
    for said in ("CIMB est à 3,0", "CAI est à 41,2", "entre CAI et CRIC", "Hastière, Onhaye, Somme-Leuze"):
        assert said in page
    assert page.count("Ouverte") == 4


def test_a_centre_sees_what_concerns_it_and_nothing_of_the_others(person: Callable[[str], Visit]) -> None:
    own, other = person("cai"), person("cric")
    for path in ("/anomalies?periode=2026-T3", "/?periode=2026-T3"):
        assert "CAI est à 41,2" in own.get(path).text
        assert "CIMB est à" not in own.get(path).text
        assert "entre CAI et CRIC" in other.get(path).text
        assert "41,2" not in other.get(path).text
        assert "Onhaye" not in other.get(path).text


def test_the_board_says_how_many_there_are(person: Callable[[str], Visit]) -> None:
    assert "Voir les 4 anomalies" in person("discri").get("/?periode=2026-T3").text
    assert "Voir les 3 anomalies" in person("cai").get("/?periode=2026-T3").text
    assert "Voir l&#39;anomalie" in person("cric").get("/?periode=2026-T3").text


def test_an_authority_sees_none(person: Callable[[str], Visit]) -> None:
    authority = person("autorite")
    assert authority.get("/anomalies").status_code == 403
    assert "reprendre en concertation" not in authority.get("/?periode=2026-T3").text


def test_a_period_without_any_says_so(person: Callable[[str], Visit]) -> None:
    assert (
        "Aucune anomalie relevée pour cette période et votre centre."
        in person("cai").get("/anomalies?periode=2026-T2").text
    )
    assert person("cai").get("/anomalies?periode=hier").status_code == 422
