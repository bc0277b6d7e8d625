"""Whatever is put in a place for text, and whatever is made to burst: a finding, no fault, bounded time and memory."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from itertools import product
from pathlib import Path

import duckdb
import pytest

from intercentre.validation.container import Package
from intercentre.validation.header import BLANKS
from intercentre.validation.manifest import read_declaration
from schemas.exchanges.verdict import Verdict
from schemas.extracts import TABLES
from schemas.findings import Severity
from schemas.spellings import NOTHING
from tests.hostile import CONTENT, FAILED, TEXTS, archives
from tests.packages import CENTRE, DEFAULTS, PERIODE, TODAY, judge, manifest, with_manifest, write_folder, write_zip
from tests.workbooks import Cell, Sheets, ods_bytes, xls_bytes, xlsx_bytes

COLUMNS = list(TABLES["dossier"].fields())
IN_XML = [text for text in TEXTS if all(sign == "\t" or (sign >= " " and sign not in "\ufffe\uffff") for sign in text)]
_MAY_BE_EMPTY = {
    type(kind): name for name, (kind, _) in TABLES["dossier"].fields().items() if TABLES["dossier"].optional(name)
}.values()
LIMIT_S, LIMIT_MB = 60, 1_000
"""for all of the files below together, in one process"""


def _csv(rows: list[list[str]]) -> bytes:
    stream = io.StringIO()
    csv.writer(stream, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    return stream.getvalue().encode()


def _said(verdict: Verdict) -> str:
    return " ".join(f"{found.message} {found.remede} {found.colonne}" for found in verdict.constats)


def _is_telling(text: str) -> bool:
    """Whether a text could not stand in a message of ours by itself."""
    return len(text) > 6 and text.strip() != "dossier"


def test_there_are_five_hundred_texts() -> None:
    assert len(TEXTS) == len(set(TEXTS)) == 500


def test_in_cells(tmp_path: Path) -> None:
    """Each stands once in a column of identifiers, of codes and of days, and is named there unless it reads as one."""
    at = {name: COLUMNS.index(name) for name in ("bureau_id", "sexe", "date_titre")}
    rows = [[DEFAULTS["dossier"].get(column, "") for column in COLUMNS] for _ in TEXTS]
    for number, (row, text) in enumerate(zip(rows, TEXTS, strict=True)):
        row[:2] = [f"D-{number}", f"P-{number}"]
        for position in at.values():
            row[position] = text
    verdict = judge(write_folder(tmp_path / "d", {**CONTENT, "dossier.csv": _csv([COLUMNS, *rows])}), tmp_path / "s")
    named = {
        found.ligne for found in verdict.constats if found.colonne == "sexe" and found.severite is Severity.A_CORRIGER
    }
    blank = [number for number, text in enumerate(TEXTS, 2) if text.strip(" \t\u00a0") == ""]
    lines = [found.ligne for found in verdict.constats if found.code == "CTR-001"]
    assert named == set(range(2, 502))
    assert set(blank) <= set(lines)
    assert [(count.lignes_lues, count.lignes_retenues) for count in verdict.tables if count.table == "dossier"] == [
        (500, 0)
    ]
    assert not [text for text in TEXTS if _is_telling(text) and text in _said(verdict)]


def test_in_headers(tmp_path: Path) -> None:
    data = _csv([[*COLUMNS, *TEXTS], ["x"] * (len(COLUMNS) + len(TEXTS))])
    verdict = judge(write_folder(tmp_path / "d", {**CONTENT, "dossier.csv": data}), tmp_path / "s")
    refused = [found for found in verdict.constats if found.code.startswith(("V06", "V13"))]
    assert len(refused) == 500
    assert not [text for text in TEXTS if _is_telling(text) and text in _said(verdict)]


@pytest.mark.parametrize("make", [xlsx_bytes, ods_bytes, xls_bytes], ids=["xlsx", "ods", "xls"])
def test_in_the_cells_of_a_workbook(make: Callable[[Sheets], bytes], tmp_path: Path) -> None:
    """Each stands in a row of its own, in a column of codes that may be empty: none is read, and none as empty.

    Left out: what says that there is nothing, and a mark of order alone, which the reader of XLS drops.
    """
    position = COLUMNS.index("situation_pro")
    texts = [text for text in IN_XML if text.strip(BLANKS + "\ufeff") not in ("", *NOTHING)]
    rows: list[list[Cell]] = [[DEFAULTS["dossier"].get(column, "") for column in COLUMNS] for _ in texts]
    for number, (row, text) in enumerate(zip(rows, texts, strict=True)):
        row[:2] = [f"D-{number}", f"P-{number}"]
        row[position] = text
    verdict = judge(
        write_folder(tmp_path / "d", {"dossier.xlsx": make({"dossier": [[*COLUMNS], *rows]})}), tmp_path / "s"
    )
    named = {found.ligne for found in verdict.constats if found.severite is Severity.A_CORRIGER}
    assert [(count.lignes_lues, count.lignes_retenues) for count in verdict.tables] == [(len(texts), 0)]
    assert named == set(range(2, len(texts) + 2))
    assert not [text for text in TEXTS if _is_telling(text) and text in _said(verdict)]


@pytest.mark.parametrize("make", [xlsx_bytes, ods_bytes, xls_bytes], ids=["xlsx", "ods", "xls"])
def test_what_is_no_value_in_the_cells_of_a_workbook(make: Callable[[Sheets], bytes], tmp_path: Path) -> None:
    """A formula that failed, of each kind, in a column of each type of field that may be empty: the row is not kept."""
    rows, expected = [], set()
    for number, (column, failed) in enumerate(product(_MAY_BE_EMPTY, FAILED)):
        row = {**DEFAULTS["dossier"], "dossier_id": f"D-{number}", "personne_ref": f"P-{number}", column: failed}
        rows.append([row.get(each, "") for each in COLUMNS])
        expected.add((number + 2, column))
    verdict = judge(
        write_folder(tmp_path / "d", {"dossier.xlsx": make({"dossier": [[*COLUMNS], *rows]})}), tmp_path / "s"
    )
    assert {(found.ligne, found.colonne) for found in verdict.constats if found.code == "CTR-026"} == expected
    assert [count.lignes_retenues for count in verdict.tables] == [0]


@pytest.mark.parametrize("make", [xlsx_bytes, ods_bytes], ids=["xlsx", "ods"])
def test_in_the_headers_of_a_workbook(make: Callable[[Sheets], bytes], tmp_path: Path) -> None:
    texts = [text for text in IN_XML if text.strip(BLANKS)]
    rows: list[list[Cell]] = [[*COLUMNS, *texts], [DEFAULTS["dossier"].get(column, "") for column in COLUMNS]]
    verdict = judge(write_folder(tmp_path / "d", {"dossier.xlsx": make({"dossier": rows})}), tmp_path / "s")
    assert len([found for found in verdict.constats if found.code.startswith(("V06", "V13"))]) == len(texts)
    assert not [text for text in TEXTS if _is_telling(text) and text in _said(verdict)]


def test_in_names_of_sheets(tmp_path: Path) -> None:
    sheets = {text: [["bonjour"]] for text in IN_XML}
    verdict = judge(write_folder(tmp_path / "d", {"export.ods": ods_bytes(sheets)}), tmp_path / "s")
    assert not verdict.is_accepted
    assert verdict.constats


def test_in_names_of_files(tmp_path: Path) -> None:
    for start in range(0, 500, 125):
        names = [text for text in TEXTS[start : start + 125] if "\0" not in text]
        content = {f"x{number}{text}": b"bonjour" for number, text in enumerate(names)}
        verdict = judge(write_zip(tmp_path / f"{start}.zip", {**CONTENT, **content}), tmp_path / f"s{start}")
        assert not verdict.is_accepted
        kept = [text for text in names if not set(text) & set("/\\:") and ".." not in text]
        verdict = judge(
            write_zip(tmp_path / f"{start}b.zip", {**CONTENT, **{f"x{text}": b"bonjour" for text in kept}}),
            tmp_path / f"t{start}",
        )
        named = {found.fichier for found in verdict.constats if found.code in ("DEP-018", "DEP-019")}
        assert named == {f"x{text}" for text in kept}


@pytest.mark.parametrize(
    "field", ["centre_code", "schema_version", "logiciel_source", "date_etat", "nom", "fichier", "sha256"]
)
def test_in_fields_of_the_manifest(field: str, tmp_path: Path) -> None:
    path = tmp_path / "manifeste.json"
    for text in TEXTS:
        described = manifest(CONTENT)
        if field in described:
            described[field] = text
        else:
            described["tables"][0][field] = text
        path.write_text(json.dumps(described), encoding="utf-8")
        declaration = read_declaration(Package({path.name: path}), centre=CENTRE, periode=PERIODE, today=TODAY)
        assert declaration.findings or field in ("logiciel_source", "fichier") or text == "dossier"
        assert not [found for found in declaration.findings if len(text) > 6 and text in found.message]


def test_unknown_fields_of_the_manifest_are_not_repeated(tmp_path: Path) -> None:
    content = with_manifest(CONTENT, **{text: text for text in TEXTS[:50]})
    verdict = judge(write_folder(tmp_path / "d", content), tmp_path / "s")
    assert [found.code for found in verdict.constats] == ["V01"]
    assert "(champ non prévu)" in verdict.constats[0].message


_SCRIPT = """
import json, sys, time
from pathlib import Path
from tests.packages import judge
from tests.properties.test_hostile import bursting
folder = Path(sys.argv[1])
begin = time.monotonic()
codes = {}
for name, path in bursting(folder).items():
    verdict = judge(path, folder / ("sortie-" + name))
    codes[name] = sorted({found.code for found in verdict.constats})
