"""docs/generated is what the contract says today; templates can be filled in and are accepted."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from intercentre.documentation import generated_pages, write_templates
from intercentre.documentation.templates import example_row
from schemas.contract import judge
from schemas.extracts import TABLES
from schemas.rules import catalogue

GENERATED = Path(__file__).parents[2] / "docs" / "generated"


@pytest.mark.parametrize("name", sorted(generated_pages()))
def test_committed_page_is_current(name: str) -> None:
    assert (GENERATED / name).read_text(encoding="utf-8") == generated_pages()[name], "run `make docs`"


def test_every_code_and_column_is_in_the_pages() -> None:
    pages = generated_pages()
    assert [code for code in catalogue() if f"`{code}`" not in pages["constats.md"]] == []
    missing = [
        (name, column)
        for name, table in TABLES.items()
        for column in table.fields()
        if f"| `{column}` |" not in pages["dictionnaire.md"]
    ]
    assert missing == []


@pytest.mark.parametrize("name", TABLES)
def test_the_example_of_each_column_is_valid(name: str) -> None:
    findings = judge(TABLES[name], example_row(TABLES[name]), date(2026, 9, 30)).findings
    assert findings == frozenset()


def test_the_workbook_has_a_sheet_per_table_with_its_headers(tmp_path: Path) -> None:
    write_templates(tmp_path, list(TABLES))
    book = CalamineWorkbook.from_path(tmp_path / "gabarit.xlsx")
    assert book.sheet_names == ["Mode d'emploi", *TABLES, "codes"]
    for name, table in TABLES.items():
        assert book.get_sheet_by_name(name).to_python()[0] == list(table.fields())


def test_the_workbook_offers_the_codes_as_lists(tmp_path: Path) -> None:
    write_templates(tmp_path, ["etape_accueil"])
    with zipfile.ZipFile(tmp_path / "gabarit.xlsx") as archive:
        sheet = archive.read("xl/worksheets/sheet2.xml").decode()
    assert 'type="list"' in sheet
    assert "liste_type_etape" in sheet


def test_the_same_contract_gives_the_same_workbook(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        write_templates(tmp_path / folder, ["dossier"])
    assert (tmp_path / "a/gabarit.xlsx").read_bytes() == (tmp_path / "b/gabarit.xlsx").read_bytes()
