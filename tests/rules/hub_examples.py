"""Deposits that only the hub can judge, because it knows those that came before (V08, V09).

Each example is a sequence of deposits of one centre and period, as changes to a plain manifest and to one cell; the
last one is judged. `accepted` names, in `remplace_depot_id`, the deposit accepted before.
"""

from __future__ import annotations

from typing import Any

Deposits = list[dict[str, Any]]

FAILING: dict[str, list[Deposits]] = {
    "V08": [
        [{"type_depot": "RECTIFICATIF"}],
        [{}, {"sequence": 2, "type_depot": "RECTIFICATIF"}],
        [{}, {"sequence": 2, "type_depot": "RECTIFICATIF", "remplace_depot_id": "CAI-2026-T3-000000000000"}],
        # the deposit named was refused
        [{"schema_version": "9.0.0"}, {"sequence": 2, "type_depot": "RECTIFICATIF", "remplace_depot_id": "PRECEDENT"}],
    ],
    "V09": [
        [{"sequence": 4}, {"sequence": 4}],
        [{"sequence": 4}, {"sequence": 3}],
        [{"sequence": 4}, {"sequence": 5}, {"sequence": 4}],
    ],
}

PASSING: dict[str, list[Deposits]] = {
    "V08": [
        [{}, {"sequence": 2, "type_depot": "RECTIFICATIF", "remplace_depot_id": "PRECEDENT"}],
        [{}],
    ],
    "V09": [
        [{"sequence": 4}, {"sequence": 5}],
        # a refused deposit blocks nothing
        [{"sequence": 900, "centre_code": "CRIC"}, {"sequence": 1}],
    ],
}
