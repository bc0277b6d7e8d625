"""The annotated copy: every finding at its cell, every cell as it was written, nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import dataclasses
import io
import re
import time
import zipfile
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from intercentre.cli import main
from intercentre.simulation import simulate
from intercentre.validation import annotated, annotated_findings, write_annotated
from intercentre.validation.marks import note_on, sheet_name
from schemas.exchanges.verdict import Verdict
from schemas.extracts import TABLES
from schemas.period import Period
from schemas.rules import finding
from tests.packages import ALWAYS_THERE, DEFAULTS, csv_bytes, files, judge, with_manifest, write_folder

COLUMNS = list(TABLES["dossier"].fields())
MAIN = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
TARGET = re.compile(r'Target="\.\./(comments\d+\.xml)"')


@dataclass(frozen=True)
class Book:
    """A workbook read back: rows of each sheet by name, notes and fills by cell, links of the first sheet."""

    path: Path
    sheets: dict[str, list[list[Any]]]
    notes: dict[str, dict[str, str]] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> Book:
        book = CalamineWorkbook.from_path(path)
        sheets = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
        with zipfile.ZipFile(path) as archive:
            parts = archive.namelist()
            notes = {}
            for number, name in enumerate(book.sheet_names, 1):
                rels = f"xl/worksheets/_rels/sheet{number}.xml.rels"
                found = TARGET.search(archive.read(rels).decode()) if rels in parts else None
                notes[name] = _notes(archive.read(f"xl/{found[1]}")) if found else {}
        return cls(path, sheets, notes)

    def part(self, name: str) -> str:
        with zipfile.ZipFile(self.path) as archive:
            return archive.read(name).decode()

    def cell(self, sheet: str, line: int, column: str) -> str:
        header = next(row for row in self.sheets[sheet] if column in row)
        return str(self.sheets[sheet][line - 1][header.index(column)])

    def listed(self) -> list[list[Any]]:
        """The rows of the list of findings, below its header."""
        rows = self.sheets["Constats"]
        return rows[next(number for number, row in enumerate(rows) if row[0] == "Gravité") + 1 :]


def _notes(xml: bytes) -> dict[str, str]:
    root = ElementTree.fromstring(xml)
    return {
        note.attrib["ref"]: "".join(text.text or "" for text in note.iterfind(".//m:t", MAIN))
        for note in root.iterfind(".//m:comment", MAIN)
    }


def _copy(tmp_path: Path, package: Path, **options: Any) -> tuple[Verdict, Book]:
    verdict = judge(package, tmp_path / "sortie", **options)
    target = tmp_path / "annote" / "verdict.xlsx"
    target.parent.mkdir()
    write_annotated(package, verdict, target)
    assert [path.name for path in target.parent.iterdir()] == ["verdict.xlsx"]  # no scratch is left
    return verdict, Book.read(target)


def _dossiers(*rows: dict[str, str]) -> list[dict[str, str]]:
    return [
        {**DEFAULTS["dossier"], "dossier_id": f"D-{n}", "personne_ref": f"P-{n}"} | row for n, row in enumerate(rows)
    ]


def _folder(tmp_path: Path, dossier: bytes, name: str = "dossier.csv") -> Path:
    content = files({})
    del content["dossier.csv"]
    return write_folder(tmp_path / "depot", {name: dossier, **content})


def test_a_csv_of_windows_comes_back_with_its_cells_marked(tmp_path: Path) -> None:
    rows = _dossiers({}, {"sexe": "H"}, {"langue_principale": "Français œ", "titre_sejour": "C"})
    headers = [column.upper() for column in COLUMNS]
    data = csv_bytes("dossier", [{k.upper(): v for k, v in row.items()} for row in rows], columns=headers)
    verdict, book = _copy(tmp_path, _folder(tmp_path, data.decode().encode("cp1252")))
    assert book.sheets["dossier"][0] == headers
    assert book.cell("dossier", 2, "DATE_OUVERTURE") == "2026-01-15"
    assert book.cell("dossier", 4, "LANGUE_PRINCIPALE") == "Français œ"
    assert book.cell("dossier", 3, "SEXE") == "H"
    notes = book.notes["dossier"]
    assert set(notes) == {"A1", "L3", "P4", "X4"}  # sexe is the 12th column, titre_sejour the 16th
    assert notes["L3"] == (
        "À corriger (V15)\nLe code n'est pas dans la liste du contrat.\n"
        "Que faire : Choisissez un code de la liste (feuille « codes » du gabarit)."
    )
    assert notes["P4"].startswith("À expliquer (V16)\n")
    assert "Pour information (TOL-001)" in notes["A1"]  # cp1252, of the whole table
    assert len(book.listed()) == len(verdict.constats)


def test_the_marks_of_each_gravity_differ_by_more_than_colour(tmp_path: Path) -> None:
    data = csv_bytes("dossier", _dossiers({"sexe": "H"}, {"titre_sejour": "C"}))
    _, book = _copy(tmp_path, _folder(tmp_path, data))
    sheet, styles = book.part("xl/worksheets/sheet2.xml"), ElementTree.fromstring(book.part("xl/styles.xml"))
    formats = styles.findall(".//m:cellXfs/m:xf", MAIN)
    looks = {}
    for cell in ("A2", "L2", "P3"):
        found = re.search(rf'r="{cell}" s="(\d+)"', sheet)
        assert found is not None
        looks[cell] = formats[int(found[1])].attrib
    assert looks["A2"]["fillId"] == "0"
    assert len({look["fillId"] for look in looks.values()}) == 3
    assert len({look["borderId"] for look in looks.values()}) == 3
    assert {look["numFmtId"] for look in looks.values()} == {"49"}  # text
    assert {look["quotePrefix"] for look in looks.values()} == {"1"}


def test_the_first_sheet_says_the_verdict_and_leads_to_the_cells(tmp_path: Path) -> None:
    data = csv_bytes("dossier", _dossiers({"titre_sejour": "C"}, {"sexe": "H"}))
    verdict, book = _copy(tmp_path, _folder(tmp_path, data))
    top = [row[0] for row in book.sheets["Constats"]]
    assert next(iter(book.sheets)) == "Constats"
    assert top[0] == verdict.sentence == "Accepté, 1 ligne à corriger ; le reste est pris en compte."
    assert top[2] == "2 lignes lues, 1 retenue, 1 à corriger. 3 constats."
    assert book.sheets["Constats"][3][:7:2] == [
        "Bloque le dépôt : 0", "À corriger : 1", "À expliquer : 1", "Pour information : 1",
    ]  # fmt: skip
    assert [row[:8] for row in book.listed()] == [
        ["À corriger", "dossier L3", "dossier.csv", "dossier", "dossier", 3.0, "sexe", "V15"],
        ["À expliquer", "dossier P2", "dossier.csv", "dossier", "dossier", 2.0, "titre_sejour", "V16"],
        ["Pour information", "", "", "", "", "", "", "DEP-007"],
    ]
    sheet = book.part("xl/worksheets/sheet1.xml")
    assert re.findall(r'location="([^"]+)"', sheet) == ["'dossier'!L3", "'dossier'!P2"]
    assert '<autoFilter ref="A7:J10"' in sheet


def test_a_workbook_comes_back_on_its_own_sheet_at_its_own_rows(tmp_path: Path) -> None:
    path = tmp_path / "export.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Lisez-moi").write(0, 0, "bonjour")
        sheet = book.add_worksheet("DOSSIER")
        sheet.write_row(2, 1, [*COLUMNS, "remarque"])  # two blank lines and a blank first column
        for row, cells in ((3, _dossiers({"sexe": "H"})[0]), (5, _dossiers({}, {"mena": "PEUT"})[1])):
            sheet.write_row(row, 1, [cells.get(column, "") for column in COLUMNS])
        sheet.write_datetime(5, 4, datetime(2026, 1, 15), book.add_format({"num_format": "dd/mm/yyyy"}))
        sheet.write(5, 1 + len(COLUMNS), "à part")
    _, copy = _copy(tmp_path, path)
    assert list(copy.sheets) == ["Constats", "DOSSIER"]
    assert copy.cell("DOSSIER", 4, "sexe") == "H"
    assert copy.cell("DOSSIER", 6, "date_ouverture") == "2026-01-15"
    assert copy.cell("DOSSIER", 6, "remarque") == "à part"
    notes = copy.notes["DOSSIER"]
    assert notes["M4"].startswith("À corriger (V15)")  # sexe, one column further
    assert notes["U6"].startswith("À corriger (V15)")  # mena
    assert notes["AA3"].startswith("Bloque le dépôt (V06-P)")  # the undeclared column's own header
    assert {row[3] for row in copy.listed() if row[4] == "dossier"} == {"DOSSIER"}


def test_a_line_is_the_row_of_the_sheet_after_quoted_newlines_too(tmp_path: Path) -> None:
    rows = _dossiers({}, {"bureau_id": "B\n1"}, {"sexe": "H"})
    data = b"sep=;\n\n" + csv_bytes("dossier", rows)
    verdict, book = _copy(tmp_path, _folder(tmp_path, data))
    lines = {found.code: found.ligne for found in verdict.constats if found.colonne in ("sexe", "bureau_id")}
    assert (lines["V15"], lines["CTR-002"]) == (7, 5)
    assert book.cell("dossier", 3, "sexe") == "sexe"
    assert book.cell("dossier", 5, "bureau_id") == "B\n1"
    assert set(book.sheets["dossier"][5]) == {""}
    assert book.cell("dossier", 7, "sexe") == "H"
    assert {"L7", "J5"} <= set(book.notes["dossier"])


HOSTILE = ("=1+1", "@x", "+1", "-1", "http://exemple.be", "<r><t>x</t></r>", "_x0041_", "\x01\x02\x1b", "a\ufffeb",
           "'=1", "]]>", "mailto:x", "=HYPERLINK(1)", "1e5", "{=1}", " espaces ")  # fmt: skip


def test_hostile_texts_stay_texts(tmp_path: Path) -> None:
    data = csv_bytes("dossier", _dossiers(*({"bureau_id": text} for text in HOSTILE)))
    _, book = _copy(tmp_path, _folder(tmp_path, data, "=1+1_dossier.csv"))
    back = [book.cell("dossier", line, "bureau_id") for line in range(2, 2 + len(HOSTILE))]
    expected = [text + " " * text.startswith("<r>") for text in HOSTILE]
    escaped = {"_x005F_x0041_": "_x0041_", "_x0001__x0002__x001B_": "\x01\x02\x1b", "a_xFFFE_b": "a\ufffeb"}
    assert [escaped.get(text, text) for text in back] == expected  # Excel undoes the escapes, calamine some of them
    sheet = book.part("xl/worksheets/sheet2.xml")
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet
    assert set(re.findall(r' t="(\w+)"', sheet)) == {"inlineStr"}
    ElementTree.fromstring(sheet)
    assert {row[2] for row in book.listed() if row[4] == "dossier"} == {"=1+1_dossier.csv"}
    first = book.part("xl/worksheets/sheet1.xml")
    assert "<f>" not in first
    assert "http" not in "".join(re.findall(r"<hyperlink [^>]*>", first))


def test_lines_that_could_not_be_placed_are_shown_as_they_are(tmp_path: Path) -> None:
    good = csv_bytes("dossier", _dossiers({}))
    _, book = _copy(tmp_path, _folder(tmp_path, good + b'a;b;c\n"x"y;z\n'))
    assert book.sheets["dossier"][2][:4] == ["a", "b", "c", ""]
    assert book.sheets["dossier"][3][:2] == ['"x"y;z', ""]
    assert all(book.notes["dossier"][cell].startswith("Bloque le dépôt (V06-N)") for cell in ("A3", "A4"))


def test_a_missing_column_is_told_in_the_header(tmp_path: Path) -> None:
    data = csv_bytes("dossier", [], columns=COLUMNS[:-1])
    _, book = _copy(tmp_path, _folder(tmp_path, data))
    assert "(V06-M)" in book.notes["dossier"]["A1"]


@pytest.mark.parametrize("content", [b"<html>x</html>", b"PK\x03\x04 rien", b"\x00\x01"])
def test_a_deposit_that_cannot_be_read_has_its_findings_alone(tmp_path: Path, content: bytes) -> None:
    package = tmp_path / "depot.zip"
    package.write_bytes(content)
    verdict, book = _copy(tmp_path, package)
    assert list(book.sheets) == ["Constats"]
    assert book.sheets["Constats"][0][0] == verdict.sentence
    assert [(row[7], row[1]) for row in book.listed()] == [(found.code, "") for found in verdict.constats]
    assert book.listed()


def test_a_deposit_of_another_centre_is_not_read(tmp_path: Path) -> None:
    package = write_folder(tmp_path / "depot", with_manifest(files(), centre_code="CRIC"))
    _, book = _copy(tmp_path, package)
    assert list(book.sheets) == ["Constats"]
    assert [row[7] for row in book.listed()] == ["V03"]


def test_a_refused_deposit_comes_back_with_its_rows(tmp_path: Path) -> None:
    data = csv_bytes("dossier", _dossiers({"sexe": "H"}, {"sexe": "H"}, {"sexe": "H"}, {}))
    verdict, book = _copy(tmp_path, _folder(tmp_path, data), seuil_quarantaine=0.02)
    assert verdict.sentence.startswith("Refusé")
    assert book.cell("dossier", 2, "sexe") == "H"
    assert book.notes["dossier"]["A1"].startswith("Bloque le dépôt (QUA-001)")


def test_a_deposit_without_findings_has_no_mark(tmp_path: Path) -> None:
    verdict, book = _copy(tmp_path, write_folder(tmp_path / "depot", with_manifest(files())))
    assert verdict.constats == ()
    assert [row[0] for row in book.listed()] == ["Aucun constat."]
    assert list(book.sheets) == ["Constats", *(name for name in TABLES if name in ALWAYS_THERE)]
    assert not any(book.notes.values())


@pytest.mark.slow
def test_planted_mistakes_of_real_habits_are_marked_where_they_are(tmp_path: Path) -> None:
    simulate(
        tmp_path / "depots",
        dossiers=300,
        periode=Period(2026, 3),
        graine=5,
        taux_erreurs=0.05,
        habitudes="reelles",
        progress=lambda _: None,
    )
    centres = sorted(folder.name for folder in (tmp_path / "depots").iterdir() if folder.is_dir())
    assert len(centres) == 8
    for centre in centres:
        package = tmp_path / "depots" / centre / "2026-T3"
        (tmp_path / centre).mkdir()
        verdict, book = _copy(tmp_path / centre, package, centre=centre)
        shown = [row for row in book.listed() if row[1]]
        assert len(shown) == sum(found.table is not None for found in verdict.constats) > 10
        for row in shown:
            sheet, cell = row[1].rsplit(" ", 1)
            assert f"({row[7]})" in book.notes[sheet][cell]
            assert row[5] in ("", float(cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")))
        texts = [(count.table, package / count.fichier) for count in verdict.tables if count.fichier]
        for table, file in texts:
            if file.suffix != ".csv":
                continue
            rows = book.sheets[table]
            text = _decoded(file.read_bytes())
            reader = csv.reader(
                io.StringIO(text, newline=""), delimiter=max(";,\t|", key=text.partition("\n")[0].count)
            )
            start = 1
            for record in reader:
                assert [str(cell) for cell in rows[start - 1]][: len(record)] == record
                start = reader.line_num + 1


def _decoded(data: bytes) -> str:
    """The text of an export: UTF-8 with or without its mark, else what Windows writes in Western Europe."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252")


