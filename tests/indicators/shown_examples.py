"""The ordinary case of each indicator as the catalogue shows it: the working in words, and the figures expected."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from intercentre.documentation import ExampleFigure, WorkedExample

_FOLDER = Path(__file__).parent
_SHOWN = "ordinaire"
# The comment under the case's name is the working by hand.
_WORKING = re.compile(rf"^- cas: {_SHOWN}\n((?:  #.*\n)+)", re.MULTILINE)


def worked_examples() -> dict[str, WorkedExample]:
    """Indicator → its ordinary case; raises ValueError for a case that does not say how it is worked out."""
    return {path.stem: worked_example(path.read_text(encoding="utf-8"), path.stem) for path in _files()}


def worked_example(text: str, code: str) -> WorkedExample:
    working = _WORKING.search(text)
    if working is None:
        raise ValueError(f"{code}: the case « {_SHOWN} » does not begin with its working")
    (case,) = [
        case for case in yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)) if case["cas"] == _SHOWN
    ]
    lines = [line.strip().lstrip("#").strip() for line in working[1].splitlines()]
    return WorkedExample(" ".join(lines), tuple(map(_figure, case["attendu"])))


def _files() -> list[Path]:
    return sorted(_FOLDER.glob("I*.yml"))


def _figure(row: dict[str, Any]) -> ExampleFigure:
    return ExampleFigure(
        periode=str(row["periode"]),
        territoire=str(row["territoire"]),
        dimension=row.get("dimension", "_T"),
        modalite=str(row.get("modalite", "_T")),
        valeur=row.get("valeur"),
        numerateur=row.get("numerateur"),
        denominateur=row.get("denominateur"),
        est_dite="valeur" in row,
    )
