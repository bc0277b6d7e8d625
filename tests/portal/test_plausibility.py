"""The examination of plausibility: DISCRI and the operator read it, a centre and an authority do not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from httpx import Response

from intercentre.core.hub import Hub
from intercentre.plausibility.documents import FindingsDocument
from schemas.rules import finding
from tests.as_read import as_read
from tests.portal.conftest import Visit
from tests.portal.facts import make_deposit

LINK = "Télécharger l'examen de plausibilité"


def test_the_page_is_offered_once_it_is_there(hub: Hub, person: Callable[[str], Visit]) -> None:
    depot_id = make_deposit(hub, "CAI")
    visitor = person("discri")
    assert visitor.get(f"/depots/{depot_id}/plausibilite").status_code == 404
    assert LINK not in visitor.get(f"/depots/{depot_id}").text
    folder = hub.home.root / "z1" / "plausibilite" / depot_id
    folder.mkdir(parents=True)
    (folder / "page.html").write_bytes(b"<!doctype html><title>examen</title>")
    assert LINK in visitor.get(f"/depots/{depot_id}").text.replace("&#39;", "'")
    answer = visitor.get(f"/depots/{depot_id}/plausibilite")
    assert (answer.status_code, answer.content) == (200, b"<!doctype html><title>examen</title>")
    assert answer.headers["Content-Disposition"].startswith("attachment")


def write_findings(hub: Hub, depot_id: str, *codes: str) -> None:
    """The file of findings as the stage leaves it."""
    folder = hub.home.root / "z1" / "plausibilite" / depot_id
    folder.mkdir(parents=True)
    found = [
        finding(code, table="dossier", fichier="dossier.csv", part="Dossiers ouverts", observe="18", attendu="60 à 90")
        for code in codes
    ]
    document = FindingsDocument(
        depot_id=depot_id, centre="CAI", periode="2026-T3", empreinte="0" * 64, constats=tuple(found)
    )
    (folder / "constats.json").write_text(document.model_dump_json(), encoding="utf-8")


def test_the_centre_reads_its_own_questions_and_what_to_do(hub: Hub, person: Callable[[str], Visit]) -> None:
    depot_id = make_deposit(hub, "CAI")
    page = text_of(person("cai").get(f"/depots/{depot_id}"))
    assert "Pas encore examiné" in page
    write_findings(hub, depot_id, "V62", "V63")
    for nom in ("cai", "discri"):
        page = text_of(person(nom).get(f"/depots/{depot_id}"))
        assert "Dossiers ouverts : 18 ; d'après vos dépôts précédents, 60 à 90 étaient attendus." in page
        assert "Vérifiez que l'encodage de la période est complet" in page
        assert "À expliquer" in page
        assert "Pour information" in page
        assert "Règle V62" in page
    assert person("cric").get(f"/depots/{depot_id}").status_code == 404


def test_a_deposit_that_surprises_nobody_says_so(hub: Hub, person: Callable[[str], Visit]) -> None:
    depot_id = make_deposit(hub, "CAI")
    write_findings(hub, depot_id)
    assert "Rien à expliquer : ce dépôt ressemble aux précédents." in text_of(person("cai").get(f"/depots/{depot_id}"))


def test_a_refused_deposit_is_compared_with_nothing(hub: Hub, person: Callable[[str], Visit]) -> None:
    depot_id = make_deposit(hub, "CAI", "refuse")
    assert "À côté de vos dépôts précédents" not in text_of(person("cai").get(f"/depots/{depot_id}"))


def text_of(answer: Response) -> str:
    assert answer.status_code == 200
    return as_read(answer.text)


@pytest.mark.parametrize("nom", ["cai", "autorite"])
def test_nobody_else_reads_it(hub: Hub, person: Callable[[str], Visit], nom: str) -> None:
    depot_id = make_deposit(hub, "CAI")
    assert person(nom).get(f"/depots/{depot_id}/plausibilite").status_code == 403
