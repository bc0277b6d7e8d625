"""The comparison of centres: its figures worked out by hand, its order, and what it does not hold."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from intercentre.core.engine import load_rows, open_engine
from intercentre.harmonisation.deposits import centres_in_force
from intercentre.harmonisation.harmonise import write_common
from intercentre.indicators.between_centres import compare_centres, prepare_comparison
from intercentre.indicators.compute import COLUMNS, write_observations
from schemas.exchanges.comparison import COMPARISON_COLUMNS
from schemas.indicators import definitions
from schemas.nomenclatures import nomenclature
from schemas.period import Period
from tests.staged import read_rows, stage


def share(code: str, place: str, numerateur: float, denominateur: float) -> list[Any]:
    known = {
        "indicateur": code, "periode": "2025", "territoire_type": "region" if place == "RLF" else "centre",
        "territoire": place, "dimension": "_T", "modalite": "_T", "numerateur": numerateur,
        "denominateur": denominateur,
    }  # fmt: skip
    return [known.get(name) for name in COLUMNS]


def compared(rows: list[list[Any]]) -> list[dict[str, Any]]:
    with open_engine() as engine:
        load_rows(engine, "observation", COLUMNS, rows)
        prepare_comparison(engine)
        compare_centres(engine, [one for one in definitions().values() if not one.standardisation])
        found = engine.execute("SELECT * FROM comparaison ORDER BY ALL").fetchall()
    return [dict(zip(COMPARISON_COLUMNS, row, strict=True)) for row in found]


def test_a_row_by_hand() -> None:
    """CAI 81 of 263, region 300 of 1000: Wilson of Newcombe's table; funnel about 30 ± 1.96 × √(0.21 / 263) = 5.54."""
    (row,) = compared([share("I11", "RLF", 300, 1000), share("I11", "CAI", 81, 263)])
    assert row["valeur"] == pytest.approx(30.798479)
    assert (round(row["borne_basse"], 2), round(row["borne_haute"], 2)) == (25.53, 36.62)
    assert row["valeur_region"] == 30
    assert row["entonnoir_95_bas"] == pytest.approx(24.46, abs=0.2)
    assert row["entonnoir_95_haut"] == pytest.approx(35.54, abs=0.2)
    assert row["entonnoir_998_bas"] == pytest.approx(30 - 3.0902 * 2.8257, abs=0.25)
    assert row["entonnoir_998_haut"] == pytest.approx(30 + 3.0902 * 2.8257, abs=0.25)
    assert row["position"] == "dans"
    assert row["rapport"] is None, "I11 is not standardised"


@pytest.mark.parametrize(
    ("succes", "position"), [(30, "dans"), (41, "hors_95"), (46, "hors_998"), (20, "hors_95"), (14, "hors_998")]
)
def test_positions_around_thirty_percent_of_a_hundred(succes: int, position: str) -> None:
    """√(0.21 / 100) = 4.58 points: 95 % within 21 to 39, 99.8 % within 16 to 44.5."""
    rows = compared([share("I11", "RLF", 300, 1000), share("I11", "CAI", succes, 100)])
    assert [row["position"] for row in rows] == [position]


def test_centres_come_in_the_official_order_whatever_their_figures() -> None:
    codes = list(nomenclature("centre").entries)
    rows = [share("I11", code, 10 * (7 * at % 8 + 1), 100) for at, code in enumerate(reversed(codes))]
    found = compared([share("I11", "RLF", 400, 800), *rows])
    assert [row["territoire"] for row in found] == codes


def test_a_centre_without_figure_and_figures_that_are_no_share_of_persons_are_not_compared() -> None:
    given = [share("I11", "RLF", 300, 1000), share("I11", "CRIC", 0, 0), share("I01", "CAI", 12, 12)]
    given += [share("I06", "RLF", 30, 252), share("I06", "CAI", 3, 38)]  # communes
    given += [share("I16", "RLF", 900, 1000), share("I16", "CAI", 90, 100)]  # hours
    assert compared(given) == []


def test_no_column_ranks() -> None:
    assert not [name for name in COMPARISON_COLUMNS if "rang" in name or "classe" in name]


def learners(level: str, reached: int, of: int, prefix: str) -> dict[str, list[dict[str, Any]]]:
    """Dossiers that entered at `level` and finished their French in 2025; `reached` of them at A2."""
    names = [f"{prefix}-{number}" for number in range(of)]
    entry, opening, course = date(2024, 1, 10), date(2024, 1, 5), date(2025, 6, 30)
    tests = [{"test_id": f"P{name}", "dossier_id": name, "date": entry, "niveau_global": level} for name in names]
    tests += [
        {"test_id": f"V{name}", "dossier_id": name, "date": course, "nature": "VALIDATION", "niveau_global": "A2"}
        for name in names[:reached]
    ]
    return {
        "dossier": [{"dossier_id": name, "date_ouverture": opening} for name in names],
        "convention": [
            {"dossier_id": name, "convention_id": f"C{name}", "date_signature": date(2024, 2, 1)} for name in names
        ],
        "inscription": [
            {"dossier_id": name, "inscription_id": f"I{name}", "date_orientation": date(2024, 2, 3),
             "date_debut": date(2024, 3, 1), "date_fin": course, "statut": "TERMINE"}
            for name in names
        ],
        "test_langue": tests,
    }  # fmt: skip


