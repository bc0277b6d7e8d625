"""The workbook that a centre fills in: a notice, one sheet per table, the code lists, nothing to compute.

A cell of the header holds the contract's name and nothing else, since the hub reads it; the word beside it
(« obligatoire », « facultatif ») is the way the cell is displayed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from intercentre.documentation.facts import code_list, extra_facts
from schemas.contract import EARLIEST_DATE, Code, Day, Extract, FieldType, Identifier, Number, Whole, YesNo
from schemas.exchanges.workbooks import CODES_SHEET, LISTS_SHEET, NOTICE_SHEET
from schemas.extracts import TABLES, VERSION_CONTRAT
from schemas.nomenclatures import nomenclature

NOTICE, CODES, LISTS = NOTICE_SHEET, CODES_SHEET, LISTS_SHEET
ROWS_READY = 5_000
"""rows below the header that have their lists, formats and messages"""
_LONGEST_TITLE, _LONGEST_MESSAGE = 32, 255
_LATEST_DATE = date(2100, 12, 31)
_CREATED = datetime(2026, 1, 1, tzinfo=UTC)  # of no meaning: the same contract must give the same bytes
_TAB_OF_LEVEL = {1: "#0b6e6e", 2: "#2a5d9f", 3: "#4a5462"}
_FOLDER = Path(__file__).parent


@dataclass
class Looks:
    """The formats of the workbook; a data cell's format depends on what its column holds."""

    book: Any
    due: Any
    free: Any
    text: Any
    day: Any
    whole: Any
    number: Any
    title: Any
    heading: Any
    words: Any
    link: Any

    @classmethod
    def of(cls, book: Any) -> Looks:
        head = {"bold": True, "border": 1, "border_color": "#0b6e6e", "text_wrap": True, "valign": "vcenter"}
        return cls(
            book,
            due=book.add_format(
                {**head, "bg_color": "#0b6e6e", "font_color": "#ffffff", "num_format": '@" · obligatoire"'}
            ),
            free=book.add_format(
                {**head, "bg_color": "#e3f0f0", "font_color": "#1d2430", "num_format": '@" · facultatif"'}
            ),
            text=book.add_format({"num_format": "@"}),
            day=book.add_format({"num_format": "yyyy-mm-dd"}),
            whole=book.add_format({"num_format": "0"}),
            number=book.add_format({"num_format": "0.##"}),
            title=book.add_format({"bold": True, "font_size": 16, "font_color": "#0b6e6e"}),
            heading=book.add_format({"bold": True, "font_size": 12, "top": 1, "top_color": "#0b6e6e"}),
            words=book.add_format({"text_wrap": True, "valign": "top"}),
            link=book.add_format({"font_color": "#0b6e6e", "underline": 1}),
        )

    def of_column(self, kind: FieldType) -> Any:
        match kind:
            case Day():
                return self.day
            case Whole():
                return self.whole
            case Number():
                return self.number
            case _:
                return self.text


def write_template_workbook(path: Path, tables: Sequence[str]) -> Path:
    """`path` is the workbook for these tables; the same contract gives the same bytes."""
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": f"Gabarit Intercentre, contrat {VERSION_CONTRAT}", "created": _CREATED})
        looks = Looks.of(book)
        _write_notice(book.add_worksheet(NOTICE), looks, tables)
        lists = list(dict.fromkeys(name for table in tables for name in _lists_of(TABLES[table])))
        for name in tables:
            _write_table(book.add_worksheet(name), looks, TABLES[name])
        _write_codes(book.add_worksheet(CODES), looks, lists)
        _write_lists(book, lists)
    return path


def input_message(table: type[Extract], name: str) -> str:
    """What Excel shows beside a cell of this column: its sense, whether it is due, what is expected, an example."""
    kind, info = table.fields()[name]
    due = "Facultatif" if table.optional(name) else "Obligatoire"
    text = f"{info.description}. {due}. Attendu : {kind.expected}."
    example = extra_facts(table, name).get("exemple")
    whole = f"{text} Exemple : {example}" if example else text
    shown = whole if len(whole) <= _LONGEST_MESSAGE else text
    return shown if len(shown) <= _LONGEST_MESSAGE else f"{shown[: _LONGEST_MESSAGE - 1]}…"


def _lists_of(table: type[Extract]) -> Iterator[str]:
    return (name for kind, _ in table.fields().values() if (name := code_list(kind)))


