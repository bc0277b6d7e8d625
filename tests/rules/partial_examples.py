"""Partial deposits that break a rule on them, and partial deposits that just keep it, by finding code.

Each completes one deposit of 200 dossiers; lines 5 (a code that does not exist) and 6 (an unreadable key) are in
quarantine. An example is the rows brought (number of the dossier -> changes) and changes to the manifest; `former`
names deposits made before, the last one being the one completed unless the manifest says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Place = tuple[str | None, int | None, str | None]  # table, ligne, colonne
FAULTS: dict[int, dict[str, str]] = {3: {"sexe": "Femme"}, 4: {"dossier_id": "D 5"}}
NOWHERE: Place = (None, None, None)


@dataclass(frozen=True)
class Example:
    """Rows of dossier, changes to the manifest, faults of each deposit made before, place expected."""

    rows: Mapping[int, Mapping[str, str]]
    changes: Mapping[str, Any] = field(default_factory=dict)
    former: tuple[Mapping[int, Mapping[str, str]], ...] = (FAULTS,)
    place: Place = NOWHERE


FIRST = "PREMIER"  # stands for the number of the first deposit

FAILING: dict[str, list[Example]] = {
    "V08-P": [
        Example({4: {}}, {"remplace_depot_id": None}),
        Example({4: {}}, {"remplace_depot_id": "CAI-2026-T3-000000000000"}),
        Example({4: {}}, former=({n: {"sexe": "Femme"} for n in range(100)},)),  # refused: too many rows to put right
    ],
    "V08-S": [Example({4: {}}, {"remplace_depot_id": FIRST}, former=(FAULTS, FAULTS))],
    "V08-Q": [Example({4: {}}, former=({},))],
    "V08-E": [Example({4: {}}, {"date_etat": "2026-10-01"})],
    "QUA-002": [
        Example({4: {}, 1: {}}, place=("dossier", 3, "dossier_id")),
        Example({201: {}}, place=("dossier", 2, "dossier_id")),
        # the key was put right, but no line is named
        Example({5: {}}, place=("dossier", 2, "dossier_id")),
    ],
    "QUA-003": [
        Example({4: {}}, {"lignes_remplacees": {"dossier": [7]}}, place=("dossier", None, None)),
        Example({4: {}}, {"lignes_remplacees": {"CAI-2026-T3-0/dossier": [6]}}, place=("dossier", None, None)),
    ],
    "QUA-004": [Example({4: {}}, {"lignes_remplacees": {"dossier": [6]}}, place=("dossier", None, None))],
}

PASSING: dict[str, list[Example]] = {
    "V08-P": [Example({4: {}})],
    "V08-S": [Example({4: {}}, former=(FAULTS, FAULTS))],
    "V08-Q": [Example({4: {}})],
    "V08-E": [Example({4: {}})],
    "QUA-002": [
        Example({4: {}}),
        Example({5: {}}, {"lignes_remplacees": {"dossier": [6]}}),
    ],
    "QUA-003": [Example({4: {}, 5: {}}, {"lignes_remplacees": {"dossier": [5, 6]}})],
    "QUA-004": [Example({5: {}}, {"lignes_remplacees": {"dossier": [6]}})],
}