def test_the_mix_of_public_is_taken_into_account(tmp_path: Path) -> None:
    """Of those who enter at A1.1, 8 of 20 reach A2 at CAI and 1 of 10 at CRIC: 9 of 30, 30 %.

    At A1: 6 of 10 at CAI and 15 of 20 at CRIC: 21 of 30, 70 %. CAI: 20 × 0.3 + 10 × 0.7 = 13 expected, 14 observed.
    CRIC: 10 × 0.3 + 20 × 0.7 = 17 expected, 16 observed. The plain shares (47 % and 53 %) say the contrary.
    """
    deposits = []
    for at, (centre, beginners, others) in enumerate((("CAI", (8, 20), (6, 10)), ("CRIC", (1, 10), (15, 20))), start=1):
        tables = learners("A1.1", *beginners, "D")
        for table, rows in learners("A1", *others, "E").items():
            tables[table] += rows
        deposits.append(
            stage(tmp_path / "extraits", centre, "2025-T4", tables, numero=at, debut_historique=date(2024, 1, 1))
        )
    common, folder, period = tmp_path / "commun", tmp_path / "observations", Period(2025, 4)
    common.mkdir()
    folder.mkdir()
    write_common(common, period, centres_in_force(deposits, period), [])
    write_observations(folder, common, period, [definitions()["I17"]])
    rows = {row["territoire"]: row for row in read_rows(folder / "comparaison.parquet") if row["periode"] == "2025"}
    assert rows["CAI"]["valeur"] == pytest.approx(46.666667)
    assert rows["CAI"]["valeur_attendue"] == pytest.approx(43.333333)
    assert rows["CAI"]["rapport"] == pytest.approx(14 / 13, abs=1e-6)
    assert rows["CRIC"]["valeur_attendue"] == pytest.approx(56.666667)
    assert rows["CRIC"]["rapport"] == pytest.approx(16 / 17, abs=1e-6)
    # 14 of 30, Wilson: (14 + 1.9207 ± 1.96 √(14 × 16 / 30 + 0.9604)) / 33.8415 = 0.3023 and 0.6386; × 30 / 13.
    assert rows["CAI"]["rapport_bas"] == pytest.approx(0.3023 * 30 / 13, abs=2e-3)
    assert rows["CAI"]["rapport_haut"] == pytest.approx(0.6386 * 30 / 13, abs=2e-3)


def test_a_cohort_is_standardised_by_its_mature_units_alone(tmp_path: Path) -> None:
    """Dossiers of 2022 (R2018), due 18 months later. Young ones (born 2000): 10 of 20 in time at CAI, 20 of 20 at CRIC.

    The others (born 1980): 6 of 10 at CAI, 8 of 20 at CRIC. Region: 30 of 40, 14 of 30. CAI expects 20 × 0.75 +
    10 × 14 / 30 = 19.666667 of 30, and has 16. 9 dossiers of CAI that open in December are not due on 31 March 2024.
    """
    deposits = []
    for at, (centre, young, others) in enumerate((("CAI", (10, 20), (6, 10)), ("CRIC", (20, 20), (8, 20))), start=1):
        tables: dict[str, list[dict[str, Any]]] = {"dossier": [], "attestation": []}
        for born, (reached, of) in ((2000, young), (1980, others)):
            names = [f"D{born}-{number}" for number in range(of)]
            tables["dossier"] += [
                {"dossier_id": name, "date_ouverture": date(2022, 1, 10), "annee_naissance": born} for name in names
            ]
            tables["attestation"] += [
                {"attestation_id": f"A{name}", "dossier_id": name, "date_delivrance": date(2023, 6, 1)}
                for name in names[:reached]
            ]
        if centre == "CAI":
            tables["dossier"] += [
                {"dossier_id": f"N{number}", "date_ouverture": date(2022, 12, 1)} for number in range(9)
            ]
        deposits.append(
            stage(tmp_path / "extraits", centre, "2024-T1", tables, numero=at, debut_historique=date(2022, 1, 1))
        )
    common, folder, period = tmp_path / "commun", tmp_path / "observations", Period(2024, 1)
    common.mkdir()
    folder.mkdir()
    write_common(common, period, centres_in_force(deposits, period), [])
    write_observations(folder, common, period, [definitions()["I22"]])
    rows = {row["territoire"]: row for row in read_rows(folder / "comparaison.parquet") if row["periode"] == "2022"}
    assert rows["CAI"]["valeur"] == pytest.approx(100 * 16 / 30, abs=1e-6)
    assert rows["CAI"]["valeur_attendue"] == pytest.approx(100 * 19.666667 / 30, abs=1e-5)
    assert rows["CAI"]["rapport"] == pytest.approx(16 / 19.666667, abs=1e-6)
    assert rows["CRIC"]["rapport"] == pytest.approx(28 / (20 * 0.75 + 20 * 14 / 30), abs=1e-6)
