"""Whatever is deposited ends in a verdict: no bytes make validation fall."""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from intercentre.validation import validate_package
from schemas.exchanges.verdict import Verdict
from tests.packages import CENTRE, DEFAULTS, PERIODE, TODAY, files, with_manifest, write_zip
from tests.workbooks import xls_bytes

pytestmark = pytest.mark.slow

CONTENT = with_manifest(files({"dossier": [{}]}))
CHECKED = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)


def _judge(data: bytes, name: str) -> Verdict:
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder) / name
        package.write_bytes(data)
        return validate_package(package, centre=CENTRE, periode=PERIODE, today=TODAY, out=Path(folder) / "sortie")


def _zip_bytes() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return write_zip(Path(folder) / "depot.zip", CONTENT).read_bytes()


_ZIP = _zip_bytes()
_STARTS = st.sampled_from(
    [
        *(b"", b"PK\x03\x04", b"PK\x05\x06", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"<html", b"dossier_id;"),
        *(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x1f\x8b\x08\x00", b"PAR1", b"PARE", b"Rar!\x1a\x07", b"d\0o\0s\0"),
    ]
)


@CHECKED
@given(start=_STARTS, rest=st.binary(max_size=200))
def test_any_bytes_have_a_verdict_that_refuses_them(start: bytes, rest: bytes) -> None:
    verdict = _judge(start + rest, "depot.zip")
    assert not verdict.is_accepted
    assert verdict.constats


@CHECKED
@given(at=st.integers(0, len(_ZIP) - 1), value=st.integers(0, 255), cut=st.integers(0, len(_ZIP)))
def test_a_damaged_archive_has_a_verdict(at: int, value: int, cut: int) -> None:
    damaged = bytearray(_ZIP)
    damaged[at] = value
    _judge(bytes(damaged), "depot.zip")
    verdict = _judge(_ZIP[:cut], "depot.zip")
    assert verdict.is_accepted == (cut == len(_ZIP))


_CELLS = st.text(st.characters(exclude_categories=("Cs",)), max_size=8)


@CHECKED
@given(
    name=st.sampled_from([name for name in CONTENT if name.endswith(".csv")]),
    lines=st.lists(st.lists(_CELLS, max_size=9), max_size=6),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_any_text_in_the_place_of_a_table_has_a_verdict(name: str, lines: list[list[str]], encoding: str) -> None:
    text = "\n".join(";".join(cells) for cells in lines)
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder) / "depot.zip"
        with zipfile.ZipFile(package, "w") as archive:
            for other, data in CONTENT.items():
                archive.writestr(other, text.encode(encoding) if other == name else data)
        verdict = _judge(package.read_bytes(), "depot.zip")
    assert not verdict.is_accepted


def _workbook_parts() -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.xlsx"
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet("dossier")
            sheet.write_row(0, 0, list(DEFAULTS["dossier"]))
            sheet.write_row(1, 0, list(DEFAULTS["dossier"].values()))
            sheet.write_formula(2, 0, "=1/0")
        with zipfile.ZipFile(path) as archive:
            return {name: archive.read(name) for name in archive.namelist()}


_PARTS = _workbook_parts()


@CHECKED
@given(
    name=st.sampled_from(list(_PARTS)),
    at=st.integers(0, 5000),
    length=st.integers(0, 30),
    put=st.text('<>/="&;A19 ', max_size=3),
)
def test_a_damaged_workbook_has_a_verdict(name: str, at: int, length: int, put: str) -> None:
    data = _PARTS[name]
    at %= len(data)
    with tempfile.TemporaryDirectory() as folder:
        damaged = {**_PARTS, name: data[:at] + put.encode() + data[at + length :]}
        verdict = _judge(write_zip(Path(folder) / "export.xlsx", damaged).read_bytes(), "export.xlsx")
    assert not verdict.is_accepted  # one table alone is no deposit


_OLD_BOOK = xls_bytes({"dossier": [list(DEFAULTS["dossier"]), list(DEFAULTS["dossier"].values())]})


@CHECKED
@given(places=st.lists(st.tuples(st.integers(0, len(_OLD_BOOK) - 1), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_damaged_old_workbook_has_a_verdict(places: list[tuple[int, int]]) -> None:
    damaged = bytearray(_OLD_BOOK)
    for at, value in places:
        damaged[at] = value
    assert not _judge(bytes(damaged), "export.xls").is_accepted  # one table alone is no deposit
