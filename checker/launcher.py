"""The start of the one file: what it holds is unpacked once for this person, checked by hash, and run.

Only what every Python brings is used here; a message is for a person, in French.
"""

import hashlib
import json
import os
import platform
import shutil
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

MISUSED, REFUSED = 2, 1
CONTENT = "contenu.json"


def main() -> int:
    with zipfile.ZipFile(Path(__file__).parent) as archive:
        content = json.loads(archive.read(CONTENT))
        python = f"{sys.version_info[0]}.{sys.version_info[1]}"
        if unsuited := reason(content, python, platform.system(), platform.machine()):
            print(unsuited, file=sys.stderr)
            return MISUSED
        files = content["pythons"][python]
        try:
            folder = unpacked(archive, files, cache_folder())
        except OSError as error:
            print(f"intercentre : {error.filename or 'dossier de travail'} ne peut pas être écrit.", file=sys.stderr)
            return REFUSED
    sys.path.insert(0, str(folder))
    from intercentre.checker import main as check

    return check()


def reason(content: dict[str, Any], python: str, system: str, machine: str) -> str:
    """Why this file cannot run here; '' when it can."""
    wanted = content["plateforme"]
    if (system, machine.lower()) != (wanted["system"], wanted["machine"].lower()):
        return (
            f"Ce fichier est fait pour {wanted['system']} ({wanted['machine']}) ; cette machine est sous {system} "
            f"({machine}). Demandez celui qui convient."
        )
    if python not in content["pythons"]:
        suited = ", ".join(sorted(content["pythons"]))
        return f"Ce fichier est fait pour Python {suited} ; celui-ci est Python {python}. Lancez-le avec l'un d'eux."
    return ""


def cache_folder() -> Path:
    """Where this person's programs keep what they can make again."""
    if os.name == "nt":
        base = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = str(Path.home() / "Library" / "Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "intercentre-verificateur"


def unpacked(archive: zipfile.ZipFile, files: dict[str, str], cache: Path) -> Path:
    """The folder in `cache` that holds exactly these files; made anew when a file is missing or is not what it was.

    files  path → SHA-256; the folder bears the hash of them all, so that two versions never mix
    """
    name = hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()[:24]
    folder = cache / name
    if folder.is_dir() and holds(folder, files):
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(dir=cache, prefix=f".{name}."))
    try:
        for path, sha256 in files.items():
            data = archive.read(f"objets/{sha256}")
            if hashlib.sha256(data).hexdigest() != sha256:
                raise OSError(f"damaged: {path}")
            target = scratch / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        if folder.exists() and not holds(folder, files):
            os.replace(folder, Path(tempfile.mkdtemp(dir=cache, prefix=".ancien.")) / name)
        if not folder.exists():
            put(scratch, folder)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
        for former in cache.glob(".ancien.*"):
            shutil.rmtree(former, ignore_errors=True)
    return folder


def put(scratch: Path, folder: Path) -> None:
    """`scratch` is `folder`; another process that was quicker has put the same there."""
    try:
        scratch.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise


def holds(folder: Path, files: dict[str, str]) -> bool:
    """Whether each file is there and is what it was; what Python has compiled beside them is not looked at."""
    return all(is_same(folder / path, sha256) for path, sha256 in files.items())


def is_same(path: Path, sha256: str) -> bool:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest() == sha256
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main())
