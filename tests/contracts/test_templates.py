"""Templates can be filled in and are accepted; the example deposits are accepted without any finding."""

from __future__ import annotations

import json
import re
import zipfile
from datetime import date
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from intercentre.cli import main
from intercentre.documentation import write_templates
from intercentre.documentation.example_deposit import example_rows
from intercentre.documentation.template_workbook import input_message
from schemas.exchanges.verdict import Decision
from schemas.extracts import TABLES
from schemas.nomenclatures import nomenclature
from schemas.oracle import judge
from schemas.period import Period
from tests.packages import judge as judge_package

MAIN = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gabarits")
    write_templates(folder, list(TABLES))
    return folder


def _part(book: Path, name: str) -> ElementTree.Element:
    with zipfile.ZipFile(book) as archive:
        return ElementTree.fromstring(archive.read(name))


def _sheet(book: Path, name: str) -> ElementTree.Element:
    number = CalamineWorkbook.from_path(book).sheet_names.index(name) + 1
    return _part(book, f"xl/worksheets/sheet{number}.xml")


def _validations(book: Path, table: str) -> dict[str, ElementTree.Element]:
    """First cell of the range → the rule of Excel on it."""
    rules = _sheet(book, table).findall(".//m:dataValidation", MAIN)
    return {rule.attrib["sqref"].partition(":")[0]: rule for rule in rules}


@pytest.mark.parametrize("form", ["exemple", "exemple-classeur"])
def test_the_example_is_accepted_without_any_finding(templates: Path, tmp_path: Path, form: str) -> None:
    verdict = judge_package(templates / form, tmp_path, centre=None, periode=None, seuil_quarantaine=None)
    assert (verdict.verdict, verdict.constats) == (Decision.ACCEPTE, ())
    assert verdict.niveau == max(table.contrat.niveau for table in TABLES.values())
    assert [count.table for count in verdict.tables] == list(TABLES)
    assert min(count.lignes_lues for count in verdict.tables) >= 1


