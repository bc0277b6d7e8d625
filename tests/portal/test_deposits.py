"""Deposits as their centre sees them, and as nobody else does."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from intercentre.core.hub import Hub
from intercentre.core.registry.tables import Depot
from schemas.period import Period
from tests.as_read import as_read
from tests.portal.conftest import Visit
from tests.portal.facts import QUARANTINED, constat, make_deposit

OF_ONE = (
    "/depots/{}", "/depots/{}/rapport", "/api/v1/depots/{}", "/api/v1/depots/{}/verdict", "/api/v1/depots/{}/recepisse",
)  # fmt: skip


@pytest.fixture
def depot_id(hub: Hub) -> str:
    constats = [
        *(constat("V24", "a_corriger", line, "nationalite") for line in range(2, 22)),
        constat("V22", "a_expliquer", 30, "date_premier_contact"),
    ]
    return make_deposit(hub, "CAI", QUARANTINED, quarantaine=20, constats=constats)


@pytest.mark.parametrize("pattern", OF_ONE)
def test_another_centres_deposit_does_not_exist(
    depot_id: str, program: Callable[[str], Visit], person: Callable[[str], Visit], pattern: str
) -> None:
    path = pattern.format(depot_id)
    for visitor in (program("cric"), person("cric")):
        answer, absent = visitor.get(path), visitor.get(pattern.format("CAI-2026-T3-ffffffffffff"))
        assert answer.status_code == absent.status_code == 404
        assert "nationalite" not in answer.text
        if path.startswith("/api/"):
            assert answer.json() == absent.json()  # not even its existence is told
        else:
            assert answer.text.replace(depot_id, "") == absent.text.replace("CAI-2026-T3-ffffffffffff", "")


def test_another_centre_cannot_have_it_checked_again(depot_id: str, person: Callable[[str], Visit]) -> None:
    visitor = person("cric")
    answer = visitor.post(f"/depots/{depot_id}/controle", data={"csrf": visitor.csrf("/")})
    assert answer.status_code == 404


def test_lists_and_home_page_tell_a_centre_of_the_others_only_who_is_in(
    depot_id: str, hub: Hub, person: Callable[[str], Visit]
) -> None:
    make_deposit(hub, "CRIC", "refuse", constats=[constat("V01", "bloquant", None)])
    visitor = person("cric")
    for path in ("/", "/depots", "/concertation", "/publications"):
        assert depot_id not in visitor.get(path).text, path
    home = visitor.get("/").text
    assert "Lignes à corriger" not in home
    assert home.count("Remis") == 1
    assert "À\u00a0corriger" not in home


def test_a_centre_does_not_learn_that_another_was_refused(hub: Hub, person: Callable[[str], Visit]) -> None:
    make_deposit(hub, "CAI", "refuse", constats=[constat("V01", "bloquant", None)])
    assert "Refusé" not in person("cric").get("/").text
    assert "Refusé" in person("discri").get("/").text


@pytest.mark.parametrize("nom", ["cai", "discri", "exploitant"])
def test_those_whose_business_it_is_see_it(depot_id: str, program: Callable[[str], Visit], nom: str) -> None:
    for pattern in (OF_ONE[0], *OF_ONE[2:]):
        assert program(nom).get(pattern.format(depot_id)).status_code == 200
    assert depot_id in program(nom).get("/depots").text


def test_the_api_gives_the_stored_verdict_byte_for_byte(
    depot_id: str, hub: Hub, program: Callable[[str], Visit]
) -> None:
    with hub.registry.read() as session:
        stored = session.execute(select(Depot.verdict).where(Depot.depot_id == depot_id)).scalar_one()
    answer = program("cai").get(f"/api/v1/depots/{depot_id}/verdict")
    assert answer.content == (stored or "").encode("utf-8")
    assert answer.headers["Content-Type"] == "application/json"


def test_the_api_gives_the_signed_receipt(depot_id: str, program: Callable[[str], Visit]) -> None:
    receipt = program("cai").get(f"/api/v1/depots/{depot_id}/recepisse").json()
    assert receipt["depot_id"] == depot_id
    assert receipt["signature"].startswith("-----BEGIN SSH SIGNATURE-----")


def test_the_api_tells_a_deposit(depot_id: str, program: Callable[[str], Visit]) -> None:
    told = program("cai").get(f"/api/v1/depots/{depot_id}").json()
    assert (told["etat"], told["centre"], told["periode"]) == (QUARANTINED, "CAI", "2026-T3")
    assert told["recu_le"] == "2026-10-12T09:00:00+00:00"
    assert told["verdict"] == f"/api/v1/depots/{depot_id}/verdict"


def test_the_page_says_in_one_sentence_what_is_to_be_done(depot_id: str, person: Callable[[str], Visit]) -> None:
    page = as_read(person("cai").get(f"/depots/{depot_id}").text)
    sentence = "Accepté, 20 lignes à corriger ; le reste est pris en compte."
    assert page.index(sentence) < page.index("<h2")
    assert "avant le 30 octobre 2026" in page
    assert page.count('<article class="constat">') == 2
    assert "dossier.csv, ligne 2, colonne nationalite" in page
    assert "20 endroits, les premiers :" in page
    assert "Tous les constats, un par ligne (21)" in page


def test_once_its_day_is_past_a_correction_is_asked_for_as_soon_as_possible_for_the_same_period(
    hub: Hub, person: Callable[[str], Visit]
) -> None:
    depot_id = make_deposit(hub, "CAI", QUARANTINED, periode=Period(2026, 2), quarantaine=1)
    visitor = person("cai")
    page = as_read(visitor.get(f"/depots/{depot_id}").text)
    assert "déposez dès que possible l'état complet" in page
    assert "30 juillet" not in page
    assert 'href="/depots/nouveau?periode=2026-T2"' in page
    form = as_read(visitor.get("/depots/nouveau?periode=2026-T2").text)
    assert '<option value="2026-T2" selected>' in form
    assert "Le dépôt du 2e trimestre 2026 (2026-T2) était attendu jusqu'au 30 juillet 2026." in form
    assert visitor.get("/depots/nouveau?periode=demain").status_code == 422


def test_a_deposit_that_another_replaced_names_it_and_asks_for_nothing(
    depot_id: str, hub: Hub, person: Callable[[str], Visit]
) -> None:
    correction = make_deposit(hub, "CAI", "accepte")
    visitor = person("cai")
    page = as_read(visitor.get(f"/depots/{depot_id}").text)
    assert f'Remplacé par <a href="/depots/{correction}"' in page
    assert "Pris en compte dans les chiffres" not in page
    assert "lignes-a-corriger" not in page
    assert "Pris en compte dans les chiffres" in as_read(visitor.get(f"/depots/{correction}").text)


def test_findings_are_paged_and_the_list_then_stands_open(hub: Hub, person: Callable[[str], Visit]) -> None:
    constats = [constat("V24", "a_corriger", line, "sexe") for line in range(2, 452)]
    depot_id = make_deposit(hub, "CAI", QUARANTINED, quarantaine=30, constats=constats)
    visitor = person("cai")
    first, last = visitor.get(f"/depots/{depot_id}").text, visitor.get(f"/depots/{depot_id}?page=3").text
    assert '<details id="tous">' in first
    assert '<details id="tous" open>' in last
    assert "Page 3 sur 3" in last
    assert last.count('<td data-titre="Ligne"') == 50


def test_a_deposit_without_verdict_says_so_and_offers_the_check(hub: Hub, person: Callable[[str], Visit]) -> None:
    depot_id = make_deposit(hub, "CAI", "recu")
    page = person("cai").get(f"/depots/{depot_id}").text
    assert "Votre dépôt est bien reçu" in page
    assert "Relancer le contrôle" in page
    assert person("cai").get(f"/depots/{depot_id}/rapport").status_code == 404


def test_a_file_name_cannot_smuggle_markup(hub: Hub, person: Callable[[str], Visit]) -> None:
    hostile = constat("V24", "a_corriger", 2, "sexe", fichier="<img src=x onerror=alert(1)>.csv")
    depot_id = make_deposit(hub, "CAI", QUARANTINED, quarantaine=1, constats=[hostile])
    page = person("cai").get(f"/depots/{depot_id}").text
    assert "<img" not in page
    assert "&lt;img src=x" in page


def test_the_home_page_of_discri_has_a_state_for_each_centre_and_table(
    hub: Hub, person: Callable[[str], Visit]
) -> None:
    make_deposit(hub, "CAI", QUARANTINED, quarantaine=3)
    make_deposit(hub, "CERAIC", "accepte")
    make_deposit(hub, "CIMB", "accepte", periode=Period(2026, 2))
    make_deposit(hub, "CRIC", "refuse")
    page = person("discri").get("/").text
    assert page.count('<th scope="row">Dossiers</th>') == 1
    assert page.count('<td data-titre="CAI">') == 22  # the deposit, and every table of the contract
    assert "5 dépôts" not in page
    assert "6 dépôts à recevoir ou à corriger, sur 8." in page
    cells = page.split("<tbody>")[1].split("</tbody>")[0]
    assert cells.count("Reportée") == 21  # every table of the contract
    assert cells.count("Refusée") == 21
    assert cells.count("À\u00a0corriger") == 2  # the deposit and its table of dossiers
    assert cells.count("Absente") == 38  # nineteen tables of two deposits


def test_another_period_can_be_looked_at(hub: Hub, person: Callable[[str], Visit]) -> None:
    make_deposit(hub, "CAI", "accepte", periode=Period(2026, 2))
    visitor = person("cai")
    assert "2e trimestre 2026 (2026-T2)</h1>" in visitor.get("/?periode=2026-T2").text
    assert visitor.get("/?periode=hier").status_code == 422
