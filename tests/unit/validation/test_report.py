"""A verdict as a person reads it: decision first, what to do, every place; nothing to fetch, nothing to run."""

from __future__ import annotations

import time
from html.parser import HTMLParser
from pathlib import Path

from intercentre.validation import render_html, render_text
from intercentre.validation.grouping import groups_to_do, sections
from intercentre.validation.report import level_sentence, listing, quarantine_sentence, where
from intercentre.validation.standing import NextLevel, next_level, quarantine_shares
from schemas.exchanges.verdict import Decision, Merge, MergedCount, TableCount, Verdict
from schemas.extracts import TABLES, VERSION_CONTRAT
from schemas.findings import Finding, Severity
from schemas.rules import catalogue, finding
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
    assert lines[2].startswith(f"Centre CAI, 3e trimestre 2026 (2026-T3). Contrat {VERSION_CONTRAT}, règles ")
    first = lines.index("Que faire d'abord")
    assert " ".join(line.strip() for line in lines[first + 1 : first + 3]) == (
        "- Code inconnu (7 endroits dans dossier, V15) : Choisissez un code de la liste (feuille « codes » du gabarit)."
    )
    assert lines[first + 3] == ""  # what is only to be explained comes later
    group = lines.index("À corriger : Code inconnu (V15), 7 endroits")
    assert first < lines.index("TABLE DOSSIER (T01)") < group
    assert lines[group + 3] == "    dossier.csv, ligne 2, colonne sexe"
    assert lines[group + 8] == "    et 2 autres endroits, dans la liste complète"
    assert lines.count("dossier.csv, ligne 8, colonne sexe : V15, à corriger") == 1
    assert lines[-1] == "dossier.csv, ligne 9, colonne titre_sejour : V16, à expliquer"


def test_what_blocks_comes_before_what_is_to_be_corrected(tmp_path: Path) -> None:
    verdict = _verdict(tmp_path, seuil_quarantaine=0.5)
    assert [group.code for group in groups_to_do(verdict.constats)[0]] == ["V15"]  # why there are too many rows
    assert render_text(verdict).startswith("Refusé : ")
    (whole, dossier) = sections(verdict.constats)
    assert [group.code for group in whole.groupes] == ["DEP-007"]
    assert [(group.code, group.nombre) for group in dossier.groupes] == [("QUA-001", 1), ("V15", 7), ("V16", 1)]


def test_the_same_remedy_in_several_tables_is_one_thing_to_do() -> None:
    rows = [finding("V15", table=name, ligne=line) for name in ("dossier", "convention") for line in (2, 3)]
    full = [finding("QUA-001", table=name, nombre=2, total=9, seuil="2") for name in ("dossier", "convention")]
    (group,), others = groups_to_do([*full, *rows])
    assert (group.code, group.nombre, group.tables, others) == ("V15", 4, ("dossier", "convention"), 0)
    blocked = finding("V06", table="dossier", position="C")
    assert [one.code for one in groups_to_do([*full, *rows, blocked])[0]] == ["V06", "V15"]
    assert [one.code for one in groups_to_do([*rows, blocked])[0]] == ["V06"]


def test_what_stands_in_many_tables_counts_them() -> None:
    def told(*names: str) -> str:
        (group,), _ = groups_to_do([finding("V15", table=name, ligne=2) for name in names])
        return where(group)

    some = ("dossier", "convention", "transfert", "bureau")
    assert told(*some) == "4 endroits dans dossier, convention, transfert, bureau"
    assert told(*some, "operateur") == "5 endroits dans 5 tables"


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
    assert [(group.code, group.nombre) for group in first][:2] == [("CTR-003", 2), ("V15", 2)]
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
    assert "Que faire d'abord Code inconnu (7 endroits dans dossier) : Choisissez un code de la liste" in text
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


def test_the_rows_set_aside_are_told_beside_the_rows_read_and_the_threshold(tmp_path: Path) -> None:
    accepted = " ".join(_page(render_html(_verdict(tmp_path / "a"))).words)
    assert "dossier : 7 lignes mises de côté sur 8 (87,5 %) ; le seuil est de 2 %, dès 3 lignes." in accepted
    assert "Envoyez un dépôt partiel" in accepted
    refused = " ".join(_page(render_html(_verdict(tmp_path / "b", seuil_quarantaine=None))).words)
    assert "7 lignes mises de côté sur 8 (87,5 %) ; au-delà du seuil de 2 %, le dépôt est refusé." in refused
    assert "exportez à nouveau l'état complet et déposez-le" in refused
    assert "dépôt partiel" not in refused


def test_what_was_tolerated_comes_together_after_what_is_to_be_done(tmp_path: Path) -> None:
    text = " ".join(_page(render_html(_verdict(tmp_path))).words)
    assert text.index("Table dossier (T01)") < text.index("Pour information, rien à faire") < text.index("Tous les c")
    assert "Le dépôt dans son ensemble" not in text  # its only finding is that there is no manifest
    plain = render_text(_verdict(tmp_path / "encore"))
    assert plain.index("TABLE DOSSIER (T01)") < plain.index("POUR INFORMATION, RIEN À FAIRE")


