"""Every page: French, landmarks, one h1, labels, nothing inline, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest

from intercentre.concertation import open_round
from intercentre.core.hub import Hub
from intercentre.core.registry.tables import Depot
from schemas.gates import Gate
from tests.portal.conftest import ACCOUNTS, Visit
from tests.portal.facts import (
    PERIODE,
    QUARANTINED,
    constat,
    make_deposit,
    write_figures,
    write_release,
    write_some_anomalies,
)
from tests.portal.gate_evidence import BROKEN, write_gate

FOR_ALL = ("/", "/?periode=2026-T2", "/publications", "/demarrer", "/page-absente")
FOR_DEPOSITS = (
    "/depots",
    "/depots/{depot}",
    "/depots/{depot}?page=1",
    "/concertation",
    "/concertation/{tour}",
    "/anomalies",
)
FOR_CENTRES = ("/depots/nouveau",)
FOR_STEWARDS = ("/controles", "/contrat/essai")


@dataclass
class Facts(HTMLParser):
    """What a page's markup holds."""

    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    title: str = ""
    _open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._open.append(tag)

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "title":
            self.title += data

    def all(self, *names: str) -> Iterator[dict[str, str | None]]:
        return (attributes for tag, attributes in self.tags if tag in names)

    @property
    def headings(self) -> list[int]:
        return [int(tag[1]) for tag, _ in self.tags if tag in ("h1", "h2", "h3", "h4")]


@pytest.fixture
def places(hub: Hub) -> dict[str, str]:
    write_figures(hub, "I21", "I22")
    write_some_anomalies(hub)
    tour = open_round(hub, PERIODE)
    write_release(hub, tour, indicateurs__csv=b"a\n", LISEZMOI__txt=b"b\n")
    write_gate(hub, PERIODE, Gate.OBSERVATIONS, BROKEN)
    constats = [constat("V24", "a_corriger", line, "sexe") for line in range(2, 9)]
    return {"depot": make_deposit(hub, "CAI", QUARANTINED, quarantaine=7, constats=constats), "tour": tour}


def pages_of(nom: str) -> tuple[str, ...]:
    role = ACCOUNTS[nom][0]
    return (
        *FOR_ALL,
        *(FOR_DEPOSITS if role != "autorite" else ("/depots",)),
        *(FOR_CENTRES if role == "centre" else ()),
        *(FOR_STEWARDS if role in ("discri", "exploitant") else ()),
    )


@pytest.mark.parametrize("nom", ["cai", "discri", "autorite", "exploitant"])
def test_every_page_is_well_made(places: dict[str, str], person: Callable[[str], Visit], nom: str) -> None:
    visitor, titles = person(nom), set()
    for path in pages_of(nom):
        facts = Facts()
        text = visitor.get(path.format(**places)).text
        facts.feed(text)
        assert text.startswith("<!doctype html>"), path
        assert next(facts.all("html"))["lang"] == "fr", path
        assert facts.title.strip().endswith(" · Intercentre"), path
        titles.add(facts.title.strip())
        check_structure(facts, path)
        check_nothing_inline(facts, text, path)
        check_forms(facts, path)
    assert len(titles) >= len(pages_of(nom)) - 3  # two pages of one deposit or round share their title


def test_the_login_page_is_well_made(visit: Callable[[], Visit]) -> None:
    facts = Facts()
    text = visit().get("/connexion").text
    facts.feed(text)
    assert facts.headings == [1]
    check_nothing_inline(facts, text, "/connexion")
    check_forms(facts, "/connexion")


