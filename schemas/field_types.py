"""What a field of the contract may hold, type by type.

Each type knows how a text of an extract is read (`read`, the oracle of validation), which finding is raised when it
cannot be, and how a person is told what is expected (`expected`). The compiled form, in SQL, is made from the same
declarations by intercentre.validation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from schemas.nomenclatures import Nomenclature, nomenclature
from schemas.spellings import (
    DAY_OR_MONTH,
    FORMULA,
    FORMULA_ERROR,
    GROUPED,
    MADE_A_NUMBER,
    MIDNIGHT,
    NUMERIC,
    SERIAL_ORIGIN,
    THREE_DIGITS,
    Reasons,
    ungrouped,
)

EARLIEST_DATE = date(1990, 1, 1)


class UnreadableError(ValueError):
    """A text is not what its field declares; carries the finding code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class FieldType:
    """What a field may hold. `unreadable` is the code of the finding when a text cannot be read.

    ambiguous  (code, pattern) of texts that could mean two things: they are never read, and the finding says why
    """

    unreadable: ClassVar[str]
    python: ClassVar[type]
    ambiguous: ClassVar[Reasons] = ()

    @property
    def reasons(self) -> Reasons:
        """(code, pattern) of what an unreadable text can be; the first that the whole text matches names it."""
        return (*self.ambiguous, (self.unreadable, NUMERIC), ("V14b", FORMULA), ("CTR-026", FORMULA_ERROR))

    def refusal(self, text: str) -> UnreadableError:
        """What is raised for a text that cannot be read."""
        codes = (code for code, pattern in self.reasons if re.fullmatch(pattern, text))
        return UnreadableError(next(codes, self.unreadable))

    def read(self, text: str, date_etat: date) -> Any:
        """The value of a trimmed, non-empty text; raises UnreadableError."""
        raise NotImplementedError

    def day(self, value: Any) -> date:
        """The day at which a value of this type places its row; raises TypeError where it places none."""
        raise TypeError(f"no day in a {type(self).__name__}")

    @property
    def expected(self) -> str:
        """What a person should write, in French."""
        raise NotImplementedError


@dataclass(frozen=True)
class Identifier(FieldType):
    """A local key: letters, digits, `_` and `-`; never an 11-digit number when it is a dossier's."""

    unreadable: ClassVar[str] = "CTR-002"
    python: ClassVar[type] = str
    ambiguous: ClassVar[Reasons] = (MADE_A_NUMBER,)
    length: int = 32
    pattern: ClassVar[str] = "[A-Za-z0-9_-]+"

    def read(self, text: str, date_etat: date) -> str:
        if len(text) > self.length or re.fullmatch(self.pattern, text, re.ASCII) is None:
            raise self.refusal(text)
        return text

    @property
    def expected(self) -> str:
        return f"au plus {self.length} lettres sans accent, chiffres, « _ » ou « - »"


@dataclass(frozen=True)
class Code(FieldType):
    """A code of a dated nomenclature, judged at the date of its row (`at` names the field that holds it).

    A deprecated alias or an ended code with a successor is read as its successor, with a finding
    (`mapped`); a code that begins only later is accepted, since an export restates the past. Any case is a
    declared tolerance in the lists `in_any_case`, as centres write their names: CeRAIC.
    """

    python: ClassVar[type] = str
    in_any_case: ClassVar[tuple[str, ...]] = ("centre",)
    list_name: str
    at: str | None = None
    unreadable: str = "V15"  # type: ignore[misc]
    mapped: str = "V16"

    @property
    def nomenclature(self) -> Nomenclature:
        return nomenclature(self.list_name)

    def read(self, text: str, date_etat: date) -> str:
        code = text.upper() if self.list_name in self.in_any_case and text.isascii() else text
        if code not in self.nomenclature.entries:
            raise self.refusal(text)
        return code

    def successor(self, value: str, day: date) -> str | None:
        """What this value is read as on `day`, None when it still holds then."""
        return self.nomenclature.successor(value, day)

    @property
    def expected(self) -> str:
        return f"un code de la liste « {self.list_name} »"


@dataclass(frozen=True)
class CodeSet(FieldType):
    """Several codes of one dated nomenclature in a cell, each once; kept as one text, in the order of the list.

    A space stands between two codes; a comma or a vertical bar is a declared tolerance. Each code is judged at the
    date of its row and brought to its successor, as Code does; two codes that have the same successor become one.
    """

    python: ClassVar[type] = str
    separator: ClassVar[str] = " *[,|] *| +"
    repeated: ClassVar[str] = "CTR-020"
    list_name: str
    at: str | None = None
    unreadable: str = "V15"  # type: ignore[misc]
    mapped: str = "V16"

    @property
    def nomenclature(self) -> Nomenclature:
        return nomenclature(self.list_name)

    def read(self, text: str, date_etat: date) -> str:
        codes = re.split(self.separator, text)
        if not all(code in self.nomenclature.entries for code in codes):
            raise self.refusal(text)
        if len(set(codes)) != len(codes):
            raise UnreadableError(self.repeated)
        return self._in_order(codes)

    def successor(self, value: str, day: date) -> str | None:
        """What this value is read as on `day`, None when each of its codes still holds then."""
        codes = value.split(" ")
        found = self._in_order({self.nomenclature.successor(code, day) or code for code in codes})
        return None if found == value else found

    def _in_order(self, codes: Iterable[str]) -> str:
        return " ".join(sorted(codes, key=list(self.nomenclature.entries).index))

    @property
    def expected(self) -> str:
        return f"un ou plusieurs codes de la liste « {self.list_name} », séparés par une espace"


