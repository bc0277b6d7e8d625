"""The fields in which a value is always expected, as completude.yml lists them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from schemas.indicators.definition import read_mapping

_FILE = Path(__file__).parent / "completude.yml"


@dataclass(frozen=True, slots=True)
class ExpectedFields:
    """What is expected of one table.

    date    the field whose day or month says when a row counts
    champs  field → codes that mean "not known"
    """

    table: str
    date: str
    champs: Mapping[str, tuple[str, ...]]


@cache
def expected_fields() -> tuple[ExpectedFields, ...]:
    """One entry per table that is looked at, in the order of the file."""
    found = []
    for table, facts in read_mapping(_FILE).items():
        if not isinstance(facts, dict):
            raise TypeError(f"{table}: a mapping is expected")
        fields = {name: tuple(codes) for name, codes in facts["champs"].items()}
        found.append(ExpectedFields(table, facts["date"], fields))
    return tuple(found)
