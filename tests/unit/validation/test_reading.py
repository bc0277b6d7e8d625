"""Table files as people's tools write them: every record with the line that a person sees, cells as they stand."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
import xlsxwriter

from intercentre.validation import workbook
from intercentre.validation.container import open_package
from intercentre.validation.header import letter, match_header, normalise
from intercentre.validation.raw_table import RawTable
from intercentre.validation.reading import open_rows, read_table
from intercentre.validation.refusal import RefusalError
from intercentre.validation.workbook import as_text
from schemas.extracts import TABLES
from tests.packages import judge
from tests.workbooks import Cell, Failed, ods_bytes, xls_bytes, xlsx_bytes, zip_bytes

STEP = TABLES["etape_accueil"]
COLUMNS = list(STEP.fields())
WORKBOOKS = Path(__file__).with_name("classeurs")
ROW = ["D-1", "BILAN_SOCIAL", "1", "2026-02-03", "INDIVIDUEL", "90", "false", ""]


def _read(tmp_path: Path, content: bytes) -> RawTable:
    source = tmp_path / "etape_accueil.csv"
    source.write_bytes(content)
    return read_table(source, STEP, tmp_path / "lignes.txt")


def _records(raw: RawTable) -> list[list[str]]:
    """[ligne, cells…] as the engine will be given them."""
    quoting = csv.QUOTE_MINIMAL if raw.is_quoted else csv.QUOTE_NONE
    with raw.records.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream, delimiter=raw.delimiter, quoting=quoting))


def _text(*rows: Sequence[str], delimiter: str = ";", end: str = "\n") -> str:
    return "".join(delimiter.join(row) + end for row in (COLUMNS, *rows))


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_delimiter_and_line_end(tmp_path: Path, delimiter: str, end: str) -> None:
    raw = _read(tmp_path, _text(ROW, ROW, delimiter=delimiter, end=end).encode())
    assert _records(raw) == [["2", *ROW], ["3", *ROW]]
    assert (raw.rows, raw.ragged, raw.tolerances, raw.header.columns) == (2, (), (), tuple(COLUMNS))


def test_mixed_line_ends_and_no_last_one(tmp_path: Path) -> None:
    header, line = ";".join(COLUMNS), ";".join(ROW)
    assert [record[0] for record in _records(_read(tmp_path, f"{header}\r\n{line}\r{line}\n{line}".encode()))] == [
        "2",
        "3",
        "4",
    ]


@pytest.mark.parametrize(
    ("encoding", "tolerance"),
    [("utf-8", None), ("utf-8-sig", "TOL-007"), ("utf-16", "TOL-007"), ("cp1252", "TOL-001")],
)
def test_every_encoding(tmp_path: Path, encoding: str, tolerance: str | None) -> None:
    row = ["Né-à-Liège", *ROW[1:]]
    raw = _read(tmp_path, _text(row).encode(encoding))
    assert _records(raw) == [["2", *row]]
    assert raw.tolerances == ((tolerance,) if tolerance else ())


def test_a_quoted_cell_may_hold_delimiters_quotes_and_line_ends(tmp_path: Path) -> None:
    content = _text(ROW, ['"D;2"', *ROW[1:]], ['"D\n""3"""', *ROW[1:]], ROW)
    raw = _read(tmp_path, content.encode())
    assert [record[:2] for record in _records(raw)] == [["2", "D-1"], ["3", "D;2"], ["4", 'D "3"'], ["6", "D-1"]]


def test_blank_lines_are_no_rows_but_count_as_lines(tmp_path: Path) -> None:
    header, line = ";".join(COLUMNS), ";".join(ROW)
    raw = _read(tmp_path, f"\n{header}\n\n{line}\n;;;;;;;\n  \n{line}\n\n".encode())
    assert [record[0] for record in _records(raw)] == ["4", "7"]
    assert raw.ragged == ()


