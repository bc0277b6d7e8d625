"""The portable checker: it needs few packages, unpacks itself once, and gives the hub's verdict byte for byte."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from checker import build, launcher
from checker.inputs import PYTHONS, closure, direct_requirements, locked_inputs, own_files, platforms
from checker.trial import failure, interpreters
from intercentre.checker import build_parser
from intercentre.cli import main
from intercentre.documentation import write_templates
from schemas.extracts import TABLES
from tests.packages import DEFAULTS, csv_bytes, files, with_manifest, write_folder

HEAVY = ("airflow", "alembic", "cryptography", "fastapi", "great_expectations", "pandas", "psutil", "pyrage",
         "requests", "sqlalchemy", "uvicorn")  # fmt: skip
WITHOUT_THE_HUB = """
import sys
HEAVY = {heavy}
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in HEAVY or name in ("intercentre.core.hub", "intercentre.core.registry"):
            raise ImportError("the checker must do without " + name)
sys.meta_path.insert(0, Refuse())
from intercentre.checker import main
asked = ["verifier", sys.argv[1], "-o", sys.argv[2], "--format"]
codes = [main([*asked, form]) for form in ("texte", "json", "html", "xlsx")]
print([*codes, main(["gabarit", "-o", sys.argv[2]])], file=sys.stderr)
"""


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A deposit that is accepted with one row set aside, and another with a question."""
    rows = [
        {**DEFAULTS["dossier"], "dossier_id": f"D-{n}", "personne_ref": f"P-{n}", "sexe": "H" if n == 7 else "F"}
        for n in range(1, 101)
    ]
    content = {**files(), "dossier.csv": csv_bytes("dossier", rows)}
    return write_folder(tmp_path_factory.mktemp("depot") / "CAI", with_manifest(content))


def test_checking_needs_no_package_of_the_hub(faulty: Path, tmp_path: Path) -> None:
    code = WITHOUT_THE_HUB.format(heavy=HEAVY)
    run = subprocess.run([sys.executable, "-c", code, faulty, tmp_path], capture_output=True, text=True)
    assert run.stderr.splitlines()[-1] == "[0, 0, 0, 0, 0]"


def test_it_has_the_two_verbs_that_need_no_hub() -> None:
    text = build_parser().format_help()
    assert text.startswith("Utilisation : intercentre-verificateur")
    assert [verb for verb in ("verifier", "gabarit") if f"\n    {verb} " not in text] == []
    assert "deposer" not in text


def test_it_is_made_of_the_files_it_needs() -> None:
    names = set(own_files())
    assert {"intercentre/checker.py", "intercentre/core/intercentre.css", "schemas/nomenclatures/commune.csv"} <= names
    assert "schemas/rules/V42.sql" in names
    assert "intercentre/validation/deposit.py" not in names
    assert not [name for name in names if name.startswith(("intercentre/portal", "intercentre/core/registry"))]


def test_its_packages_are_few_pinned_and_hashed() -> None:
    names = {requirement.partition("==")[0] for requirement in direct_requirements()}
    assert names == {"duckdb", "jinja2", "pydantic", "python-calamine", "pyyaml", "tzdata", "xlsxwriter"}
    linux, windows = (locked_inputs(platforms()[name], "3.13") for name in ("linux", "windows"))
    assert "tzdata==" in windows
    assert "tzdata==" not in linux
    for block in linux.rstrip().split("\n\n"):
        assert "--hash=sha256:" in block
    assert {line.partition("==")[0] for line in linux.splitlines() if "==" in line} == {
        "annotated-types", "duckdb", "jinja2", "markupsafe", "pydantic", "pydantic-core", "python-calamine", "pyyaml",
        "typing-extensions", "typing-inspection", "xlsxwriter",
    }  # fmt: skip


def test_a_package_needed_elsewhere_only_is_left_out() -> None:
    here = {"sys_platform": "linux", "python_version": "3.13", "python_full_version": "3.13.0"}
    assert closure(["jinja2"], here) == {"jinja2", "markupsafe"}


def _archive(folder: Path, content: Mapping[str, bytes], name: str = "fichier.zip", **wrong: bytes) -> Path:
    """An archive as the build makes it; `wrong` replaces the bytes of an object that keeps its name."""
    path = folder / name
    with zipfile.ZipFile(path, "w") as archive:
        for member, data in content.items():
            archive.writestr(f"objets/{_sha256(data)}", wrong.get(member.partition(".")[0], data))
    return path


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _unpack(path: Path, content: Mapping[str, bytes], cache: Path) -> Path:
    with zipfile.ZipFile(path) as archive:
        return launcher.unpacked(archive, {name: _sha256(data) for name, data in content.items()}, cache)


CONTENT = {"un.py": b"1", "dossier/deux.so": b"2"}


