"""A second release says what moved, and marks it."""

from __future__ import annotations

import csv
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from intercentre.core.hub import Hub
from intercentre.core.settings import Settings
from intercentre.release import PublicationRefusee, publish, verify_release
from schemas.indicators.definition import definitions


def statuses(folder: Path) -> dict[tuple[str, str, str], tuple[str, str]]:
    with (folder / "indicateurs.csv").open(encoding="utf-8", newline="") as stream:
        return {
            (row["indicateur"], row["territoire"], row["modalite"]): (row["statut_obs"], row["statut_secret"])
            for row in csv.DictReader(stream)
        }


def changes(folder: Path) -> list[tuple[Any, ...]]:
    with duckdb.connect(folder / "intercentre-public.duckdb", read_only=True) as engine:
        return engine.execute(
            "SELECT indicateur, territoire, modalite, nature, ancienne_valeur, nouvelle_valeur FROM changements "
            "ORDER BY ALL"
        ).fetchall()


@pytest.fixture(scope="session")
def story(tmp_path_factory: pytest.TempPathFactory, desk: Any) -> tuple[Path, Path, Path]:
    """Three releases of one period. In the second CAI gave one more attestation, one figure is masked, one shown,

    one gone, one new, one definitive; in the third the region's attestations are as in the first, and the figure that
    was masked is gone.
    """
    days = iter(range(100))
    hub = desk.prepare(
        Hub(
            Settings(home=tmp_path_factory.mktemp("story")),
            now=lambda: datetime(2026, 10, 12, tzinfo=UTC) + timedelta(hours=next(days)),
        )
    )
    desk.agree(hub)
    first = publish(hub, "2026-T3", approbateur="discri")
    others = {
        ("I21", "CAI", "_T"): {"valeur": 7.0},
        ("I21", "RLF", "_T"): {"valeur": 15.0},
        ("I01", "CAI", "F"): {"masque": True},
        ("I01", "CRIC", "X"): {"masque": False},
        ("I01", "92094", "_T"): {"statut_obs": "definitif"},
        ("I53", "92094", "_T"): {"numerateur": 1001.0},
    }
    facts = {(one.indicateur, one.territoire, one.modalite): vars(one) for one in desk.figures}
    facts.pop(("I01", "RLF", "F"))
    figures = [desk.figure(**(known | others.get(key, {}))) for key, known in facts.items()]
    desk.put_figures(hub, [*figures, desk.figure("I01", "commune", "92035", 5.0)])
    desk.put_common(hub, cai="CAI-2026-T3-ffffffffffff")
    desk.agree(hub)
    second = publish(hub, "2026-T3", approbateur="discri")
    again = {("I21", "CAI", "_T"): 7.0, ("I21", "CRIC", "_T"): 7.0}
    facts = {(one.indicateur, one.territoire, one.modalite): vars(one) for one in desk.figures}
    facts.pop(("I01", "CAI", "F"))
    facts.pop(("I01", "RLF", "F"))
    desk.put_figures(
        hub, [desk.figure(**(one | {"valeur": again.get(key, one["valeur"])})) for key, one in facts.items()]
    )
    desk.agree(hub)
    return first, second, publish(hub, "2026-T3", approbateur="discri")


@pytest.fixture(scope="session")
def second(story: tuple[Path, Path, Path]) -> Path:
    return story[1]


def test_versions_follow_each_other(story: tuple[Path, Path, Path]) -> None:
    assert [folder.name for folder in story] == ["2026-T3.1", "2026-T3.2", "2026-T3.3"]
    assert [verify_release(folder) for folder in story] == [[], [], []]


def test_first_release_marks_nothing(story: tuple[Path, Path, Path]) -> None:
    first = story[0]
    assert {status for status, _ in statuses(first).values()} == {"definitif", "provisoire"}
    assert changes(first) == []
    assert "Première publication : 13 chiffres, rien à comparer." in (first / "changements.md").read_text()


def test_revised_figures_are_marked(second: Path) -> None:
    found = statuses(second)
    assert found["I21", "CAI", "_T"] == ("revise", "libre")
    assert found["I21", "RLF", "_T"] == ("revise", "libre")
    assert found["I53", "92094", "_T"] == ("revise", "libre")  # its numerator moved
    assert found["I21", "CRIC", "_T"] == ("definitif", "libre")
    assert found["I01", "CAI", "F"] == ("definitif", "masque")  # masked figures say nothing of their value
    assert found["I01", "CRIC", "X"] == ("definitif", "libre")


def test_every_change_has_its_nature_and_no_more_values_than_are_public(second: Path) -> None:
    assert changes(second) == [
        ("I01", "92035", "_T", "nouveau", None, 5.0),
        ("I01", "92094", "_T", "definitif", None, None),
        ("I01", "CAI", "F", "masque", None, None),
        ("I01", "CRIC", "X", "communique", None, 3.0),
        ("I01", "RLF", "F", "retire", None, None),
        ("I21", "CAI", "_T", "revise", 6.0, 7.0),
        ("I21", "RLF", "_T", "revise", 14.0, 15.0),
        ("I53", "92094", "_T", "revise", 12.5, 12.5),
    ]


def test_a_release_that_was_altered_is_compared_with_nothing(agreed: Hub, desk: Any) -> None:
    first = publish(agreed, "2026-T3", approbateur="discri")
    figures = first / "indicateurs.parquet"
    figures.write_bytes(figures.read_bytes()[:-1] + b"!")
    desk.put_figures(agreed, [desk.figure(**vars(one) | {"valeur": one.valeur}) for one in desk.figures[:-1]])
    desk.agree(agreed)
    with pytest.raises(PublicationRefusee, match="n'est plus telle qu'elle a été signée"):
        publish(agreed, "2026-T3", approbateur="discri")


