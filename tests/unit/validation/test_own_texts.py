"""What the cells in question say, for the depositor's own eyes: asked for, offline, and nowhere else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from intercentre.cli import main
from tests.packages import files, with_manifest, write_folder, write_zip
from tests.workbooks import xlsx_bytes

SECRET = "Z-inconnu"
PLACE = ("V15", "dossier", 2, "sexe")


def _told(out: str) -> dict[tuple[str, str, int, str], str]:
    found = json.loads(out)["constats"]
    return {
        (one["code"], one["table"], one["ligne"], one["colonne"]): one["valeur"] for one in found if "valeur" in one
    }


def _content() -> dict[str, bytes]:
    return files({"dossier": [{"sexe": SECRET}, {"dossier_id": "D-2", "sexe": "\x1b[31m" + "a" * 90}]})


def test_the_text_of_each_cell_is_told_when_it_is_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    package = write_zip(tmp_path / "depot.zip", with_manifest(_content()))
    main(["verifier", str(package), "--format", "json", "--avec-valeurs"])
    told = _told(capsys.readouterr().out)
    assert told[PLACE] == SECRET
    main(["verifier", str(package), "--avec-valeurs"])
    text = capsys.readouterr().out
    assert f"dossier.csv, ligne 2, colonne sexe : V15, « {SECRET} »" in text
    assert f"« ·[31m{'a' * 74}… »" in text  # nothing of it commands the terminal, and a line stays a line
    assert "NE TRANSMETTEZ PAS" in text


@pytest.mark.parametrize("form", ["texte", "json", "html"])
def test_nothing_is_told_otherwise(tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str) -> None:
    package = write_folder(tmp_path / "depot", with_manifest(_content()))
    main(["verifier", str(package), "--format", form])
    assert SECRET not in capsys.readouterr().out
    main(["verifier", str(package), "--format", form, "-o", str(tmp_path / "rapport")])
    assert all(SECRET.encode() not in path.read_bytes() for path in (tmp_path / "rapport").glob("verdict.*"))


def test_a_workbook_and_a_folder_tell_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [line.split(";") for line in _content()["dossier.csv"].decode().splitlines()[:2]]
    book = tmp_path / "dossier.xlsx"
    book.write_bytes(xlsx_bytes({"Aide": [["à lire"]], "dossier": [[], ["Export"], *rows]}))
    main(["verifier", str(book), "--centre", "CAI", "--periode", "2026-T3", "--format", "json", "--avec-valeurs"])
    assert _told(capsys.readouterr().out)[("V15", "dossier", 4, "sexe")] == SECRET


def test_it_goes_with_a_report_that_is_one_s_own(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    package = write_folder(tmp_path / "depot", with_manifest(files()))
    assert main(["verifier", str(package), "--format", "html", "--avec-valeurs"]) == 2
    assert "texte ou json" in capsys.readouterr().err
    assert main(["verifier", str(package), "--avec-valeurs"]) == 0
    assert "Aucun constat ne porte sur une cellule." in capsys.readouterr().out
