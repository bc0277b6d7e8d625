"""The command line as a person uses it, and where a journey through it leaves its traces."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

COMMAND = Path(sys.executable).with_name("intercentre")
ROOT = Path(__file__).parents[2]
PERIOD = "2026-T3"


@dataclass(frozen=True)
class Journey:
    """A simulation and a home in which it was released."""

    deposits: Path
    home: Path

    @property
    def release(self) -> Path:
        return self.home / "publications" / f"{PERIOD}.1"

    @property
    def lives(self) -> Path:
        return self.deposits / "vies.parquet"


def intercentre(*arguments: object, home: Path | None = None, expected: int = 0) -> str:
    """Run the command line as a person does; returns what it printed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("INTERCENTRE_")}
    if home is not None:
        environment["INTERCENTRE_HOME"] = str(home)
    run = subprocess.run(
        [str(COMMAND), *map(str, arguments)], env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode == expected, run.stdout + run.stderr
    return run.stdout
