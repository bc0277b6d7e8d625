"""The tree keeps its word: where things are, what never enters it, and that the verbs exist."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STAGES = ("intake", "validation", "staging", "harmonisation", "indicators", "disclosure", "concertation", "release")


def tracked() -> list[Path]:
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name for name in names.decode().split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("room", [*STAGES, "access", "plausibility"])
def test_each_room_says_what_it_reads_writes_and_refuses(room: str) -> None:
    text = (ROOT / "plugins/intercentre" / room / "__init__.py").read_text(encoding="utf-8")
    docstring = text.split('"""')[1]
    assert [word for word in ("Reads:", "Writes:", "Refuses:") if word not in docstring] == []


def test_no_file_names_a_registry_or_a_machine() -> None:
    # assembled so that this file does not hold what it forbids
    addresses = ["pypi" + ".org", "pythonhosted" + ".org", "registry.npmjs" + ".org", "deb.debian" + ".org"]
    machine = re.compile("(?<![\\w.~-])/(?:work|root|home/[a-z]+)/" + "[a-z]")
    guilty = []
    for path in tracked():
        text = path.read_bytes().decode("utf-8", errors="replace")
        if any(address in text for address in addresses) or machine.search(text):
            guilty.append(str(path.relative_to(ROOT)))
    assert guilty == []


def test_no_engine_draws_its_progress_into_what_a_command_writes() -> None:
    """Each is opened by core.engine, or told to be quiet; the engine draws on the standard output after two seconds."""
    for path in (ROOT / "plugins").rglob("*.py"):
        calls = re.findall(r"(\w*)\(?duckdb\.connect\(", path.read_text(encoding="utf-8"))
        assert set(calls) <= {"without_progress"}, path.name


def test_the_locks_are_hashed_and_without_addresses() -> None:
    for name in ("requirements.lock", "requirements-dev.lock", "requirements-bench.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        packages = [block for block in re.split(r"\n(?=\S)", text.strip()) if not block.startswith("#")]
        assert len(packages) > 100
        assert [block.split()[0] for block in packages if "--hash=sha256:" not in block] == []
        assert "://" not in text


def test_every_verb_of_the_makefile_has_its_help_line() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    for verb in ("env", "check", "test", "demo", "run", "bench", "bench-validation", "docs"):
        assert re.search(rf"^{verb}:.*## ", text, re.MULTILINE), verb


def test_no_python_file_is_a_god_file() -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for path in tracked()
        if path.suffix == ".py"
        and path.parts[len(ROOT.parts)] in ("plugins", "schemas", "dags")
        and (count := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}


def test_the_list_of_decisions_is_complete() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", (folder / "README.md").read_text(encoding="utf-8"))
    assert listed == sorted(path.name for path in folder.glob("0*.md"))
