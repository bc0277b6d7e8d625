"""The cases of tests/indicators/Ixx.yml: rows of the extracts, and the figures that a person worked out from them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from intercentre.core import engine as core_engine
from intercentre.harmonisation.deposits import centres_in_force, official_deposits
from intercentre.harmonisation.harmonise import write_common
from intercentre.harmonisation.record import AgreedVersion, ReceivedDeposit, Record
from intercentre.indicators.compute import write_observations
from schemas.extracts import TABLES
from schemas.indicators import breakdowns, definitions
from schemas.nomenclatures import nomenclature
from schemas.period import Period
from tests.staged import read_rows, stage

_FOLDER = Path(__file__).parent
_CASES = [
    (path.stem, case)
    for path in sorted(_FOLDER.glob("I*.yml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]
# What large volumes count centre by centre must not depend on the other centres.
_COUNTED_APART = [
    (code, case)
    for code, case in _CASES
    if definitions()[code].portee == "centre" and len({one["centre"] for one in case["depots"]}) > 1
]
_LEAST = 5
_IDENTIFIERS = ("dossier_id", "test_id", "convention_id", "inscription_id", "attestation_id")


def observe(case: dict[str, Any], codes: list[str], tmp_path: Path) -> list[dict[str, Any]]:
    """The observations of the case's deposits, for the indicators named."""
    period = Period.parse(case["periode"])
    deposits = [
        stage(
            tmp_path / "extraits",
            one["centre"],
            str(one.get("periode", case["periode"])),
            {table: repeated(one[table]) for table in TABLES if table in one},
            numero=at,
            sequence=one.get("sequence", at),
            date_etat=one.get("date_etat"),
            debut_historique=one.get("debut_historique", case.get("debut_historique")),
            debuts_par_table=one.get("debuts_par_table"),
        )
        for at, one in enumerate(all_deposits(case), start=1)
    ]
    common, folder = tmp_path / "commun", tmp_path / "observations"
    common.mkdir()
    folder.mkdir()
    in_force, officials = centres_in_force(deposits, period), official_deposits(deposits, period)
    write_common(common, period, in_force, officials, remembered(case))
    write_observations(folder, common, period, [definitions()[code] for code in codes])
    return read_rows(folder / "observations.parquet")


def repeated(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows, each as many times as its `fois` says: the copies of dossier D are D-1, D-2 and so on."""
    found = []
    for row in rows:
        given = {name: value for name, value in row.items() if name != "fois"}
        if "fois" not in row:
            found.append(given)
        found += [
            given | {name: f"{given[name]}-{number}" for name in _IDENTIFIERS if name in given}
            for number in range(1, row.get("fois", 0) + 1)
        ]
    return found


def remembered(case: dict[str, Any]) -> Record:
    """What the registry would say: the deposits with a `recu_le`, the agreements of earlier releases."""
    deposits = [
        ReceivedDeposit(
            one["centre"],
            Period.parse(str(one.get("periode", case["periode"]))),
            (Period.parse(str(one.get("periode", case["periode"]))).fin, one.get("sequence", at), at),
            one["recu_le"],
            tuple((table, *counts) for table, counts in one.get("verdict", {}).items()),
        )
        for at, one in enumerate(all_deposits(case), start=1)
        if "recu_le" in one
    ]
    agreed = [
        AgreedVersion(
            one["centre"],
            Period.parse(str(one["periode"])),
            code,
            definitions()[code].version if version == "actuelle" else version,
            code not in one.get("reserves", []),
        )
        for one in case.get("accords", [])
        for code, version in one["versions"].items()
    ]
    return Record(tuple(deposits), tuple(agreed))


def all_deposits(case: dict[str, Any]) -> list[dict[str, Any]]:
    """The case's deposits; with `tous_presents`, an empty one for each centre that has none."""
    given = list(case["depots"])
    if case.get("tous_presents"):
        present = {one["centre"] for one in given}
        given += [{"centre": code} for code in nomenclature("centre").entries if code not in present]
    return given


def matches(row: dict[str, Any], wanted: dict[str, Any]) -> bool:
    """True when the row has every value wanted; the total is meant where no dimension is named."""
    named = {"dimension": "_T", "modalite": "_T"} | wanted
    for column, value in named.items():
        found = row[column]
        if isinstance(value, int | float) and column in ("valeur", "numerateur", "denominateur", "effectif"):
            if found is None or abs(found - value) > 1e-6:
                return False
        elif found is None or value is None:
            if found is not value:
                return False
        elif str(found) != str(value):
            return False
    return True


@pytest.mark.parametrize(
    ("code", "case", "one_core_each"),
    [
        *(pytest.param(*one, core_engine.ONE_CORE_EACH, id=f"{one[0]}-{one[1]['cas']}") for one in _CASES),
        *(pytest.param(*one, -1, id=f"{one[0]}-{one[1]['cas']}-apart_by_centre") for one in _COUNTED_APART),
    ],
)
def test_figures_are_those_worked_out_by_hand(
    code: str, case: dict[str, Any], one_core_each: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(core_engine, "ONE_CORE_EACH", one_core_each)
    # I02 and I54 are checked against each other by the product itself, so they come together; I62 is made from others.
    sources = breakdowns()["indicateur_compare"].modalites if code == "I62" else ()
    rows = [row for row in observe(case, sorted({code, "I02", "I54", *sources}), tmp_path) if row["indicateur"] == code]
    assert case["attendu"], "a case without an expected figure tests nothing"
    for wanted in case["attendu"]:
        place = {key: wanted[key] for key in ("periode", "territoire", "dimension", "modalite") if key in wanted}
        near = [row for row in rows if matches(row, place)]
        assert sum(matches(row, wanted) for row in near) == 1, (wanted, near)
    for unwanted in case.get("absent", []):
        assert not [row for row in rows if matches(row, unwanted)], unwanted


def test_every_indicator_has_its_cases() -> None:
    counted = {path.stem: len(yaml.safe_load(path.read_text(encoding="utf-8"))) for path in _FOLDER.glob("I*.yml")}
    assert set(counted) == set(definitions())
    assert {code: count for code, count in counted.items() if count < _LEAST} == {}
