"""The ledger of the definitions' versions (`versions.csv`): what a version meant stays what it means.

A line is one version of one definition and its fingerprint. Its date is the day since which the version is in use: from
then on the line never changes. A line without a date is a version still in the making, which follows its definition.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import date
from pathlib import Path

from schemas.indicators.definition import Definition

LEDGER = Path(__file__).parent / "versions.csv"


@dataclass(frozen=True, slots=True)
class RegisteredVersion:
    """One version of one definition; `date` is ISO, empty while it is in the making."""

    code: str
    version: str
    empreinte: str
    date: str

    @property
    def rank(self) -> tuple[int, ...]:
        return tuple(int(part) for part in self.version.split("."))


def read_ledger(text: str) -> list[RegisteredVersion]:
    """The lines of a ledger, in its order."""
    return [RegisteredVersion(**row) for row in csv.DictReader(io.StringIO(text), delimiter=";")]


def ledger_text(lines: Iterable[RegisteredVersion]) -> str:
    """The ledger as it is written, by code and then by version."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow([one.name for one in fields(RegisteredVersion)])
    writer.writerows(astuple(line) for line in sorted(lines, key=lambda line: (line.code, line.rank)))
    return out.getvalue()


def follow(ledger: Sequence[RegisteredVersion], definitions: Iterable[Definition]) -> list[RegisteredVersion]:
    """The ledger once its lines without a date say what the definitions say now; dated lines stay as they are."""
    dated = {(line.code, line.version): line for line in ledger if line.date}
    present = [RegisteredVersion(one.code, one.version, one.fingerprint, "") for one in definitions]
    return [*dated.values(), *(line for line in present if (line.code, line.version) not in dated)]


def put_in_use(ledger: Iterable[RegisteredVersion], day: date) -> list[RegisteredVersion]:
    """The ledger once every version in the making is in use since `day`."""
    return [
        line if line.date else RegisteredVersion(line.code, line.version, line.empreinte, day.isoformat())
        for line in ledger
    ]


def disagreements(ledger: Sequence[RegisteredVersion], definitions: Iterable[Definition]) -> Iterator[str]:
    """Why the definitions and the ledger do not say the same, one sentence each: nothing when they do."""
    for one in definitions:
        lines = [line for line in ledger if line.code == one.code]
        same = [line for line in lines if line.version == one.version]
        if len(same) != 1:
            yield f"{one.code}: version {one.version} stands {len(same)} times in the ledger (`make docs` writes it)"
        elif same[0].empreinte != one.fingerprint:
            yield f"{one.code}: version {one.version} means something else since {same[0].date or 'now'}: raise it"
        elif any(line.rank > same[0].rank for line in lines):
            yield f"{one.code}: version {one.version} is below a version that the ledger knows"


def lost_lines(before: Sequence[RegisteredVersion], after: Sequence[RegisteredVersion]) -> list[RegisteredVersion]:
    """The dated lines of an earlier ledger that a later one does not hold as they were."""
    return [line for line in before if line.date and line not in after]
