"""Rules between rows, between tables, and between a deposit and the one before: one SELECT file each.

A rule file is `schemas/rules/<CODE>.sql`: a header of `-- key: value` lines, then one SELECT that returns
`table_nom`, `ligne`, `colonne` of every place that breaks the rule. It reads the typed tables of the deposit
by their names (each with its `ligne` and contract columns) and may use $date_etat and $centre; `-- depuis:` names the
version of the contract that brought it, 1.0.0 when it does not say. A threshold is read from ref_seuil, and a message
says it as `{ITS_CODE}`.

A rule whose header says `portee: centres` is not of a deposit: schemas.rules.between_centres reads it.

A rule whose header says `precedent` also reads the retained rows of the centre's deposit before, as
`precedent_<table>`, and may use $debut_historique. With `portee: table` the lines that it returns are those of the
deposit before, what is gone having none here: they make one finding, which names them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from schemas.findings import FindingCode, Scope, Severity
from schemas.thresholds import said

_FOLDER = Path(__file__).parent
PRECEDENT_PREFIX = "precedent_"
_PLACE = re.compile(r"\{([A-Z_]+)\}")
FIRST_VERSION = "1.0.0"


class Compared(StrEnum):
    """When a rule that reads the deposit before is judged; one that reads none has no such word."""

    TOUJOURS = "toujours"
    SAUF_RECTIFICATIF = "sauf_rectificatif"  # the correction of an earlier deposit is what it is for


class RuleFileError(ValueError):
    """A rule's header and its tables disagree; the message names the file."""


@dataclass(frozen=True)
class CrossTableRule:
    """One SELECT and what it means.

    tables     those that it reads, those of the deposit before included
    depuis     the version of the contract that brought it
    precedent  when it is judged beside the deposit before; None: it reads this one alone
    """

    finding: FindingCode
    tables: tuple[str, ...]
    sql: str
    depuis: str = FIRST_VERSION
    precedent: Compared | None = None


def read_rule(path: Path) -> CrossTableRule:
    """The rule in a file; raises KeyError when its header lacks a line, RuleFileError when it contradicts itself."""
    header = read_header(path)
    code = finding_code(path.stem, header)
    tables = tuple(header["tables"].split())
    precedent = Compared(header["precedent"]) if "precedent" in header else None
    if (precedent is not None) != any(name.startswith(PRECEDENT_PREFIX) for name in tables):
        raise RuleFileError(f"{path.name}: `precedent` goes with tables called {PRECEDENT_PREFIX}<table>")
    depuis = header.get("depuis", FIRST_VERSION)
    return CrossTableRule(code, tables, path.read_text(encoding="utf-8"), depuis, precedent)


def read_header(path: Path) -> dict[str, str]:
    """The `-- key: value` lines at the head of a rule file."""
    header: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("-- "):
            break
        key, _, value = line[3:].partition(": ")
        header[key] = value.strip()
    return header


def finding_code(code: str, header: Mapping[str, str]) -> FindingCode:
    """What a rule's header says of its finding; raises KeyError when it lacks a line."""
    return FindingCode(
        code=code,
        severity=Severity(header["severite"]),
        scope=Scope(header["portee"]),
        title=header["titre"],
        message=_PLACE.sub(lambda place: said(place[1]), header["message"]),
        remedy=header["remede"],
        legal_base=header.get("base", ""),
        missions=tuple(header.get("missions", "").split()),
    )


def rule_files(*, between_centres: bool) -> list[Path]:
    """The rule files of a deposit, or those of two centres, in the order of their codes."""
    return [
        path
        for path in sorted(_FOLDER.glob("*.sql"))
        if (read_header(path).get("portee") == Scope.CENTRES) is between_centres
    ]


CROSS_TABLE_RULES: tuple[CrossTableRule, ...] = tuple(map(read_rule, rule_files(between_centres=False)))
