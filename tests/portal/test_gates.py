"""The gates on the portal: DISCRI and the operator read them, a centre and an authority do not."""

from __future__ import annotations

import html
from collections.abc import Callable

import pytest

from intercentre.core.hub import Hub
from schemas.gates import Gate
from tests.as_read import as_read
from tests.portal.conftest import Visit
from tests.portal.facts import PERIODE
from tests.portal.gate_evidence import BROKEN, write_gate

STOPPED = f"/controles/{PERIODE}/observations"


def test_before_the_first_harmonisation_the_page_says_so(person: Callable[[str], Visit]) -> None:
    visitor = person("discri")
    assert "Aucune période n'a encore été contrôlée" in html.unescape(visitor.get("/controles").text)
    assert visitor.get(STOPPED).status_code == 404


@pytest.mark.parametrize("nom", ["discri", "exploitant"])
def test_each_period_stands_with_what_was_said_of_it(hub: Hub, person: Callable[[str], Visit], nom: str) -> None:
    write_gate(hub, PERIODE, Gate.TABLES_COMMUNES, {})
    write_gate(hub, PERIODE, Gate.OBSERVATIONS, BROKEN)
    write_gate(hub, PERIODE.previous(), Gate.OBSERVATIONS, {"POR-107": BROKEN["POR-107"]})
    text = html.unescape(person(nom).get("/controles").text)
    said = ["Rien à expliquer", "Suite arrêtée", "1 attente à expliquer"]
    assert [text.count(one) for one in said] == [1, 1, 1]
    assert text.index("2026-T3/observations") < text.index("2026-T2/observations"), "the latest period first"
    answer = person(nom).get(STOPPED)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    page = as_read(answer.text)
    assert "La suite est arrêtée : 1 attente bloquante n'est pas tenue." in page
    assert "I04, 2026-T3" in page
    assert "I05, 2026-T3" not in page, "what holds is counted, not listed"


@pytest.mark.parametrize(
    "path", ["/controles/2026-T3/autre", "/controles/hier/observations", "/controles/2031/observations"]
)
def test_what_does_not_exist_is_not_found(person: Callable[[str], Visit], path: str) -> None:
    assert person("discri").get(path).status_code == 404


@pytest.mark.parametrize("nom", ["cai", "autorite"])
def test_nobody_else_reads_them(hub: Hub, person: Callable[[str], Visit], nom: str) -> None:
    write_gate(hub, PERIODE, Gate.OBSERVATIONS, BROKEN)
    visitor = person(nom)
    assert "/controles" not in visitor.get("/").text
    assert [visitor.get(path).status_code for path in ("/controles", STOPPED)] == [403, 403]
