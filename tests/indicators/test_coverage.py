"""Which centres a period counts, what share of the public they made a year before, where the series breaks."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from intercentre.harmonisation.deposits import centres_in_force
from intercentre.harmonisation.harmonise import write_common
from intercentre.indicators.compute import write_observations
from schemas.indicators import definitions
from schemas.nomenclatures import nomenclature
from schemas.period import Period
from tests.staged import read_rows, stage

PERIOD = Period(2026, 3)
_OTHERS = ["CERAIC", "CIMB", "CRIBW", "CRILUX", "CRIPEL", "CRVI"]
_NAMUR, _CHARLEROI, _DINANT = "92094", "52011", "91034"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """CRIC's history starts a quarter later than the others', and its deposit is of the quarter before.

    In the third quarter of 2025 CAI opened three dossiers and CRIC one; nobody opened any at another time.
    """
    root = tmp_path_factory.mktemp("couverture")
    opened = {"CAI": 3, "CRIC": 1}
    deposits = [
        stage(
            root / "extraits",
            centre,
            "2026-T2" if centre == "CRIC" else "2026-T3",
            {
                "dossier": [
                    {"dossier_id": f"D{at}", "date_ouverture": date(2025, 8, 1), "commune_refnis": _NAMUR}
                    for at in range(opened.get(centre, 0))
                ]
            },
            debut_historique=date(2025, 1, 1) if centre == "CRIC" else date(2024, 10, 1),
        )
        for centre in nomenclature("centre").entries
    ]
    for name in ("commun", "observations"):
        (root / name).mkdir()
    write_common(root / "commun", PERIOD, centres_in_force(deposits, PERIOD), [])
    wanted = [definitions()[code] for code in ("I01", "I02", "I54")]
    write_observations(root / "observations", root / "commun", PERIOD, wanted)
    return root / "observations"


@pytest.fixture(scope="module")
def coverage(folder: Path) -> dict[str, dict[str, Any]]:
    return {row["periode"]: row for row in read_rows(folder / "couverture.parquet")}


def test_each_period_names_the_centres_counted_carried_over_and_missing(coverage: dict[str, dict[str, Any]]) -> None:
    assert list(coverage) == ["2024-T4", "2025", *(f"2025-T{n}" for n in (1, 2, 3, 4)), "2026-T1", "2026-T2", "2026-T3"]
    for period, row in coverage.items():
        assert row["centres_presents"] == ["CAI", *_OTHERS]
        counts_cric = period not in ("2024-T4", "2026-T3")
        assert row["centres_reportes"] == (["CRIC"] if counts_cric else []), period
        assert row["centres_manquants"] == ([] if counts_cric else ["CRIC"]), period


def test_the_share_covered_is_that_of_the_dossiers_of_the_year_before(coverage: dict[str, dict[str, Any]]) -> None:
    shares = {period: row["part_public_couverte"] for period, row in coverage.items()}
    assert shares.pop("2026-T3") == 0.75  # three of the four dossiers of the third quarter of 2025
    # Before 2025-T1 CRIC is not covered; in the other quarters of 2025 nobody opened any: nothing to relate to.
    assert set(shares.values()) == {None}


def test_ruptures_are_other_centres_and_another_law(coverage: dict[str, dict[str, Any]]) -> None:
    """CRIC's earlier deposit breaks no series: it describes the whole of each period in which it counts."""
    assert {period: row["ruptures"] for period, row in coverage.items() if row["ruptures"]} == {
        "2025": ["REGIME"],
        "2025-T1": ["CENTRES", "REGIME"],
        "2026-T3": ["CENTRES"],
    }


def test_the_first_whole_period_of_a_table_is_a_rupture(tmp_path: Path) -> None:
    """The meetings of CAI are complete since mid-May 2026, those of CRIC since its history begins."""
    starts = {"CAI": {"activite": date(2026, 5, 15)}, "CRIC": {"activite": date(2025, 10, 1)}}
    deposits = [
        stage(
            tmp_path / "extraits",
            centre,
            "2026-T3",
            {"dossier": [], "activite": []},
            debut_historique=date(2025, 10, 1),
            debuts_par_table=starts.get(centre),
        )
        for centre in nomenclature("centre").entries
    ]
    for name in ("commun", "observations"):
        (tmp_path / name).mkdir()
    write_common(tmp_path / "commun", PERIOD, centres_in_force(deposits, PERIOD), [])
    wanted = [definitions()[code] for code in ("I01", "I02", "I54")]
    write_observations(tmp_path / "observations", tmp_path / "commun", PERIOD, wanted)
    rows = read_rows(tmp_path / "observations" / "couverture.parquet")
    assert {row["periode"]: row["ruptures"] for row in rows} == {
        "2025-T4": [], "2026-T1": [], "2026-T2": [], "2026-T3": ["TABLE"],
    }  # fmt: skip


def test_a_commune_without_dossier_has_a_zero_only_where_its_own_centre_is_counted(folder: Path) -> None:
    figures = {
        (row["periode"], row["territoire"]): (row["valeur"], row["couverture"])
        for row in read_rows(folder / "observations.parquet")
        if row["indicateur"] == "I01" and row["territoire_type"] == "commune"
    }
    assert figures["2026-T3", _DINANT] == (0, "7/8")
    assert figures["2026-T3", _CHARLEROI] == (None, "7/8")
    assert figures["2026-T2", _CHARLEROI] == (0, "8/8")
    assert figures["2025-T3", _NAMUR] == (4, "8/8")
