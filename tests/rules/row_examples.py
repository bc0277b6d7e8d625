"""The examples of rules on rows: one YAML file per part of the contract, see champs.yml."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

EXAMPLES: dict[str, dict[str, list[dict[str, Any]]]] = {}
for _path in sorted(Path(__file__).parent.glob("*.yml")):
    for _code, _examples in yaml.load(_path.read_text(encoding="utf-8"), yaml.BaseLoader).items():
        if _code in EXAMPLES:
            raise ValueError(f"{_code} has examples in two files")
        EXAMPLES[_code] = _examples

CASES = {
    f"{code}-{kind}-{number}": (code, example)
    for code, examples in EXAMPLES.items()
    for kind in ("echoue", "passe")
    for number, example in enumerate(examples[kind], 1)
}


def codes(kind: str) -> list[str]:
    """Codes that have at least one example of this kind (echoue, passe)."""
    return [code for code, examples in EXAMPLES.items() if examples.get(kind)]
