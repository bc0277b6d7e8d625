"""`make verificateur`: dist/ holds the wheel and the one file for the platform asked."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Sequence
from pathlib import Path

from checker.inputs import PYTHONS, ROOT, Platform, direct_requirements, locked_inputs, own_files, platforms
from checker.trial import failure, interpreters

ARCHIVE = "intercentre-verificateur.pyz"
_EPOCH = (2026, 1, 1, 0, 0, 0)  # of no meaning: the same inputs must give the same bytes
_OF_THE_INSTALLER = frozenset({"RECORD", "INSTALLER", "REQUESTED", "direct_url.json", ".lock"})


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make verificateur", description=__doc__)
    parser.add_argument("--plateforme", choices=sorted(platforms()), default=None)
    parser.add_argument("--python", nargs="+", choices=PYTHONS, default=None)
    parser.add_argument("-o", "--sortie", type=Path, default=ROOT / "dist")
    options = parser.parse_args(arguments)
    asked = platforms()[options.plateforme] if options.plateforme else this_platform()
    here = f"{sys.version_info[0]}.{sys.version_info[1]}"
    pythons = options.python or ([here] if options.plateforme is None else list(PYTHONS))
    options.sortie.mkdir(parents=True, exist_ok=True)
    wheel = build_wheel(options.sortie)
    archive = build_archive(options.sortie / ARCHIVE, wheel, asked, pythons)
    for path in (wheel, archive):
        print(f"{path} ({path.stat().st_size / 1e6:.1f} Mo)")
    return try_out(archive, pythons) if asked == this_platform() else 0


def try_out(archive: Path, pythons: Sequence[str]) -> int:
    """0 when the file starts under each of these Pythons that this machine has; says which were tried and which not."""
    present = interpreters(pythons)
    failed = {python: said for python, command in present.items() if (said := failure(archive, command))}
    for python in pythons:
        said = failed.get(python, "démarre") if python in present else "absent de cette machine, pas essayé"
        print(f"Python {python} : {said}")
    return 1 if failed else 0


def this_platform() -> Platform:
    """The platform that runs this; its machine may be one that has no name of its own in content.toml."""
    found = next(one for one in platforms().values() if one.system == platform.system())
    return Platform(found.name, found.system, platform.machine(), found.marker)


def build_wheel(folder: Path) -> Path:
    """The wheel is in `folder`: our files, and the few packages that they ask for at the versions of the lock."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    with tempfile.TemporaryDirectory() as name:
        tree = Path(name)
        for path, source in own_files().items():
            target = tree / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
        shutil.copyfile(ROOT / "LICENCE", tree / "LICENCE")
        (tree / "pyproject.toml").write_text(_project(project), encoding="utf-8")
        run = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder.resolve())]
        subprocess.run(run, cwd=tree, check=True, stdout=subprocess.DEVNULL)
    return folder / f"intercentre_verificateur-{project['version']}-py3-none-any.whl"


def build_archive(target: Path, wheel: Path, asked: Platform, pythons: Sequence[str]) -> Path:
    """`target` is one file that any of these Pythons runs on that platform; each file is in it once, by its hash."""
    objects: dict[str, bytes] = {}
    trees: dict[str, dict[str, str]] = {}
    for python in pythons:
        with tempfile.TemporaryDirectory() as name:
            tree = Path(name)
            _install(tree, wheel, asked, python)
            trees[python] = {}
            for path in sorted(tree.rglob("*")):
                if path.is_file() and _is_kept(path.relative_to(tree)):
                    data = path.read_bytes()
                    sha256 = hashlib.sha256(data).hexdigest()
                    objects[sha256] = data
                    trees[python][path.relative_to(tree).as_posix()] = sha256
    where = {"system": asked.system, "machine": asked.machine}
    content = json.dumps({"plateforme": where, "pythons": trees}, sort_keys=True, indent=0).encode()
    scratch = target.with_name(f".{target.name}")
    with scratch.open("wb") as stream:
        stream.write(b"#!/usr/bin/env python3\n")
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            _add(archive, "__main__.py", (ROOT / "checker" / "launcher.py").read_bytes())
            _add(archive, "contenu.json", content)
            for sha256 in sorted(objects):
                _add(archive, f"objets/{sha256}", objects[sha256])
    scratch.chmod(0o755)
    os.replace(scratch, target)
    return target


def _install(tree: Path, wheel: Path, asked: Platform, python: str) -> None:
    """`tree` holds our wheel and the locked packages, each of the hash that the lock gives, none of them run."""
    with tempfile.TemporaryDirectory() as name:
        lock = Path(name) / "requirements.lock"
        lock.write_text(locked_inputs(asked, python), encoding="utf-8")
        uv = [str(Path(sys.executable).with_name("uv")), "pip", "install", "--quiet", "--target", str(tree)]
        strict = ["--no-deps", "--only-binary", ":all:", "--require-hashes"]
        where = ["--python", sys.executable, "--python-version", python]
        elsewhere = [] if asked == this_platform() else ["--python-platform", asked.name]
        subprocess.run([*uv, *strict, *where, *elsewhere, "-r", str(lock)], check=True)
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tree)


def _is_kept(path: Path) -> bool:
    """Not the commands nor the notes of the installer, which name this machine, nor what is for type checkers."""
    is_note = path.name in _OF_THE_INSTALLER
    return not is_note and path.suffix != ".pyi" and "__pycache__" not in path.parts and path.parts[0] != "bin"


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, data)


def _project(project: dict[str, object]) -> str:
    """The wheel's own pyproject.toml."""
    lines = [
        "[build-system]",
        'requires = ["hatchling"]',
        'build-backend = "hatchling.build"',
        "[project]",
        'name = "intercentre-verificateur"',
        f"version = {json.dumps(project['version'])}",
        'description = "Offline checker of deposits for the Intercentre hub"',
        f"requires-python = {json.dumps(project['requires-python'])}",
        f"license = {json.dumps(project['license'])}",
        'license-files = ["LICENCE"]',
        f"dependencies = {json.dumps(direct_requirements())}",
        "[project.scripts]",
        'intercentre-verificateur = "intercentre.checker:main"',
        "[tool.hatch.build.targets.wheel]",
        'packages = ["intercentre", "schemas"]',
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
