"""Types of field as strict DuckDB expressions over a trimmed text; the same meaning as FieldType.read.

A cast is made only after a pattern has said that the text is one: try_cast alone reads '3.7' as 4 and '2001-1-5' as
a day. Every expression is NULL where the text cannot be read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import singledispatch

from intercentre.validation.forms import Form
from schemas.contract import (
    EARLIEST_DATE,
    Code,
    Coded,
    CodeSet,
    Day,
    Denomination,
    FieldType,
    Identifier,
    MonthText,
    Number,
    PeriodText,
    QuarterText,
    Whole,
    YesNo,
)
from schemas.correspondances import LocalCode
from schemas.nomenclatures import Nomenclature
from schemas.spellings import GROUPING, NOTHING, SERIAL_ORIGIN

_SERIAL = "[0-9]{5}"


def quoted(text: str) -> str:
    """A text as a SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def list_type(name: str) -> str:
    """Name of the DuckDB enumeration of a nomenclature."""
    return f"liste_{name}"


@singledispatch
def read_sql(kind: FieldType, text: str) -> str:
    """SQL for the value in the column `text`, NULL when it has not the form; bounds are asked by within_sql."""
    raise NotImplementedError(type(kind).__name__)


@read_sql.register
def _(kind: Identifier, text: str) -> str:
    return _when(f"length({text}) <= {kind.length} AND {full_match(text, kind.pattern)}", text)


@read_sql.register
def _(kind: Code, text: str) -> str:
    return guarded_code_sql(kind, text)


@read_sql.register
def _(kind: LocalCode, text: str) -> str:
    cases = " ".join(
        f"WHEN {quoted(local)} THEN CAST({quoted(code)} AS {list_type(kind.list_name)})" for local, code in kind.local
    )
    return f"CASE {text} {cases} ELSE {guarded_code_sql(kind, text)} END"


@read_sql.register
def _(kind: CodeSet, text: str) -> str:
    # in the order of the list, which is that of the enumeration; two equal codes stay, and within_sql refuses them
    codes = f"[try_cast(un AS {list_type(kind.list_name)}) FOR un IN regexp_split_to_array({text}, '{kind.separator}')]"
    return _when(f"len({codes}) = list_count({codes})", _one_text(codes))


@read_sql.register
def _(kind: Day, text: str) -> str:
    turned = f"({text}[7:10] || '-' || {text}[4:5] || '-' || {text}[1:2])"
    return (
        f"CASE WHEN {full_match(text, kind.year_first)} THEN try_cast({text}[1:10] AS DATE)"
        f" WHEN {full_match(text, kind.day_first)} THEN try_cast({turned} AS DATE)"
        f" WHEN {full_match(text, _SERIAL)} THEN {_day(SERIAL_ORIGIN)} + CAST({text} AS INTEGER) END"
    )


@read_sql.register
def _(kind: Whole, text: str) -> str:
    return (
        f"CASE WHEN {full_match(text, '-?[0-9]{1,9}')} THEN CAST({text} AS INTEGER)"
        f" WHEN {full_match(text, kind.with_zeros)} THEN CAST(regexp_extract({text}, '^[^.,]+') AS INTEGER)"
        f" WHEN {full_match(text, kind.grouped)} THEN CAST({_ungrouped(text)} AS INTEGER) END"
    )


@read_sql.register
def _(kind: Number, text: str) -> str:
    pattern = f"-?[0-9]{{1,9}}([.,][0-9]{{1,{kind.scale}}})?"
    return (
        f"CASE WHEN {full_match(text, pattern)} THEN CAST(replace({text}, ',', '.') AS {sql_type(kind)})"
        f" WHEN {full_match(text, kind.grouped)}"
        f" THEN CAST(replace({_ungrouped(text)}, ',', '.') AS {sql_type(kind)}) END"
    )


@read_sql.register
def _(kind: PeriodText, text: str) -> str:
    return _when(full_match(text, kind.pattern), text)


@read_sql.register
def _(kind: MonthText, text: str) -> str:
    turned = f"({text}[-4:] || '-' || {text}[-7:-6])"
    return (
        f"CASE WHEN {full_match(text, kind.pattern)} OR {full_match(text, kind.first_day)} THEN {text}[1:7]"
        f" WHEN {full_match(text, kind.turned)} THEN {turned} END"
    )


