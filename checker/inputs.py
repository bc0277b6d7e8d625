"""What goes into the checker: files of this tree, and the packages they need, held to the hashes of the lock."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PYTHONS = ("3.11", "3.12", "3.13")


@dataclass(frozen=True)
class Platform:
    """A system to build for.

    name     what uv and the make verb call it: linux, macos, windows
    system   platform.system() there
    machine  platform.machine() there
    marker   sys.platform there
    """

    name: str
    system: str
    machine: str
    marker: str


@cache
def content() -> Mapping[str, Any]:
    return tomllib.loads((ROOT / "checker" / "content.toml").read_text(encoding="utf-8"))


def platforms() -> dict[str, Platform]:
    """Name → platform."""
    return {name: Platform(name, **facts) for name, facts in content()["platforms"].items()}


def own_files() -> dict[str, Path]:
    """Path within the wheel → file of this tree, in alphabetical order."""
    rules = content()["files"]
    chosen = {path for pattern in rules["include"] for path in ROOT.glob(pattern) if path.is_file()}
    chosen -= {ROOT / name for name in rules["exclude"]}
    kept = sorted(path for path in chosen if "__pycache__" not in path.parts)
    return {str(path.relative_to(ROOT)).removeprefix("plugins/"): path for path in kept}


def direct_requirements() -> list[str]:
    """The packages that the wheel asks for, each at the version of the lock: another engine is another verdict."""
    packages, blocks = content()["packages"], lock_blocks()
    pins = {name: blocks[name].split()[0] for name in (*packages["everywhere"], *packages["windows"])}
    return [
        *(pins[name] for name in packages["everywhere"]),
        *(f"{pins[name]} ; sys_platform == 'win32'" for name in packages["windows"]),
    ]


def locked_inputs(platform: Platform, python: str) -> str:
    """The part of requirements.lock that the checker needs on this platform, hashes included."""
    packages = content()["packages"]
    direct = [*packages["everywhere"], *(packages["windows"] if platform.name == "windows" else ())]
    environment = {
        "sys_platform": platform.marker,
        "platform_system": platform.system,
        "platform_machine": platform.machine,
        "os_name": "nt" if platform.name == "windows" else "posix",
        "python_version": python,
        "python_full_version": f"{python}.0",
    }
    blocks = lock_blocks()
    return "".join(blocks[name] for name in sorted(closure(direct, environment)))


def closure(direct: Iterable[str], environment: Mapping[str, str]) -> set[str]:
    """These packages and all that they need where `environment` holds, as the installed ones declare it."""
    needed: set[str] = set()
    waiting = [canonicalize_name(name) for name in direct]
    while waiting:
        name = waiting.pop()
        if name in needed:
            continue
        needed.add(name)
        for text in distribution(name).requires or ():
            asked = Requirement(text)
            if asked.marker is None or asked.marker.evaluate({**environment, "extra": ""}):
                waiting.append(canonicalize_name(asked.name))
    return needed


def lock_blocks() -> dict[str, str]:
    """Package → its lines in requirements.lock, without its marker."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=[A-Za-z0-9])", text.rstrip())
    return {block.partition("==")[0].partition("[")[0]: f"{_without_marker(block)}\n" for block in blocks}


def _without_marker(block: str) -> str:
    """The closure has already judged where a package is needed."""
    return re.sub(r" ;[^\n\\]*(?=\\\n)", " ", block, count=1)
