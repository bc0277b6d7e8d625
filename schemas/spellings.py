"""How people and spreadsheets write numbers and days: what is tolerated, and what could mean two things."""

from __future__ import annotations

import re
from datetime import date

Reasons = tuple[tuple[str, str], ...]
"""(code of a finding, pattern of the whole text), in the order in which they are tried."""

SERIAL_ORIGIN = date(1899, 12, 30)
"""Day 0 of a spreadsheet's serial dates, from March 1900 on (ECMA-376, part 1, 18.17.4.1)."""

GROUPING = " \u00a0\u2009\u202f"
"""What may stand between thousands: a space, a no-break space, a thin space, a narrow no-break space."""

NUMERIC = rf"[+-]?[0-9][0-9.,{GROUPING}]*([eE][+-]?[0-9]+)?"
FORMULA = r"(?s)[=+@-]-*[^-].*"
"""A text that a spreadsheet would take for a formula, unless it is NUMERIC; dashes alone stand for nothing."""

NOTHING = ("NULL", "(null)", "\\N")
"""What databases write where there is nothing: the same as an empty cell."""

MIDNIGHT = r"([ T]0{1,2}:00(:00(\.0{1,9})?)?)?"
"""What databases write behind a day, if anything: it says no more than the day."""

FORMULA_ERROR = "#(N/A|[A-Z]+(/0)?[!?])"
"""What spreadsheets show, in English and in French, where a formula could not be calculated."""

NO_RESULT = "#N/A"
"""What is read where a formula has no result that was saved, or an error of another name."""

THREE_DIGITS = ("CTR-009", r"-?[1-9][0-9]{0,2}[.,][0-9]{3}")
MADE_A_NUMBER = ("CTR-010", r"[0-9]+([.,][0-9]+)?[eE][+-]?[0-9]+|[0-9]+[.,]0+")
DAY_OR_MONTH = (
    "V18-A",
    r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2}|([0-9][/.-][0-9]{1,2}|[0-9]{2}[/.-][0-9])[/.-][0-9]{4}",
)
GROUPED = rf"-?[1-9][0-9]{{0,2}}([{GROUPING}][0-9]{{3}}){{1,2}}"


def ungrouped(text: str, grouped: str) -> str:
    """A number without the spaces between its thousands, where they stand as `grouped` says; else the same text."""
    return re.sub(f"[{GROUPING}]", "", text) if re.fullmatch(grouped, text) else text
