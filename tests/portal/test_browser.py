"""In a real browser, against a real server: deposit and verdict, the keyboard alone, a narrow screen, the vote."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from intercentre.concertation import open_round, round_status
from intercentre.core.hub import Hub
from schemas.exchanges.agreement import Opinion
from tests.portal.facts import (
    PERIODE,
    QUARANTINED,
    constat,
    make_deposit,
    write_figures,
    write_release,
    write_some_anomalies,
)
from tests.portal.packages import with_one_wrong_sex

pytestmark = pytest.mark.slow
DEPOSIT = re.compile(r"/depots/(CAI-2026-T3-[0-9a-f]{12})$")
# Text and background of every element that shows text of its own, down to the first opaque background.
CONTRASTS = """() => {
  const channel = value => { const c = value / 255; return c <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4 };
  const light = ([r, g, b]) => .2126 * channel(r) + .7152 * channel(g) + .0722 * channel(b);
  const colour = text => text.match(/[\\d.]+/g).map(Number);
  const low = [];
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    if (!own || !element.checkVisibility()) continue;
    let behind = element;
    while (behind && (colour(getComputedStyle(behind).backgroundColor)[3] ?? 1) === 0) behind = behind.parentElement;
    const ground = light(behind ? colour(getComputedStyle(behind).backgroundColor) : [255, 255, 255]);
    const ink = light(colour(getComputedStyle(element).color));
    const ratio = (Math.max(ground, ink) + .05) / (Math.min(ground, ink) + .05);
    if (ratio < 4.5) low.push(`${element.tagName}.${element.className} ${ratio.toFixed(2)} ${element.textContent}`);
  }
  return low;
}"""


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    """A page of its own; a refusal of the strict policy, an outside address or a script error fails the test."""
    context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 900}, locale="fr-BE")
    opened, complaints = context.new_page(), []
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("request", lambda sent: complaints.append(sent.url) if not sent.url.startswith(address) else None)
    yield opened
    context.close()
    assert [text for text in complaints if "404" not in text] == []


@pytest.fixture
def places(hub: Hub) -> dict[str, str]:
    write_figures(hub, "I01", "I21", "I22")
    write_some_anomalies(hub)
    tour = open_round(hub, PERIODE)
    write_release(hub, tour, "2026-T2.1", indicateurs__csv=b"a\n", LISEZMOI__txt=b"b\n")
    long_name = "export_trimestriel_des_dossiers_du_centre_2026_T3_version_definitive_corrigee.csv"
    constats = [
        *(constat("V24", "a_corriger", line, "date_debut_sejour_legal", fichier=long_name) for line in range(2, 9)),
        constat("V01", "bloquant", None),
        constat("V22", "a_expliquer", 9, "date_premier_contact"),
        constat("DEP-007", "information", None),
    ]
    make_deposit(hub, "CRIC", "refuse")
    return {"depot": make_deposit(hub, "CAI", QUARANTINED, quarantaine=7, constats=constats), "tour": tour}


def log_in(page: Any, token: str) -> None:
    page.goto("/connexion")
    page.get_by_label("Jeton de votre compte").fill(token)
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url("**/")


def test_a_zip_comes_back_with_its_verdict_and_another_centre_is_refused(
    page: Any, browser: Any, address: str, tokens: dict[str, str], packages: dict[str, Path], tmp_path: Path
) -> None:
    archive = tmp_path / "export du CAI.zip"
    archive.write_bytes(with_one_wrong_sex(packages["CAI"]))
    log_in(page, tokens["cai"])
    page.get_by_role("link", name="Déposer un fichier").click()
    page.get_by_label("Fichier à déposer").set_input_files(archive)
    assert page.get_by_label("Période du dépôt").input_value() == "2026-T3"
    page.get_by_role("button", name="Déposer", exact=True).click()
    page.wait_for_url(DEPOSIT)
    assert page.get_by_role("heading", level=1).inner_text() == "Dépôt du 3e trimestre 2026 (2026-T3)"
    assert page.get_by_text("Accepté, 1 ligne à corriger ; le reste est pris en compte.").is_visible()
    assert page.get_by_text("dossier.csv, ligne 3, colonne sexe").is_visible()
    assert page.get_by_text("export du CAI.zip").is_visible()
    with page.expect_download() as report:
        page.get_by_role("link", name="Télécharger le rapport (HTML)").click()
    assert report.value.suggested_filename.startswith("verdict-CAI-2026-T3-")

    elsewhere = browser.new_context(base_url=address)
    other = elsewhere.new_page()
    log_in(other, tokens["cric"])
    answer = other.goto(page.url)
    assert answer.status == 404
    assert other.get_by_role("heading", level=1).inner_text() == "Page introuvable"
    elsewhere.close()


def test_the_keyboard_alone_leads_from_login_to_verdict(
    page: Any, tokens: dict[str, str], packages: dict[str, Path], tmp_path: Path
) -> None:
    archive = tmp_path / "depot.zip"
    archive.write_bytes(with_one_wrong_sex(packages["CAI"]))
    page.goto("/connexion")
    page.keyboard.press("Tab")
    assert focused(page) == "Aller au contenu"
    page.keyboard.press("Enter")
    press_until(page, lambda: page.evaluate("document.activeElement.id") == "jeton")
    page.keyboard.type(tokens["cai"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/")
    press_until(page, lambda: focused(page) == "Déposer un fichier")
    page.keyboard.press("Enter")
    page.wait_for_url("**/depots/nouveau")
    press_until(page, lambda: page.evaluate("document.activeElement.id") == "fichier")
    page.locator(":focus").set_input_files(archive)  # the dialog that opens here is the system's own
    press_until(page, lambda: focused(page) == "Déposer")
    page.keyboard.press("Enter")
    page.wait_for_url(DEPOSIT)
    press_until(page, lambda: focused(page).startswith("Tous les constats"))
    page.keyboard.press("Enter")
    assert page.locator("details#tous").get_attribute("open") is not None


def test_a_centre_votes_in_the_browser(page: Any, places: dict[str, str], hub: Hub, tokens: dict[str, str]) -> None:
    log_in(page, tokens["cai"])
    page.get_by_role("link", name="Donner votre avis").click()
    page.get_by_role("link", name="Donner votre avis").click()  # the page's own link to its form
    page.get_by_label("approuve avec une réserve").check()
    page.get_by_label("Motif").fill("Les transferts de juillet comptent deux fois.")
    page.get_by_label("I21 :").check()
    page.get_by_role("button", name="Enregistrer votre avis").click()
    page.wait_for_url(f"**/concertation/{places['tour']}")
    assert page.get_by_text("Votre avis est enregistré.").is_visible()
    place = next(place for place in round_status(hub, places["tour"]).places if place.centre == "CAI")
    assert (place.avis, place.indicateurs) == (Opinion.RESERVE, ("I21",))


@pytest.mark.parametrize("nom", ["cai", "discri", "autorite"])
def test_a_narrow_screen_never_scrolls_sideways_and_every_text_is_readable(
    page: Any, places: dict[str, str], tokens: dict[str, str], nom: str
) -> None:
    paths = ["/", "/publications", "/demarrer", "/page-absente"]
    paths += (
        [] if nom == "autorite" else ["/depots", f"/depots/{places['depot']}?page=1", "/concertation", "/anomalies"]
    )
    paths += ["/depots/nouveau"] if nom == "cai" else []
    paths += ["/controles", "/contrat/essai"] if nom == "discri" else []
    log_in(page, tokens[nom])
    page.set_viewport_size({"width": 320, "height": 640})
    for path in ("/connexion", *paths):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert page.evaluate(CONTRASTS) == [], (path, scheme)


def test_focus_is_always_seen(page: Any, places: dict[str, str], tokens: dict[str, str]) -> None:
    log_in(page, tokens["cai"])
    for path in ("/", "/depots/nouveau", f"/depots/{places['depot']}", "/concertation"):
        page.goto(path)
        seen = set()
        for _ in range(60):
            page.keyboard.press("Tab")
            here = page.evaluate("document.activeElement === document.body ? '' : document.activeElement.outerHTML")
            if not here or here in seen:
                break
            seen.add(here)
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", (path, here)
        assert len(seen) >= 8, path


def test_the_browser_shows_the_refusal_of_a_file_too_large(
    browser: Any, make_hub: Callable[..., Hub], tmp_path: Path
) -> None:
    from intercentre.portal import create_account, create_app
    from tests.portal.conftest import serving

    hub = make_hub("petit", collecte_octets_max=300_000)
    token = create_account(hub, "cai", "centre", "CAI")
    large = tmp_path / "grand.zip"
    large.write_bytes(b"x" * 500_000)
    with serving(create_app(hub)) as address:
        context = browser.new_context(base_url=address)
        page = context.new_page()
        log_in(page, token)
        page.goto("/depots/nouveau")
        page.get_by_label("Fichier à déposer").set_input_files(large)
        page.get_by_role("button", name="Déposer", exact=True).click()
        page.get_by_text("Ce fichier dépasse la taille admise (300\u202fko)").wait_for()
        context.close()


def focused(page: Any) -> str:
    return str(page.evaluate("document.activeElement.innerText ?? ''")).strip()


def press_until(page: Any, reached: Callable[[], bool]) -> None:
    for _ in range(40):
        if reached():
            return
        page.keyboard.press("Tab")
    raise AssertionError("the keyboard does not reach it")
