"""A large plain file is read where it lies: the same rows, lines, findings and tolerances as the long way gives."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from intercentre.validation import direct, validate_package
from intercentre.validation.direct import order_is_kept, sketch_direct, survey_direct
from intercentre.validation.workspace import DirectReadingError, Workspace, create_lists, load_direct
from schemas.exchanges.verdict import Verdict
from schemas.extracts import TABLES
from tests.packages import DEFAULTS, PERIODE, TODAY, csv_bytes, files, with_manifest, write_folder
from tests.properties.test_compiled_contract import DATE_ETAT

ROWS = 1_000_000
TABLE = TABLES["dossier"]
COLUMNS = list(TABLE.fields())


def _write_many(path: Path, *, failing: bool) -> None:
    """A million dossiers whose identifier says the line they stand on; in the failing file one in three has a fault."""
    row = [DEFAULTS["dossier"].get(column, "") for column in COLUMNS]
    at_id, at_sex, at_day = (COLUMNS.index(name) for name in ("dossier_id", "sexe", "date_titre"))
    with path.open("w", encoding="utf-8") as stream:
        stream.write(";".join(COLUMNS) + "\n")
        for ligne in range(2, ROWS + 2):
            cells = row.copy()
            # of many lengths, so that stretches of lines and of bytes never fall together
            cells[at_id] = f"D{ligne}" + "x" * (ligne * 7 % 13)
            if failing and ligne % 3 == 0:
                cells[at_sex if ligne % 2 else at_day] = "autre"
            stream.write(";".join(cells) + "\n")


@pytest.mark.slow
@pytest.mark.parametrize("failing", [False, True], ids=["clean", "failing"])
def test_a_million_rows_keep_their_lines(tmp_path: Path, failing: bool) -> None:
    source = tmp_path / "dossier.csv"
    _write_many(source, failing=failing)
    sketch = sketch_direct(source, TABLE)
    assert sketch is not None
    with closing(Workspace.open(centre="CAI", date_etat=DATE_ETAT, scratch=tmp_path)) as workspace:
        workspace.run("SET threads = 2")
        create_lists(workspace, [TABLE])
        raw, _ = load_direct(workspace, TABLE, sketch)
        rows = workspace.run(
            "SELECT count(*), count(DISTINCT ligne), min(ligne), max(ligne),"
            " count(*) FILTER (WHERE dossier_id <> 'D' || ligne || repeat('x', ligne * 7 % 13)) FROM dossier"
        )
        found = workspace.run(
            "SELECT code, colonne, count(*), count(DISTINCT ligne), min(ligne), max(ligne), bool_and(ligne % 3 = 0),"
            " bool_and((ligne % 2 = 1) = (colonne = 'sexe')) FROM constats GROUP BY ALL ORDER BY ALL"
        )
    assert raw.rows == ROWS
    assert rows == [(ROWS, ROWS, 2, ROWS + 1, 0)]
    odd, even = 166_667, 166_666  # multiples of 3 from 2 to 1,000,001: 333,333, of which 3, 9, 15… are odd
    expected = [
        ("V15", "sexe", odd, odd, 3, 999_999, True, True),
        ("V18", "date_titre", even, even, 6, 999_996, True, True),
    ]
    assert found == (expected if failing else [])


def _text(*rows: dict[str, str], end: str = "\n") -> bytes:
    content = csv_bytes("dossier", [{**DEFAULTS["dossier"], **row} for row in rows]).decode("utf-8")
    return content.replace("\r\n", "\n").replace("\n", end).encode()


_SOME = [{"dossier_id": f"D-{number}", "personne_ref": f"P-{number}"} for number in range(1, 41)]
_DAY = {"date_titre": "01/12/2025"}
_BLANKS = {"sexe": " F "}


def _seventh(change: dict[str, str]) -> list[dict[str, str]]:
    return [{**row, **change} if row["dossier_id"] == "D-7" else row for row in _SOME]


def _one(**cells: str) -> bytes:
    return _text(cells).splitlines()[1]


_EMPTY = (";" * (len(COLUMNS) - 1)).encode()


def _with_line(content: bytes, line: bytes, at: int) -> bytes:
    lines = content.split(b"\n")
    return b"\n".join([*lines[:at], line, *lines[at:]])


FILES: dict[str, bytes] = {
    "plain": _text(*_SOME),
    "windows ends": _text(*_SOME, end="\r\n"),
    "no end at the end": _text(*_SOME).rstrip(b"\n"),
    "belgian days": _text(*[{**row, **_DAY} for row in _SOME]),
    "one belgian day": _text(*_seventh(_DAY)),
    "blanks around": _text(*[{**row, **_BLANKS} for row in _SOME]),
    "blanks around one": _text(*_seventh(_BLANKS)),
    "codes of another list": _text(*[{**row, "nationalite": "Syrie"} for row in _SOME]),
    "codes as long as true ones": _text(*[{**row, "nationalite": "SYX"} for row in _SOME]),
    "old codes": _text(*[{**row, "titre_sejour": "C"} for row in _SOME]),
    "serial days": _text(*[{**row, "date_titre": "45992"} for row in _SOME]),
    "old letters": _text(*_SOME).replace(b"dossier_id", b"Dossier ID"),
    "accents": _text(*[{**row, "bureau_id": "Évreux"} for row in _SOME]),
    "an e-mail": _text(*[{**row, "bureau_id": "a@b.be"} for row in _SOME]),
    "a blank line": _with_line(_text(*_SOME), b"", 7),
    "a line of blanks": _with_line(_text(*_SOME), b"   ", 7),
    "a record without a value": _with_line(_text(*_SOME), _EMPTY, 7),
    "a record of blanks": _with_line(_text(*_SOME), _EMPTY.replace(b";", b" ; "), 7),
    "a short record": _with_line(_text(*_SOME), b"D-99;P-99", 7),
    "a long record": _with_line(_text(*_SOME), _one(dossier_id="D-99") + b";x", 7),
    "one delimiter too many": _with_line(_text(*_SOME), _one(dossier_id="D-99") + b";", 7),
    "columns without a name": _text(*_SOME).replace(b"\n", b";;\n"),
    "a column without a name that holds something": _text(*_SOME).replace(b"\n", b";\n", 1).replace(b"\n", b";x\n"),
    "one delimiter too many on each record": _text(*_SOME).replace(b"\n", b";\n").replace(b";\n", b"\n", 1),
    "mixed ends": _text(*_SOME).replace(b"\n", b"\r\n", 5),
    "a return in a line": _with_line(_text(*_SOME), _one(dossier_id="D-99", canal_entree="A\rB"), 7),
    "quoted": _text(*_SOME).replace(b"D-7;", b'"D-7";'),
    "a lone quotation mark": _text(*_SOME).replace(b"D-7;", b'D"7;'),
    "a title above": b"Export du centre\n\n" + _text(*_SOME),
    "units below": _with_line(_text(*_SOME), b";".join([b"(texte)"] * len(COLUMNS)), 1),
    "a total below": _text(*_SOME) + b"Total;40" + b";" * (len(COLUMNS) - 2) + b"\n",
    "a column that is refused": _text(*_SOME).replace(b"langue_principale", b"remarque"),
    "of windows": _text(*[{**row, "bureau_id": "Évreux"} for row in _SOME]).decode().encode("cp1252"),
    "a mark": b"\xef\xbb\xbf" + _text(*_SOME),
    "a sign between units": _text(*_SOME).replace(b"D-7;", b"D\x1e7;"),
}  # fmt: skip


def _validate(folder: Path, content: bytes) -> tuple[Verdict, list[tuple[object, ...]]]:
    package = with_manifest({**files({"dossier": [{}]}), "dossier.csv": content})
    out = folder / "sortie"
    verdict = validate_package(
        write_folder(folder / "depot", package), centre="CAI", periode=PERIODE, today=TODAY, out=out
    )
    rows = duckdb.execute("SELECT * FROM read_parquet($1) ORDER BY ligne", [str(out / "types" / "dossier.parquet")])
    return verdict, rows.fetchall()


@pytest.mark.parametrize("name", FILES)
def test_both_ways_give_one_verdict(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    long_way = _validate(tmp_path / "long", FILES[name])
    monkeypatch.setattr(direct, "SMALLEST", 0)
    where_it_lies = _validate(tmp_path / "la", FILES[name])
    assert where_it_lies == long_way


@pytest.mark.parametrize(
    "name", ["plain", "windows ends", "no end at the end", "belgian days", "codes of another list"]
)
def test_plain_files_are_read_where_they_lie(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(direct, "SMALLEST", 0)
    (tmp_path / "dossier.csv").write_bytes(FILES[name])
    sketch = sketch_direct(tmp_path / "dossier.csv", TABLE)
    surveyed = survey_direct(sketch) if sketch else None
    assert surveyed is not None
    assert surveyed.rows == 40


Swap = Callable[[dict[int, dict[str, object]]], object]


@pytest.mark.parametrize(
    "spoil",
    [lambda rows: rows.update({3: rows[4], 4: rows[3]}), lambda rows: [rows.pop(3), rows.pop(4)]],
    ids=["two rows swapped", "two rows lost"],
)
def test_rows_out_of_order_are_noticed(spoil: Swap, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(direct, "SMALLEST", 0)
    monkeypatch.setattr(direct, "_CHUNK", 200)  # a sample of nearly every line
    (tmp_path / "dossier.csv").write_bytes(FILES["plain"])
    sketch = sketch_direct(tmp_path / "dossier.csv", TABLE)
    raw = survey_direct(sketch) if sketch else None
    assert raw is not None
    assert {3, 4} & {sample.rank for sample in raw.samples}
    rows: dict[int, dict[str, object]] = {rank: {"dossier_id": f"D-{rank + 1}"} for rank in range(40)}
    assert order_is_kept(TABLE, raw, rows, DATE_ETAT)
    spoil(rows)
    assert not order_is_kept(TABLE, raw, rows, DATE_ETAT)


def test_a_file_that_the_engine_cannot_read_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(direct, "SMALLEST", 0)
    (tmp_path / "dossier.csv").write_bytes(FILES["a short record"])
    sketch = sketch_direct(tmp_path / "dossier.csv", TABLE)
    assert sketch is not None
    with closing(Workspace.open(centre="CAI", date_etat=DATE_ETAT, scratch=tmp_path)) as workspace:
        create_lists(workspace, [TABLE])
        with pytest.raises(DirectReadingError):
            load_direct(workspace, TABLE, sketch)
        assert workspace.run("SELECT count(*) FROM constats") == [(0,)]