@read_sql.register
def _(kind: QuarterText, text: str) -> str:
    return _when(full_match(text, kind.pattern), text)


@read_sql.register
def _(kind: Denomination, text: str) -> str:
    many_digits = f"regexp_matches({text}, {quoted(kind.many_digits)})"
    return _when(
        f"length({text}) <= {kind.length} AND {full_match(text, kind.pattern)}"
        f" AND regexp_matches({text}, {quoted(kind.letter)}) AND NOT {many_digits}",
        text,
    )


@read_sql.register
def _(kind: YesNo, text: str) -> str:
    # lower() turns some letters outside ASCII into ASCII ones: those spellings are not among the tolerances
    return (
        f"CASE WHEN strlen({text}) <> length({text}) THEN NULL"
        f" WHEN lower({text}) IN ({', '.join(map(quoted, kind.yes))}) THEN true"
        f" WHEN lower({text}) IN ({', '.join(map(quoted, kind.no))}) THEN false END"
    )


def guarded_code_sql(kind: Code, text: str) -> str:
    """SQL for a code; a text that is none never reaches the enumeration, which spells itself out to refuse it."""
    known = "|".join(map(re.escape, kind.nomenclature.entries))
    is_in_any_case = kind.list_name in kind.in_any_case
    # upper() turns some letters outside ASCII into ASCII ones
    code = f"CASE WHEN strlen({text}) = length({text}) THEN upper({text}) END" if is_in_any_case else text
    return _when(f"regexp_full_match({code}, {quoted(known)})", f"CAST({code} AS {list_type(kind.list_name)})")


def quick_sql(kind: FieldType, raw: str, form: Form) -> str:
    """SQL for the value of a cell that is written in the column's own form, asked again by sure_sql; else NULL.

    raw  the cell as written, not trimmed, NULL when empty
    """
    match kind:
        case Code():
            return _quick_code_sql(kind, raw, form)
        case Day() if form.is_belgian:
            return f"CAST(try_strptime({raw}, '%d/%m/%Y') AS DATE)"
        case Day():
            return f"try_cast({raw} AS DATE)"
        case Whole():
            return f"try_cast({raw} AS INTEGER)"
        case Number():
            sign = "," if form.has_comma else "."
            pattern = f"-?[0-9]{{1,9}}([{sign}][0-9]{{1,{kind.scale}}})?"
            plain = f"replace({raw}, ',', '.')" if form.has_comma else raw
            return _when(full_match(raw, pattern), f"CAST({plain} AS {sql_type(kind)})")
        case YesNo():
            words = {word: word.lower() in kind.yes for word in ("true", "false", *form.words)}
            cases = " ".join(f"WHEN {quoted(word)} THEN {str(is_yes).lower()}" for word, is_yes in words.items())
            return f"CASE {raw} {cases} END"
        case _:
            return _quick_text_sql(kind, raw, form)


def _quick_text_sql(kind: FieldType, raw: str, form: Form) -> str:
    match kind:
        case Identifier():
            signs = f"{raw} NOT IN ({', '.join(map(quoted, NOTHING))}) AND {_has_its_signs(kind, raw, form)}"
            return _when(f"strlen({raw}) BETWEEN 1 AND {kind.length} AND {signs}", raw)
        case MonthText():
            return _when(full_match(raw, kind.pattern), raw)
        case CodeSet():
            return _when(f"NOT regexp_matches({raw}, '[,|]')", read_sql(kind, raw))
        case Denomination():
            return _when(
                f"NOT {edged_sql(raw)} AND {raw} NOT IN ({', '.join(map(quoted, NOTHING))})", read_sql(kind, raw)
            )
        case _:
            return read_sql(kind, raw)


def _has_its_signs(kind: Identifier, raw: str, form: Form) -> str:
    """SQL for: the text has no sign but those of an identifier; a pattern takes twice as long (decision 0050).

    What url_encode leaves alone are those signs, the point and the tilde. It is slow where digits and letters alternate
    at random, as in a fingerprint, which unhex reads; what stands before it keeps the others from it, since an error
    sends 2,048 rows the slow way.
    """
    if kind.pattern != Identifier.pattern:
        return full_match(raw, kind.pattern)
    if form.fingerprint:
        return f"TRY(unhex({_when(f'strlen({raw}) = {form.fingerprint}', raw)})) IS NOT NULL"
    return f"url_encode({raw}) = {raw} AND NOT contains({raw}, '.') AND NOT contains({raw}, '~')"


