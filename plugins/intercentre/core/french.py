"""Small words of French for pages, minutes and release notes: days, moments, counts, numbers."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

NARROW_SPACE = "\u202f"
_SPACES = re.compile(r"<(style|script|pre|code|textarea)\b.*?</\1>|<[^>]*>| (?=[:;!?»])|(?<=«) ", re.DOTALL)
_BRUSSELS = ZoneInfo("Europe/Brussels")
_MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


def french_day(day: date) -> str:
    """« 23 novembre 2026 », « 1er mars 2026 »."""
    return f"{'1er' if day.day == 1 else day.day} {_MONTHS[day.month - 1]} {day.year}"


def french_moment(moment: datetime) -> str:
    """« 23 novembre 2026 à 14 h 05 », Belgian time; an instant without zone is UTC."""
    local = utc(moment).astimezone(_BRUSSELS)
    return f"{french_day(local.date())} à {local.hour} h {local.minute:02d}"


def local_day(moment: datetime) -> date:
    """The day in Belgium; an instant without zone is UTC."""
    return utc(moment).astimezone(_BRUSSELS).date()


def french_count(count: int, singular: str, plural: str | None = None) -> str:
    """« 1 figure », « 1 234 figures »; French takes the plural from two."""
    return f"{french_number(count)} {singular if abs(count) < 2 else plural or singular + 's'}"


def french_number(number: float, decimals: int = 0) -> str:
    """« 1 234,5 » with narrow no-break spaces; exactly `decimals` decimals."""
    return f"{number:,.{decimals}f}".replace(",", NARROW_SPACE).replace(".", ",")


def utc(moment: datetime) -> datetime:
    """The instant with its zone: SQLite gives instants back without one, and all of them are UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def french_spaces(page: str) -> str:
    """The page with a no-break space before : ; ! ? », and after «: in what is read, never in code or in a tag."""
    return _SPACES.sub(lambda found: found[0] if found[0][0] == "<" else "\u00a0", page)
