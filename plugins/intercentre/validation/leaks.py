"""Personal data that have no place in an extract: national numbers, contacts, bank accounts, free text, births.

DuckDB picks the distinct texts that are worth a look (SUSPECT), Python tells what they are, and each column is decided
on its counts: V10 to V13. No text leaves this module.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

from schemas.contract import EARLIEST_DATE

SUSPECT = r"@|^[+0-9][0-9 ./()-]{8,}$|^[A-Za-z]{2}[0-9]{2}[A-Za-z0-9 ]{11,}$"
"""RE2 pattern: holds an @, is digits with at most separators between them, or has the form of an IBAN."""

SHORTEST_SUSPECT = 6
"""bytes; no e-mail address is shorter"""

MIN_HITS, MIN_SHARE = 3, 0.01
"""Random numbers of eleven digits pass the check of a national number once in 200: a few hits are chance."""

LONGEST_CODE = 64
"""signs; a longer text is no code, identifier, number or day: it is free text"""

MOSTLY, MIN_TEXTS = 0.5, 20
"""Texts that are unlike each other and fill half of a column of codes are no codes written wrongly."""

BIRTH = "naissance"
"""stands in the name of the columns that hold a year of birth and must not hold more"""

EARLIEST_EVENT = EARLIEST_DATE - timedelta(days=1)
"""Up to this day, a date that is no event of an extract is most likely somebody's birth."""

FULL_DATE = r"[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2}[-/. ][0-9]{1,2}[-/. ]([0-9]{2}|[0-9]{4})|[0-9]{8}"
"""RE2 pattern: a day, a month and a year, in any order and with any separator."""

_NATIONAL = re.compile(r"\d{2}[. ]?\d{2}[. ]?\d{2}[. -]?\d{3}[. -]?\d{2}", re.ASCII)
_ENTERPRISE = re.compile(r"[01]\d{3}\.?\d{3}\.?\d{3}", re.ASCII)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}")
_INTERNATIONAL = re.compile(r"\+[1-9]\d{7,14}|(\+|00 ?)[1-9]\d{0,2}[ ./()-]+\d[\d ./()-]{5,16}", re.ASCII)
_WITH_SEPARATORS = re.compile(r"0\d{1,3}[ /.]\d{2,3}([ .]?\d{2,3}){1,3}", re.ASCII)
_MOBILE = re.compile(r"(0032|0)4[5-9]\d{7}", re.ASCII)
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", re.ASCII)
_IBAN_LENGTH = {
    "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24, "FI": 18,
    "FR": 27, "GB": 22, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21,
    "MA": 28, "MC": 27, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "SE": 24, "SI": 19, "SK": 24,
    "TN": 24, "TR": 26,
}  # fmt: skip


def count_leaks(suspects: Iterable[tuple[str, int]], filled: int) -> tuple[int, int]:
    """(national numbers, contacts) of one column, 0 where they are no more than chance.

    suspects  distinct texts of the column that match SUSPECT, and how often each stands there
    filled    cells of the column that are not empty
    """
    counts: Counter[str] = Counter()
    for text, times in suspects:
        counts[_kind(text)] += times
    contacts = counts["contact"] + _unless_chance(counts["mobile"], filled)
    return _unless_chance(counts["national"], filled), contacts


def is_free_text(unread: int, distinct: int, filled: int) -> bool:
    """Whether the cells of a column of codes that could not be read are free text rather than wrong codes.

    distinct  different texts among the `unread` ones
    """
    return distinct >= MIN_TEXTS and unread >= MOSTLY * filled and distinct >= MOSTLY * unread


def are_birth_dates(hits: int, filled: int) -> bool:
    """Whether so many days of a column that look like births are no chance."""
    return hits >= MIN_HITS and hits >= MOSTLY * filled


def _kind(text: str) -> str:
    if is_national_number(text):
        return "national"
    if _EMAIL.fullmatch(text) or is_telephone(text) or is_iban(text):
        return "contact"
    # without separators a local number looks like a mobile by chance: decided by share
    return "mobile" if _MOBILE.fullmatch(text) and not is_enterprise_number(text) else ""


def _unless_chance(hits: int, filled: int) -> int:
    return hits if hits >= MIN_HITS and hits >= MIN_SHARE * filled else 0


def is_national_number(text: str) -> bool:
    """A national number or a BIS number: YYMMDD (month + 20 or + 40 for BIS, 00 allowed), order, 97 - n mod 97.

    source  royal decree of 8 February 1991; for births from 2000 on a 2 stands before the nine digits
    """
    if not _NATIONAL.fullmatch(text):
        return False
    digits = _digits(text)
    month, day, number, check = int(digits[2:4]), int(digits[4:6]), int(digits[:9]), int(digits[9:])
    if month > 52 or month % 20 > 12 or day > 31:
        return False
    return check in (97 - number % 97, 97 - (2_000_000_000 + number) % 97)


def is_enterprise_number(text: str) -> bool:
    """A number of the Belgian register of enterprises (BCE), which an operator may bear."""
    if not _ENTERPRISE.fullmatch(text):
        return False
    digits = _digits(text)
    return int(digits[8:]) == 97 - int(digits[:8]) % 97


def is_telephone(text: str) -> bool:
    """A telephone that nothing else looks like: international, or national with separators (9 or 10 digits)."""
    if _INTERNATIONAL.fullmatch(text):
        return True
    return bool(_WITH_SEPARATORS.fullmatch(text)) and len(_digits(text)) in (9, 10) and not is_enterprise_number(text)


def is_iban(text: str) -> bool:
    """A bank account (ISO 13616): the length of its country, and 1 modulo 97 once rearranged."""
    plain = text.replace(" ", "").upper()
    if not _IBAN.fullmatch(plain) or _IBAN_LENGTH.get(plain[:2]) != len(plain):
        return False
    return int("".join(str(int(character, 36)) for character in plain[4:] + plain[:4])) % 97 == 1


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text, flags=re.ASCII)