def _quick_code_sql(kind: Code, raw: str, form: Form) -> str:
    if form.is_guarded:
        return guarded_code_sql(kind, raw)
    return f"try_cast({raw} AS {_named_type(kind, form)})"


def _named_type(kind: Code, form: Form) -> str:
    """The enumeration of the codes, and after them of the strangers that the column holds."""
    if not form.strangers:
        return list_type(kind.list_name)
    return f"ENUM({', '.join(map(quoted, [*kind.nomenclature.entries, *form.strangers]))})"


def sure_sql(kind: FieldType, quick: str, raw: str, form: Form) -> str:
    """SQL for the value in `quick` where it says exactly what `raw` says and lies within the bounds; else NULL."""
    if isinstance(kind, Day | Whole):
        return _when(f"{written_sql(kind, quick, form)} = {raw}", within_sql(kind, quick))
    if isinstance(kind, Code) and form.strangers:
        return _when(f"enum_code({quick}) < {len(kind.nomenclature.entries)}", quick)
    return within_sql(kind, quick)


def written_sql(kind: FieldType, value: str, form: Form) -> str | None:
    """SQL for the text of a cell that was read the quick way, from its value; None where the value does not tell it."""
    if isinstance(kind, Day) and form.is_belgian:
        return f"strftime({value}, '%d/%m/%Y')"
    return f"CAST({value} AS VARCHAR)" if isinstance(kind, Day | Whole | Code | Identifier) else None


def edged_sql(text: str) -> str:
    """SQL for: the text starts or ends with something that may have to be trimmed; few do, and trim is slow."""
    return f"regexp_matches({text}, '^[^!-~]|[^!-~]$')"


def within_sql(kind: FieldType, value: str) -> str:
    """SQL for the same value, NULL when it lies outside the bounds of the field."""
    if isinstance(kind, Day):
        latest = "$dernier_jour_admis" if kind.future else "$date_etat"
        return _when(f"{value} BETWEEN {_day(EARLIEST_DATE)} AND CAST({latest} AS DATE)", value)
    if isinstance(kind, Whole | Number):
        return _when(f"{value} BETWEEN {kind.lowest} AND {kind.highest}", value)
    if isinstance(kind, MonthText):
        return _when(f"{value} BETWEEN '{EARLIEST_DATE:%Y-%m}' AND strftime(CAST($date_etat AS DATE), '%Y-%m')", value)
    if isinstance(kind, QuarterText):
        latest = "year(CAST($date_etat AS DATE)) || '-T' || quarter(CAST($date_etat AS DATE))"
        return _when(f"{value} BETWEEN '{EARLIEST_DATE.year}-T1' AND {latest}", value)
    if isinstance(kind, CodeSet):
        codes = f"string_split({value}, ' ')"
        return _when(f"len({codes}) = len(list_distinct({codes}))", value)
    return value


def outside_code(kind: FieldType) -> str | None:
    """Code of the finding on a text that has the form but lies outside its bounds, where it has one of its own."""
    return kind.repeated if isinstance(kind, CodeSet) else None


def day_sql(kind: FieldType, value: str) -> str:
    """SQL for the day that a value of this type gives to its row; raises NotImplementedError where it gives none."""
    if isinstance(kind, Day):
        return value
    if isinstance(kind, MonthText):
        return f"CAST({value} || '-01' AS DATE)"
    raise NotImplementedError(type(kind).__name__)


def sql_type(kind: FieldType) -> str:
    """DuckDB type of the values."""
    if isinstance(kind, Number):
        return f"DECIMAL({max(12, 10 + kind.scale)},{kind.scale})"
    if isinstance(kind, Code):
        return list_type(kind.list_name)
    return {Day: "DATE", Whole: "INTEGER", YesNo: "BOOLEAN"}.get(type(kind), "VARCHAR")


