"""Deposits of one centre that follow each other: coherent lives change nothing that may not change, and the hub and
the offline check say the same, byte for byte, beside the same deposit before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from intercentre.cli import main
from intercentre.core.hub import Hub
from intercentre.core.registry.tables import Depot, Journal
from intercentre.core.settings import Settings
from intercentre.pipeline import find_deposits, take_in
from intercentre.simulation import simulate
from schemas.exchanges.verdict import Verdict
from schemas.extracts import TABLES
from schemas.period import Period
from schemas.rules.cross_table import CROSS_TABLE_RULES
from tests.packages import csv_bytes
from tests.unit.simulated import canonical_rows, manifest, table_file

pytestmark = pytest.mark.slow
LAST, PERIODS = Period(2026, 3), 3
BETWEEN = {rule.finding.code for rule in CROSS_TABLE_RULES if rule.precedent}


def _hub(home: Path) -> Hub:
    """A hub of today, since the command checks as of today."""
    return Hub(Settings(home=home), now=lambda: datetime.now(UTC))


def _deposits(root: Path, *, taux_erreurs: float, graine: int) -> Path:
    simulate(
        root, dossiers=600, periode=LAST, periodes=PERIODS, graine=graine, taux_erreurs=taux_erreurs,
        centres=("CAI", "CRIC", "CRILUX"), habitudes="canonique",
    )  # fmt: skip
    return root


def _verdicts(hub: Hub) -> dict[tuple[str, str], str]:
    with hub.registry.read() as session:
        rows = session.execute(select(Depot)).scalars()
        return {(row.centre_code, row.periode): row.verdict or "" for row in rows}


def _say(_: str) -> None: ...


def test_coherent_lives_break_no_rule_between_deposits(tmp_path: Path) -> None:
    hub = _hub(tmp_path / "hub")
    take_in(hub, find_deposits(_deposits(tmp_path / "depots", taux_erreurs=0, graine=31)), _say)
    verdicts = {key: Verdict.model_validate_json(text) for key, text in _verdicts(hub).items()}
    assert len(verdicts) == 9
    assert {one.verdict.value for one in verdicts.values()} == {"accepte"}
    assert {found.code for one in verdicts.values() for found in one.constats} & BETWEEN == set()
    assert set(_precedents(hub)) == {
        (centre, before, after)
        for centre in ("CAI", "CRIC", "CRILUX")
        for before, after in ((None, "2026-T1"), ("2026-T1", "2026-T2"), ("2026-T2", "2026-T3"))
    }


def test_the_offline_check_beside_the_deposits_before_is_the_verdict_of_the_hub(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    root = _deposits(tmp_path / "depots", taux_erreurs=0.02, graine=32)
    for _, (first, second, third) in _chains(root):
        changed, vanished = _open_since(first)[:2]
        _rewrite(second, "dossier", changed, lambda row: [_a_year_younger(row)])
        for name, table in TABLES.items():
            if "dossier_id" in table.fields():
                _rewrite(third, name, vanished, lambda _: [])
    hub = _hub(tmp_path / "hub")
    take_in(hub, find_deposits(root), _say)
    known, codes = _verdicts(hub), set()
    for centre, chain in _chains(root):
        accepted: list[Path] = []
        for folder in chain:
            former = [argument for path in accepted for argument in ("--precedent", str(path))]
            main(["verifier", str(folder), *former, "--format", "json"])
            said, stored = capsysbinary.readouterr().out, known[centre, folder.name]
            assert said == stored.encode(), (centre, folder.name)
            verdict = Verdict.model_validate_json(stored)
            codes |= {found.code for found in verdict.constats}
            accepted += [folder] if verdict.is_accepted else []
    assert codes >= {"V57", "V58"}


def _open_since(folder: Path) -> list[str]:
    """Dossiers of a deposit that are still open in it, and whose year of birth is known."""
    return [
        row["dossier_id"]
        for row in canonical_rows(folder, "dossier")
        if not row["date_cloture"] and not row["motif_cloture"] and row["annee_naissance"].isdigit()
    ]


def _a_year_younger(row: dict[str, str]) -> dict[str, str]:
    return row | {"annee_naissance": str(int(row["annee_naissance"]) + 1)}


def _rewrite(folder: Path, table: str, dossier: str, change: Callable[[dict[str, str]], list[dict[str, str]]]) -> None:
    """The file of a table with the rows of one dossier made into others, and the manifest that says so."""
    if table not in {entry["nom"] for entry in manifest(folder)["tables"]}:
        return
    path = table_file(folder, table)
    if path is None:
        return
    rows = [
        other
        for row in canonical_rows(folder, table)
        for other in (change(row) if row["dossier_id"] == dossier else [row])
    ]
    path.write_bytes(csv_bytes(table, rows))
    described = manifest(folder)
    for entry in described["tables"]:
        if entry["nom"] == table:
            entry |= {"lignes": len(rows), "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    (folder / "manifeste.json").write_text(json.dumps(described), encoding="utf-8")


def _precedents(hub: Hub) -> Iterator[tuple[str, str | None, str]]:
    """(centre, period of the deposit before, period) as the journal tells it."""
    with hub.registry.read() as session:
        lines = session.execute(select(Journal).where(Journal.action == "depot_juge")).scalars().all()
    for line in lines:
        centre, *period = line.objet.split("-")
        before = json.loads(line.details)["precedent"]
        yield centre, "-".join(before.split("-")[1:3]) if before else None, "-".join(period[:2])


def _chains(root: Path) -> Iterator[tuple[str, list[Path]]]:
    for centre in sorted(path for path in root.iterdir() if path.is_dir()):
        yield centre.name, sorted(path for path in centre.iterdir() if path.is_dir())
