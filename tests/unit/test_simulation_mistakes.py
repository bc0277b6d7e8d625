"""Planted mistakes: the ledger's lines exist, and validation finds exactly what the ledger announces."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from intercentre.simulation import simulate
from intercentre.simulation.mistake_kinds import KINDS
from intercentre.validation import validate_package
from schemas.extracts import TABLES
from schemas.oracle import judge
from schemas.period import Period
from schemas.rules import catalogue
from tests.unit.simulated import CENTRES, grid, manifest

T3 = Period(2026, 3)
TODAY = date(2026, 10, 15)
BETWEEN_ROWS = {"CTR-007", "V41", "V44", "V50", "V51", "V52", "V54", "V56", "V65"}
Place = tuple[str, int, str, str]


def ledger(folder: Path) -> list[dict[str, str]]:
    with (folder / "erreurs.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("erreurs") / "s"
    simulate(folder, dossiers=2400, periode=T3, graine=21, taux_erreurs=0.04, habitudes="canonique")
    return folder


def test_a_ledger_line_points_at_a_cell(planted: Path) -> None:
    entries = ledger(planted)
    assert len(entries) > 500
    for entry in entries:
        path = planted / entry["centre"] / entry["periode"] / entry["fichier"]
        lines = grid(path, path.stem)
        assert 2 <= int(entry["ligne"]) <= len(lines)
        assert entry["colonne"] in lines[0]
        assert entry["code"] in catalogue()


def test_the_contract_judges_each_planted_row_as_announced(planted: Path) -> None:
    """Codes of one row, by the oracle; those between rows are left to validation."""
    files = {(entry["centre"], entry["fichier"]) for entry in ledger(planted)}
    announced = {
        (entry["centre"], entry["fichier"], int(entry["ligne"])): (entry["code"], entry["colonne"])
        for entry in ledger(planted)
        if entry["code"] not in BETWEEN_ROWS
    }
    judged = 0
    for centre, file in sorted(files):
        header, *lines = grid(planted / centre / "2026-T3" / file, file.removesuffix(".csv"))
        for place, line in enumerate(lines, start=2):
            row = dict(zip(header, line, strict=True))
            found = judge(TABLES[file.removesuffix(".csv")], row, T3.fin).findings
            expected = announced.get((centre, file, place))
            assert found == ({expected} if expected else set())
            judged += expected is not None
    assert judged == len(announced) > 300


def test_the_share_of_wrong_rows_is_the_one_asked_for(planted: Path) -> None:
    wrong = Counter((entry["centre"], entry["fichier"]) for entry in ledger(planted))
    for centre in CENTRES:
        for table in manifest(planted / centre / "2026-T3")["tables"]:
            if table["lignes"] > 100:
                share = wrong[centre, table["fichier"]] / table["lignes"]
                assert 0.03 < share <= 0.04


def test_the_usual_mistakes_are_all_there(planted: Path) -> None:
    codes = Counter(entry["code"] for entry in ledger(planted))
    usual = "CTR-001 CTR-002 CTR-003 CTR-004 CTR-005 CTR-007 CTR-008 V15 V17 V18 V20 V21 V22 V23 V24 V25 V26 V27"
    more = "V29 V30 V31 V33 V34 V35 V36 V36-E V37 V41 V44 V50"
    of_centres = "CTR-021 CTR-022 V37-D V38 V38-E V39 V39-A V51 V52 V53 V54 V56"
    assert set(codes) >= set(f"{usual} {more} {of_centres}".split())


def test_every_table_has_kinds_of_its_own_and_every_reference_one_that_misses_it() -> None:
    assert {kind.table for kind in KINDS if not kind.twice} == set(TABLES)
    assert {kind.table for kind in KINDS if kind.twice} == set(TABLES)
    missed = {(kind.table, kind.colonne) for kind in KINDS if kind.code == "V41"}
    assert missed >= {
        ("dossier", "bureau_id"),
        ("inscription", "operateur_id"),
        ("inscription", "session_id"),
        ("session_offre", "operateur_id"),
        ("partenariat", "operateur_id"),
        ("accompagnement_ili", "operateur_id"),
    }


def _findings(deposit: Path, out: Path) -> tuple[str, Counter[Place]]:
    verdict = validate_package(
        deposit, centre=deposit.parent.name, periode=T3, today=TODAY, out=out, seuil_quarantaine=0.5
    )
    grave = [found for found in verdict.constats if found.severite != "information"]
    return verdict.verdict, Counter(
        (str(found.fichier), found.ligne or 0, str(found.colonne), found.code) for found in grave
    )


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.0, 0.02, 0.15])
def test_validation_finds_the_ledger_and_nothing_else(tmp_path: Path, share: float) -> None:
    """Every habit; no finding above information when nothing is planted."""
    simulate(tmp_path / "s", dossiers=700, periode=T3, graine=33, taux_erreurs=share)
    announced: dict[str, Counter[Place]] = {centre: Counter() for centre in CENTRES}
    for entry in ledger(tmp_path / "s"):
        announced[entry["centre"]][entry["fichier"], int(entry["ligne"]), entry["colonne"], entry["code"]] += 1
    for centre in CENTRES:
        verdict, found = _findings(tmp_path / "s" / centre / "2026-T3", tmp_path / "v" / centre)
        assert found == announced[centre]
        assert verdict == ("accepte_avec_quarantaine" if announced[centre] else "accepte")
