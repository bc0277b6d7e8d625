"""Personal data that have no place in an extract: national numbers, e-mail addresses, telephones, bank accounts.

Decided by column on counts. A cell is looked at where it could be one: in identifiers, which admit any digits, and
where it could not be read as what its field declares. What each form is stands in leaks.sql.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from schemas.contract import FieldType, Identifier
from schemas.findings import Finding
from schemas.rules import finding

MACROS = Path(__file__).with_name("leaks.sql").read_text(encoding="utf-8")

NATIONAL, CERTAIN, LIKELY, FILLED = "registre_national", "contact_certain", "contact_probable", "remplies"
MIN_HITS, MIN_SHARE = 3, 0.01
"""Random numbers of eleven digits pass the check of a national number once in 200: a few hits are chance."""


def leak_sql(kind: FieldType, text: str, value: str) -> Iterator[tuple[str, str]]:
    """(what is counted, aggregate) for a column of trimmed texts `text`, read as `value`."""
    looked_at = f"strlen({text}) BETWEEN 6 AND 254"
    if not isinstance(kind, Identifier):
        looked_at += f" AND {value} IS NULL"
    contact = f"est_courriel({text}) OR est_telephone({text}) OR est_iban({text})"
    for what, condition in (
        (NATIONAL, f"est_numero_national({text})"),
        (CERTAIN, contact),
        (LIKELY, f"est_mobile_sans_separateur({text})"),
    ):
        yield what, f"count(*) FILTER (WHERE CASE WHEN {looked_at} THEN {condition} END)"


def leak_findings(
    profile: Mapping[tuple[str, str], int], table: str, fichier: str | None, feuille: str | None
) -> Iterator[Finding]:
    """V10 and V11 for the columns whose counts are more than chance.

    profile  (what, column) → count, as compile.CompiledTable.profiled names them
    """
    for column in [column for what, column in profile if what == FILLED]:
        filled = profile[FILLED, column]
        national, likely = profile[NATIONAL, column], profile[LIKELY, column]
        if _is_more_than_chance(national, filled):
            yield finding("V10", table=table, fichier=fichier, feuille=feuille, colonne=column, nombre=national)
        contacts = profile[CERTAIN, column] + (likely if _is_more_than_chance(likely, filled) else 0)
        if contacts:
            yield finding("V11", table=table, fichier=fichier, feuille=feuille, colonne=column, nombre=contacts)


def _is_more_than_chance(hits: int, filled: int) -> bool:
    return hits >= MIN_HITS and hits >= MIN_SHARE * filled