Coded = Code | CodeSet
"""The types of field that read a nomenclature."""


@dataclass(frozen=True)
class Day(FieldType):
    """A calendar day from 1990 on, AAAA-MM-JJ; tolerances: JJ/MM/AAAA, JJ-MM-AAAA, midnight after it, a serial number.

    future  True where a later day makes sense (the term of a convention, say)
    """

    unreadable: ClassVar[str] = "V18"
    python: ClassVar[type] = date
    ambiguous: ClassVar[Reasons] = (DAY_OR_MONTH,)
    year_first: ClassVar[str] = f"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}{MIDNIGHT}"
    day_first: ClassVar[str] = f"([0-9]{{2}}/[0-9]{{2}}/[0-9]{{4}}|[0-9]{{2}}-[0-9]{{2}}-[0-9]{{4}}){MIDNIGHT}"
    future: bool = False

    def read(self, text: str, date_etat: date) -> date:
        day = self._day(text)
        if not EARLIEST_DATE <= day <= self.latest(date_etat):
            raise self.refusal(text)
        return day

    def _day(self, text: str) -> date:
        if re.fullmatch(r"\d{5}", text, re.ASCII):
            return SERIAL_ORIGIN + timedelta(days=int(text))
        for pattern, layout in ((self.year_first, "%Y-%m-%d"), (self.day_first, "%d-%m-%Y")):
            if re.fullmatch(pattern, text):
                try:
                    return datetime.strptime(text[:10].replace("/", "-"), layout).date()
                except ValueError:
                    break
        raise self.refusal(text)

    def day(self, value: date) -> date:
        return value

    def latest(self, date_etat: date) -> date:
        return date_etat.replace(year=date_etat.year + 20, day=1) if self.future else date_etat

    @property
    def expected(self) -> str:
        return "une date AAAA-MM-JJ (ou JJ/MM/AAAA), de 1990 à la date d'état"


@dataclass(frozen=True)
class Whole(FieldType):
    """A whole number within bounds; a space between thousands, and decimals that are 0, are declared tolerances."""

    unreadable: ClassVar[str] = "CTR-003"
    python: ClassVar[type] = int
    ambiguous: ClassVar[Reasons] = (THREE_DIGITS,)
    grouped: ClassVar[str] = GROUPED
    with_zeros: ClassVar[str] = "-?[0-9]{1,9}[.,]0{1,2}"
    lowest: int = 0
    highest: int = 999_999_999

    def read(self, text: str, date_etat: date) -> int:
        has_zeros = re.fullmatch(self.with_zeros, text)
        plain = re.split("[.,]", text)[0] if has_zeros else ungrouped(text, self.grouped)
        if re.fullmatch(r"-?\d{1,9}", plain, re.ASCII) is None or not self.lowest <= int(plain) <= self.highest:
            raise self.refusal(text)
        return int(plain)

    @property
    def expected(self) -> str:
        return f"un nombre entier de {self.lowest} à {self.highest}"


@dataclass(frozen=True)
class Number(FieldType):
    """A decimal number within bounds, point or comma, at most `scale` decimals, a space at most between thousands.

    scale  1 or 2: three digits after a point or a comma could be thousands
    """

    unreadable: ClassVar[str] = "CTR-004"
    python: ClassVar[type] = Decimal
    ambiguous: ClassVar[Reasons] = (THREE_DIGITS,)
    lowest: int = 0
    highest: int = 999_999_999
    scale: int = 2

    def read(self, text: str, date_etat: date) -> Decimal:
        plain = ungrouped(text, self.grouped)
        if re.fullmatch(rf"-?\d{{1,9}}([.,]\d{{1,{self.scale}}})?", plain, re.ASCII) is None:
            raise self.refusal(text)
        try:
            number = Decimal(plain.replace(",", "."))
        except InvalidOperation:  # the pattern excludes it; a wrong pattern must not pass silently
            raise self.refusal(text) from None
        if not self.lowest <= number <= self.highest:
            raise self.refusal(text)
        return number

    @property
    def grouped(self) -> str:
        return rf"{GROUPED}([.,][0-9]{{1,{self.scale}}})?"

    @property
    def expected(self) -> str:
        return f"un nombre de {self.lowest} à {self.highest}, {self.scale} décimales au plus"