def test_what_does_not_fit_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(annotated, "MAX_CELLS", 20)
    monkeypatch.setattr(annotated, "MAX_NOTES", 2)
    monkeypatch.setattr(annotated_findings, "MAX_LINKS", 1)
    rows = _dossiers({}, {}, {}, {"sexe": "H"}, {"bureau_id": "é" * 40_000}, {"sexe": "H"})
    wide = b";" * 20_000 + b"fin\n"
    _, book = _copy(tmp_path, _folder(tmp_path, csv_bytes("dossier", rows) + wide))
    said = "\n".join(str(row[0]) for row in book.sheets["Constats"])
    assert "1 cellule abrégée : texte coupé à 32" in said
    assert "1 ligne trop large" in said
    assert "2 lignes non reprises" in said  # of the three without a finding, the first fits
    assert book.cell("dossier", 2, "sexe") == "F"
    assert set(book.sheets["dossier"][3]) == {""}
    assert (book.cell("dossier", 5, "sexe"), book.cell("dossier", 7, "sexe")) == ("H", "H")
    assert len(book.cell("dossier", 6, "bureau_id")) == 32_767
    assert len(book.notes["dossier"]) == 2
    assert "3 notes non écrites" in said
    assert len(re.findall("location=", book.part("xl/worksheets/sheet1.xml"))) == 1