def test_the_separator_that_excel_announces(tmp_path: Path) -> None:
    raw = _read(tmp_path, ("sep=,\r\n" + _text(ROW, delimiter=",", end="\r\n")).encode())
    assert _records(raw) == [["3", *ROW]]


@pytest.mark.parametrize("quoted", [False, True])
def test_a_line_of_another_length_is_set_aside_and_the_others_are_read(tmp_path: Path, quoted: bool) -> None:
    first = [f'"{ROW[0]}"', *ROW[1:]] if quoted else ROW
    raw = _read(tmp_path, _text(first, ROW[:-1], [*ROW, "x"], ROW).encode())
    assert [record[0] for record in _records(raw)] == ["2", "5"]
    assert (raw.ragged, raw.rows_read, raw.is_whole) == ((3, 4), 4, False)


def test_an_open_quote_is_told_where_it_opens(tmp_path: Path) -> None:
    raw = _read(tmp_path, _text(ROW, ['"D-2', *ROW[1:]], ROW, ROW).encode())
    assert (raw.rows, raw.ragged) == (1, (3,))


def test_the_delimiter_comes_from_the_header_and_not_from_the_data(tmp_path: Path) -> None:
    raw = _read(tmp_path, _text(["D,1", "a,b,c", *ROW[2:]]).encode())
    assert raw.delimiter == ";"
    assert raw.ragged == ()


@pytest.mark.parametrize(
    "content", [b"", b"\n \r\n", b"a\x00b", b"\xff\xfe\x00", b"\xef\xbb\xbf\xff", b"\x81\x8d", b"<html></html>"]
)
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(RefusalError) as refusal:
        _read(tmp_path, content)
    assert refusal.value.code == "DEP-005"


def test_headers_are_recognised_in_other_spellings() -> None:
    header = match_header([" Dossier ID", "TYPE-ÉTAPE", "Rang", "nom", "", "rang"], STEP)
    assert header.columns == ("dossier_id", "type_etape", "rang", None, None, None)
    assert header.refused == ("E", "F")
    assert [(each.position, each.code) for each in header.personal] == [("D", "V06-P")]
    assert header.missing == ("date", "modalite", "duree_minutes", "interprete", "langue_interpretee")
    assert header.is_rewritten
    assert not match_header(COLUMNS[::-1], STEP).is_rewritten


@pytest.mark.parametrize(
    ("cell", "name"), [("Date_Clôture", "date_cloture"), ("\ufeffRANG\u00a0", "rang"), ("a  b--c", "a_b_c")]
)
def test_a_header_without_case_accents_and_spaces(cell: str, name: str) -> None:
    assert normalise(cell) == name


@pytest.mark.parametrize(
    ("position", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")]
)
def test_columns_are_named_as_in_a_spreadsheet(position: int, name: str) -> None:
    assert letter(position) == name


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (1.0, "1"), (1.5, "1.5"), (-0.0, "0"), (0.1 + 0.2, "0.3"), (92094.0, "92094"), (12345678901.0, "12345678901"),
        (1e20, "1e+20"), (True, "true"), (False, "false"), ("a\r\nb", "a  b"), (date(2026, 9, 30), "2026-09-30"),
        (datetime(2026, 9, 30), "2026-09-30"), (datetime(2026, 9, 30, 12), "2026-09-30T12:00:00"),
        (time(3, 4), "03:04:00"),
    ],
)  # fmt: skip
def test_cells_of_a_workbook_as_text(cell: Any, text: str) -> None:
    assert as_text(cell) == text