def test_it_unpacks_once_and_leaves_nothing_else(tmp_path: Path) -> None:
    path, cache = _archive(tmp_path, CONTENT), tmp_path / "cache"
    folder = _unpack(path, CONTENT, cache)
    assert {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*.*")} == CONTENT
    made = folder.stat().st_ino
    assert _unpack(path, CONTENT, cache) == folder
    assert folder.stat().st_ino == made
    assert list(cache.iterdir()) == [folder]


@pytest.mark.parametrize("harm", ["changed", "missing"])
def test_a_file_that_is_not_what_it_was_is_put_right(tmp_path: Path, harm: str) -> None:
    path, cache = _archive(tmp_path, CONTENT), tmp_path / "cache"
    native = _unpack(path, CONTENT, cache) / "dossier" / "deux.so"
    if harm == "changed":
        native.write_bytes(b"x")
    else:
        native.unlink()
    folder = _unpack(path, CONTENT, cache)
    assert (folder / "dossier" / "deux.so").read_bytes() == b"2"
    assert list(cache.iterdir()) == [folder]


def test_a_damaged_archive_unpacks_nothing(tmp_path: Path) -> None:
    path, cache = _archive(tmp_path, CONTENT, un=b"autre"), tmp_path / "cache"
    with pytest.raises(OSError, match="damaged"):
        _unpack(path, CONTENT, cache)
    assert list(cache.iterdir()) == []


def test_another_version_has_a_folder_of_its_own(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    newer = {**CONTENT, "un.py": b"11"}
    folders = {
        _unpack(_archive(tmp_path, content, f"{n}.zip"), content, cache) for n, content in enumerate((CONTENT, newer))
    }
    assert len(folders) == 2


def test_the_quicker_of_two_starts_is_kept(tmp_path: Path) -> None:
    folder, scratch = tmp_path / "la", tmp_path / "ici"
    for place in (folder, scratch):
        place.mkdir()
        (place / "un.py").write_bytes(b"1")
    launcher.put(scratch, folder)
    assert folder.is_dir()


@pytest.mark.parametrize(
    ("python", "system", "machine", "words"),
    [
        ("3.12", "Windows", "AMD64", ""),
        ("3.12", "Windows", "amd64", ""),
        ("3.10", "Windows", "AMD64", "Python 3.12, 3.13 ; celui-ci est Python 3.10"),
        ("3.12", "Linux", "x86_64", "cette machine est sous Linux (x86_64)"),
    ],
)
def test_a_machine_that_it_does_not_suit_is_told_so(python: str, system: str, machine: str, words: str) -> None:
    content = {"plateforme": {"system": "Windows", "machine": "AMD64"}, "pythons": {"3.12": {}, "3.13": {}}}
    said = launcher.reason(content, python, system, machine)
    assert words in said
    assert bool(said) == bool(words)


@pytest.mark.slow
def test_one_file_in_a_bare_environment_gives_the_hubs_verdict(
    faulty: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    python = f"{sys.version_info[0]}.{sys.version_info[1]}"
    wheel = build.build_wheel(tmp_path)
    archive = build.build_archive(tmp_path / build.ARCHIVE, wheel, build.this_platform(), [python])
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "nu"], check=True)

    def carried(*arguments: str) -> subprocess.CompletedProcess[bytes]:
        command = [tmp_path / "nu" / "bin" / "python", archive, *arguments]
        return subprocess.run(command, capture_output=True, env={"XDG_CACHE_HOME": str(tmp_path / "cache")}, cwd="/")

    for package, code in ((faulty, 0), (tmp_path / "rien.zip", 2)):
        asked = ["verifier", str(package), "--format", "json"]
        capfdbinary.readouterr()
        assert main(asked) == code
        ours = capfdbinary.readouterr()
        theirs = carried(*asked)
        assert (theirs.returncode, theirs.stdout) == (code, ours.out)
    verdict = json.loads(carried("verifier", str(faulty), "--format", "json").stdout)
    assert [(found["code"], found["ligne"]) for found in verdict["constats"]] == [("V15", 8)]
    refused = carried("verifier", str(faulty), "--centre", "CRIC")
    assert refused.returncode == 1
    assert carried("gabarit", "-o", str(tmp_path / "gabarits")).returncode == 0
    write_templates(tmp_path / "ici", list(TABLES))
    for path in (tmp_path / "ici").rglob("*.*"):
        assert (tmp_path / "gabarits" / path.relative_to(tmp_path / "ici")).read_bytes() == path.read_bytes()
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["intercentre-verificateur"]


@pytest.mark.slow
def test_the_same_inputs_give_the_same_file(tmp_path: Path) -> None:
    python = f"{sys.version_info[0]}.{sys.version_info[1]}"
    made = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        wheel = build.build_wheel(tmp_path / name)
        archive = build.build_archive(tmp_path / name / build.ARCHIVE, wheel, build.this_platform(), [python])
        made.append((wheel.read_bytes(), archive.read_bytes()))
        assert str(tmp_path).encode() not in b"".join(zipfile.ZipFile(archive).read(n) for n in _small_members(archive))
    assert made[0] == made[1]


def _small_members(archive: Path) -> list[str]:
    with zipfile.ZipFile(archive) as opened:
        return [entry.filename for entry in opened.infolist() if entry.file_size < 200_000]


@pytest.mark.slow
def test_one_file_for_several_pythons_starts_under_each_that_is_here(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert build.main(["--python", *PYTHONS, "-o", str(tmp_path)]) == 0
    told = dict(line.removeprefix("Python ").split(" : ") for line in capsys.readouterr().out.splitlines()[2:])
    assert set(told) == set(PYTHONS)
    assert told[f"{sys.version_info[0]}.{sys.version_info[1]}"] == "démarre"
    assert set(told.values()) <= {"démarre", "absent de cette machine, pas essayé"}


def test_a_file_that_does_not_start_is_told(tmp_path: Path) -> None:
    path = tmp_path / "abime.pyz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("__main__.py", "raise SystemExit('rien ne va')")
    here = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert "rien ne va" in failure(path, interpreters([here])[here])
    assert interpreters(["2.6"]) == {}
