"""Files that exist whole or not at all, whenever the process dies and however many write."""

from __future__ import annotations

import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from intercentre.core import files
from intercentre.core.files import new_folder, sha256_file, write_bytes, write_once
from tests.unit.processes import run_together

# Every system call that changes the disk, in the order of the run: the process dies just before the n-th one.
_CRASH = """
import os, signal, sys
from pathlib import Path
from intercentre.core import files
left = int(sys.argv[2])
def dying(real):
    def call(*args, **kwargs):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **kwargs)
    return call
for name in ("fsync", "replace", "rename", "link", "chmod"):
    setattr(os, name, dying(getattr(os, name)))
files._exchange = dying(files._exchange)
files.shutil.rmtree = dying(files.shutil.rmtree)
target = Path(sys.argv[1])
if sys.argv[3] == "file":
    files.write_bytes(target, b"suivant")
else:
    with files.new_folder(target) as scratch:
        (scratch / "a").write_bytes(b"suivant")
        (scratch / "sous").mkdir()
        (scratch / "sous" / "b").write_bytes(b"suivant")
print(left)
"""


def _crash(target: Path, at: int, kind: str) -> int:
    return subprocess.run([sys.executable, "-c", _CRASH, str(target), str(at), kind], check=False).returncode


def _folder(path: Path) -> dict[str, bytes]:
    return {str(file.relative_to(path)): file.read_bytes() for file in path.rglob("*") if file.is_file()}


def test_sha256_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")  # FIPS 180-4, example of one block
    assert sha256_file(tmp_path / "a") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_crash_while_writing_a_file_leaves_the_former_or_the_next(tmp_path: Path) -> None:
    target, outcomes = tmp_path / "f", []
    for at in range(1, 12):
        target.write_bytes(b"ancien")
        status = _crash(target, at, "file")
        assert target.read_bytes() in (b"ancien", b"suivant")
        outcomes.append((status, target.read_bytes()))
        if status == 0:
            break
    assert (-signal.SIGKILL, b"ancien") in outcomes
    assert outcomes[-1] == (0, b"suivant")


@pytest.mark.slow
def test_crash_while_replacing_a_folder_leaves_the_former_or_the_next(tmp_path: Path) -> None:
    former, following = {"a": b"ancien"}, {"a": b"suivant", "sous/b": b"suivant"}
    target, outcomes = tmp_path / "d", []
    for at in range(1, 30):
        subprocess.run(["rm", "-rf", str(target)], check=True)
        target.mkdir()
        (target / "a").write_bytes(b"ancien")
        status = _crash(target, at, "folder")
        assert _folder(target) in (former, following)
        outcomes.append((status, _folder(target)))
        if status == 0:
            break
    assert (-signal.SIGKILL, former) in outcomes
    assert (-signal.SIGKILL, following) in outcomes
    assert outcomes[-1] == (0, following)


def test_replaced_folder_leaves_nothing_else_behind(tmp_path: Path) -> None:
    for content in (b"1", b"2"):
        with new_folder(tmp_path / "d") as scratch:
            (scratch / "a").write_bytes(content)
    assert [path.name for path in tmp_path.iterdir()] == ["d"]
    assert _folder(tmp_path / "d") == {"a": b"2"}
    assert stat.S_IMODE((tmp_path / "d").stat().st_mode) == 0o755


def test_folder_is_replaced_in_two_steps_where_the_system_cannot_exchange(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_exchange", lambda one, other: False)
    test_replaced_folder_leaves_nothing_else_behind(tmp_path)


def test_failing_block_leaves_the_former_folder(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "a").write_bytes(b"ancien")

    def fail() -> None:
        with new_folder(tmp_path / "d") as scratch:
            (scratch / "a").write_bytes(b"suivant")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert [path.name for path in tmp_path.iterdir()] == ["d"]
    assert _folder(tmp_path / "d") == {"a": b"ancien"}


def test_reader_never_finds_the_folder_missing(tmp_path: Path) -> None:
    target, missing, over = tmp_path / "d", [], threading.Event()
    with new_folder(target) as scratch:
        (scratch / "a").write_bytes(b"0")

    def look() -> None:
        while not over.is_set():
            if not (target / "a").exists():
                missing.append(1)

    reader = threading.Thread(target=look)
    reader.start()
    for turn in range(60):
        with new_folder(target) as scratch:
            (scratch / "a").write_bytes(str(turn).encode())
    over.set()
    reader.join()
    assert missing == []


def test_file_mode_and_parents(tmp_path: Path) -> None:
    write_bytes(tmp_path / "x" / "y" / "f", b"1", 0o640)
    write_once(tmp_path / "x" / "z" / "g", b"2")
    assert stat.S_IMODE((tmp_path / "x" / "y" / "f").stat().st_mode) == 0o640
    assert stat.S_IMODE((tmp_path / "x" / "z" / "g").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "x" / "z").iterdir()] == ["g"]


def test_first_writer_wins(tmp_path: Path) -> None:
    write_once(tmp_path / "f", b"premier")
    write_once(tmp_path / "f", b"second")
    assert (tmp_path / "f").read_bytes() == b"premier"


@pytest.mark.slow
def test_eight_processes_that_write_once_agree_on_one_content(tmp_path: Path) -> None:
    program = """
from pathlib import Path
from intercentre.core.files import write_once
go()
path = Path(sys.argv[1])
write_once(path, sys.argv[2].encode() * 1000)
print(path.read_text())
"""
    read = run_together(program, [[str(tmp_path / "f"), name] for name in "abcdefgh"])
    kept = (tmp_path / "f").read_text()
    assert set(read) == {f"{kept}\n"}
    assert kept in {name * 1000 for name in "abcdefgh"}
    assert [path.name for path in tmp_path.iterdir()] == ["f"]