def test_a_list_too_long_for_a_sheet_goes_on_with_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(annotated_findings, "MAX_ROWS", 20)  # 4 findings on the first sheet, 19 on each other one
    data = csv_bytes("dossier", _dossiers(*({"sexe": "H"} for _ in range(29))))
    verdict, book = _copy(tmp_path, _folder(tmp_path, data))
    tables = [name for name in TABLES if name in ALWAYS_THERE]
    assert list(book.sheets) == ["Constats", *tables, "Constats (2)", "Constats (3)"]
    said = "\n".join(str(row[0]) for row in book.sheets["Constats"])
    assert "elle continue sur « Constats (2) », « Constats (3) »." in said
    listed = [*book.listed(), *book.sheets["Constats (2)"][1:], *book.sheets["Constats (3)"][1:]]
    assert [len(book.sheets[name]) for name in ("Constats (2)", "Constats (3)")] == [20, 8]
    assert sorted((row[7], row[5]) for row in listed) == sorted(
        (found.code, "" if found.ligne is None else float(found.ligne)) for found in verdict.constats
    )
    assert book.sheets["Constats (2)"][0] == book.sheets["Constats (3)"][0]
    assert book.sheets["Constats (2)"][1][1] == "dossier L6"


@pytest.mark.slow
def test_two_hundred_thousand_findings_are_all_in_the_workbook(tmp_path: Path) -> None:
    found = finding("V15", table="dossier", fichier="dossier.csv", colonne="sexe")
    package = _folder(tmp_path, csv_bytes("dossier", _dossiers({"sexe": "H"})))
    verdict = judge(package, tmp_path / "sortie")
    many = verdict.model_copy(
        update={"constats": tuple(dataclasses.replace(found, ligne=n) for n in range(2, 200_002))}
    )
    started = time.perf_counter()
    write_annotated(package, many, tmp_path / "verdict.xlsx")
    assert time.perf_counter() - started < 120
    rows = CalamineWorkbook.from_path(tmp_path / "verdict.xlsx").get_sheet_by_name("Constats").to_python()
    assert [row[5] for row in rows if row[7] == "V15"] == list(range(2, 200_002))


