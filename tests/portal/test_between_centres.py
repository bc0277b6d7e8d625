"""What two centres settle together, on the page of each, with its own dossiers and never the other's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from intercentre.core.hub import Hub
from intercentre.harmonisation import harmonise
from intercentre.indicators import compute_indicators
from intercentre.portal.between_centres import group_matters, matters_of, persons_of
from schemas.period import Period
from tests.portal.conftest import Visit
from tests.staged import register, stage

T3 = Period(2026, 3)
MAY = date(2026, 5, 1)


@pytest.fixture
def moved(hub: Hub) -> Hub:
    """Two departures from CAI to CRIC that CRIC did not answer; it claims a third one itself, of its E3."""
    root = hub.home.root / "z1" / "extraits"

    def side(sens: str, name: str, centre: str, named: str | None = None) -> dict[str, object]:
        return {
            "sens": sens, "dossier_id": name, "centre_contrepartie": centre, "dossier_contrepartie": named,
            "date_demande": MAY, "date_effet": MAY,
        }  # fmt: skip

    def files(*names: str) -> list[dict[str, object]]:
        return [{"dossier_id": name, "date_ouverture": date(2026, 4, 1)} for name in names]

    def met(*names: str) -> list[dict[str, object]]:
        return [{"dossier_id": name, "date": date(2026, 8, 1)} for name in names]

    since = date(2026, 1, 1)
    cai = {
        "dossier": files("SECRET-1", "SECRET-2", "SECRET-3"),
        "etape_accueil": met("SECRET-1", "SECRET-2", "SECRET-3"),
        "transfert": [side("SORTANT", f"SECRET-{number}", "CRIC") for number in (1, 2, 3)],
    }
    cric = {
        "dossier": files("E3", "E4"),
        "etape_accueil": met("E3", "E4"),
        "transfert": [side("SORTANT", "E3", "CAI", "SECRET-3")],
    }
    register(hub, stage(root, "CAI", "2026-T3", cai, debut_historique=since))
    register(hub, stage(root, "CRIC", "2026-T3", cric, debut_historique=since))
    harmonise(hub, "2026-T3")
    compute_indicators(hub, "2026-T3")
    return hub


def test_matters_are_counted_by_rule_and_by_other_centre(moved: Hub) -> None:
    ours = [(one.code, one.contrepartie, one.nombre, one.dossiers) for one in matters_of(moved, T3, "CAI")]
    assert ours == [("V64", "CRIC", 2, ("SECRET-1", "SECRET-2")), ("V65-S", "CRIC", 1, ("SECRET-3",))]
    theirs = [(one.code, one.contrepartie, one.nombre, one.dossiers) for one in matters_of(moved, T3, "CRIC")]
    assert theirs == [("V64", "CAI", 2, ()), ("V65-S", "CAI", 1, ("E3",))]
    assert matters_of(moved, T3, "CIMB") == []
    assert matters_of(moved, Period(2026, 2), "CAI") == []


def test_each_page_shows_its_own_dossiers_alone(moved: Hub, person: Callable[[str], Visit]) -> None:
    ours = person("cai").get("/?periode=2026-T3").text
    assert "À régler avec un autre centre" in ours
    assert "SECRET-1, SECRET-2" in ours
    theirs = person("cric").get("/?periode=2026-T3").text
    assert "À régler avec un autre centre" in theirs
    assert "Transfert sortant sans transfert entrant (V64)" in theirs
    assert "SECRET" not in theirs


def test_nothing_to_settle_and_no_other_reader(moved: Hub, person: Callable[[str], Visit]) -> None:
    assert "À régler" not in person("cai").get("/?periode=2026-T2").text
    for name in ("discri", "autorite", "exploitant"):
        page = person(name).get("/?periode=2026-T3").text
        assert "À régler" not in page
        assert "SECRET" not in page


def test_the_persons_of_the_region_are_for_who_sees_all(moved: Hub, person: Callable[[str], Visit]) -> None:
    # five persons, three of them at CAI; three moves that are not settled could make them two, which CAI alone exceeds
    persons = persons_of(moved, T3)
    assert persons is not None
    assert (persons.somme_centres, persons.doublons_trouves, persons.region) == (5, 0, 5)
    assert (persons.borne_basse, persons.borne_haute) == (3, 5)
    assert persons_of(moved, Period(2025, 3)) is None
    assert "au moins 3 si tous" in person("discri").get("/?periode=2026-T3").text
    for name in ("cai", "autorite"):
        assert "Personnes accompagnées dans la région" not in person(name).get("/?periode=2026-T3").text


def test_many_dossiers_are_cut_but_counted() -> None:
    (matter,) = group_matters([("V66", "CRIC", f"CAI:D{number}") for number in range(100, 150)])
    assert (matter.nombre, len(matter.dossiers), matter.dossiers[0]) == (50, 30, "D100")