def check_structure(facts: Facts, path: str) -> None:
    assert [len(list(facts.all(tag))) for tag in ("main", "header", "footer")] == [1, 1, 1], path
    assert facts.headings.count(1) == 1, path
    assert facts.headings[0] == 1, path
    steps = zip(facts.headings, facts.headings[1:], strict=False)
    assert all(deeper <= shallower + 1 for shallower, deeper in steps), path
    first_link = next(facts.all("a"))
    assert (first_link["class"], first_link["href"]) == ("evitement", "#contenu"), path
    assert next(facts.all("main"))["id"] == "contenu", path
    labels = [nav.get("aria-label") for nav in facts.all("nav")]
    assert "Menu principal" in labels, path
    assert ("Fil d'Ariane" in labels) == (not path.startswith("/?") and path != "/"), path
    current = [attributes for attributes in facts.all("a", "span") if attributes.get("aria-current")]
    assert current, path
    identifiers = [attributes["id"] for _, attributes in facts.tags if attributes.get("id")]
    assert len(identifiers) == len(set(identifiers)), path
    for reference in ("aria-labelledby", "aria-describedby"):
        for _, attributes in facts.tags:
            assert set((attributes.get(reference) or "").split()) <= set(identifiers), (path, attributes)
    assert all(icon.get("aria-hidden") == "true" for icon in facts.all("svg")), path
    assert all(cell.get("scope") for cell in facts.all("th")), path


def check_nothing_inline(facts: Facts, text: str, path: str) -> None:
    assert not list(facts.all("script", "style", "iframe", "object", "embed")), path
    for tag, attributes in facts.tags:
        assert "style" not in attributes, (path, tag)
        assert not any(name.startswith("on") for name in attributes), (path, tag)
        for name in ("src", "href", "action"):
            if attributes.get(name):
                assert str(attributes[name]).startswith(("/", "#")), (path, tag, attributes[name])
    assert len([link for link in facts.all("link") if link["rel"] == "stylesheet"]) == 1, path
    assert "None" not in text, path
    assert "\u2014" not in text, path


def check_forms(facts: Facts, path: str) -> None:
    labelled = {label.get("for") for label in facts.all("label")}
    for control in facts.all("input", "select", "textarea"):
        if control.get("type") == "hidden" or "hidden" in control:
            continue
        assert control.get("id") in labelled, (path, control)
    posts = sum(form.get("method") == "post" for form in facts.all("form"))
    tokens = sum(control.get("name") == "csrf" and bool(control.get("value")) for control in facts.all("input"))
    assert posts == tokens, path


def test_the_menu_shows_only_what_opens(places: dict[str, str], person: Callable[[str], Visit]) -> None:
    for nom in ("cai", "discri", "autorite", "exploitant"):
        visitor, facts = person(nom), Facts()
        facts.feed(visitor.get("/").text)
        inside = {str(link["href"]).split("#")[0] for link in facts.all("a") if str(link["href"]).startswith("/")}
        assert len(inside) >= 3
        for path in inside:
            assert visitor.get(path).status_code == 200, (nom, path)


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/rien", 404, "Cette page n'existe pas"),
        ("/depots/nouveau/autre", 404, "Cette page n'existe pas"),
        ("/?periode=hier", 422, "Période attendue"),
        ("/depots?page=deux", 422, "la forme attendue"),
    ],
)
def test_refusals_are_pages_in_french(person: Callable[[str], Visit], path: str, status: int, words: str) -> None:
    answer = person("cai").get(path)
    assert answer.status_code == status
    assert words in answer.text.replace("&#39;", "'")
    assert "detail" not in answer.text


def test_a_wrong_method_is_refused_in_french(person: Callable[[str], Visit]) -> None:
    answer = person("cai").http.delete("/depots")
    assert answer.status_code == 405
    assert "pas pour cette action" in answer.text


def test_a_role_that_may_not_is_told_so(person: Callable[[str], Visit]) -> None:
    answer = person("autorite").get("/depots")
    assert answer.status_code == 403
    assert "Votre compte ne donne pas accès" in answer.text


def test_pages_say_that_simulated_data_are_simulated(hub: Hub, person: Callable[[str], Visit]) -> None:
    depot_id = make_deposit(hub, "CAI")
    visitor = person("cai")
    assert "Données simulées" not in visitor.get("/").text
    with hub.registry.change() as change:
        change.session.get_one(Depot, depot_id).logiciel = "simulation-intercentre"
    for path in ("/", "/publications", "/concertation", f"/depots/{depot_id}"):
        assert "Données simulées" in visitor.get(path).text, path
