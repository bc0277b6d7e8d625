"""The expectations at the two gates of a period, as data: `attentes.yml`, each with its reason, role and date."""

from __future__ import annotations

from schemas.gates.expectations import Expectation, Gate, GateExpectations, Range, gate_expectations, read_expectations

__all__ = ["Expectation", "Gate", "GateExpectations", "Range", "gate_expectations", "read_expectations"]
