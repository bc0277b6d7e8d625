"""What Airflow itself finds in the DAG folder and the plugin folder, in the environment of the hub."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from intercentre.operation.layout import Layout, plan

Facts = dict[str, Any]
PROGRAM = Path(__file__).with_name("inspection.py")


@pytest.fixture(scope="session")
def layout(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    return plan(tmp_path_factory.mktemp("hub"), 8000, 8080, os.environ)


@pytest.fixture(scope="session")
def inspect(layout: Layout) -> Callable[..., Facts]:
    """What Airflow finds; other settings than the hub's as keywords."""

    def run(*arguments: str, **changes: str) -> Facts:
        done = subprocess.run(
            [sys.executable, str(PROGRAM), *arguments],
            env=layout.environment | changes,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        facts: Facts = json.loads(done.stdout.splitlines()[-1])
        return facts

    return run


@pytest.fixture(scope="session")
def facts(inspect: Callable[..., Facts]) -> Facts:
    return inspect()


@pytest.fixture(scope="session")
def facts_without_airflowignore(
    inspect: Callable[..., Facts], layout: Layout, tmp_path_factory: pytest.TempPathFactory
) -> Facts:
    """The same with a plugin folder that lacks `.airflowignore` and has a file named like one of the library's."""
    folder = tmp_path_factory.mktemp("plugins")
    shutil.copy(layout.airflow.plugins / "intercentre_plugin.py", folder)
    (folder / "intercentre").mkdir()
    (folder / "intercentre" / "statistics.py").write_text("mean = None\n", encoding="utf-8")
    return inspect(AIRFLOW__CORE__PLUGINS_FOLDER=str(folder))
