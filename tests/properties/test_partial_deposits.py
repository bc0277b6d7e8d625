"""Correcting every row in quarantine by partial deposits gives the rows that the corrected whole would have given."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intercentre.core.hub import Hub
from intercentre.core.settings import Settings
from intercentre.intake import receive_deposit
from intercentre.simulation import simulate
from intercentre.staging import stage_deposit
from intercentre.validation import validate_deposit, validate_package
from schemas.exchanges.verdict import Verdict
from schemas.extracts import TABLES
from schemas.period import Period
from tests.conftest import Clock

PERIODE = Period(2026, 3)
Rows = Mapping[str, list[dict[str, str]]]

pytestmark = pytest.mark.slow


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(graine=st.integers(1, 10_000), parts=st.integers(1, 3), order=st.randoms(use_true_random=False))
def test_partial_deposits_give_the_rows_of_the_corrected_whole(
    tmp_path_factory: pytest.TempPathFactory, graine: int, parts: int, order: Random
) -> None:
    """The rows set aside are corrected as they were before the mistakes were planted, in one to three deposits.

    The reference is the faulty deposit with only those rows corrected: a mistake that needs an explanation alone stays.
    """
    folder = tmp_path_factory.mktemp("partiels")
    right, faulty = _simulated(folder / "justes", graine, 0.0), _simulated(folder / "fautifs", graine, 0.015)
    hub = Hub(Settings(home=folder / "hub"), now=Clock())
    base, verdict = _deposit(hub, folder / "fautifs" / "CAI" / str(PERIODE))
    assert verdict.is_accepted
    aside = _aside(hub, base)
    whole = {name: list(_corrected(rows, right[name], aside.get(name, []))) for name, rows in faulty.items()}
    expected, judged = _judge_whole(folder, whole)
    corrections = [(name, line) for name, lines in aside.items() for line in lines]
    assert corrections
    order.shuffle(corrections)
    former = base
    for part in range(parts):
        mine = corrections[part::parts]
        if mine:
            package = _partial(folder / f"partiel-{part}", (base, former), mine, right, faulty)
            former, verdict = _deposit(hub, package) if package else (former, verdict)
            assert verdict.is_accepted, [found.code for found in verdict.constats][:5]
    assert verdict.quarantaine == judged.quarantaine
    for name in TABLES:
        path = hub.home.staged("CAI", PERIODE, former) / f"{name}.parquet"
        assert _rows(path, name, "true") == _rows(expected / "types" / f"{name}.parquet", name, "retenue"), name


def _simulated(folder: Path, graine: int, share: float) -> Rows:
    """The rows of one simulated centre's canonical deposit."""
    simulate(
        folder,
        dossiers=150,
        periode=PERIODE,
        graine=graine,
        taux_erreurs=share,
        centres=("CAI",),
        habitudes="canonique",
    )
    deposit = folder / "CAI" / str(PERIODE)
    tables = json.loads((deposit / "manifeste.json").read_text(encoding="utf-8"))["tables"]
    return {table["nom"]: list(_read(deposit / table["fichier"])) for table in tables if table["fichier"]}


def _read(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        yield from csv.DictReader(stream, delimiter=";")


def _write(path: Path, name: str, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(TABLES[name].fields()), restval="", delimiter=";", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _corrected(rows: list[dict[str, str]], right: list[dict[str, str]], aside: list[int]) -> Iterator[dict[str, str]]:
    """The rows, those set aside as they are right; a row that was there twice is there once."""
    for line, row in enumerate(rows, 2):
        if line not in aside:
            yield row
        elif line - 2 < len(right):
            yield right[line - 2]


def _deposit(hub: Hub, package: Path) -> tuple[str, Verdict]:
    receipt = receive_deposit(hub, package, centre="CAI", periode=PERIODE, canal="commande", acteur="essai")
    verdict = validate_deposit(hub, receipt.depot_id)
    stage_deposit(hub, receipt.depot_id)
    return receipt.depot_id, verdict


def _aside(hub: Hub, depot_id: str) -> dict[str, list[int]]:
    """Lines in quarantine of each table."""
    lines: dict[str, list[int]] = {}
    for path in sorted((hub.home.validated(depot_id) / "types").glob("*.parquet")):
        rows = duckdb.execute(
            "SELECT ligne FROM read_parquet($1) WHERE NOT retenue ORDER BY ligne", [str(path)]
        ).fetchall()
        lines[path.stem] = [line for (line,) in rows]
    return lines


def _partial(
    folder: Path, deposits: tuple[str, str], mine: list[tuple[str, int]], right: Rows, faulty: Rows
) -> Path | None:
    """A partial deposit that completes the second deposit with right rows for these lines of the first; None: nothing.

    The line is named where the key was the mistake; a row that was there twice leaves with the other of its key.
    """
    base, former = deposits
    brought: dict[str, list[dict[str, str]]] = {}
    named: dict[str, list[int]] = {}
    for name, line in mine:
        if line - 2 >= len(right[name]):
            continue
        row, was = right[name][line - 2], faulty[name][line - 2]
        brought.setdefault(name, []).append(row)
        if any(row[column] != was[column] for column in TABLES[name].contrat.key):
            named.setdefault(f"{base}/{name}", []).append(line)
    if not brought:
        return None
    folder.mkdir()
    for name, rows in brought.items():
        _write(folder / f"{name}.csv", name, rows)
    model = json.loads((folder.parent / "fautifs" / "CAI" / str(PERIODE) / "manifeste.json").read_text("utf-8"))
    changes = {"type_depot": "PARTIEL", "remplace_depot_id": former, "lignes_remplacees": named, "tables": []}
    (folder / "manifeste.json").write_text(json.dumps({**model, **changes}), encoding="utf-8")
    return folder


def _judge_whole(folder: Path, tables: Rows) -> tuple[Path, Verdict]:
    """Where the judgement of these whole tables lies, and its verdict."""
    package, out = folder / "corrige", folder / "sortie"
    package.mkdir()
    for name, rows in tables.items():
        _write(package / f"{name}.csv", name, rows)
    today = date(2026, 10, 12)
    return out, validate_package(package, centre="CAI", periode=PERIODE, today=today, out=out)


def _rows(path: Path, name: str, condition: str) -> Counter[tuple[Any, ...]]:
    """The rows of a table that count, without their origin."""
    columns = ", ".join(TABLES[name].fields())
    return Counter(duckdb.execute(f"SELECT {columns} FROM read_parquet($1) WHERE {condition}", [str(path)]).fetchall())
