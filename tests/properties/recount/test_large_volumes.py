"""Large volumes are kept and counted centre by centre: not a byte of the figures may change for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from intercentre.core import engine as core_engine
from intercentre.core.hub import Hub
from intercentre.core.tables import tables_in
from intercentre.harmonisation.deposits import accepted_deposits, centres_in_force, official_deposits
from intercentre.harmonisation.harmonise import write_common
from intercentre.harmonisation.record import read_record
from intercentre.indicators.compute import write_observations
from schemas.indicators import definitions
from tests.properties.recount.conftest import PERIOD
from tests.staged import read_rows

pytestmark = pytest.mark.slow

EIGHT = {"CAI", "CERAIC", "CIMB", "CRIBW", "CRIC", "CRILUX", "CRIPEL", "CRVI"}


@pytest.fixture(scope="module")
def apart(computing_hub: Hub, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The common tables of the hub's deposits, made as if there were a great many rows."""
    folder, deposits = tmp_path_factory.mktemp("commun"), accepted_deposits(computing_hub)
    officials, record = official_deposits(deposits, PERIOD), read_record(computing_hub, PERIOD)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(core_engine, "ONE_CORE_EACH", -1)
        write_common(folder, PERIOD, centres_in_force(deposits, PERIOD), officials, record)
    return folder


def observe(apart: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, **scopes: str) -> dict[str, bytes]:
    """File → bytes of the observations; `scopes` replaces what definitions say of theirs."""
    chosen = [
        one.model_copy(update={"portee": scopes[one.code]}) if one.code in scopes else one
        for one in definitions().values()
    ]
    monkeypatch.setattr(core_engine, "ONE_CORE_EACH", -1)
    folder.mkdir()
    write_observations(folder, apart, PERIOD, chosen)
    return {path.name: path.read_bytes() for path in folder.glob("*.parquet")}


def test_the_rows_that_lie_apart_by_centre_are_those_of_the_whole_table(apart: Path, computing_hub: Hub) -> None:
    whole, split = tables_in(computing_hub.home.common(PERIOD)), tables_in(apart)
    assert list(whole) == list(split)
    assert {path.stem for path in split["dossier"]} == EIGHT
    assert split["stat_locale"] == (apart / "stat_locale.parquet",), "official figures are of no centre"
    for table, files in split.items():
        rows = [row for path in files for row in read_rows(path)]
        assert sorted(map(repr, rows)) == sorted(map(repr, read_rows(*whole[table]))), table
        for path in files:
            assert len(files) == 1 or {row["centre_code"] for row in read_rows(path)} <= {path.stem}


def test_counting_centre_by_centre_changes_no_byte(
    apart: Path, computing_hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {path.name: path.read_bytes() for path in computing_hub.home.observations(PERIOD).glob("*.parquet")}
    assert len(before) == 5
    assert observe(apart, tmp_path / "observations", monkeypatch) == before


@pytest.mark.parametrize("code", ["I06", "I30", "I56"])
def test_what_bears_on_several_centres_could_not_be_counted_so(
    apart: Path, computing_hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    """The test above would tell of a definition that is wrongly said to be of one centre."""
    before = (computing_hub.home.observations(PERIOD) / "observations.parquet").read_bytes()
    assert definitions()[code].portee == "region"
    assert observe(apart, tmp_path / "observations", monkeypatch, **{code: "centre"})["observations.parquet"] != before


def test_double_counts_looked_for_centre_by_centre_would_not_be_found(
    apart: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    observe(apart, tmp_path / "observations", monkeypatch, I54="centre")
    lines = read_rows(tmp_path / "observations" / "additivite.parquet")
    assert any(line["somme_centres"] - line["doublons"] != line["region"] for line in lines)
