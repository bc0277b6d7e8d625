"""The command line: French help for each verb, quick start, refusals with their exit code."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from intercentre.cli import build_parser, main

FIXED_VERBS = (
    *("simuler", "gabarit", "verifier", "deposer", "executer", "publication", "sql", "journal"),
    *("sauvegarder", "restaurer"),
)
HEAVY = ("duckdb", "sqlalchemy", "pydantic", "fastapi", "airflow", "requests", "great_expectations")


def parsers(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for child in action.choices.values():
                yield from parsers(child)


@pytest.mark.parametrize("parser", list(parsers(build_parser())), ids=lambda parser: parser.prog)
def test_help_is_french_and_complete(parser: argparse.ArgumentParser) -> None:
    text = parser.format_help()
    assert text.startswith("Utilisation : intercentre")
    assert "show this help" not in text
    assert parser.description
    undescribed = [action.dest for action in parser._actions if not action.help and not action.choices]
    assert undescribed == []


@pytest.mark.parametrize("verb", FIXED_VERBS)
def test_the_agreed_verbs_exist(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as leaving:
        main([verb, "--help"])
    assert leaving.value.code == 0
    assert f"intercentre {verb}" in capsys.readouterr().out


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from intercentre.cli import build_parser; build_parser().format_help();"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["verifier"], "il manque"),
        (["simuler", "--periode", "2026-T9"], "2026-T3"),
        (["simuler", "--centres", "CAI,ULB"], "centre inconnu : ULB"),
        (["verifier", "nulle-part.zip"], "n'existe pas"),
        (["verifier", os.devnull], "n'est ni un fichier ni un dossier"),
        (["gabarit", "--table", "personne"], "table inconnue"),
        (["executer", "--jusqu-a", "demain"], "choix inconnu"),
        (["compte", "creer", "cai", "--role", "centre"], "--centre va avec"),
    ],
)
def test_wrong_use_is_told_in_french_with_exit_code_2(
    arguments: list[str],
    words: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: object,
) -> None:
    monkeypatch.setenv("INTERCENTRE_HOME", str(tmp_path))
    try:
        code = main(arguments)
    except SystemExit as leaving:
        code = leaving.code  # type: ignore[assignment]
    assert code == 2
    assert words in capsys.readouterr().err


def test_an_unknown_setting_is_refused_by_name(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTERCENTRE_HOMME", "x")
    assert main(["journal", "verifier"]) == 2
    assert "INTERCENTRE_HOMME" in capsys.readouterr().err


def test_a_place_that_cannot_be_written_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "fichier").write_bytes(b"")
    monkeypatch.setenv("INTERCENTRE_HOME", str(tmp_path / "fichier"))
    assert main(["journal", "verifier"]) == 1
    error = capsys.readouterr().err
    assert "un fichier est à la place d'un dossier" in error
    assert len(error.splitlines()) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_is_told_in_one_line(tmp_path: Path) -> None:
    code = "import sys; from intercentre.cli import main; sys.exit(main(['journal', 'verifier']))"
    environment = {**os.environ, "INTERCENTRE_HOME": str(tmp_path)}
    with Path("/dev/full").open("w") as full:
        run = subprocess.run(
            [sys.executable, "-c", code], stdout=full, stderr=subprocess.PIPE, text=True, env=environment
        )
    assert "intercentre : il n'y a plus de place sur le disque." in run.stderr


def test_a_terminal_without_accents_still_gets_its_help() -> None:
    code = "import sys; from intercentre.cli import main; sys.exit(main(['--help']))"
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, env=environment)
    assert run.returncode == 0
    assert b"\\xc9change de donn\\xe9es" in run.stdout
