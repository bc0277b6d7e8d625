"""The versions of the contract that the hub accepts: which tables and rules each has, and until when.

The days stand in schemas/nomenclatures/version_contrat.csv; a version is the difference with the one before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from schemas.contract import Extract
from schemas.extracts import TABLES, TABLES_1_0, VERSION_CONTRAT
from schemas.nomenclatures import nomenclature
from schemas.rules.cross_table import CROSS_TABLE_RULES, CrossTableRule


@dataclass(frozen=True, eq=False)
class Edition:
    """One version of the contract.

    tables          name → class, in the order of their numbers
    rules           rules between rows and tables, those of earlier versions included
    accepted_from   first day on which a deposit of this version may be received
    accepted_until  last day, None while no later version replaces it
    """

    version: str
    tables: Mapping[str, type[Extract]]
    rules: tuple[CrossTableRule, ...]
    accepted_from: date
    accepted_until: date | None

    def accepts(self, day: date) -> bool:
        """Whether a deposit of this version may be received on `day`."""
        return self.accepted_from <= day and (self.accepted_until is None or day <= self.accepted_until)


def version_key(version: str) -> tuple[int, ...]:
    """The order of version numbers: 1.10.0 comes after 1.9.0."""
    return tuple(map(int, version.split(".")))


def _edition(version: str, tables: Mapping[str, type[Extract]]) -> Edition:
    entry = nomenclature("version_contrat").entries[version]
    rules = tuple(rule for rule in CROSS_TABLE_RULES if version_key(rule.depuis) <= version_key(version))
    return Edition(version, tables, rules, entry.valide_du, entry.valide_au)


EDITIONS: Mapping[str, Edition] = {
    edition.version: edition for edition in (_edition("1.0.0", TABLES_1_0), _edition(VERSION_CONTRAT, TABLES))
}
CURRENT = EDITIONS[VERSION_CONTRAT]


def edition_of(version: str) -> Edition | None:
    """The edition that a deposit of this version is judged by: a patch changes no verdict; None for an unknown one."""
    same = [edition for edition in EDITIONS.values() if version_key(edition.version)[:2] == version_key(version)[:2]]
    return max(same, key=lambda edition: version_key(edition.version), default=None)


def version_to_use(day: date) -> str:
    """The latest version of which a deposit may be received on `day`."""
    accepted = [edition.version for edition in EDITIONS.values() if edition.accepts(day)]
    return max(accepted, key=version_key, default=CURRENT.version)
