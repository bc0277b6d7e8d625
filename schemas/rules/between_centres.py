"""Rules between centres: one SELECT file each, judged on the common tables of a period and addressed to two centres.

A rule file is `schemas/rules/<CODE>.sql` with `portee: centres` in its header. Its SELECT returns `centre` (who is
addressed), `centre_contrepartie`, `table_nom` and `cle_dossier`: the key of a dossier of the centre addressed, NULL
where it would be the other centre's. It reads schemas `commun`, `extrait` (the rows in force as they came) and
`reference`, whose `seuil` holds the thresholds and `transfert_a_regler` what two centres must settle about a transfer,
a row for each of them; a message says a threshold as `{ITS_CODE}`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from schemas.findings import FindingCode
from schemas.rules.cross_table import finding_code, read_header, rule_files


@dataclass(frozen=True)
class BetweenCentresRule:
    """One SELECT and what it means; `tables` are those that it reads, with their schema."""

    finding: FindingCode
    tables: tuple[str, ...]
    sql: str


def read_between_centres(path: Path) -> BetweenCentresRule:
    """The rule in a file; raises KeyError when its header lacks a line."""
    header = read_header(path)
    return BetweenCentresRule(
        finding_code(path.stem, header), tuple(header["tables"].split()), path.read_text(encoding="utf-8")
    )


BETWEEN_CENTRES: tuple[BetweenCentresRule, ...] = tuple(map(read_between_centres, rule_files(between_centres=True)))
