"""docs/generated is what the contract says today; templates can be filled in and are accepted."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from intercentre.documentation import generated_pages
from intercentre.documentation.example_deposit import example_row
from intercentre.documentation.indicator_charts import chart_of
from schemas.extracts import TABLES
from schemas.indicators import definitions
from schemas.nomenclatures import nomenclature
from schemas.oracle import judge
from schemas.rules import catalogue
from tests.as_read import as_read
from tests.indicators.shown_examples import worked_example, worked_examples
from tests.rules.row_examples import EXAMPLES, WORDS, shown_examples

GENERATED = Path(__file__).parents[2] / "docs" / "generated"
WORKED = worked_examples()
PAGES = generated_pages(shown_examples(), WORKED)


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
        assert set(" ".join(page.values("aria-labelledby")).split()) <= set(anchors[name])


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
        shown = as_read(HTML["dictionnaire.html"].text)
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


def test_each_indicator_has_its_definition_its_example_its_chart_and_its_cautions() -> None:
    assert set(WORKED) == set(definitions())
    for code, one in definitions().items():
        article = PAGES["indicateurs.html"].split(
            f'<article class="constat" data-entree="mission {one.missions[0]}" id="{code}"'
        )
        assert len(article) == 2, code
        text = html.unescape(article[1].split("</article>")[0])
        plain = " ".join(Elements(text).text.split())
        said = (one.titre, one.question, one.numerateur, one.maturite, *one.pieges, WORKED[code].calcul)
        assert [part for part in said if " ".join(part.split()) not in plain] == [], code
        assert text.count("<svg") == text.count("</title>") == text.count("</desc>") == 1, code
        assert f'aria-labelledby="{code}-g {code}-d"' in text, code
        assert "exemple inventé" in text, code
        assert "Exemple inventé." in text, code


def test_a_chart_is_drawn_from_the_figures_worked_out_by_hand() -> None:
    """I04: 2 obliged of 4 in the region, 2 of 3 for CAI, none of 1 for CRIC; the drawing is 100 % wide."""
    chart = chart_of(definitions()["I04"], WORKED["I04"])
    assert chart.titre == "Part des obligés, 3e trimestre 2026 (2026-T3), par territoire"
    assert [(bar.libelle, bar.texte.replace("\u00a0", " "), bar.largeur, bar.est_sujet) for bar in chart.barres] == [
        ("Région de langue française", "50 % (2 sur 4)", 50.0, True),
        ("CAI", "66,7 % (2 sur 3)", 66.67, False),
        ("CRIC", "0 % (0 sur 1)", 0.0, False),
    ]
    assert "Région de langue française : 50" in chart.description


def test_an_indicator_without_totals_is_drawn_by_category_and_one_figure_alone_stands_alone() -> None:
    categories = chart_of(definitions()["I13"], WORKED["I13"])
    assert [round(bar.largeur) for bar in categories.barres] == [50, 25, 25], "in the order of levels"
    assert categories.titre.endswith("CAI, selon : niveau de français au premier positionnement")
    alone = chart_of(definitions()["I54"], WORKED["I54"])
    assert [(bar.texte.replace("\u00a0", " "), bar.largeur) for bar in alone.barres] == [("25 % (1 sur 4)", 25.0)]


def test_an_example_without_its_working_is_refused() -> None:
    with pytest.raises(ValueError, match="I99"):
        worked_example("- cas: ordinaire\n  periode: 2026-T3\n  attendu: []\n", "I99")


@pytest.mark.parametrize("name", TABLES)
def test_the_example_of_each_column_is_valid(name: str) -> None:
    findings = judge(TABLES[name], example_row(TABLES[name]), date(2026, 9, 30)).findings
    assert findings == frozenset()
