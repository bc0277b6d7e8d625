"""A verdict as a person reads it: decision first, what to do, every place; nothing to fetch, nothing to run."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

from intercentre.validation import render_html, render_text
from intercentre.validation.report import groups_to_do, sections
from schemas.exchanges.verdict import Verdict
from schemas.findings import Severity
from schemas.rules import catalogue
from tests.packages import DEFAULTS, csv_bytes, files, judge, with_manifest, write_folder

ROWS = [
    *({"dossier_id": f"D-{n}", "personne_ref": f"P-{n}", "sexe": "H"} for n in range(2, 9)),
    {"titre_sejour": "C"},
]


def _verdict(tmp_path: Path, name: str = "dossier.csv", **options: object) -> Verdict:
    content = {**files({}), name: csv_bytes("dossier", [{**DEFAULTS["dossier"], **row} for row in ROWS])}
    if name != "dossier.csv":
        del content["dossier.csv"]
    return judge(write_folder(tmp_path / "depot", content), tmp_path / "sortie", **options)


class _Page(HTMLParser):
    """What a page is made of: tags, attributes that fetch, and the text that is read."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.fetched: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.fetched += [value or "" for name, value in attrs if name in ("src", "href", "action", "onload", "onclick")]

    def handle_data(self, data: str) -> None:
        self.words += data.split()


def _page(html: str) -> _Page:
    page = _Page()
    page.feed(html)
    return page


def test_the_text_says_the_decision_then_what_to_do_then_every_place(tmp_path: Path) -> None:
    lines = render_text(_verdict(tmp_path)).splitlines()
    assert lines[0] == "Accepté, 7 lignes à corriger ; le reste est pris en compte."
    assert lines[2].startswith("Centre CAI, 3e trimestre 2026 (2026-T3). Contrat 1.1.0, règles ")
    first = lines.index("Que faire d'abord")
    assert lines[first + 1] == (
        "- Code inconnu (7 endroits, V15) : Choisissez un code de la liste (feuille « codes » du gabarit)."
    )
    assert lines[first + 2] == ""  # what is only to be explained comes later
    group = lines.index("À corriger : Code inconnu (V15), 7 endroits")
    assert first < lines.index("TABLE DOSSIER (T01)") < group
    assert lines[group + 3] == "    dossier.csv, ligne 2, colonne sexe"
    assert lines[group + 8] == "    et 2 autres endroits, dans la liste complète"
    assert lines.count("dossier.csv, ligne 8, colonne sexe : V15, à corriger") == 1
    assert lines[-1] == "dossier.csv, ligne 9, colonne titre_sejour : V16, à expliquer"


def test_what_blocks_comes_before_what_is_to_be_corrected(tmp_path: Path) -> None:
    verdict = _verdict(tmp_path, seuil_quarantaine=0.5)
    assert [group.code for group in groups_to_do(verdict.constats)[0]] == ["QUA-001"]
    assert render_text(verdict).startswith("Refusé : ")
    (whole, dossier) = sections(verdict.constats)
    assert [group.code for group in whole.groups] == ["DEP-007"]
    assert [(group.code, group.count) for group in dossier.groups] == [("QUA-001", 1), ("V15", 7), ("V16", 1)]


def test_a_long_list_of_things_to_do_starts_with_the_most_frequent(tmp_path: Path) -> None:
    wrong = {
        "sexe": "H",
        "bureau_id": "B 1",
        "annee_naissance": "x",
        "date_titre": "x",
        "commune_refnis": "x",
        "mena": "",
    }
    rows = [{**wrong, "date_cloture": "2026-02-01"}, {"dossier_id": "D-2", "personne_ref": "P-2", "sexe": "H"}]
    package = write_folder(
        tmp_path / "depot", with_manifest(files({"dossier": rows, "etape_accueil": [{"rang": "0"}]}))
    )
    verdict = judge(package, tmp_path / "sortie")
    first, others = groups_to_do(verdict.constats)
    assert [(group.code, group.count) for group in first][:2] == [("CTR-003", 2), ("V15", 2)]
    assert (len(first), others) == (6, 1)
    assert "- Puis 1 autre sorte de constat de même gravité, table par table." in render_text(verdict)


def test_a_deposit_with_nothing_to_say_is_short(tmp_path: Path) -> None:
    verdict = judge(write_folder(tmp_path / "depot", with_manifest(files())), tmp_path / "sortie")
    assert render_text(verdict).startswith("Accepté : rien à faire.\n")
    assert "Que faire" not in render_text(verdict)
    assert "Aucun constat." in render_html(verdict)


def test_the_page_stands_alone(tmp_path: Path) -> None:
    page = _page(render_html(_verdict(tmp_path)))
    assert page.fetched == ["#contenu"]
    assert not {"script", "link", "img", "iframe", "form"} & set(page.tags)
    assert (page.tags.count("h1"), page.tags.count("main"), page.tags.count("style")) == (1, 1, 1)


def test_the_page_holds_every_place_and_its_remedy(tmp_path: Path) -> None:
    text = " ".join(_page(render_html(_verdict(tmp_path))).words)
    assert "Accepté, 7 lignes à corriger ; le reste est pris en compte." in text
    assert catalogue()["V15"].remedy in text
    assert "Que faire d'abord Code inconnu (7 endroits) : Choisissez un code de la liste" in text
    for ligne in range(2, 9):
        assert f"dossier.csv, ligne {ligne}, colonne sexe Le code" in text
    assert "9 constats, un par ligne" in text


def test_a_name_of_a_file_is_text_and_never_markup(tmp_path: Path) -> None:
    name = "<script>alert(1)<_dossier.csv"
    verdict = _verdict(tmp_path, name)
    assert {found.fichier for found in verdict.constats if found.severite is Severity.A_CORRIGER} == {name}
    page = _page(render_html(verdict))
    assert "script" not in page.tags
    assert "<script>alert(1)<_dossier.csv," in page.words
