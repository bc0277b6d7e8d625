"""The examples of rules on rows: one YAML file per part of the contract, see champs.yml."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from intercentre.documentation import Example, Examples

EXAMPLES: dict[str, dict[str, list[dict[str, Any]]]] = {}
for _path in sorted(Path(__file__).parent.glob("*.yml")):
    for _code, _examples in yaml.load(_path.read_text(encoding="utf-8"), yaml.BaseLoader).items():
        if _code in EXAMPLES:
            raise ValueError(f"{_code} has examples in two files")
        EXAMPLES[_code] = _examples

WORDS: dict[str, dict[str, str]] = yaml.safe_load(
    Path(__file__).with_name("exemples_en_mots.yaml").read_text(encoding="utf-8")
)

CASES = {
    f"{code}-{kind}-{number}": (code, example)
    for code, examples in EXAMPLES.items()
    for kind in ("echoue", "passe")
    for number, example in enumerate(examples[kind], 1)
}


def codes(kind: str) -> list[str]:
    """Codes that have at least one example of this kind (echoue, passe)."""
    return [code for code, examples in EXAMPLES.items() if examples.get(kind)]


def shown_examples() -> dict[str, Examples]:
    """The first failing and the first passing example of each code, as the catalogue shows them."""
    in_words = {
        code: Examples(Example(mots=both["echoue"]), Example(mots=both["passe"])) for code, both in WORDS.items()
    }
    rows = {
        code: Examples(*(_shown(both[kind][0]) if both.get(kind) else None for kind in ("echoue", "passe")))
        for code, both in EXAMPLES.items()
    }
    return {**in_words, **rows}


def _shown(example: dict[str, Any]) -> Example:
    places = []
    for place in example.get("constats", []):
        table, line, column = (*place.split(), "", "")[:3]
        places.append((table, line, column))
    return Example({name: tuple(rows) for name, rows in example["tables"].items()}, tuple(places))
