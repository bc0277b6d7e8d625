"""The command line: French help for each verb, quick start, refusals with their exit code."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterator

import pytest

from intercentre.cli import build_parser, main

FIXED_VERBS = ("simuler", "gabarit", "verifier", "deposer", "executer", "publication", "sql", "journal")
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
