"""Rules between rows and tables of one deposit: keys, references, and one SELECT file each for the rest.

A rule file is `schemas/rules/<CODE>.sql`: a header of `-- key: value` lines, then one SELECT that returns
`table_nom`, `ligne`, `colonne` of every place that breaks the rule. It reads the typed tables of the deposit
by their names (each with its `ligne` and contract columns) and may use $date_etat and $centre; `-- depuis:` names the
version of the contract that brought it, 1.0.0 when it does not say. A threshold is read from ref_seuil, and a message
says it as `{ITS_CODE}`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from schemas.findings import FindingCode, Scope, Severity
from schemas.thresholds import said

_FOLDER = Path(__file__).parent
_PLACE = re.compile(r"\{([A-Z_]+)\}")
FIRST_VERSION = "1.0.0"


@dataclass(frozen=True)
class CrossTableRule:
    """One SELECT and what it means; `tables` are those that it reads, `depuis` the version that brought it."""

    finding: FindingCode
    tables: tuple[str, ...]
    sql: str
    depuis: str = FIRST_VERSION


def read_rule(path: Path) -> CrossTableRule:
    """The rule in a file; raises KeyError when its header lacks a line."""
    header: dict[str, str] = {}
    lines = path.read_text(encoding="utf-8").splitlines()
    for line in lines:
        if not line.startswith("-- "):
            break
        key, _, value = line[3:].partition(": ")
        header[key] = value.strip()
    code = FindingCode(
        code=path.stem,
        severity=Severity(header["severite"]),
        scope=Scope(header["portee"]),
        title=header["titre"],
        message=_PLACE.sub(lambda place: said(place[1]), header["message"]),
        remedy=header["remede"],
        legal_base=header.get("base", ""),
        missions=tuple(header.get("missions", "").split()),
    )
    return CrossTableRule(
        code, tuple(header["tables"].split()), path.read_text(encoding="utf-8"), header.get("depuis", FIRST_VERSION)
    )


CROSS_TABLE_RULES: tuple[CrossTableRule, ...] = tuple(read_rule(path) for path in sorted(_FOLDER.glob("*.sql")))
