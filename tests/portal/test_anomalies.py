"""The anomalies on the board and on their page: DISCRI sees all, a centre those that concern it, an authority none."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from intercentre.core.hub import Hub
from tests.as_read import as_read
from tests.portal.conftest import Visit
from tests.portal.facts import write_some_anomalies

MOVES = "ANO-003-I55-2026-T3-CAI-CRIC"


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


def answer(visitor: Visit, anomalie_id: str, motif: str) -> httpx.Response:
    csrf = visitor.csrf("/anomalies?periode=2026-T3")
    said = {"csrf": csrf, "periode": "2026-T3", "anomalie": anomalie_id, "motif": motif}
    return visitor.post("/anomalies", data=said)


def test_a_centre_explains_and_discri_closes(person: Callable[[str], Visit]) -> None:
    cric, discri = person("cric"), person("discri")
    assert answer(cric, MOVES, "Nos deux listes sont comparées le 12.").headers["Location"] == (
        "/anomalies?periode=2026-T3"
    )
    for name in ("cai", "cric", "discri"):
        page = as_read(person(name).get("/anomalies?periode=2026-T3").text)
        assert "CRIC explique : Nos deux listes sont comparées le 12." in page
        assert "Expliquée, à reprendre en concertation" in page
    assert answer(discri, MOVES, "Transferts redéclarés.").status_code == 303
    page = as_read(person("cric").get("/anomalies?periode=2026-T3").text)
    assert "DISCRI clôt : Transferts redéclarés." in page
    assert "<summary>Expliquer" not in page
    assert "reprendre en concertation</h2>" not in person("cric").get("/?periode=2026-T3").text
    assert "Voir les 3 anomalies" in person("discri").get("/?periode=2026-T3").text


def test_a_refused_answer_comes_back_with_its_sentence(person: Callable[[str], Visit]) -> None:
    page = answer(person("cric"), MOVES, "Voyez a.b@centre.be.")
    assert page.status_code == 409
    assert "ni adresse électronique ni numéro" in page.text
    assert "Voyez a.b@centre.be.</textarea>" in page.text


def test_the_anomaly_of_another_centre_is_not_answered(person: Callable[[str], Visit]) -> None:
    page = answer(person("cric"), "ANO-001-I24-2026-T3-CAI", "Ce n'est pas nous.")
    assert page.status_code == 409
    assert "ne concerne pas votre centre" in page.text
    assert "41,2" not in page.text


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