def test_a_release_under_the_name_of_another_is_told(agreed: Hub, tmp_path: Path) -> None:
    first = publish(agreed, "2026-T3", approbateur="discri")
    shutil.copytree(first, tmp_path / "2026-T3.7")
    shutil.copytree(first, tmp_path / "telechargement")
    signers = first.parent / "allowed_signers"
    (problem,) = verify_release(tmp_path / "2026-T3.7", signers)
    assert problem == "2026-T3.7 : ce dossier est celui de la publication 2026-T3.1, sous un autre nom."
    assert verify_release(tmp_path / "telechargement", signers) == []


def test_nobody_is_told_that_a_masked_count_has_become_a_zero(story: tuple[Path, Path, Path]) -> None:
    third = story[2]
    assert ("I01", "CAI", "F") not in statuses(third)
    assert [row[:4] for row in changes(third) if row[3] == "retire"] == [("I01", "92035", "_T", "retire")]
    assert "I01, centre CAI, sexe F" not in (third / "changements.md").read_text()


def test_the_page_says_it_in_french(second: Path) -> None:
    text = (second / "changements.md").read_text()
    for line in (
        "Comparée à la publication 2026-T3.1. Cette publication contient 13 chiffres.",
        "| Inchangés | 6 |",
        "| Chiffres révisés | 3 |",
        "| Chiffres nouvellement masqués | 1 |",
        "| Chiffres nouvellement communiqués | 1 |",
        "| Chiffres devenus définitifs | 1 |",
        "| Chiffres retirés | 1 |",
        "| Chiffres nouveaux | 1 |",
        "- Pris en compte depuis : `CAI-2026-T3-ffffffffffff`",
        "- Plus pris en compte (remplacé) : `CAI-2026-T3-aaaaaaaaaaaa`",
        "- I21, 2026-T3, region RLF : 14 dossiers → 15 dossiers",
        "- I21, 2026-T3, centre CAI : 6 dossiers → 7 dossiers",
        "- I53, 2015, commune 92094 : 12,50 %, comme avant ; ce dont il est fait a changé",
        "- I01, 2026-T3, centre CAI, sexe F",
        "- I01, 2026-T3, centre CRIC, sexe X : 3 dossiers",
        "- I01, 2026-T3, region RLF, sexe F",
    ):
        assert line in text.splitlines(), line
    assert "7 dossiers\n- I01" not in text


def test_a_revision_is_told_once(story: tuple[Path, Path, Path]) -> None:
    """`revise` is said of the release before: a figure that stays is definitive again."""
    third = statuses(story[2])
    assert third["I21", "CAI", "_T"] == ("definitif", "libre")
    assert third["I21", "CRIC", "_T"] == ("revise", "libre")
    assert third["I21", "RLF", "_T"] == ("revise", "libre")  # 15 became 14 again


def test_the_release_before_may_be_of_another_period(agreed: Hub, release: Path, desk: Any, clock: Any) -> None:
    clock.advance(days=90)
    later = [desk.figure("I21", "centre", "CAI", 9.0, periode="2026-T4")]
    desk.put_figures(agreed, [*desk.changed("I53", "92094", "_T", valeur=9.0), *later], "2026-T4")
    desk.put_common(agreed, "2026-T4")
    desk.agree(agreed, "2026-T4")
    folder = publish(agreed, "2026-T4", approbateur="discri")
    assert folder.name == "2026-T4.1"
    assert "Comparée à la publication 2026-T3.1." in (folder / "changements.md").read_text()
    assert changes(folder) == [
        ("I21", "CAI", "_T", "nouveau", None, 9.0),
        ("I53", "92094", "_T", "revise", 12.5, 9.0),
    ]


def test_definition_change_is_said(
    agreed: Hub, release: Path, desk: Any, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.advance(days=1)
    known = dict(definitions())
    before = known["I21"].version
    known["I21"] = known["I21"].model_copy(update={"version": "9.0.0"})
    monkeypatch.setattr("intercentre.release.definitions.definitions", lambda: known)
    figures = [
        desk.figure(**(vars(figure) | {"version": "9.0.0"})) if figure.indicateur == "I21" else figure
        for figure in desk.figures
    ]
    desk.put_figures(agreed, figures)
    desk.agree(agreed)
    text = (publish(agreed, "2026-T3", approbateur="discri") / "changements.md").read_text()
    assert f"- I21 : version {before} remplacée par la version 9.0.0." in text
    assert "Les mêmes dépôts que la publication précédente." in text
    assert "| Inchangés | 13 |" in text


def test_a_long_list_is_cut_and_says_where_the_rest_is(agreed: Hub, release: Path, desk: Any, clock: Any) -> None:
    many = [desk.figure("I01", "commune", f"{code}", 5.0) for code in range(10_000, 10_250)]
    desk.put_figures(agreed, [*desk.figures, *many])
    desk.agree(agreed)
    clock.advance(days=1)
    publish(agreed, "2026-T3", approbateur="discri")
    clock.advance(days=1)
    desk.put_figures(agreed, [*desk.figures, *(desk.figure(**(vars(one) | {"valeur": 6.0})) for one in many)])
    desk.agree(agreed)
    text = (publish(agreed, "2026-T3", approbateur="discri") / "changements.md").read_text()
    assert text.count(" : 5 dossiers → 6 dossiers") == 200
    assert "- … et 50 autres chiffres : `SELECT * FROM changements WHERE nature = 'revise'`" in text
