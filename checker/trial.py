"""Whether the one file starts under each Python that this machine has, as a centre's machine would start it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

_VERSION = "import sys; print('%d.%d' % sys.version_info[:2])"


def interpreters(pythons: Iterable[str]) -> dict[str, str]:
    """Version → command, of those asked that this machine has and that run."""
    found = {}
    for version in pythons:
        command = shutil.which(f"python{version}") or shutil.which("python3")
        if command is not None and _says(command) == version:
            found[version] = command
    return found


def _says(command: str) -> str:
    run = subprocess.run([command, "-c", _VERSION], capture_output=True, text=True, check=False)
    return run.stdout.strip() if run.returncode == 0 else ""


def failure(archive: Path, command: str) -> str:
    """What the file says when it cannot write its example and accept it under this Python; '' when it can.

    Nothing of this environment is lent to it: no variable, no package, a cache of its own.
    """
    with tempfile.TemporaryDirectory() as name:
        examples = Path(name) / "gabarits"
        environment = {"XDG_CACHE_HOME": str(Path(name) / "cache"), "PATH": os.defpath, "HOME": name}
        for asked in (["--help"], ["gabarit", "-o", str(examples)], ["verifier", str(examples / "exemple")]):
            run = subprocess.run(
                [command, "-I", str(archive.resolve()), *asked],
                capture_output=True, text=True, check=False, env=environment, cwd=name,
            )  # fmt: skip
            if run.returncode != 0:
                return f"{asked[0]} : code {run.returncode} ; {run.stderr.strip()[-500:]}"
    return ""