def tolerances_sql(kind: FieldType, text: str) -> list[tuple[str, str]]:
    """Code of each tolerance of this type of field, and SQL that is true where a text makes use of it."""
    if isinstance(kind, Day):
        serial = f"CASE WHEN strlen({text}) = 5 THEN {full_match(text, _SERIAL)} END"
        return [
            ("TOL-003", full_match(text, kind.day_first)),
            ("TOL-009", serial),
            ("TOL-014", f"strlen({text}) > 10"),
        ]
    if isinstance(kind, Whole):
        return [_grouping_sql(kind, text), ("TOL-015", f"regexp_matches({text}, '[.,]')")]
    if isinstance(kind, Number):
        comma = full_match(text, f"-?[0-9]{{1,3}}([{GROUPING}]?[0-9]{{1,3}}){{0,2}},[0-9]{{1,{kind.scale}}}")
        return [("TOL-004", comma), _grouping_sql(kind, text)]
    if isinstance(kind, YesNo):
        spellings = ", ".join(quoted(word) for word in (*kind.yes, *kind.no) if word not in ("true", "false"))
        return [("TOL-005", f"strlen({text}) = length({text}) AND lower({text}) IN ({spellings})")]
    if isinstance(kind, MonthText):
        return [("TOL-020", f"NOT {full_match(text, kind.pattern)}")]
    if isinstance(kind, LocalCode):
        return [("TOL-022", f"{text} IN ({', '.join(quoted(local) for local, _ in kind.local)})")]
    if isinstance(kind, Code) and kind.list_name in kind.in_any_case:
        return [("TOL-023", f"{text} <> upper({text})")]
    if isinstance(kind, CodeSet):
        return [("TOL-021", f"regexp_matches({text}, '[,|]')")]
    return []


def _grouping_sql(kind: Whole | Number, text: str) -> tuple[str, str]:
    return "TOL-008", f"CASE WHEN strlen({text}) > 4 THEN {full_match(text, kind.grouped)} END"


def reason_sql(kind: FieldType, text: str, codes: Mapping[str, str]) -> str:
    """SQL for the entry in `codes` of the code that names an unreadable text; the same meaning as FieldType.refusal."""
    branches = [f"WHEN {full_match(text, pattern)} THEN {codes[code]}" for code, pattern in kind.reasons]
    plain = codes[kind.unreadable]
    # every reason starts with a digit or a sign that stands before the letters: a word needs no pattern
    return f"CASE WHEN {text} >= 'A' THEN {plain} {' '.join(branches)} ELSE {plain} END"


def successor_sql(kind: Coded, code: str, day: str) -> str | None:
    """SQL for what is in force on `day` in place of `code`, NULL when it still holds; None for a list without ends."""
    if isinstance(kind, Code):
        return _successor(kind, code, day)
    one = _successor(kind, "un", day)
    if one is None:
        return None
    followed = f"[CAST(coalesce({one}, un) AS {list_type(kind.list_name)}) FOR un IN string_split({code}, ' ')]"
    return f"nullif({_one_text(f'list_distinct({followed})')}, {code})"


def _one_text(codes: str) -> str:
    """SQL for a list of codes as one text, in the order of their enumeration."""
    return f"array_to_string(list_sort({codes}), ' ')"


def _successor(kind: Coded, code: str, day: str) -> str | None:
    branches = []
    for ended in kind.nomenclature.entries:
        steps = _steps(kind.nomenclature, ended)
        if steps:
            cases = " ".join(f"WHEN {day} > {_day(last)} THEN {quoted(follower)}" for last, follower in reversed(steps))
            branches.append(f"WHEN {quoted(ended)} THEN CASE {cases} END")
    return f"CASE {code} {' '.join(branches)} END" if branches else None


def _steps(nomenclature: Nomenclature, code: str) -> list[tuple[date, str]]:
    """(day after which it applies, follower) along the chain of successors, days never decreasing."""
    steps: list[tuple[date, str]] = []
    entry = nomenclature.entries[code]
    last = date.min
    while entry.valide_au is not None and entry.remplace_par:
        last = max(last, entry.valide_au)
        steps.append((last, entry.remplace_par))
        entry = nomenclature.entries[entry.remplace_par]
    return steps


def full_match(text: str, pattern: str) -> str:
    """SQL for: the whole text matches; one class repeated is asked as « nothing outside it », which is faster."""
    single = re.fullmatch(r"\[([^\[\]^]+)\]\+", pattern)
    if single:
        return f"NOT regexp_matches({text}, {quoted(f'[^{single[1]}]')})"
    return f"regexp_full_match({text}, {quoted(pattern)})"


def _ungrouped(text: str) -> str:
    return f"translate({text}, {quoted(GROUPING)}, '')"


def _when(condition: str, value: str) -> str:
    return f"CASE WHEN {condition} THEN {value} END"


def _day(day: date) -> str:
    return f"DATE '{day.isoformat()}'"