def test_a_workbook_is_read_from_the_sheet_of_its_table(tmp_path: Path) -> None:
    path = tmp_path / "export.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Lisez-moi").write(0, 0, "bonjour")
        sheet = book.add_worksheet("Étape accueil")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(1, 1, COLUMNS)  # a blank first line and a blank first column
        sheet.write_row(3, 1, ["D-1", "BILAN_SOCIAL", 1])
        sheet.write_datetime(3, 4, datetime(2026, 2, 3), day)
        sheet.write_row(3, 5, ["INDIVIDUEL", 90])
        sheet.write_boolean(3, 7, False)
        sheet.write(4, 9, "hors du tableau")
    raw = read_table(path, STEP, tmp_path / "lignes.txt")
    assert _records(raw) == [["4", *ROW]]
    assert (raw.feuille, raw.ragged, raw.header.columns) == ("Étape accueil", (5,), tuple(COLUMNS))


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"PK\x05\x06" + bytes(18)])
def test_a_damaged_or_foreign_archive_is_no_workbook(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(RefusalError) as refusal:
        _read(tmp_path, content)
    assert refusal.value.code == "DEP-005"


def test_a_workbook_with_macros_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "export.xlsx"
    project = tmp_path / "vbaProject.bin"
    project.write_bytes(b"macros")
    with xlsxwriter.Workbook(path) as book:
        book.add_vba_project(str(project))
        book.add_worksheet("etape_accueil").write_row(0, 0, COLUMNS)
    with pytest.raises(RefusalError) as refusal:
        open_package(path, tmp_path, "export.xlsx")
    assert (refusal.value.code, refusal.value.fichier) == ("DEP-009", "export.xlsx")


def _workbook(path: Path, *cells: tuple[int, int]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("etape_accueil")
        for row, column in cells:
            sheet.write(row, column, "x")
    return path


@pytest.mark.parametrize("cell", [(1_048_575, 16_383), (1_048_575, 30), (5_000, 16_383)])
def test_a_cell_far_away_is_refused_before_the_workbook_is_opened(tmp_path: Path, cell: tuple[int, int]) -> None:
    """Laid out whole, the first of these files of six kilobytes would take half a terabyte."""
    path = _workbook(tmp_path / "export.xlsx", (0, 0), cell)
    with pytest.raises(RefusalError) as refusal:
        open_package(path, tmp_path, "export.xlsx")
    assert refusal.value.code == "DEP-020"


def test_a_reference_written_in_an_unusual_way_is_seen_too(tmp_path: Path) -> None:
    plain = _workbook(tmp_path / "export.xlsx", (0, 0), (1_048_575, 16_383))
    disguised = tmp_path / "autre.xlsx"
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(disguised, "w") as target:
        for entry in source.infolist():
            target.writestr(entry, source.read(entry).replace(b'r="XFD1048576"', b"r\n= 'XFD1048576'"))
    with pytest.raises(RefusalError) as refusal:
        open_package(disguised, tmp_path, "autre.xlsx")
    assert refusal.value.code == "DEP-020"


@pytest.mark.parametrize("cell", [(1_048_575, 23), (9_998, 300)])
def test_a_long_or_a_wide_sheet_is_admitted(tmp_path: Path, cell: tuple[int, int]) -> None:
    assert open_package(_workbook(tmp_path / "export.xlsx", (0, 0), cell), tmp_path, "export.xlsx").is_one_file


def test_a_header_may_be_quoted_over_several_lines(tmp_path: Path) -> None:
    header = ";".join(f'"{column}"' for column in COLUMNS).replace('"rang"', '"rang\n"')
    raw = _read(tmp_path, f"{header}\n{';'.join(ROW)}\n".encode())
    assert _records(raw) == [["3", *ROW]]
    assert (raw.header.missing, raw.tolerances) == ((), ("TOL-002",))


def test_a_header_with_an_open_quote_takes_the_file_with_it(tmp_path: Path) -> None:
    raw = _read(tmp_path, ('"' + _text(ROW)).encode())
    assert raw.rows == 0
    assert "type_etape" in raw.header.missing


def test_cells_too_long_for_any_field_are_set_aside(tmp_path: Path) -> None:
    raw = _read(tmp_path, _text(ROW, ["x" * 2_000_000, *ROW[1:]], ROW).encode())
    assert [record[0] for record in _records(raw)] == ["2", "4"]
    assert raw.ragged == (3,)
    with pytest.raises(RefusalError):
        _read(tmp_path, (";" + "x" * 200_000 + "\n").encode())


def test_lines_of_titles_units_and_totals_are_passed_over_and_counted(tmp_path: Path) -> None:
    header, line = ";".join(COLUMNS), ";".join(ROW)
    text = f"Export du centre\n\nDate,30/09/2026\n{header}\n(code);texte\n{line}\n\n{line}\nTotal;2\n\n(2 rows)\n\n"
    raw = _read(tmp_path, text.encode())
    assert [record[0] for record in _records(raw)] == ["6", "8"]
    assert (raw.ragged, raw.misplaced, raw.tolerances) == ((), (), ("TOL-011", "TOL-013", "TOL-012"))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_totals_end_the_data_in_every_encoding(tmp_path: Path, encoding: str, end: str) -> None:
    raw = _read(tmp_path, (_text(*[ROW] * 2_000, end=end) + f"Total général é;{end}").encode(encoding))
    records = _records(raw)
    assert (raw.rows, raw.ragged, records[-1]) == (2_000, (), ["2001", *ROW])


def test_a_row_that_only_looks_like_a_total_is_read(tmp_path: Path) -> None:
    total = ["Total", *ROW[1:]]
    assert [record[1] for record in _records(_read(tmp_path, _text(ROW, total).encode()))] == ["D-1", "Total"]
    in_the_middle = _read(tmp_path, _text(ROW, ["Total", *[""] * 7], ROW).encode())
    assert [record[1] for record in _records(in_the_middle)] == ["D-1", "Total", "D-1"]


def test_a_total_inside_a_quoted_cell_is_none(tmp_path: Path) -> None:
    raw = _read(tmp_path, _text(ROW, [*ROW[:-1], '"a\nTotal;5\n"']).encode())
    assert [record[0] for record in _records(raw)] == ["2", "3"]
    assert raw.tolerances == ()


def test_data_above_the_header_are_never_passed_over(tmp_path: Path) -> None:
    header, line = ";".join(COLUMNS), ";".join(ROW)
    raw = _read(tmp_path, f"Titre\n{line}\n{header}\n{line}\n".encode())
    assert (raw.misplaced, raw.rows, raw.is_whole) == ((2,), 1, False)


def test_a_workbook_is_passed_over_in_the_same_way(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["Export"], [], [*COLUMNS], ["(code)", "texte"], [*ROW], [], [*ROW], ["Total", 2]]
    for name, data in {
        "a.xlsx": xlsx_bytes({"x": rows}),
        "a.ods": ods_bytes({"x": rows}),
        "a.xls": xls_bytes({"x": rows}),
    }.items():
        path = tmp_path / name
        path.write_bytes(data)
        raw = read_table(path, STEP, tmp_path / "lignes.txt")
        assert [record[0] for record in _records(raw)] == ["5", "7"]
        assert raw.tolerances == ("TOL-011", "TOL-013", "TOL-012")


def test_cells_of_parquet_as_text(tmp_path: Path) -> None:
    """By hand, type by type; line 1 would be the header."""
    path = tmp_path / "etape_accueil.parquet"
    typed = {
        "dossier_id": "12345678901::BIGINT",
        "type_etape": "'BILAN_SOCIAL'::ENUM('BILAN_SOCIAL')",
        "rang": "1.0::DOUBLE",
        "date": "TIMESTAMP '2026-02-03 00:00:00'",
        "modalite": "DATE '2026-02-03'",
        "duree_minutes": "90.50::DECIMAL(9,4)",
        "interprete": "false",
        "langue_interpretee": "NULL::VARCHAR",
    }
    with duckdb.connect() as engine:
        selected = ", ".join(f"{sql} AS {name}" for name, sql in typed.items())
        blank = ", ".join(f"NULL AS {name}" for name in typed)
        engine.execute(f"COPY (SELECT {selected} UNION ALL SELECT {blank}) TO '{path}' (FORMAT parquet)")
    raw = read_table(path, STEP, tmp_path / "lignes.txt")
    expected = ["12345678901", "BILAN_SOCIAL", "1", "2026-02-03", "2026-02-03", "90.5", "false", ""]
    assert _records(raw) == [["2", *expected]]
    with open_rows(path, STEP) as rows:
        assert list(rows.rows) == [(1, COLUMNS), (2, expected)]


@pytest.mark.parametrize(("since_1904", "text"), [(False, "46056"), (True, "47518")])
def test_a_serial_date_is_counted_from_the_first_day_of_its_workbook(
    tmp_path: Path, since_1904: bool, text: str
) -> None:
    """46 056 is 3 February 2026 counted from 1900, and 1 462 days later counted from 1904."""
    path = tmp_path / "etape_accueil.xlsx"
    with xlsxwriter.Workbook(path, {"date_1904": since_1904}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, COLUMNS)
        sheet.write_row(1, 0, ["D-1", "BILAN_SOCIAL", 1, 46056])
    assert _records(read_table(path, STEP, tmp_path / "lignes.txt"))[0][4] == text


@pytest.mark.parametrize("ending", ["xls", "ods"])
def test_other_workbooks_that_count_from_1904_give_the_same_day(tmp_path: Path, ending: str) -> None:
    """Made by LibreOffice from a workbook of 1904: 3 February 2026 as a day, then as the bare number 44 594."""
    raw = read_table(WORKBOOKS / f"depuis-1904.{ending}", STEP, tmp_path / "lignes.txt")
    assert [record[4] for record in _records(raw)] == ["2026-02-03", "46056"]  # 46 056 counts from 1900


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("b.xls", xls_bytes({"etape_accueil": [COLUMNS, ["D-1", "BILAN_SOCIAL", 1, 46056]]})),
        ("b.ods", ods_bytes({"etape_accueil": [COLUMNS, ["D-1", "BILAN_SOCIAL", 1, 46056]]})),
    ],
)
def test_other_workbooks_count_from_1900(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    assert _records(read_table(tmp_path / name, STEP, tmp_path / "lignes.txt"))[0][4] == "46056"


@pytest.mark.parametrize(
    ("hours", "text"),
    [
        (37 / 3, "12.33"),  # 12.3333…
        (12.0049999, "12.00"),
        (0.125 + 1e-9, "0.13"),
        (-7.0051, "-7.01"),
        (1e-7, "0.00"),
        (12.125, "12.125"),  # or twelve thousand one hundred and twenty-five: refused afterwards
        (12.5, "12.5"),
        ("12.3333", "12.3333"),
        (timedelta(hours=37, minutes=20), "37.33"),
        (timedelta(minutes=45), "0.75"),
    ],
)
def test_hours_of_a_workbook_are_read_as_a_person_sees_them(tmp_path: Path, hours: Cell, text: str) -> None:
    """By hand; a third of an hour is 0.33."""
    table = TABLES["inscription"]
    row: list[Cell] = [hours if column == "heures_suivies" else "x" for column in table.fields()]
    (tmp_path / "b.xlsx").write_bytes(xlsx_bytes({"a": [list(table.fields()), row]}))
    records = _records(read_table(tmp_path / "b.xlsx", table, tmp_path / "lignes.txt"))
    assert records[0][1 + list(table.fields()).index("heures_suivies")] == text


_FAILED = ["D-1", Failed("#N/A"), 1, Failed("#REF!")]


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("b.xlsx", xlsx_bytes({"etape_accueil": [COLUMNS, [], _FAILED]}), ["3", "D-1", "#N/A", "1", "#REF!"]),
        ("b.ods", ods_bytes({"etape_accueil": [COLUMNS, [], _FAILED]}), ["3", "D-1", "#N/A", "1", "#REF!"]),
        ("b.xls", xls_bytes({"etape_accueil": [COLUMNS, [], _FAILED]}), ["3", "D-1", "#N/A", "1", "#REF!"]),
        ("c.xlsx", xlsx_bytes({"a": [[1]], "etape_accueil": [COLUMNS, ["D-1", Failed("")]]}), ["2", "D-1", "#N/A"]),
        ("c.ods", ods_bytes({"a": [[Failed("#REF!")]], "etape_accueil": [COLUMNS, ["D-1", Failed("")]]}), None),
        ("c.xls", xls_bytes({"a": [[Failed("#REF!")]], "etape_accueil": [COLUMNS, ["D-1", Failed("#NUM!")]]}), None),
    ],
)
def test_a_cell_whose_formula_has_no_result_is_not_empty(
    tmp_path: Path, name: str, content: bytes, expected: list[str] | None
) -> None:
    (tmp_path / name).write_bytes(content)
    raw = read_table(tmp_path / name, STEP, tmp_path / "lignes.txt")
    given = expected or ["2", "D-1", "#NUM!" if name.endswith("xls") else "#N/A"]
    assert _records(raw) == [[*given, *[""] * (len(COLUMNS) + 1 - len(given))]]


