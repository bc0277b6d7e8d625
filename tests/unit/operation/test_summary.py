"""What the demonstration tells at its end, read from the release's own CSV."""

from __future__ import annotations

from pathlib import Path

import pytest

from intercentre.operation.measures import Peak
from intercentre.operation.proof import Proof
from intercentre.operation.summary import Demonstration, describe, read_figures
from intercentre.operation.walk import Collected

CSV = """indicateur,periode,territoire_type,dimension,valeur,statut_secret
I01,2026-T3,region,_T,55,libre
I01,2026-T3,centre,_T,,masque
I21,2026-T3,region,_T,,masque
I21,2026-T2,region,_T,31,libre
I01,2026-T3,region,sexe,30,libre
"""


@pytest.fixture
def release(tmp_path: Path) -> Path:
    folder = tmp_path / "publications" / "2026-T3.1"
    folder.mkdir(parents=True)
    (folder / "indicateurs.csv").write_text(CSV, encoding="utf-8")
    return folder


def played(release: Path, held: bool | None = True, status: int = 200) -> Demonstration:
    places = [{"avis": "approuve"}, {"avis": "reserve"}, {"avis": "approuve"}]
    return Demonstration(
        periode="2026-T3",
        deposited=Collected("CIMB", "accepte", "CIMB-2026-T2-abc", 12, 0),
        collected=[Collected("CAI", "accepte_avec_quarantaine", "CAI-1", 10, 1), Collected("CRIC", "echec")],
        round_={"places": places, "etat": "accorde", "tour_id": "2026-T3-tour-1"},
        reserving="CRILUX",
        reserved="I21",
        release=release,
        proofs=[Proof("ssh-keygen -Y verify", held)],
        visits={"http://127.0.0.1:1/sante": status},
    )


def test_figures_are_those_of_the_period_and_region(release: Path) -> None:
    figures = read_figures(release, "2026-T3")
    assert (figures.rows, figures.withheld, figures.indicators) == (5, 2, 2)
    assert figures.totals == {"I01": "55", "I21": "masqué"}


def test_everything_asked_for_is_told(release: Path) -> None:
    text = describe(played(release), home=release.parents[1], elapsed_s=61.4, peak=Peak(2**30))
    for told in (
        "accepté, avec quarantaine",
        "collecte en échec",
        "CIMB-2026-T2-abc",
        "5 observations dont 2 masquées",
        "I01 55",
        "I21 masqué",
        "3 voix : 2 pour, 1 avec réserve (CRILUX sur I21), 0 contre",
        "décision : accordé",
        str(release),
        "✓ ssh-keygen -Y verify",
        "200  http://127.0.0.1:1/sante",
        "Durée 61 s, mémoire au plus 1.00 Gio",
    ):
        assert told in text


@pytest.mark.parametrize(
    ("held", "status", "proved"), [(True, 200, True), (None, 200, True), (False, 200, False), (True, 404, False)]
)
def test_a_failed_check_or_a_closed_door_fails_the_demonstration(
    release: Path, held: bool | None, status: int, proved: bool
) -> None:
    assert played(release, held, status).is_proved is proved


def test_a_tool_that_is_absent_is_not_called_a_success(release: Path) -> None:
    text = describe(played(release, None), home=release.parents[1], elapsed_s=1, peak=Peak())
    assert "– ssh-keygen -Y verify (outil absent de cette machine)" in text
