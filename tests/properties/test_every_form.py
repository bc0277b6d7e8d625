"""The same deposit in every form that a centre may deposit: the same typed rows, the same findings.

What may differ: the names of files and sheets, what was tolerated in the form (TOL-...), and that a deposit without
manifest says so (DEP-007).
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from schemas.contract import Day, Number, Whole, YesNo
from schemas.exchanges.verdict import Verdict
from schemas.extracts import TABLES
from tests.packages import DEFAULTS, files, judge, with_manifest, write_folder, write_zip
from tests.workbooks import Cell, ods_bytes, xls_bytes, xlsx_bytes, zip_bytes

ROWS: dict[str, list[dict[str, str]]] = {
    "dossier": [
        {},
        {"dossier_id": "D-2", "personne_ref": "P-2", "sexe": "H"},
        {"dossier_id": "D-3", "date_titre": "2026"},
    ],
    "etape_accueil": [
        {"duree_minutes": "90"},
        {"rang": "2", "interprete": "true"},
        {"rang": "3", "duree_minutes": "1h"},
    ],
    "test_langue": [{"instrument": "évaluation"}, {"test_id": "T-2", "dossier_id": "D-9"}, {"test_id": "T-2"}],
    "inscription": [{"heures_suivies": "12.5"}, {"inscription_id": "I-2", "heures_suivies": "1200.25"}],
    "operateur": [{}],
    "stat_locale": [{"valeur": "0.1"}, {"periode": "2014", "valeur": "1e3"}],
}
TEXTS = files({name: ROWS.get(name, []) for name in TABLES})
TABLE_ROWS = {name: [{**DEFAULTS[name], **row} for row in ROWS.get(name, [])] for name in TABLES}


def _cells(name: str, *, typed: bool) -> list[list[Cell]]:
    """The rows of a table, with its header; typed: days, numbers and yes or no as a spreadsheet keeps them."""
    kinds = {column: kind for column, (kind, _) in TABLES[name].fields().items()}
    rows = [
        [_typed(kinds[column], row.get(column, "")) if typed else row.get(column, "") for column in kinds]
        for row in TABLE_ROWS[name]
    ]
    return [[*kinds], *rows]


def _typed(kind: object, text: str) -> Cell:
    try:
        match kind:
            case Day():
                return date.fromisoformat(text)
            case Whole():
                return int(text)
            case Number():
                return float(text) if "e" not in text else text
            case YesNo():
                return {"true": True, "false": False}.get(text, text)
    except ValueError:
        pass
    return text


def _sheets(*, typed: bool = True) -> dict[str, Sequence[Sequence[Cell]]]:
    return {name: _cells(name, typed=typed) for name in TABLES}


def _each(suffix: str, make: Callable[[str], bytes]) -> dict[str, bytes]:
    return {f"{name}.{suffix}": make(name) for name in TABLES}


def _text(
    name: str, *, delimiter: str = ";", quoting: int = csv.QUOTE_MINIMAL, end: str = "\n", belgian: bool = False
) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter, quoting=quoting, lineterminator=end)  # type: ignore[arg-type]
    kinds = [kind for kind, _ in TABLES[name].fields().values()]
    header, *rows = _cells(name, typed=False)
    writer.writerow(header)
    for row in rows:
        writer.writerow([_belgian(kind, str(cell)) if belgian else cell for kind, cell in zip(kinds, row, strict=True)])
    return stream.getvalue()


def _belgian(kind: object, text: str) -> str:
    """As Excel writes it in Belgium: 30/09/2026, a decimal comma, a space between thousands, O and N."""
    value = _typed(kind, text)
    if isinstance(value, bool):
        return "O" if value else "N"
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, float):
        return f"{value:,}".replace(",", "\u202f").replace(".", ",")
    return text


def _parquet(folder: Path) -> dict[str, bytes]:
    """A Parquet file per table; a column is typed where every cell is of its type, as an engine would export it."""
    content = {}
    with duckdb.connect() as engine:
        for name in TABLES:
            header, *rows = _cells(name, typed=True)
            kinds = [_sql_type([row[at] for row in rows]) for at in range(len(header))]
            declared = ", ".join(f"{column} {kind}" for column, kind in zip(header, kinds, strict=True))
            engine.execute(f"CREATE TABLE {name} ({declared})")
            for row in rows:
                cells = [None if cell == "" else cell for cell in row]
                engine.execute(f"INSERT INTO {name} VALUES ({', '.join('?' * len(row))})", cells)
            engine.execute(f"COPY {name} TO '{folder / name}.parquet' (FORMAT parquet)")
            content[f"{name}.parquet"] = (folder / f"{name}.parquet").read_bytes()
    return content


def _sql_type(cells: Sequence[Cell]) -> str:
    types = {type(cell) for cell in cells if cell != ""}
    return (
        {date: "DATE", int: "INTEGER", float: "DOUBLE", bool: "BOOLEAN"}.get(types.pop(), "VARCHAR")
        if len(types) == 1
        else "VARCHAR"
    )


def _one_book_with_manifest(folder: Path) -> Path:
    """A workbook with a sheet per table, named by each table of the manifest with its own count of rows."""
    data = xlsx_bytes(_sheets())
    described = [{"nom": name, "fichier": "export.xlsx", "lignes": len(rows) - 1} for name, rows in _sheets().items()]
    return write_folder(folder / "depot", with_manifest({"export.xlsx": data}, tables=described))


def _lone(data: Callable[[], bytes], name: str) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        (folder / name).write_bytes(data())
        return folder / name

    return make


def _folder(content: Callable[[], Mapping[str, bytes]]) -> Callable[[Path], Path]:
    return lambda folder: write_folder(folder / "depot", content())


FORMS: dict[str, Callable[[Path], Path]] = {
    "csv": _folder(lambda: TEXTS),
    "csv with manifest": _folder(lambda: with_manifest(TEXTS)),
    "csv of windows": _folder(lambda: _each("csv", lambda name: _text(name, end="\r\n").encode("cp1252"))),
    "csv of old macs": _folder(lambda: _each("csv", lambda name: _text(name, end="\r", delimiter=",").encode())),
    "csv of Belgium": _folder(
        lambda: _each("csv", lambda name: _text(name, belgian=True, quoting=csv.QUOTE_ALL).encode("utf-8-sig"))
    ),
    "tabs": _folder(lambda: _each("txt", lambda name: _text(name, delimiter="\t").encode())),
    "bars": _folder(lambda: _each("dat", lambda name: _text(name, delimiter="|").encode())),
    "utf-16": _folder(lambda: _each("csv", lambda name: _text(name).encode("utf-16"))),
    "utf-16 without mark": _folder(lambda: _each("csv", lambda name: _text(name).encode("utf-16-be"))),
    "gzip": _folder(lambda: _each("csv.gz", lambda name: gzip.compress(_text(name).encode()))),
    "zip": lambda folder: write_zip(folder / "depot.zip", TEXTS),
    "zip of gzip": lambda folder: write_zip(
        folder / "depot", _each("csv.gz", lambda name: gzip.compress(_text(name).encode()))
    ),
    "xlsx each": _folder(lambda: _each("xlsx", lambda name: xlsx_bytes({"Feuil1": _cells(name, typed=True)}))),
    "xlsx of texts": _folder(lambda: _each("xlsx", lambda name: xlsx_bytes({name: _cells(name, typed=False)}))),
    "xlsx": _lone(lambda: xlsx_bytes(_sheets()), "depot.xlsx"),
    "xlsx with manifest": _one_book_with_manifest,
    "ods": _lone(lambda: ods_bytes(_sheets()), "depot.xlsx"),
    "ods each in a zip": lambda folder: write_zip(
        folder / "depot.zip", _each("ods", lambda name: ods_bytes({name: _cells(name, typed=True)}))
    ),
    "xls": _lone(lambda: xls_bytes(_sheets()), "depot.xls"),
    "parquet": lambda folder: write_folder(folder / "depot", _parquet(folder)),
    "zip of parquet": lambda folder: write_zip(folder / "depot.zip", _parquet(folder)),
    "zip with a folder": _lone(lambda: zip_bytes({f"export/{name}": data for name, data in TEXTS.items()}), "depot"),
}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any, Any]:
    return _seen(FORMS["csv"], tmp_path_factory.mktemp("csv"))


def test_the_plain_deposit_has_rows_and_findings(plain: tuple[Any, Any, Any]) -> None:
    """By hand: what the others are compared with is what the rows above deserve."""
    findings, counts, rows = plain
    assert ("V15", "dossier", 3, "sexe") in findings
    assert ("CTR-002", "test_langue", 2, "instrument") in findings
    assert ("V41", "test_langue", 3, "dossier_id") in findings
    assert ("CTR-007", "test_langue", 4, "test_id") in findings
    assert ("CTR-003", "etape_accueil", 4, "duree_minutes") in findings
    assert ("CTR-004", "stat_locale", 3, "valeur") in findings
    assert counts["dossier"] == (3, 1, 2)
    assert [row[0] for row in rows["dossier"]] == [2, 3, 4]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_deposit_is_judged_alike(form: str, plain: tuple[Any, Any, Any], tmp_path: Path) -> None:
    findings, counts, rows = _seen(FORMS[form], tmp_path)
    assert findings == plain[0]
    assert counts == plain[1]
    assert rows == plain[2]


def test_the_verdict_says_which_sheet_of_which_file_holds_a_table(tmp_path: Path) -> None:
    verdict = judge(_one_book_with_manifest(tmp_path), tmp_path / "sortie")
    assert [(count.table, count.fichier, count.feuille) for count in verdict.tables] == [
        (name, "export.xlsx", name) for name in TABLES
    ]


def _seen(make: Callable[[Path], Path], folder: Path) -> tuple[Any, Any, Any]:
    """Places of the findings, counts of rows and typed rows of a deposit, its form left out."""
    verdict = judge(make(folder), folder / "sortie")
    rows = {}
    with duckdb.connect() as engine:
        for name in TABLES:
            path = folder / "sortie" / "types" / f"{name}.parquet"
            rows[name] = engine.execute(f"SELECT * FROM read_parquet('{path}') ORDER BY ligne").fetchall()
    return _findings(verdict), _counts(verdict), rows


def _findings(verdict: Verdict) -> set[tuple[str, str | None, int | None, str | None]]:
    return {
        (found.code, found.table, found.ligne, found.colonne)
        for found in verdict.constats
        if not found.code.startswith("TOL-") and found.code != "DEP-007"
    }


def _counts(verdict: Verdict) -> dict[str, tuple[int, int, int]]:
    return {
        count.table: (count.lignes_lues, count.lignes_retenues, count.lignes_quarantaine) for count in verdict.tables
    }
