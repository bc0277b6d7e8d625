"""The findings of simulated deposits are their planted mistakes, in every export habit, and nothing else."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path
from typing import Literal

import pytest

from intercentre.simulation import simulate
from intercentre.validation import validate_package
from schemas.exchanges.verdict import Decision, Verdict
from schemas.extracts import TABLES
from schemas.findings import Severity
from schemas.period import Period

Place = tuple[str | None, int | None, str | None, str]

pytestmark = pytest.mark.slow


def _judge(folder: Path, out: Path) -> Verdict:
    return validate_package(folder, centre=None, periode=None, today=date(2026, 10, 12), out=out, seuil_quarantaine=1.0)


def _deposits(root: Path) -> list[Path]:
    return sorted(path.parent for path in root.glob("*/*/manifeste.json"))


@pytest.mark.parametrize("habitudes", ["reelles", "canonique"])
def test_clean_deposits_are_accepted_without_a_finding_above_information(
    tmp_path: Path, habitudes: Literal["reelles", "canonique"]
) -> None:
    simulate(tmp_path / "depots", dossiers=400, periode=Period(2026, 3), graine=5, habitudes=habitudes)
    for folder in _deposits(tmp_path / "depots"):
        verdict = _judge(folder, tmp_path / "sortie")
        assert verdict.verdict is Decision.ACCEPTE, folder
        assert {found.severite for found in verdict.constats} <= {Severity.INFORMATION}, folder
        assert verdict.niveau == (LEVELS[verdict.centre] if habitudes == "reelles" else 3)


# One centre starts with the journey alone, two have reached the second level; the others deposit every table.
LEVELS = {"CRVI": 1, "CRIBW": 2, "CRILUX": 2, "CAI": 3, "CERAIC": 3, "CIMB": 3, "CRIC": 3, "CRIPEL": 3}


@pytest.mark.parametrize("habitudes", ["reelles", "canonique"])
@pytest.mark.parametrize(("periodes", "taux", "least"), [(2, 0.02, 700), (1, 0.3, 5000)])
def test_every_planted_mistake_is_found_at_its_place_and_nothing_else_is(
    tmp_path: Path, habitudes: Literal["reelles", "canonique"], periodes: int, taux: float, least: int
) -> None:
    simulate(
        tmp_path / "depots",
        dossiers=500,
        periode=Period(2026, 3),
        periodes=periodes,
        graine=6,
        taux_erreurs=taux,
        habitudes=habitudes,
    )
    with (tmp_path / "depots" / "erreurs.csv").open(encoding="utf-8-sig", newline="") as stream:
        ledger: dict[tuple[str, str], Counter[Place]] = defaultdict(Counter)
        for row in csv.DictReader(stream, delimiter=";"):
            place = (row["fichier"], int(row["ligne"]), row["colonne"], row["code"])
            ledger[row["centre"], row["periode"]][place] += 1
    folders = _deposits(tmp_path / "depots")
    assert len(folders) == 8 * periodes
    assert sum(counted.total() for counted in ledger.values()) > least
    tables: set[str | None] = set()
    for folder in folders:
        verdict = _judge(folder, tmp_path / "sortie")
        grave = [each for each in verdict.constats if each.severite is not Severity.INFORMATION]
        places = Counter((each.fichier, each.ligne, each.colonne, each.code) for each in grave)
        assert places == ledger[folder.parent.name, folder.name], folder
        tables |= {each.table for each in grave}
    assert len(tables) > 15
    assert taux < 0.1 or tables == set(TABLES)
