"""`verifier --precedent`: what cannot be compared is said in one line, and what was not compared too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from intercentre.cli import main
from tests.packages import files, with_manifest, write_folder

BEFORE = {"periode_debut": "2026-04-01", "periode_fin": "2026-06-30", "date_etat": "2026-06-30"}


def deposit(folder: Path, sexe: str = "F", **changes: Any) -> Path:
    return write_folder(folder, with_manifest(files({"dossier": [{"sexe": sexe}]}), **changes))


@pytest.mark.parametrize(
    ("precedent", "said"),
    [
        ({**BEFORE, "centre_code": "CRIC"}, "pas du même centre"),
        ({}, "une période antérieure est attendue"),
        ({**BEFORE, "sequence": 0}, "est refusé"),
        ({**BEFORE, "type_depot": "PARTIEL", "remplace_depot_id": "CAI-2026-T2-0"}, "ne contient pas l'état complet"),
    ],
)
def test_what_cannot_be_compared_is_a_wrong_use(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], precedent: dict[str, Any], said: str
) -> None:
    former, judged = deposit(tmp_path / "avant", **precedent), deposit(tmp_path / "depot")
    assert main(["verifier", str(judged), "--precedent", str(former)]) == 2
    assert said in capsys.readouterr().err


def test_a_precedent_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verifier", str(deposit(tmp_path / "depot")), "--precedent", str(tmp_path / "absent")]) == 2
    assert "absent n'existe pas" in capsys.readouterr().err


def test_a_text_report_says_that_nothing_was_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    judged = deposit(tmp_path / "depot")
    assert main(["verifier", str(judged)]) == 0
    assert "n'a pas comparé ce dépôt au précédent" in capsys.readouterr().err
    assert main(["verifier", str(judged), "--format", "json"]) == 0
    assert capsys.readouterr().err == ""
    former = deposit(tmp_path / "avant", sexe="INC", **BEFORE)
    assert main(["verifier", str(judged), "--precedent", str(former)]) == 0
    assert capsys.readouterr().err == ""