def _made_up(niveau: int, tables: tuple[str, ...], findings: tuple[Finding, ...] = (), **counts: int) -> Verdict:
    rows = {"lignes_lues": 10, "lignes_retenues": 10, "lignes_quarantaine": 0, **counts}
    return Verdict(
        verdict=Decision.REFUSE if findings else Decision.ACCEPTE,
        centre="CAI",
        periode="2026-T3",
        version_contrat=VERSION_CONTRAT,
        regles_sha256="0" * 64,
        niveau=niveau,
        tables=tuple(TableCount(table=name, fichier=f"{name}.csv", **rows) for name in tables),
        constats=findings,
    )


def test_the_next_level_names_the_tables_that_it_asks_for() -> None:
    first = tuple(name for name, table in TABLES.items() if table.contrat.niveau == 1)
    without = tuple(name for name in first if name not in ("convention", "attestation"))
    assert next_level(_made_up(0, without)) == NextLevel(1, ("convention", "attestation"))
    assert level_sentence(_made_up(0, without)) == (
        "Aucun niveau n'est atteint. Pour le niveau 1, il manque : convention, attestation."
    )
    unopened = _made_up(0, (), (finding("DEP-001"),))
    assert level_sentence(unopened) == "Aucun niveau n'est atteint : aucune table n'a été lue."
    second = tuple(name for name, table in TABLES.items() if table.contrat.niveau == 2)
    assert next_level(_made_up(1, first)) == NextLevel(2, second)
    unread = finding("DEP-005", table="attestation", fichier="attestation.csv")
    blocked = _made_up(0, first, (unread,), lignes_lues=0, lignes_retenues=0)
    assert next_level(blocked) == NextLevel(1, ("attestation",))
    highest = max(table.contrat.niveau for table in TABLES.values())
    assert next_level(_made_up(highest, tuple(TABLES))) is None


def test_a_partial_deposit_stands_where_what_it_completes_stands() -> None:
    """By hand: 1 row is brought and set aside again, of the 50 that stand; no table of level 1 is missing."""
    first = tuple(name for name, table in TABLES.items() if table.contrat.niveau == 1)
    brought = _made_up(1, ("dossier",), lignes_lues=1, lignes_retenues=0, lignes_quarantaine=1)
    unchanged = {"apportees": 0, "remplacees": 0, "retirees": 0, "quarantaine": 0, "avant_quarantaine": 0}
    merged = [MergedCount(table=name, avant_retenues=9, retenues=9, **unchanged) for name in first[1:]]
    dossier = {"avant_retenues": 49, "retenues": 49, "avant_quarantaine": 1, "quarantaine": 1}
    merged.append(MergedCount(table="dossier", apportees=1, remplacees=1, retirees=0, **dossier))
    verdict = brought.model_copy(update={"fusion": Merge(depot_complete="CAI-2026-T3-1", tables=tuple(merged))})
    (share,) = quarantine_shares(verdict)
    assert quarantine_sentence(share) == (
        "dossier : 1 ligne mise de côté sur 50 (2\u00a0%) ; le seuil est de 2\u00a0%, dès 3 lignes."
    )
    second = tuple(name for name, table in TABLES.items() if table.contrat.niveau == 2)
    assert next_level(verdict) == NextLevel(2, second)


def test_no_line_of_the_text_begins_with_a_mark_that_ends_words() -> None:
    told = [finding(code, table="dossier", fichier="dossier.csv") for code in catalogue() if code.startswith("TOL-")]
    lines = render_text(_made_up(1, ("dossier",), tuple(told))).splitlines()
    assert len(lines) > 30
    assert [line for line in lines if line.lstrip()[:1] in (";", ":", "»", "!", "?") or line.endswith("«")] == []


def test_a_share_too_small_to_be_said_is_not_said_to_be_nothing() -> None:
    verdict = _made_up(1, ("dossier",), lignes_lues=100_000, lignes_retenues=99_999, lignes_quarantaine=1)
    (share,) = quarantine_shares(verdict)
    assert quarantine_sentence(share).startswith(
        "dossier : 1 ligne mise de côté sur 100\u202f000 (moins de 0,1\u00a0%)"
    )


def test_a_page_of_very_many_findings_stays_small_and_shows_the_gravest() -> None:
    told = [finding("V16", table="dossier", fichier="dossier.csv", ligne=n, colonne="sexe") for n in range(2, 200_000)]
    kinds = [finding("V06", table="dossier", fichier="dossier.csv", position=f"C{n}") for n in range(500)]
    verdict = _made_up(0, ("dossier",), (*told, *kinds))
    started = time.perf_counter()
    html = render_html(verdict)
    assert time.perf_counter() - started < 20
    assert len(html) < 2_000_000
    page = " ".join(_page(html).words)
    assert "Cette page en montre 2\u202f000 sur 200\u202f498, les plus graves." in html
    assert "--format xlsx" in page
    assert page.count("Bloque le dépôt dossier.csv") == 500
    assert "401 autres sortes de constat de cette table" in page  # of 500 kinds that block and one to explain


def test_the_mildest_findings_are_the_ones_left_out() -> None:
    mild, grave = finding("V16", table="dossier", ligne=2), finding("V15", table="dossier", ligne=3)
    assert listing((mild, mild, grave, mild), 2).constats == (mild, grave)
    assert not listing((mild, grave), 2).is_cut
