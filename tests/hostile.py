"""Texts and files that break software which trusts what it is given."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
from collections.abc import Mapping
from itertools import product

from schemas.extracts import TABLES
from tests.packages import DEFAULTS, files
from tests.workbooks import Cell, Failed, ods_bytes, ole2_bytes, xls_bytes, xlsx_bytes, zip_bytes

_STEMS = (
    "=1+1", "=cmd|'/c calc'!A1", "+SOMME(A1)", "-2+3+cmd", "@SUM(1)", "<script>alert(1)</script>",
    "<img src=x onerror=a>",
    "' OR 1=1 --", "'; DROP TABLE dossier; --", '"', "'", "`", "\\", "\\\\", "%s%n", "{0}", "{code}", "${HOME}",
    "$(id)",
    "`id`", "{{7*7}}", "{% raw %}", "../../etc/passwd", "..\\..\\x", "/etc/passwd", "C:\\x", "file:///etc/passwd",
    "con",
    "NUL", "a" * 300, "é" * 200, "\u202etxt.exe", "\u200b", "\ufeff", "\u2028", "\u2029", "\u0085", "\x7f", "\x1b[31m",
    "\U0001f4a9", "e\u0301" * 40, "\u0651" * 60, "ﷺ", "İ", "ß", "null", "None", "nan", "-0", "1e999", "0x1F",
    "true",
    "*", "?", "[a-z]*", "*.csv", "dossier", "DOSSIER.CSV", "manifeste.json", ";", ",", "|", "\t", "a;b", '"a";"b',
    "#REF!",
    "&amp;", "&#0;", "]]>", "<!--", "<?xml?>", "$date_etat", "%00", "..", ".", " ", "~", "-", "--", "—",
)  # fmt: skip
_AROUND = (("", ""), (" ", ""), ("", " x"), ("x", ""), ("'", "'"), ("(", ")"), ("é", "é"))

TEXTS: tuple[str, ...] = tuple(
    dict.fromkeys(before + stem + after for (before, after), stem in product(_AROUND, _STEMS))
)[:500]

FAILED = tuple(map(Failed, ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A")))
"""What the cells of a workbook hold where a formula failed."""

CONTENT = files({"dossier": [{}]})


def header_and_row(name: str, **row: str) -> list[list[Cell]]:
    columns = list(TABLES[name].fields())
    return [[*columns], [{**DEFAULTS[name], **row}.get(column, "") for column in columns]]


def _zip_of(entries: Mapping[str, bytes], *, declared: int | None = None) -> bytes:
    """A ZIP whose directory lies on the size of its entries if `declared` says so."""
    data = zip_bytes(entries)
    if declared is None:
        return data
    at = data.find(b"PK\x01\x02")
    return data[: at + 24] + struct.pack("<I", declared) + data[at + 28 :]


def _shared_texts_bomb() -> bytes:
    """A text of a megabyte that two hundred thousand cells name: 200 GB in three megabytes."""
    with zipfile.ZipFile(io.BytesIO(xlsx_bytes({"dossier": [["a"]]}))) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    noise = "".join(f"{number:x}" for number in range(200_000))  # compresses too little to be refused for that
    parts["xl/sharedStrings.xml"] = (
        f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{noise}</t></si></sst>'
    ).encode()
    rows = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, 200_001))
    parts["xl/worksheets/sheet1.xml"] = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{rows}</sheetData></worksheet>"
    ).encode()
    return zip_bytes(parts)


_FAR_CELL = struct.pack("<HHHHHd", 0x0203, 14, 65_535, 65_535, 0, 1.0)
"""A number in a row and a column that XLS cannot have, with which a reader lays out four thousand million cells."""


def _with_backslashes(book: bytes, *parts: str) -> bytes:
    """The workbook, these parts of it told with backslashes: readers of workbooks find them all the same."""
    with zipfile.ZipFile(io.BytesIO(book)) as opened:
        return zip_bytes({n.replace("/", "\\") if n in parts else n: opened.read(n) for n in opened.namelist()})


def _with_part(book: bytes, part: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(book)) as opened:
        return zip_bytes({**{name: opened.read(name) for name in opened.namelist()}, part: b"x"})


def _unplaced_cells() -> bytes:
    """Sixteen thousand cells that do not say their column, in the last row."""
    with zipfile.ZipFile(io.BytesIO(xlsx_bytes({"dossier": [["a"]]}))) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    cells = "".join(f"<c><v>{number}</v></c>" for number in range(16_000))
    parts["xl/worksheets/sheet1.xml"] = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f'<sheetData><row r="1"><c r="A1"/></row><row r="1048576">{cells}</row></sheetData></worksheet>'
    ).encode()
    return zip_bytes(parts)


def _far_cell(before: str = "") -> bytes:
    repeated = 'table:number-rows-repeated="1048000" table:number-columns-repeated="1000"'
    return ods_bytes(
        {},
        extra=f'{before}<table:table table:name="dossier"><table:table-row table:number-rows-repeated="1048000">'
        f'<table:table-cell office:value-type="string" {repeated}><text:p>a</text:p></table:table-cell>'
        "</table:table-row></table:table>",
    )


def archives() -> dict[str, tuple[bytes, str]]:
    """Name → (bytes of a deposit, code of the finding that refuses it)."""
    deep = zip_bytes({"a.zip": zip_bytes({"b.zip": zip_bytes({"dossier.csv": b"a"})})})
    return {
        "bomb.zip": (zip_bytes({"dossier.csv": bytes(50_000_000)}), "DEP-004"),
        "lying.zip": (_zip_of({"dossier.csv": bytes(50_000_000)}, declared=100), "DEP-001"),
        "bomb.csv.gz": (gzip.compress(bytes(100_000_000)), "DEP-004"),
        "paths.zip": (zip_bytes({"../../dossier.csv": b"a"}), "DEP-004"),
        "many.zip": (zip_bytes({f"{number}.csv": b"a" for number in range(5_000)}), "DEP-004"),
        "nested.zip": (deep, "DEP-011"),
        "shared.xlsx": (_shared_texts_bomb(), "DEP-004"),
        "shared-backslash.xlsx": (_with_backslashes(_shared_texts_bomb(), "xl/sharedStrings.xml"), "DEP-004"),
        "macros-backslash.xlsx": (
            _with_backslashes(_with_part(xlsx_bytes({"dossier": [["a"]]}), "xl/vbaProject.bin"), "xl/vbaProject.bin"),
            "DEP-009",
        ),
        "repeated.ods": (_far_cell(), "DEP-020"),
        "entities.ods": (
            zip_bytes(
                {
                    "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
                    "META-INF/manifest.xml": b"<a/>",
                    "content.xml": b'<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>',
                }
            ),
            "DEP-004",
        ),
        "macros.xls": (xls_bytes({"dossier": [["a"]]}, streams={"_VBA_PROJECT": b"x"}), "DEP-009"),
        "secret.xlsx": (ole2_bytes({"EncryptionInfo": b"x", "EncryptedPackage": b"x" * 9000}), "DEP-008"),
        "looping.xls": (_looping(), "DEP-005"),
        "far.xls": (xls_bytes({"dossier": [["a"]]}, records=[_FAR_CELL]), "DEP-004"),
        "unplaced.xlsx": (_unplaced_cells(), "DEP-020"),
        "ill-formed.ods": (_far_cell(before="<a a='' a=''/>"), "DEP-005"),
        "export.tar": (bytes(257) + b"ustar" + bytes(2_000), "DEP-012"),
    }


def _looping() -> bytes:
    """An OLE2 file whose directory follows itself for ever."""
    data = bytearray(ole2_bytes({"Autre": b"x"}))
    data[512 + 4 : 512 + 8] = struct.pack("<I", 1)
    return bytes(data)
