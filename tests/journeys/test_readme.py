"""What README and the guides tell a reader to type works as it stands."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.journeys.journey import COMMAND, ROOT

pytestmark = pytest.mark.slow


def blocks(page: Path, heading: str) -> list[str]:
    """The shell blocks under one heading of a page."""
    section = page.read_text(encoding="utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"```sh\n(.*?)```", section, re.DOTALL)


def run(script: str, folder: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("INTERCENTRE_")}
    environment["PATH"] = f"{COMMAND.parent}:{environment['PATH']}"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_way_without_airflow_and_its_proof(tmp_path: Path) -> None:
    without, proof = blocks(ROOT / "README.md", "Without Airflow")
    printed = run(without.replace(". .venv/bin/activate\n", ""), tmp_path)
    assert "Accepté" in printed
    assert "✓ 2026-T3.1" in printed
    assert "indicateurs.csv: OK" in run(proof, tmp_path)


def test_a_new_depositor_checks_the_example(tmp_path: Path) -> None:
    start = blocks(ROOT / "docs/guides/deposer.md", "Commencer")[0]
    assert "Accepté : rien à faire." in run(start, tmp_path)
