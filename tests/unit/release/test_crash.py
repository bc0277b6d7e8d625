"""A crash at any step of publishing: the next call ends with one whole release, and nothing is lost or replaced."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from intercentre.core.hub import Hub
from intercentre.core.registry.store import verify_journal
from intercentre.core.registry.tables import Journal, Publication
from intercentre.release import PublicationRefusee, analysis_path, publish, verify_release


class Crash(BaseException):
    """The process is gone: nothing after it runs, not even what catches errors."""


def crash(*_: object, **__: object) -> None:
    raise Crash


def publications(hub: Hub) -> list[str]:
    with hub.registry.read() as session:
        return sorted(session.execute(select(Publication.version)).scalars())


def actions(hub: Hub) -> list[str]:
    with hub.registry.read() as session:
        return list(session.execute(select(Journal.action).order_by(Journal.numero)).scalars())[-2:]


def folders(hub: Hub) -> list[str]:
    if not hub.home.releases.is_dir():
        return []
    return sorted(path.name for path in hub.home.releases.iterdir() if path.is_dir())


@pytest.mark.parametrize(
    "step", ["gather", "write_bundle", "write_sums", "write_analysis_database", "seal", "place_folder", "record"]
)
def test_crash_at_each_step_then_publish_again(agreed: Hub, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    monkeypatch.setattr(f"intercentre.release.publishing.{step}", crash)
    with pytest.raises(Crash):
        publish(agreed, "2026-T3", approbateur="discri")
    assert publications(agreed) == []
    assert folders(agreed) == (["2026-T3.1"] if step == "record" else [])
    monkeypatch.undo()
    folder = publish(agreed, "2026-T3", approbateur="discri")
    assert folder.name == "2026-T3.1"
    assert verify_release(folder) == []
    assert publications(agreed) == folders(agreed) == ["2026-T3.1"]
    assert actions(agreed) == ["tour_accorde", "publication_faite"]
    assert verify_journal(agreed.registry)[1] is None
    assert analysis_path(agreed, "2026-T3.1").is_file()
    assert not list(agreed.home.work.glob("publication-*"))


def test_a_whole_folder_without_a_row_is_adopted_as_it_is(agreed: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("intercentre.release.publishing.record", crash)
    with pytest.raises(Crash):
        publish(agreed, "2026-T3", approbateur="premier")
    monkeypatch.undo()
    before = (agreed.home.releases / "2026-T3.1" / "MANIFEST.json").read_bytes()
    folder = publish(agreed, "2026-T3", approbateur="second")
    assert (folder / "MANIFEST.json").read_bytes() == before
    with agreed.registry.read() as session:
        line = session.execute(select(Journal).where(Journal.action == "publication_faite")).scalar_one()
    assert line.acteur == "premier"  # who approved what stands in the manifest


def test_a_torn_folder_is_moved_aside_and_never_deleted(agreed: Hub) -> None:
    torn = agreed.home.releases / "2026-T3.1"
    torn.mkdir(parents=True)
    (torn / "indicateurs.csv").write_text("indicateur\r\n")
    folder = publish(agreed, "2026-T3", approbateur="discri")
    assert folder.name == "2026-T3.1"
    assert verify_release(folder) == []
    kept = agreed.home.work / "publications-ecartees" / "2026-T3.1-1" / "indicateurs.csv"
    assert kept.read_text() == "indicateur\n"
    assert actions(agreed) == ["publication_ecartee", "publication_faite"]


def test_a_copy_under_another_version_is_moved_aside(agreed: Hub, release: Path, desk: Any) -> None:
    shutil.copytree(release, release.parent / "2026-T3.2")
    assert publish(agreed, "2026-T3", approbateur="discri") == release
    assert folders(agreed) == ["2026-T3.1"]
    assert (agreed.home.work / "publications-ecartees" / "2026-T3.2-1").is_dir()


def test_what_is_not_a_release_is_left_alone(agreed: Hub) -> None:
    for name in ("notes", "2026-T5.1", "2026-T3.0", ".cache", "1234.1"):
        (agreed.home.releases / name).mkdir(parents=True)
    publish(agreed, "2026-T3", approbateur="discri")
    assert folders(agreed) == [".cache", "1234.1", "2026-T3.0", "2026-T3.1", "2026-T5.1", "notes"]


def test_a_registry_older_than_the_releases_is_not_trusted(
    make_hub: Callable[..., Hub], agreed: Hub, release: Path, desk: Any
) -> None:
    """A restored registry does not know the agreement: the signed release stays, a person must look."""
    fresh = desk.prepare(make_hub("neuf"))
    shutil.copytree(release.parent, fresh.home.releases)
    with pytest.raises(PublicationRefusee, match="plus ancien que les publications"):
        publish(fresh, "2026-T3", approbateur="discri")
    assert folders(fresh) == ["2026-T3.1"]
    assert publications(fresh) == []


def test_a_release_folder_is_never_replaced(agreed: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes publish the same figures at the same time: the second one finds the place taken."""
    rival = "intercentre.release.publishing.write_analysis_database"

    def meanwhile(*_: object) -> None:
        monkeypatch.undo()
        publish(agreed, "2026-T3", approbateur="premier")

    monkeypatch.setattr(rival, meanwhile)
    with pytest.raises(PublicationRefusee, match="vient d'être faite par ailleurs"):
        publish(agreed, "2026-T3", approbateur="second")
    folder = publish(agreed, "2026-T3", approbateur="second")
    assert verify_release(folder) == []
    assert publications(agreed) == ["2026-T3.1"]
    assert '"approbateur": "premier"' in (folder / "MANIFEST.json").read_text()