@dataclass(frozen=True)
class PeriodText(FieldType):
    """The period of a statistic, 2026 or 2026-T3, kept as text."""

    unreadable: ClassVar[str] = "CTR-008"
    python: ClassVar[type] = str
    pattern: ClassVar[str] = "(19|20)[0-9]{2}(-T[1-4])?"

    def read(self, text: str, date_etat: date) -> str:
        if re.fullmatch(self.pattern, text, re.ASCII) is None:
            raise self.refusal(text)
        return text

    @property
    def expected(self) -> str:
        return "une période : 2026 ou 2026-T3"


@dataclass(frozen=True)
class MonthText(FieldType):
    """A month, 2026-07, kept as text; from 1990 to the month of the date of state.

    Spreadsheets make a day of a month: 2026-07-01, 01/07/2026 and 07/2026 are declared tolerances.
    """

    unreadable: ClassVar[str] = "CTR-021"
    python: ClassVar[type] = str
    pattern: ClassVar[str] = "[0-9]{4}-(0[1-9]|1[0-2])"
    first_day: ClassVar[str] = "[0-9]{4}-(0[1-9]|1[0-2])-01"
    turned: ClassVar[str] = "(01/)?(0[1-9]|1[0-2])/[0-9]{4}"

    def read(self, text: str, date_etat: date) -> str:
        if re.fullmatch(self.pattern, text) or re.fullmatch(self.first_day, text):
            month = text[:7]
        elif re.fullmatch(self.turned, text):
            month = f"{text[-4:]}-{text[-7:-5]}"
        else:
            raise self.refusal(text)
        if not f"{EARLIEST_DATE:%Y-%m}" <= month <= f"{date_etat:%Y-%m}":
            raise self.refusal(text)
        return month

    def day(self, value: str) -> date:
        return date.fromisoformat(f"{value}-01")

    @property
    def expected(self) -> str:
        return "un mois AAAA-MM, de 1990 au mois de la date d'état"


@dataclass(frozen=True)
class QuarterText(FieldType):
    """A quarter, 2026-T3, kept as text; from 1990 to the quarter of the date of state."""

    unreadable: ClassVar[str] = "CTR-022"
    python: ClassVar[type] = str
    pattern: ClassVar[str] = "[0-9]{4}-T[1-4]"

    def read(self, text: str, date_etat: date) -> str:
        latest = f"{date_etat.year}-T{(date_etat.month + 2) // 3}"
        if re.fullmatch(self.pattern, text) is None or not f"{EARLIEST_DATE.year}-T1" <= text <= latest:
            raise self.refusal(text)
        return text

    def day(self, value: str) -> date:
        return date(int(value[:4]), 3 * int(value[-1]) - 2, 1)

    @property
    def expected(self) -> str:
        return "un trimestre AAAA-T1 à AAAA-T4, jusqu'à celui de la date d'état"


@dataclass(frozen=True)
class Denomination(FieldType):
    """The name of an organisation, the one free text of the contract: one line, begun by a letter or a digit.

    It holds a letter, only signs that names of organisations hold in French, and too few digits for a telephone, an
    account or a national number; no @ either.
    """

    unreadable: ClassVar[str] = "CTR-023"
    python: ClassVar[type] = str
    length: int = 120
    letters: ClassVar[str] = "A-Za-zÀ-ÖØ-öø-ÿŒœŸ"
    pattern: ClassVar[str] = f"[0-9{letters}][0-9{letters} '’&().,:/+°«»–-]*"
    letter: ClassVar[str] = f"[{letters}]"
    many_digits: ClassVar[str] = "([0-9][^0-9]*){6}"

    def read(self, text: str, date_etat: date) -> str:
        if (
            len(text) > self.length
            or re.fullmatch(self.pattern, text) is None
            or re.search(self.letter, text) is None
            or re.search(self.many_digits, text) is not None
        ):
            raise self.refusal(text)
        return text

    @property
    def expected(self) -> str:
        return f"le nom d'une organisation, jamais d'une personne : au plus {self.length} signes et 5 chiffres"


@dataclass(frozen=True)
class YesNo(FieldType):
    """A yes or a no; the spellings that centres' tools really write are declared tolerances."""

    unreadable: ClassVar[str] = "CTR-005"
    python: ClassVar[type] = bool
    yes: ClassVar[tuple[str, ...]] = ("true", "1", "o", "oui", "vrai", "t")
    no: ClassVar[tuple[str, ...]] = ("false", "0", "n", "non", "faux", "f")

    def read(self, text: str, date_etat: date) -> bool:
        lowered = text.lower() if text.isascii() else ""
        if lowered in self.yes or lowered in self.no:
            return lowered in self.yes
        raise self.refusal(text)

    @property
    def expected(self) -> str:
        return "« true » ou « false » (O/N et Oui/Non sont admis)"
