"""The findings of simulated deposits are their planted mistakes, in every export habit, and nothing else."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

from intercentre.simulation import simulate
from intercentre.validation import validate_package
from schemas.exchanges.verdict import Decision, Verdict
from schemas.findings import Severity
from schemas.period import Period

Place = tuple[str | None, int | None, str | None, str]

pytestmark = pytest.mark.slow


def _judge(folder: Path, out: Path) -> Verdict:
    return validate_package(folder, centre=None, periode=None, today=date(2026, 10, 12), out=out)


def _deposits(root: Path) -> list[Path]:
    return sorted(path.parent for path in root.glob("*/*/manifeste.json"))


def test_clean_deposits_are_accepted_without_a_finding_above_information(tmp_path: Path) -> None:
    simulate(tmp_path / "depots", dossiers=400, periode=Period(2026, 3), graine=5)
    for folder in _deposits(tmp_path / "depots"):
        verdict = _judge(folder, tmp_path / "sortie")
        assert verdict.verdict is Decision.ACCEPTE, folder
        assert {found.severite for found in verdict.constats} <= {Severity.INFORMATION}, folder


def test_every_planted_mistake_is_found_at_its_place_and_nothing_else_is(tmp_path: Path) -> None:
    simulate(tmp_path / "depots", dossiers=500, periode=Period(2026, 3), periodes=2, graine=6, taux_erreurs=0.02)
    with (tmp_path / "depots" / "erreurs.csv").open(encoding="utf-8-sig", newline="") as stream:
        ledger: dict[tuple[str, str], set[Place]] = defaultdict(set)
        for row in csv.DictReader(stream, delimiter=";"):
            ledger[row["centre"], row["periode"]].add((row["fichier"], int(row["ligne"]), row["colonne"], row["code"]))
    folders = _deposits(tmp_path / "depots")
    assert len(folders) == 16
    assert sum(map(len, ledger.values())) > 100
    for folder in folders:
        verdict = _judge(folder, tmp_path / "sortie")
        found = {
            (each.fichier, each.ligne, each.colonne, each.code)
            for each in verdict.constats
            if each.severite is not Severity.INFORMATION
        }
        assert found == ledger[folder.parent.name, folder.name], folder
