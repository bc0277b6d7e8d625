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

ALL_CASES = {
    f"{code}-{kind}-{number}": (code, example)
    for code, examples in EXAMPLES.items()
    for kind in ("echoue", "passe")
    for number, example in enumerate(examples[kind], 1)
}
CASES = {case: both for case, both in ALL_CASES.items() if "precedent" not in both[1]}
BETWEEN_DEPOSITS = {case: both for case, both in ALL_CASES.items() if "precedent" in both[1]}


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
        places.append((table, line.strip("-"), column))
    tables = {f"{name} du dépôt précédent": rows for name, rows in example.get("precedent", {}).items()}
    tables |= {"manifeste": [example["manifeste"]]} if "manifeste" in example else {}
    tables |= example["tables"]
    return Example({name: tuple(map(_shown_row, rows)) for name, rows in tables.items()}, tuple(places))


def _shown_row(row: dict[str, str]) -> dict[str, str]:
    """A row that stands for several says so by the dossiers that it makes."""
    times = int(row.get("fois", 0))
    plain = {name: cell for name, cell in row.items() if name != "fois"}
    return {"dossier_id": f"F-0 à F-{times - 1}, une ligne chacun"} | plain if times else plain
