"""What is kept of Great Expectations' answers as evidence: the same answers give the same bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

_BOUNDS = ("min_value", "max_value")


def gx_answers(answers: Sequence[Mapping[str, Any]], **about: str) -> dict[str, Any]:
    """gx.json: the version, what it is about, how many were evaluated and kept, and the answers in their order."""
    return {
        "great_expectations": version("great_expectations"),
        **about,
        "statistics": {
            "evaluated_expectations": len(answers),
            "successful_expectations": sum(answer["success"] for answer in answers),
        },
        "results": list(answers),
    }


def kept_answer(result: Mapping[str, Any], *, without_bounds: bool = False) -> dict[str, Any]:
    """One answer without the times and identifiers of the run, and without bounds that nobody may see."""
    config = result["expectation_config"]
    kept = {name: value for name, value in config["kwargs"].items() if not (without_bounds and name in _BOUNDS)}
    return {
        "success": result["success"],
        "expectation_config": {"type": config["type"], "kwargs": kept, "meta": config["meta"]},
        "result": result["result"],
        "exception_info": result["exception_info"],
    }
