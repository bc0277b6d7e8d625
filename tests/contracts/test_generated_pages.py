"""docs/generated is what the contract says today; templates can be filled in and are accepted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from intercentre.documentation import generated_pages
from intercentre.documentation.example_deposit import example_row
from schemas.extracts import TABLES
from schemas.nomenclatures import nomenclature
from schemas.oracle import judge
from schemas.rules import catalogue
from tests.rules.row_examples import EXAMPLES, WORDS, shown_examples

GENERATED = Path(__file__).parents[2] / "docs" / "generated"
PAGES = generated_pages(shown_examples())


@pytest.mark.parametrize("name", sorted(PAGES))
def test_committed_page_is_current(name: str) -> None:
    assert (GENERATED / name).read_text(encoding="utf-8") == PAGES[name], "run `make docs`"


def test_every_code_and_column_is_in_the_pages() -> None:
    assert [code for code in catalogue() if f"`{code}`" not in PAGES["constats.md"]] == []
    missing = [
        (name, column)
        for name, table in TABLES.items()
        for column in table.fields()
        if f"| `{column}` |" not in PAGES["dictionnaire.md"]
    ]
    assert missing == []


class Elements(HTMLParser):
    """Every start tag with its attributes, and the visible text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text += data

    def values(self, attribute: str) -> list[str]:
        return [attributes[attribute] for _, attributes in self.tags if attribute in attributes]


def test_the_script_reaches_for_nothing() -> None:
    assert not re.search(r"https?:|fetch|XMLHttp|import|innerHTML|eval|localStorage", PAGES["recherche.js"])


HTML = {name: Elements(text) for name, text in PAGES.items() if name.endswith(".html")}


@pytest.mark.parametrize("name", HTML)
def test_a_page_is_whole_without_its_script_and_fetches_nothing_else(name: str) -> None:
    page = HTML[name]
    assert {tag for tag, _ in page.tags}.isdisjoint({"link", "img", "iframe", "object", "details", "form", "input"})
    assert page.values("src") == ["recherche.js"]
    assert not [value for attribute in ("style", "onclick", "onload", "hidden") for value in page.values(attribute)]
    assert "http" not in "".join(page.values("href"))
    assert not re.search(r"url\(|@import", PAGES[name])
    assert ("html", {"lang": "fr"}) in page.tags
    assert [tag for tag, _ in page.tags].count("h1") == 1


def _links() -> Iterator[tuple[str, str]]:
    for name, page in HTML.items():
        for link in page.values("href"):
            target, _, anchor = link.partition("#")
            yield target or name, anchor


def test_each_link_leads_somewhere_and_no_anchor_is_double() -> None:
    anchors = {name: page.values("id") for name, page in HTML.items()}
    assert [(target, anchor) for target, anchor in _links() if anchor and anchor not in anchors[target]] == []
    for name, page in HTML.items():
        assert [anchor for anchor, count in Counter(anchors[name]).items() if count > 1] == []
        assert set(page.values("aria-labelledby")) <= set(anchors[name])


def test_a_rule_of_several_tables_leads_to_its_columns_in_each() -> None:
    """By hand: T07 and T15 end their rows, each in a column of its own name."""
    article = PAGES["constats.html"].split('id="V37-D"')[1].split("</article>")[0]
    assert 'href="dictionnaire.html#operateur.agrement_fin"' in article
    assert 'href="dictionnaire.html#pli_action.plan_fin"' in article
    assert "#operateur.plan_fin" not in article


def test_each_column_has_an_anchor_and_is_in_the_index() -> None:
    page = HTML["dictionnaire.html"]
    links = page.values("href")
    for name, table in TABLES.items():
        for column in table.fields():
            assert f"{name}.{column}" in page.values("id")
            assert links.count(f"#{name}.{column}") >= 2, "its own link and the index"


def test_each_code_of_a_list_is_in_the_dictionary() -> None:
    for name in ("commune", "pays", "titre", "sexe"):
        assert f"liste-{name}" in HTML["dictionnaire.html"].values("id")
        shown = HTML["dictionnaire.html"].text
        assert [code for code, entry in nomenclature(name).entries.items() if entry.libelle not in shown] == []


def test_the_catalogue_shows_each_finding_with_its_examples() -> None:
    page = HTML["constats.html"]
    assert [code for code in catalogue() if code not in page.values("id")] == []
    shown = [*(both.get("echoue") for both in EXAMPLES.values()), *(both["echoue"] for both in WORDS.values())]
    assert page.text.count("Ce dépôt donne le constat.") == sum(map(bool, shown))
    article = PAGES["constats.html"].split('id="V20"')[1].split("</article>")[0]
    text = " ".join(Elements(article).text.split())
    assert "dossier, ligne 2 : motif_cloture = ABANDON" in text
    assert "Le constat est placé : dossier, ligne 2, colonne motif_cloture." in text
    assert "date_cloture = 2026-05-01, motif_cloture = ABANDON" in text
    assert not re.search(r"\{\w+\}", PAGES["constats.html"].split("</style>")[1])


@pytest.mark.parametrize("name", TABLES)
def test_the_example_of_each_column_is_valid(name: str) -> None:
    findings = judge(TABLES[name], example_row(TABLES[name]), date(2026, 9, 30)).findings
    assert findings == frozenset()
