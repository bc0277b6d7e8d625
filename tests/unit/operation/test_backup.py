"""The hub's home saved and brought back: the same bytes, the same journal, and nothing written over anything."""

from __future__ import annotations

import io
import sqlite3
import stat
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from intercentre.cli import main
from intercentre.core.hub import Hub
from intercentre.core.registry.store import verify_journal
from intercentre.core.settings import Settings
from intercentre.operation import backup
from intercentre.operation.backup import SUMS, BackupError, back_up, restore


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    """A hub with two lines in its journal, a key, bytes in custody, and scratch space."""
    made = Hub(Settings(home=tmp_path / "maison"))
    _write_journal(made, "un")
    _write_journal(made, "deux")
    for name, content in (("cles/z0", b"secret"), ("z0/ab/abcd.age", b"octets"), ("travail/2026-T3.verrou", b"")):
        path = made.home.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (made.home.root / "cles" / "z0").chmod(0o600)
    return made


def _write_journal(hub: Hub, objet: str) -> None:
    with hub.registry.change() as change:
        change.journal("essai", "ligne", objet)


def _in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def _names(archive: Path) -> list[str]:
    with tarfile.open(archive) as opened:
        return opened.getnames()


def test_what_was_saved_comes_back(hub: Hub, tmp_path: Path) -> None:
    saved = back_up(hub, tmp_path / "ailleurs" / "hub.tar")
    assert _names(tmp_path / "ailleurs" / "hub.tar") == ["registre.sqlite", "cles/z0", "z0/ab/abcd.age", SUMS]
    assert stat.S_IMODE((tmp_path / "ailleurs" / "hub.tar").stat().st_mode) == 0o600
    assert _in(tmp_path / "ailleurs") == ["hub.tar"]
    there = tmp_path / "autre" / "maison"
    assert restore(tmp_path / "ailleurs" / "hub.tar", there) == saved
    assert (saved.fichiers, (there / "cles" / "z0").read_bytes()) == (3, b"secret")
    assert stat.S_IMODE((there / "cles" / "z0").stat().st_mode) == 0o600
    assert (there / "z0" / "ab" / "abcd.age").read_bytes() == b"octets"
    assert not (there / SUMS).exists()
    assert verify_journal(Hub(Settings(home=there)).registry) == (2, None)
    assert sorted(path.name for path in (tmp_path / "autre").iterdir()) == ["maison"]


def test_a_change_that_only_the_companion_of_a_base_holds_is_saved(hub: Hub, tmp_path: Path) -> None:
    base = hub.home.root / "airflow" / "airflow.db"
    base.parent.mkdir()
    with sqlite3.connect(base) as written:
        written.execute("PRAGMA journal_mode = WAL")
        written.execute("CREATE TABLE a (b)")
        written.execute("INSERT INTO a VALUES (7)")
        written.commit()
        assert base.with_name("airflow.db-wal").stat().st_size > 0
        back_up(hub, tmp_path / "hub.tar")
    written.close()
    assert not any(name.endswith(("-wal", "-shm")) for name in _names(tmp_path / "hub.tar"))
    restore(tmp_path / "hub.tar", tmp_path / "autre")
    with sqlite3.connect(tmp_path / "autre" / "airflow" / "airflow.db") as read:
        assert read.execute("SELECT b FROM a").fetchall() == [(7,)]
    read.close()


def test_nothing_is_written_over(hub: Hub, tmp_path: Path) -> None:
    (tmp_path / "hub.tar").write_bytes(b"a")
    with pytest.raises(BackupError, match="existe déjà"):
        back_up(hub, tmp_path / "hub.tar")
    assert (tmp_path / "hub.tar").read_bytes() == b"a"
    back_up(hub, tmp_path / "vrai.tar")
    with pytest.raises(BackupError, match="n'est pas vide"):
        restore(tmp_path / "vrai.tar", hub.home.root)
    with pytest.raises(BackupError, match="hors du dossier"):
        back_up(hub, hub.home.root / "copie.tar")


def test_a_hub_that_writes_meanwhile_is_not_saved(hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = backup._entries

    def written_meanwhile(*places: Path) -> Iterator[tuple[str, Path]]:
        yield from entries(*places)
        _write_journal(hub, "trois")

    monkeypatch.setattr(backup, "_entries", written_meanwhile)
    with pytest.raises(BackupError, match="a écrit pendant la sauvegarde"):
        back_up(hub, tmp_path / "ailleurs" / "hub.tar")
    assert _in(tmp_path / "ailleurs") == []


def test_a_damaged_backup_restores_nothing(hub: Hub, tmp_path: Path) -> None:
    back_up(hub, tmp_path / "hub.tar")
    whole = (tmp_path / "hub.tar").read_bytes()
    at = whole.index(b"octets")
    spoiled = {
        "un octet change": whole[:at] + b"Octets" + whole[at + 6 :],
        "la fin manque": whole[: whole.index(SUMS.encode()) - 1],
        "coupé": whole[:5000],
        "autre chose": b"%PDF-1.7",
    }
    for name, content in spoiled.items():
        (tmp_path / "abime.tar").write_bytes(content)
        with pytest.raises(BackupError, match="incomplète ou abîmée"):
            restore(tmp_path / "abime.tar", tmp_path / "autre" / name)
        assert _in(tmp_path / "autre") == []


def test_an_entry_that_leaves_the_home_is_refused(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "hub.tar", "w") as archive:
        entry = tarfile.TarInfo("../dehors")
        entry.size = 1
        archive.addfile(entry, io.BytesIO(b"a"))
    with pytest.raises(BackupError, match="incomplète ou abîmée"):
        restore(tmp_path / "hub.tar", tmp_path / "autre" / "maison")
    assert not (tmp_path / "autre" / "dehors").exists()


def test_only_a_hub_of_files_is_saved_here(tmp_path: Path) -> None:
    served = Hub(Settings(home=tmp_path, registre_url="postgresql+psycopg://u@h/intercentre"))
    with pytest.raises(BackupError, match="guide de l'exploitant"):
        back_up(served, tmp_path.parent / "hub.tar")
    with pytest.raises(BackupError, match="pas de hub"):
        back_up(Hub(Settings(home=tmp_path / "rien")), tmp_path / "hub.tar")


def test_the_command_line_says_what_was_done(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("INTERCENTRE_HOME", str(hub.home.root))
    assert main(["sauvegarder", str(tmp_path / "hub.tar")]) == 0
    assert "3 fichiers" in capsys.readouterr().out
    assert main(["sauvegarder", str(tmp_path / "hub.tar")]) == 1
    assert "existe déjà" in capsys.readouterr().err
    monkeypatch.setenv("INTERCENTRE_HOME", str(tmp_path / "neuf"))
    assert main(["restaurer", str(tmp_path / "hub.tar")]) == 0
    assert "Journal intact : 2 lignes" in capsys.readouterr().out
