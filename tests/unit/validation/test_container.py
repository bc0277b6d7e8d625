"""Folders, archives and lone files as packages."""

from __future__ import annotations

import errno
import os
import zipfile
from pathlib import Path

import pytest

from intercentre.validation import archive
from intercentre.validation.container import open_package
from intercentre.validation.refusal import RefusalError
from tests.packages import files, with_manifest, write_folder, write_zip


def _refused(source: Path, scratch: Path) -> str:
    with pytest.raises(RefusalError) as refusal:
        open_package(source, scratch, source.name)
    return refusal.value.code


def test_names_are_those_below_the_one_top_folder(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "depot.zip", {"a/dossier.csv": b"x", "a/b/autre.csv": b"y"})
    assert list(open_package(path, tmp_path, path.name).files) == ["dossier.csv", "b/autre.csv"]
    path = write_zip(tmp_path / "deux.zip", {"a/dossier.csv": b"x", "b/autre.csv": b"y"})
    assert list(open_package(path, tmp_path / "deux", path.name).files) == ["a/dossier.csv", "b/autre.csv"]


def test_extracted_files_bear_no_name_of_the_archive(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "depot.zip", {"é ü.csv": b"x", "con.csv": b"y"})
    package = open_package(path, tmp_path, path.name)
    assert [(name, target.name, target.read_bytes()) for name, target in package.files.items()] == [
        ("é ü.csv", "000", b"x"),
        ("con.csv", "001", b"y"),
    ]


def test_what_systems_leave_behind_is_passed_over(tmp_path: Path) -> None:
    content = {"dossier.csv": b"x", ".DS_Store": b"a", "Thumbs.db": b"b", "__MACOSX/._dossier.csv": b"c"}
    folder = write_folder(tmp_path / "depot", content)
    assert list(open_package(folder, tmp_path, "depot").files) == ["dossier.csv"]


def test_what_systems_leave_behind_does_not_hide_the_one_top_folder(tmp_path: Path) -> None:
    """As the Finder of macOS makes a ZIP of a folder."""
    content = {"export/dossier.csv": b"x", "__MACOSX/export/._dossier.csv": b"c", "__MACOSX/._export": b"d"}
    path = write_zip(tmp_path / "depot.zip", content)
    assert list(open_package(path, tmp_path, path.name).files) == ["dossier.csv"]
    assert list(open_package(write_folder(tmp_path / "depot", content), tmp_path, "depot").files) == ["dossier.csv"]


def test_a_folder_with_a_pipe_in_it_is_refused_at_once(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "depot", {"dossier.csv": b"x"})
    os.mkfifo(folder / "inscription.csv")
    assert _refused(folder, tmp_path) == "DEP-004"


def test_a_name_that_is_no_text_is_shown_with_question_marks(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "depot", {"dossier.csv": b"x"})
    (folder / os.fsdecode(b"not\xe9.csv")).write_bytes(b"y")
    assert sorted(open_package(folder, tmp_path, "depot").files) == ["dossier.csv", "not?.csv"]
    (folder / os.fsdecode(b"not\xe8.csv")).write_bytes(b"z")
    assert _refused(folder, tmp_path) == "DEP-004"


def test_a_folder_with_a_link_out_of_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    folder = write_folder(tmp_path / "depot", {"dossier.csv": b"x"})
    (folder / "lien.csv").symlink_to(tmp_path / "secret.txt")
    assert _refused(folder, tmp_path) == "DEP-004"


def test_a_folder_with_too_much_in_it_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_folder(tmp_path / "depot", {f"{number}.csv": b"12345" for number in range(200)})
    assert len(open_package(folder, tmp_path, "depot").files) == 200
    monkeypatch.setattr(archive, "MAX_BYTES", 999)
    assert _refused(folder, tmp_path) == "DEP-004"
    monkeypatch.undo()
    (folder / "200.csv").write_bytes(b"")
    assert _refused(folder, tmp_path) == "DEP-004"


def test_an_empty_folder_is_no_deposit(tmp_path: Path) -> None:
    (tmp_path / "depot").mkdir()
    assert _refused(tmp_path / "depot", tmp_path) == "DEP-002"


def test_an_archive_that_declares_too_much_is_refused_unopened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_zip(tmp_path / "depot.zip", with_manifest(files()))
    monkeypatch.setattr(archive, "MAX_BYTES", 100)
    assert _refused(path, tmp_path) == "DEP-004"
    assert [each.name for each in tmp_path.iterdir()] == ["depot.zip"]


def test_an_unknown_method_of_compression_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "depot.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive_:
        archive_.writestr("dossier.csv", "a;b\n" * 50)
    assert _refused(path, tmp_path) == "DEP-001"


def test_a_damaged_table_file_in_an_archive_is_left_to_its_table(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "depot.zip", {"dossier.xlsx": b"PK\x03\x04 no more", "autre.csv": b"a"})
    assert list(open_package(path, tmp_path, path.name).files) == ["dossier.xlsx", "autre.csv"]


def test_a_fault_of_the_disk_is_a_fault_and_never_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_zip(tmp_path / "depot.zip", with_manifest(files()))

    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.EIO, "disk")

    monkeypatch.setattr(zipfile.ZipFile, "open", fail)
    with pytest.raises(OSError, match="disk"):
        open_package(path, tmp_path, path.name)