def _with_sheet(xml: str) -> bytes:
    """A workbook whose one sheet, named « A & B », is this XML."""
    with zipfile.ZipFile(io.BytesIO(xlsx_bytes({"A & B": [["x"]]}))) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    names = 'xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    sheet = f"<x:worksheet {names}><x:sheetData>{xml}</x:sheetData></x:worksheet>"
    return zip_bytes({**parts, "xl/worksheets/sheet1.xml": sheet.encode()})


def test_formulas_that_were_never_calculated_are_found_wherever_they_are_written(tmp_path: Path) -> None:
    """The table starts at column B; below it lie rows of formulas alone, as a program writes them that does not
    calculate; a formula that gives an empty text has a result.
    """
    header = "".join(
        f"<x:c r='{letter(at)}1' t='inlineStr'><x:is><x:t>{name}</x:t></x:is></x:c>"
        for at, name in enumerate(COLUMNS, 1)
    )
    rows = (
        f"<x:row r='1'>{header}</x:row>"
        "<x:row r='2'><x:c r='B2' t = 'e' ><x:f>NA()</x:f><x:v>#NAME?</x:v></x:c><x:c r='C2' s='1'/>"
        "<x:c r='D2'><x:f t='shared' si='0'/></x:c><x:c r='E2' t='str'><x:f>A1</x:f><x:v></x:v></x:c>"
        "<x:c r='F2'><x:f>1+1</x:f><x:v>2</x:v></x:c></x:row>"
        "<x:row r='4'><x:c r='C4'><x:f>A1</x:f><x:v/></x:c></x:row>"
    )
    path = tmp_path / "etape_accueil.xlsx"
    path.write_bytes(_with_sheet(rows))
    records = [record[:6] for record in _records(read_table(path, STEP, tmp_path / "lignes.txt"))]
    assert records == [["2", "#NAME?", "", "#N/A", "", "2"], ["4", "", "#N/A", "", "", ""]]


def test_a_workbook_is_opened_once_for_all_its_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = tmp_path / "depot.xlsx"
    book.write_bytes(xlsx_bytes({name: [list(table.fields()), ["D-1"]] for name, table in TABLES.items()}))
    opened: list[Path] = []
    real = workbook._open
    monkeypatch.setattr(workbook, "_open", lambda source: opened.append(source) or real(source))
    verdict = judge(book, tmp_path / "sortie")
    assert [count.lignes_lues for count in verdict.tables] == [1] * len(TABLES)
    assert opened == [book]
    workbook.sheet_names(book)
    assert opened == [book, book]  # nothing is kept once the verdict is given