@pytest.mark.parametrize(
    ("wanted", "taken", "name"),
    [
        ("dossier", (), "dossier"),
        ("Constats", ("Constats",), "Constats (2)"),
        ("constats", ("Constats", "constats (2)"), "constats (3)"),
        ("a[b]:c*d?e/f\\g", (), "a b  c d e f g"),
        ("'=1+1'", (), "=1+1"),
        ("x" * 40, (), "x" * 31),
        ("x" * 40, ("x" * 31,), "x" * 27 + " (2)"),
        ("😀" * 20, (), "😀" * 15),
        ("???", (), "Feuille"),
        ("History", (), "History (2)"),
    ],
)
def test_names_of_sheets_are_what_excel_admits(wanted: str, taken: tuple[str, ...], name: str) -> None:
    assert sheet_name(wanted, taken) == name


def test_a_note_tells_the_first_findings_and_counts_the_others() -> None:
    note = note_on([finding("V15")] * 8)
    assert note.count("(V15)") == 5
    assert note.endswith("Et 3 de plus : voir la feuille des constats.")


def test_the_command_writes_the_workbook_and_needs_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    package = _folder(tmp_path, csv_bytes("dossier", _dossiers(*[{"sexe": "H"}] * 3)))
    asked = ["verifier", str(package), "--centre", "CAI", "--periode", "2026-T3", "--format", "xlsx"]
    assert main(asked) == 2
    assert "-o DIR" in capsys.readouterr().err
    assert main([*asked, "-o", str(tmp_path / "rapport")]) == 1
    assert "L2" in Book.read(tmp_path / "rapport" / "verdict.xlsx").notes["dossier"]
