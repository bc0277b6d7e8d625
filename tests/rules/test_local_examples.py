"""Codes of a centre's own list: said once of their column, read as the contract's, and unknown to any other centre."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from intercentre.cli import main
from intercentre.validation import validate_package, verdict_bytes
from schemas.exchanges.manifest import SIMULATION
from schemas.exchanges.verdict import Verdict
from tests.packages import DEFAULTS, PERIODE, TODAY, csv_bytes, files, with_manifest, write_folder
from tests.rules.local_examples import CENTRE, COLUMN, FAILING, PASSING
from tests.staged import read_rows

READ_AS = {"ENT-CPAS": "CPAS", "ENT-SEUL": "SPONTANE", "ENT-ADMIN": "COMMUNE", "ENT-FOREM": "FOREM"}


@pytest.mark.parametrize("cells", FAILING["TOL-022"])
def test_it_is_said_once_of_the_column_and_the_codes_are_the_contract_s(cells: list[str], tmp_path: Path) -> None:
    verdict = judge(tmp_path, cells, CENTRE)
    (found,) = [one for one in verdict.constats if one.code == "TOL-022"]
    assert (found.table, found.ligne, found.colonne, found.severite) == ("dossier", None, COLUMN, "information")
    assert verdict.is_accepted
    assert not [one for one in verdict.constats if one.code == "V15"]
    texts = [cell.strip() for cell in cells]
    assert [row[COLUMN] for row in typed(tmp_path)] == [READ_AS.get(text, text) for text in texts]


@pytest.mark.parametrize("cells", PASSING["TOL-022"])
def test_it_is_silent(cells: list[str], tmp_path: Path) -> None:
    assert "TOL-022" not in {found.code for found in judge(tmp_path, cells, CENTRE).constats}


def test_what_is_in_neither_list_is_unknown(tmp_path: Path) -> None:
    verdict = judge(tmp_path, ["ENT-CPAS", "ENT-AUTRE", "ent-cpas", "CPAS"], CENTRE)
    assert [(found.ligne, found.colonne) for found in verdict.constats if found.code == "V15"] == [
        (3, COLUMN), (4, COLUMN)
    ]  # fmt: skip


def test_another_centre_does_not_have_this_list(tmp_path: Path) -> None:
    found = {(one.code, one.ligne) for one in judge(tmp_path, ["ENT-CPAS"], "CAI").constats}
    assert ("V15", 2) in found
    assert "TOL-022" not in {code for code, _ in found}


def test_a_large_file_of_local_codes_keeps_its_order(tmp_path: Path) -> None:
    cells = [list(READ_AS)[at % 4] if at % 3 else "PROCHE" for at in range(5000)]
    judge(tmp_path, cells, CENTRE)
    assert [row[COLUMN] for row in typed(tmp_path)] == [READ_AS.get(cell, cell) for cell in cells]


def test_the_offline_check_says_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    verdict = judge(tmp_path, ["ENT-CPAS", "ENT-AUTRE"], CENTRE, None)
    arguments = ["--centre", CENTRE, "--periode", str(PERIODE), "--format", "json"]
    main(["verifier", str(tmp_path / "recu"), *arguments])
    assert json.loads(capsys.readouterr().out)["constats"] == json.loads(verdict_bytes(verdict))["constats"]


def judge(folder: Path, cells: list[str], centre: str, limit: float | None = 1.0) -> Verdict:
    """The verdict on one dossier for each cell."""
    rows = [
        DEFAULTS["dossier"] | {"dossier_id": f"D-{at}", "personne_ref": f"P-{at}", COLUMN: cell}
        for at, cell in enumerate(cells, start=1)
    ]
    texts = {**files(), "dossier.csv": csv_bytes("dossier", rows)}
    content = with_manifest(texts, centre_code=centre, logiciel_source=SIMULATION)  # whose codes are invented
    package = write_folder(folder / "recu", content)
    return validate_package(
        package, centre=centre, periode=PERIODE, today=TODAY, out=folder / "sortie", seuil_quarantaine=limit
    )


def typed(folder: Path) -> list[dict[str, object]]:
    return sorted(read_rows(folder / "sortie" / "types" / "dossier.parquet"), key=lambda row: row["ligne"])