def _write_notice(sheet: Any, looks: Looks, tables: Sequence[str]) -> None:
    for column, width in enumerate((26, 8, 78)):
        sheet.set_column(column, column, width)
    sheet.hide_gridlines(2)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.write_string(0, 0, f"Gabarit du contrat d'échange Intercentre, version {VERSION_CONTRAT}", looks.title)
    row = 2
    for part in _notice():
        _write_heading(sheet, row, looks, (part["titre"], "", ""))
        for line in part["lignes"]:
            row += 1
            sheet.merge_range(row, 0, row, 2, line, looks.words)
            sheet.set_row(row, 15 * (1 + len(line) // 105))
        row += 2
    _write_heading(sheet, row, looks, ("Feuille", "Niveau", "Une ligne est"))
    for line, name in enumerate(tables, row + 1):
        contract = TABLES[name].contrat
        sheet.write_url(line, 0, f"internal:'{name}'!A1", looks.link, f"{contract.numero} {name}")
        sheet.write_string(line, 1, str(contract.niveau))
        sheet.write_string(line, 2, contract.grain, looks.words)


def _notice() -> list[dict[str, Any]]:
    """Headings and their paragraphs."""
    import yaml

    return list(yaml.safe_load((_FOLDER / "lisez-moi.yml").read_text(encoding="utf-8")))


def _write_heading(sheet: Any, row: int, looks: Looks, texts: Sequence[str]) -> None:
    for column, text in enumerate(texts):
        sheet.write_string(row, column, text, looks.heading)


def _write_table(sheet: Any, looks: Looks, table: type[Extract]) -> None:
    sheet.freeze_panes(1, 0)
    sheet.set_row(0, 32)
    sheet.set_tab_color(_TAB_OF_LEVEL.get(table.contrat.niveau, "#4a5462"))
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.repeat_rows(0)
    for column, (name, (kind, _)) in enumerate(table.fields().items()):
        sheet.write_string(0, column, name, looks.free if table.optional(name) else looks.due)
        sheet.set_column(column, column, max(15, len(name) + 2), looks.of_column(kind))
        sheet.data_validation(1, column, ROWS_READY, column, _validation(table, name, kind))


def _validation(table: type[Extract], name: str, kind: FieldType) -> dict[str, Any]:
    """What Excel admits in the column, and what it says; the hub judges more, and says it better."""
    return {
        **_admitted(kind),
        "input_title": name[:_LONGEST_TITLE],
        "input_message": input_message(table, name),
        "error_title": "Valeur non admise",
        "error_message": f"Attendu : {kind.expected}."[:_LONGEST_MESSAGE],
    }


def _admitted(kind: FieldType) -> dict[str, Any]:
    match kind:
        case Code():
            return {"validate": "list", "source": f"={_range_name(kind.list_name)}"}
        case YesNo():
            return {"validate": "list", "source": ["true", "false"]}
        case Day():
            return {"validate": "date", "criteria": "between", "minimum": EARLIEST_DATE, "maximum": _LATEST_DATE}
        case Whole():
            return {"validate": "integer", "criteria": "between", "minimum": kind.lowest, "maximum": kind.highest}
        case Number():
            return {"validate": "decimal", "criteria": "between", "minimum": kind.lowest, "maximum": kind.highest}
        case Identifier():
            return {"validate": "length", "criteria": "<=", "value": kind.length}
        case _:
            return {"validate": "any"}


def _write_codes(sheet: Any, looks: Looks, lists: Sequence[str]) -> None:
    """What each code means, for a person to read and to filter; ended codes too, with their successor."""
    titles = ("liste", "code", "libellé", "valable du", "valable au", "remplacé par")
    _write_heading(sheet, 0, looks, titles)
    for column, width in enumerate((24, 24, 70, 12, 12, 16)):
        sheet.set_column(column, column, width)
    entries = [(name, entry) for name in lists for entry in nomenclature(name).entries.values()]
    for row, (name, entry) in enumerate(entries, 1):
        for column, text in enumerate((name, entry.code, entry.libelle)):
            sheet.write_string(row, column, text, looks.text)
        sheet.write_datetime(row, 3, entry.valide_du, looks.day)
        if entry.valide_au:
            sheet.write_datetime(row, 4, entry.valide_au, looks.day)
        if entry.remplace_par:
            sheet.write_string(row, 5, entry.remplace_par, looks.text)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, len(entries)), len(titles) - 1)


def _write_lists(book: Any, lists: Sequence[str]) -> None:
    """The hidden sheet whose named ranges are the drop-down lists: the codes that nothing has replaced."""
    from xlsxwriter.utility import xl_col_to_name

    sheet = book.add_worksheet(LISTS)
    sheet.hide()
    for column, name in enumerate(lists):
        codes = [entry.code for entry in nomenclature(name).entries.values() if entry.remplace_par is None]
        sheet.write_column(0, column, [name, *codes])
        letters = xl_col_to_name(column)
        book.define_name(_range_name(name), f"={LISTS}!${letters}$2:${letters}${len(codes) + 1}")


def _range_name(name: str) -> str:
    return f"liste_{name}"
