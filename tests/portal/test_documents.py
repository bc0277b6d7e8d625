"""The pages that stand alone, opened from a disk in a real browser: narrow, dark, printed, clean by axe."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from intercentre.core.hub import Hub
from intercentre.core.settings import Settings
from intercentre.validation import render_html
from schemas.exchanges.verdict import Decision, TableCount, Verdict
from schemas.findings import Finding
from schemas.gates import Gate
from schemas.period import Period
from schemas.rules import finding
from tests.portal.gate_evidence import BROKEN, write_gate
from tests.portal.test_browser import CONTRASTS

pytestmark = pytest.mark.slow
GENERATED = Path(__file__).parents[2] / "docs" / "generated"
LONG = "export_trimestriel_des_dossiers_du_centre_2026_T3_version_definitive_corrigee.csv"
FAST = {"resultTypes": ["violations"]}  # of what passes, the rules alone are told
RULES = FAST | {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
COLOURS = FAST | {"runOnly": {"type": "rule", "values": ["color-contrast"]}}


def _findings() -> tuple[Finding, ...]:
    here = {"table": "dossier", "fichier": LONG}
    return (
        finding("DEP-007"),
        finding("QUA-001", nombre=7, total=8, seuil="2", **here),
        *(finding("V15", ligne=line, colonne="sexe", **here) for line in range(2, 9)),
        finding("V16", ligne=9, colonne="titre_sejour", **here),
        finding("TOL-001", **here),
    )


def _verdict(decision: Decision, findings: tuple[Finding, ...]) -> Verdict:
    set_aside = 7 if findings else 0
    return Verdict(
        verdict=decision,
        centre="CAI",
        periode="2026-T3",
        version_contrat="1.0.0",
        regles_sha256="0" * 64,
        niveau=1,
        tables=(
            TableCount(
                table="dossier",
                fichier=LONG,
                lignes_lues=8,
                lignes_retenues=8 - set_aside,
                lignes_quarantaine=set_aside,
            ),
            TableCount(table="transfert", fichier=None, lignes_lues=0, lignes_retenues=0, lignes_quarantaine=0),
        ),
        constats=findings,
    )


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    verdicts = {
        "accepte": _verdict(Decision.ACCEPTE, ()),
        "quarantaine": _verdict(Decision.ACCEPTE_AVEC_QUARANTAINE, _findings()[2:]),
        "refuse": _verdict(Decision.REFUSE, _findings()),
    }
    written = {}
    for name, verdict in verdicts.items():
        written[name] = folder / f"{name}.html"
        written[name].write_text(render_html(verdict), encoding="utf-8")
    hub = Hub(Settings(home=folder / "hub"))
    written["controle"] = write_gate(hub, Period(2026, 3), Gate.OBSERVATIONS, BROKEN) / "page.html"
    return {**written, **{path.stem: path for path in GENERATED.glob("*.html")}}


PAGES = ("accepte", "quarantaine", "refuse", "constats", "dictionnaire", "indicateurs", "controle")


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A page of its own; a script error or anything that is fetched from elsewhere fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="fr-BE")
    opened, complaints = context.new_page(), []
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("request", lambda sent: complaints.append(sent.url) if not sent.url.startswith("file:") else None)
    yield opened
    context.close()
    assert complaints == []


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(page: Any, axe: str, pages: dict[str, Path], name: str) -> None:
    """Every rule at both widths; a dark screen has other colours, and nothing else that a rule could see."""
    page.goto(pages[name].as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    page.evaluate(axe)
    for width, scheme, rules in ((1280, "light", RULES), (320, "light", RULES), (320, "dark", COLOURS)):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        found = page.evaluate("rules => axe.run(rules)", rules)
        assert [(one["id"], [node["html"][:200] for node in one["nodes"][:3]]) for one in found["violations"]] == []
        assert len(found["passes"]) > (15 if rules is RULES else 0)


@pytest.mark.parametrize("name", PAGES)
def test_a_narrow_screen_shows_everything(page: Any, pages: dict[str, Path], name: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(pages[name].as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate(CONTRASTS) == []


def test_a_narrow_screen_cuts_no_label_of_a_chart(page: Any, pages: dict[str, Path]) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(pages["indicateurs"].as_uri())
    cut = page.evaluate(
        "[...document.querySelectorAll('svg.barres text')]"
        ".filter(one => one.getBoundingClientRect().right > one.closest('figure').getBoundingClientRect().right + 1)"
        ".map(one => one.textContent)"
    )
    assert cut == []


@pytest.mark.parametrize(
    ("name", "words", "shown", "hidden"),
    [
        ("constats", "registre NATIONAL bloque", ["V10"], ["V15"]),
        ("constats", "ABANDON motif_cloture", ["V20"], ["V10"]),
        ("dictionnaire", "cloture date", ["dossier.date_cloture"], ["dossier.sexe"]),
        ("dictionnaire", "clôture DATE", ["dossier.date_cloture"], ["dossier.sexe"]),
        ("indicateurs", "abandon inscription", ["I24"], ["I53"]),
    ],
)
def test_a_search_keeps_what_has_every_word(
    page: Any, pages: dict[str, Path], name: str, words: str, shown: list[str], hidden: list[str]
) -> None:
    page.goto(pages[name].as_uri())
    page.get_by_role("searchbox").fill(words)
    for anchor in shown:
        assert page.locator(f'[id="{anchor}"]').is_visible()
    for anchor in hidden:
        assert not page.locator(f'[id="{anchor}"]').is_visible()
    assert " sur " in page.get_by_role("status").inner_text()
    page.keyboard.press("Escape")
    assert page.locator(f'[id="{hidden[0]}"]').is_visible()


def test_a_search_without_result_says_so_and_hides_the_titles(page: Any, pages: dict[str, Path]) -> None:
    page.goto(pages["dictionnaire"].as_uri())
    page.get_by_role("searchbox").fill("zzzz")
    assert page.get_by_role("status").inner_text() == "Rien ne correspond."
    assert page.get_by_role("heading", level=2).count() == 0


def test_the_report_prints_every_finding_without_being_opened(page: Any, pages: dict[str, Path]) -> None:
    page.goto(pages["refuse"].as_uri())
    assert not page.locator("details tbody tr").first.is_visible()
    page.emulate_media(media="print")
    assert page.locator("details tbody tr").last.is_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('.evitement')).display") == "none"
    assert len(page.pdf(format="A4")) > 10_000
