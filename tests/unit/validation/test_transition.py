"""Two versions of the contract side by side: each deposit by its own, until the former one ends."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from intercentre.core.hub import Hub
from intercentre.intake import receive_deposit
from intercentre.validation import validate_deposit
from schemas.editions import EDITIONS, edition_of
from schemas.exchanges.verdict import Verdict
from schemas.period import Period
from tests.conftest import Clock
from tests.packages import CENTRE, files, with_manifest, write_zip


def _verdict(hub: Hub, folder: Path, version: str) -> Verdict:
    """The verdict on a plain deposit of this version, of a period that is over whatever the clock says."""
    package = write_zip(folder / f"{version}.zip", with_manifest(files(), schema_version=version))
    receipt = receive_deposit(hub, package, centre=CENTRE, periode=Period(2026, 3), canal="commande", acteur="essai")
    return validate_deposit(hub, receipt.depot_id)


def _version_findings(verdict: Verdict) -> list[str]:
    return [found.message for found in verdict.constats if found.code == "V01"]


@pytest.mark.parametrize(
    ("day", "version", "use"),
    [
        (date(2027, 6, 30), "1.0.0", None),  # its last day
        (date(2027, 7, 1), "1.0.0", "1.1.0"),
        (date(2027, 7, 1), "1.0.7", "1.1.0"),
        (date(2027, 7, 1), "1.1.0", None),
        (date(2026, 10, 12), "1.1.0", None),
        (date(2026, 10, 12), "1.2.0", "1.1.0"),  # newer than any known one
        (date(2026, 10, 12), "0.9.0", "1.1.0"),
    ],
)
def test_a_version_is_accepted_until_its_day(
    hub: Hub, clock: Clock, tmp_path: Path, day: date, version: str, use: str | None
) -> None:
    clock.instant = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    told = _version_findings(_verdict(hub, tmp_path, version))
    assert (told == []) is (use is None)
    assert use is None or f"employez la version {use}" in told[0]


def test_a_patch_is_judged_by_its_edition() -> None:
    assert edition_of("1.0.7") is EDITIONS["1.0.0"]
    assert edition_of("1.1.0") is EDITIONS["1.1.0"]
    assert edition_of("2.0.0") is None
