"""Many rows, two threads: every row of the file is there once, under its own line, whatever the engine's order."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from intercentre.validation.between_rows import judge_between_rows
from intercentre.validation.reading import read_table
from intercentre.validation.verdict import codes_of
from intercentre.validation.workspace import Workspace, create_empty, create_lists, load, set_quarantine, write_types
from schemas.extracts import TABLES
from schemas.findings import Severity
from tests.packages import DEFAULTS
from tests.properties.test_compiled_contract import DATE_ETAT

ROWS = 250_000
TABLE = TABLES["dossier"]
COLUMNS = list(TABLE.fields())


def _write(path: Path, quoted: bool) -> dict[int, tuple[str, str]]:
    """A file of dossiers, one in ten with an unknown sex; line → (dossier_id, sexe) as written."""
    plain = [DEFAULTS["dossier"].get(column, "") for column in COLUMNS]
    at_id, at_person, at_sex = (COLUMNS.index(name) for name in ("dossier_id", "personne_ref", "sexe"))
    written = {}
    with path.open("w", encoding="utf-8") as stream:
        stream.write(";".join(COLUMNS) + "\n")
        ligne = 1
        for number in range(ROWS):
            ligne += 1
            if number % 1000 == 500:  # a blank line is no row, and counts as a line
                stream.write("\n")
                ligne += 1
            cells = plain.copy()
            # as many digits as it takes for the lines to differ in length, in no order
            cells[at_id] = f"D{number * 7_919 % ROWS}"
            cells[at_person] = f'"P{number}"' if quoted else f"P{number}"
            cells[at_sex] = "H" if number % 10 == 3 else "F"
            written[ligne] = (cells[at_id], cells[at_sex])
            stream.write(";".join(cells) + "\n")
    return written


@pytest.mark.slow
@pytest.mark.parametrize("quoted", [False, True], ids=["plain", "quoted"])
def test_each_row_keeps_its_line(tmp_path: Path, quoted: bool) -> None:
    source = tmp_path / "dossier.csv"
    written = _write(source, quoted)
    workspace = Workspace.open(centre="CAI", date_etat=DATE_ETAT, scratch=tmp_path)
    workspace.run("SET threads = 2")
    create_lists(workspace, [TABLE])
    for table in TABLES.values():
        if table is not TABLE:
            create_empty(workspace, table)
    load(workspace, TABLE, read_table(source, TABLE, tmp_path / "dossier.txt"))
    judge_between_rows(workspace, set(TABLES))
    set_quarantine(workspace, codes_of(Severity.A_CORRIGER))
    quarantined = write_types(workspace, TABLE, tmp_path / "dossier.parquet")
    findings = workspace.run("SELECT ligne, colonne, code FROM constats ORDER BY ligne")
    workspace.close()

    rows = duckdb.execute(
        "SELECT ligne, dossier_id, sexe, retenue FROM read_parquet($1)", [str(tmp_path / "dossier.parquet")]
    ).fetchall()
    unknown = [ligne for ligne, (_, sexe) in written.items() if sexe == "H"]
    assert [ligne for ligne, *_ in rows] == list(written)
    assert {ligne: dossier_id for ligne, dossier_id, *_ in rows} == {n: cells[0] for n, cells in written.items()}
    assert [ligne for ligne, _, sexe, retenue in rows if sexe is None and not retenue] == unknown
    assert findings == [(ligne, "sexe", "V15") for ligne in unknown]
    assert quarantined == len(unknown) == ROWS // 10