def test_the_command_line_accepts_the_example(templates: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verifier", str(templates / "exemple"), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["constats"] == []


@pytest.mark.parametrize("name", TABLES)
def test_each_row_of_the_example_is_valid(name: str) -> None:
    for row in example_rows(name):
        assert judge(TABLES[name], row, date(2026, 9, 30)).findings == frozenset()


def test_the_workbook_that_nobody_filled_in_is_refused_for_that_alone(templates: Path, tmp_path: Path) -> None:
    verdict = judge_package(templates / "gabarit.xlsx", tmp_path)
    assert verdict.verdict is Decision.REFUSE
    assert {found.code for found in verdict.constats} == {"DEP-007", "DEP-015"}  # the hub made the manifest


def test_the_whole_folder_is_no_deposit_and_says_which_part_is_one(
    templates: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verifier", str(templates), "--centre", "CAI", "--periode", "2026-T3"]) == 3
    told = " ".join(capsys.readouterr().out.split())
    assert "DEP-016" in told
    assert "le dossier « exemple » à l'intérieur des gabarits" in told


def test_the_files_that_nobody_filled_in_are_refused_for_that_alone(templates: Path, tmp_path: Path) -> None:
    folder = tmp_path / "depot"
    folder.mkdir()
    for name in TABLES:
        (folder / f"{name}.csv").write_bytes((templates / f"{name}.csv").read_bytes())
    verdict = judge_package(folder, tmp_path / "sortie")
    assert verdict.verdict is Decision.REFUSE
    # TOL-007: the mark by which Excel knows UTF-8
    assert {found.code for found in verdict.constats} == {"DEP-007", "DEP-015", "TOL-007"}


def test_the_workbook_has_a_notice_a_sheet_per_table_and_hidden_lists(templates: Path) -> None:
    path = templates / "gabarit.xlsx"
    book = CalamineWorkbook.from_path(path)
    assert book.sheet_names == ["Lisez-moi", *TABLES, "codes", "listes"]
    for name, table in TABLES.items():
        assert book.get_sheet_by_name(name).to_python()[0] == list(table.fields())
    hidden = [sheet.attrib["name"] for sheet in _part(path, "xl/workbook.xml").iterfind(".//m:sheet[@state]", MAIN)]
    assert hidden == ["listes"]
    notice = "\n".join(str(row[0]) for row in book.get_sheet_by_name("Lisez-moi").to_python())
    for words in ("N'écrivez jamais", "numéro national", "intercentre verifier gabarit.xlsx", "T01 dossier"):
        assert words in notice


def test_a_code_column_offers_its_list_by_a_name(templates: Path) -> None:
    path = templates / "gabarit.xlsx"
    column = xlsxwriter.utility.xl_col_to_name(list(TABLES["etape_accueil"].fields()).index("type_etape"))
    rule = _validations(path, "etape_accueil")[f"{column}2"]
    assert (rule.attrib["type"], rule.findtext("m:formula1", namespaces=MAIN)) == ("list", "liste_type_etape")
    names = {
        name.attrib["name"]: name.text for name in _part(path, "xl/workbook.xml").iterfind(".//m:definedName", MAIN)
    }
    place = re.fullmatch(r"listes!\$([A-Z]+)\$2:\$\1\$(\d+)", names["liste_type_etape"] or "")
    assert place is not None
    listed = CalamineWorkbook.from_path(path).get_sheet_by_name("listes").to_python()
    at = listed[0].index("type_etape")
    codes = [row[at] for row in listed[1 : int(place[2])]]
    assert codes == ["INFO_DROITS_DEVOIRS", "BILAN_SOCIAL", "TEST_POSITIONNEMENT", "AIDE_ADMINISTRATIVE"]


def test_a_list_offers_no_code_that_another_has_replaced(templates: Path) -> None:
    listed = CalamineWorkbook.from_path(templates / "gabarit.xlsx").get_sheet_by_name("listes").to_python()
    at = listed[0].index("titre")
    offered = {row[at] for row in listed[1:]}
    assert {"A", "K", "EU"} <= offered
    assert {"C", "D", "E"}.isdisjoint(offered)
    told = CalamineWorkbook.from_path(templates / "gabarit.xlsx").get_sheet_by_name("codes").to_python()
    assert ["titre", "C", "K"] in [[row[0], row[1], row[5]] for row in told]


def test_dates_numbers_and_keys_are_held_to_what_the_contract_admits(templates: Path) -> None:
    path = templates / "gabarit.xlsx"
    fields = list(TABLES["dossier"].fields())
    rules = _validations(path, "dossier")
    cell = {name: f"{xlsxwriter.utility.xl_col_to_name(position)}2" for position, name in enumerate(fields)}
    assert rules[cell["date_ouverture"]].attrib["type"] == "date"
    assert rules[cell["annee_naissance"]].attrib["type"] == "whole"
    assert rules[cell["dossier_id"]].attrib["type"] == "textLength"
    assert rules[cell["date_ouverture"]].attrib["errorTitle"] == "Valeur non admise"
    assert unescape(rules[cell["dossier_id"]].attrib["prompt"]) == (
        "Identifiant du dossier dans l'outil du centre. Obligatoire. "
        "Attendu : au plus 32 lettres sans accent, chiffres, « _ » ou « - ». Exemple : D-000123"
    )


def test_a_required_column_differs_by_its_word_and_its_colour(templates: Path) -> None:
    path = templates / "gabarit.xlsx"
    styles = _part(path, "xl/styles.xml")
    formats = styles.findall(".//m:cellXfs/m:xf", MAIN)
    shown = {code.attrib["numFmtId"]: code.attrib["formatCode"] for code in styles.iterfind(".//m:numFmt", MAIN)}
    cells = _sheet(path, "dossier").findall(".//m:row[@r='1']/m:c", MAIN)
    looks = [formats[int(cell.attrib["s"])].attrib for cell in cells]
    for name, look in zip(TABLES["dossier"].fields(), looks, strict=True):
        word = "facultatif" if TABLES["dossier"].optional(name) else "obligatoire"
        assert shown[look["numFmtId"]] == f'@" · {word}"'
    assert len({(look["numFmtId"], look["fillId"]) for look in looks}) == 2
    assert len({look["fillId"] for look in looks}) == 2
    assert _sheet(path, "dossier").find(".//m:pane[@state='frozen']", MAIN) is not None


@pytest.mark.parametrize("name", TABLES)
def test_a_message_fits_where_excel_shows_it(name: str) -> None:
    for column in TABLES[name].fields():
        assert 20 < len(input_message(TABLES[name], column)) <= 255


def test_codes_are_all_explained(templates: Path) -> None:
    told = CalamineWorkbook.from_path(templates / "gabarit.xlsx").get_sheet_by_name("codes").to_python()
    assert [row[1] for row in told if row[0] == "sexe"] == list(nomenclature("sexe").entries)


def test_one_table_alone_has_its_template_and_its_example(tmp_path: Path) -> None:
    written = write_templates(tmp_path, ["convention"])
    assert [path.name for path in written] == ["gabarit.xlsx", "convention.csv", "convention-exemple.csv"]
    assert CalamineWorkbook.from_path(written[0]).sheet_names == ["Lisez-moi", "convention", "codes", "listes"]
    header, row = written[2].read_text(encoding="utf-8").splitlines()
    assert written[1].read_text(encoding="utf-8-sig").splitlines() == [header]
    assert row.startswith("C-000031;D-000123;")


def test_a_filled_template_gives_typed_rows(templates: Path, tmp_path: Path) -> None:
    """The example's cells on the template's own sheets, as a person would type them, days as days."""
    import duckdb

    verdict = judge_package(templates / "exemple-classeur", tmp_path, centre=None, periode=Period(2026, 3))
    assert verdict.is_accepted
    typed = duckdb.execute(
        "SELECT dossier_id, date_ouverture, annee_naissance FROM read_parquet(?) ORDER BY dossier_id",
        [str(tmp_path / "types" / "dossier.parquet")],
    ).fetchall()
    assert typed == [("D-000123", date(2026, 1, 15), 1990), ("D-000124", date(2026, 3, 9), 1984)]


def test_the_same_contract_gives_the_same_files(tmp_path: Path) -> None:
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        write_templates(folder, list(TABLES))
    texts = [{path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.*")} for folder in folders]
    assert texts[0] == texts[1]
