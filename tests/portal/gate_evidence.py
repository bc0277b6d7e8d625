"""Evidence of a gate as the room writes it, without Great Expectations: what its answers would be."""

from __future__ import annotations

from pathlib import Path

from intercentre.core.hub import Hub
from intercentre.core.passage import gate_folder
from intercentre.gates.documents import record_of, write_evidence
from intercentre.gates.judgement import Measured, judge
from schemas.gates import Gate, gate_expectations
from schemas.period import Period

BROKEN: dict[str, list[Measured]] = {
    "POR-101": [("I04, 2026-T3", 3.0), ("I05, 2026-T3", 0.0)],
    "POR-107": [(f"I01, 2026-T{quarter}, CERAIC", -12.5) for quarter in (1, 2)],
}


def write_gate(
    hub: Hub, periode: Period, porte: Gate, broken: dict[str, list[Measured]], entrees: str = "0" * 64
) -> Path:
    """The evidence of a gate whose expectations hold but those in `broken`, which have the measures given.

    entrees  SHA-256 of what it is about; nothing that there is, unless it is given
    """
    limits, folder = gate_expectations(), gate_folder(hub, periode, porte)
    asked = limits.at(porte)
    measured = {code: broken.get(code, [("CAI", one.minimum or 0.0)]) for code, one in asked.items()}
    outcomes = judge(asked, measured, {code: code not in broken for code in asked})
    folder.mkdir(parents=True)
    answers = {
        one.code: {
            "success": one.code not in broken,
            "expectation_config": {"type": "expect_column_values_to_be_between", "kwargs": {}, "meta": {}},
            "result": {},
            "exception_info": {},
        }
        for one in outcomes
    }
    write_evidence(folder, record_of(periode, porte, limits, entrees, "0" * 64, outcomes), outcomes, answers)
    return folder
