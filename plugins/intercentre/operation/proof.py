"""A release checked from outside, with the product's own command and with tools that know nothing of it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from schemas.exchanges.release import IDENTITE_PUBLICATION, NAMESPACE_PUBLICATION


@dataclass(frozen=True)
class Proof:
    """One check. `held` is None when the tool is not on this machine."""

    tool: str
    held: bool | None


def prove(release: Path, environment: Mapping[str, str]) -> list[Proof]:
    """What the three checks of a release say: the product's command, ssh-keygen, sha256sum."""
    signers = release.parent / "allowed_signers"
    product = [sys.executable, "-m", "intercentre.cli", "publication", "verifier", str(release)]
    signature = ["ssh-keygen", "-Y", "verify", "-f", str(signers), "-I", IDENTITE_PUBLICATION]
    signature += ["-n", NAMESPACE_PUBLICATION, "-s", str(release / "MANIFEST.json.sig")]
    sums = ["sha256sum", "--check", "--quiet", "--strict", "SHA256SUMS"]
    manifest = (release / "MANIFEST.json").read_bytes()
    return [
        Proof("intercentre publication verifier", _holds(product, release, environment)),
        Proof("ssh-keygen -Y verify", _holds(signature, release, environment, manifest)),
        Proof("sha256sum -c SHA256SUMS", _holds(sums, release, environment)),
    ]


def _holds(command: Sequence[str], folder: Path, environment: Mapping[str, str], given: bytes = b"") -> bool | None:
    if shutil.which(command[0], path=environment.get("PATH")) is None:
        return None
    done = subprocess.run(command, cwd=folder, env=dict(environment), input=given, capture_output=True, check=False)
    return done.returncode == 0