# of this process alone: getrusage also counts what the process that started it once held
peak = int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]) / 1024
print(json.dumps({"codes": codes, "seconds": time.monotonic() - begin, "peak": peak}))
"""


def bursting(folder: Path) -> dict[str, Path]:
    """Deposits that are too much in one way each."""
    header = ";".join(COLUMNS) + "\n"
    row = ";".join(DEFAULTS["dossier"].get(column, "") for column in COLUMNS) + "\n"
    empty_rows = ods_bytes(
        {},
        extra='<table:table table:name="dossier"><table:table-row table:number-rows-repeated="300000"/></table:table>',
    )
    contents = {
        "nul": header + row.replace("D-1", "D\0-1"),
        "long line": header + row + row.replace("P-1", "P" * 3_000_000),
        "wide": ";".join([*COLUMNS, *(f"c{number}" for number in range(1_000))]) + "\n",
        "empty rows": header + row + ";" * (len(COLUMNS) - 1) + "\n" * 300_000 + row,
        "no line end": "a" * 30_000_000,
    }
    made = {
        name: write_folder(folder / name, {**CONTENT, "dossier.csv": text.encode()}) for name, text in contents.items()
    }
    made["empty rows of a workbook"] = write_folder(folder / "ods", {**CONTENT, "dossier.csv": empty_rows})
    (folder / "parquet").mkdir()
    made["repeated.parquet"] = folder / "parquet" / "dossier.parquet"  # 3 GB of text in 1,548 bytes
    with duckdb.connect() as engine:
        repeated = "SELECT repeat('ab', 50000) AS dossier_id, 'x' AS sexe FROM range(30000)"
        engine.execute(f"COPY ({repeated}) TO '{made['repeated.parquet']}' (FORMAT parquet, COMPRESSION zstd)")
    for name, (data, _) in archives().items():
        made[name] = folder / name
        made[name].write_bytes(data)
    return made


@pytest.mark.slow
def test_what_bursts_is_refused_in_bounded_time_and_memory(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=10 * LIMIT_S,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    expected = {name: code for name, (_, code) in archives().items()} | {
        "nul": "DEP-005",
        "long line": "V06-N",
        "wide": "V06",
        "empty rows": "CTR-007",  # the same key before and after them
        "no line end": "DEP-005",
        "empty rows of a workbook": "DEP-005",
        "repeated.parquet": "DEP-004",
    }
    assert {name: code for name, code in expected.items() if code not in told["codes"][name]} == {}
    assert told["peak"] < LIMIT_MB
    assert told["seconds"] < LIMIT_S
