"""The language in which the contract is written: a class is a table, an annotation is a type of field."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import FunctionType
from typing import Any, ClassVar, TypeVar, get_args, get_type_hints

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

from schemas.field_types import (
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
    UnreadableError,
    Whole,
    YesNo,
)
from schemas.findings import FindingCode, Scope, Severity
from schemas.pseudonym import Pseudonym

__all__ = [
    "EARLIEST_DATE",
    "Code",
    "CodeSet",
    "Coded",
    "Day",
    "Denomination",
    "Extract",
    "FieldType",
    "Identifier",
    "MonthText",
    "Number",
    "PeriodText",
    "Pseudonym",
    "QuarterText",
    "Reference",
    "RowRule",
    "Table",
    "UnreadableError",
    "Whole",
    "YesNo",
    "champ",
    "row_rule",
]


def champ(libelle: str, *, nul: bool = False, risque: str = "aucun", base: str = "", exemple: str = "") -> Any:
    """Declare a field: French description, disclosure risk, legal base, example; `nul` lets it be empty."""
    extra = {"risque": risque, "base": base, "exemple": exemple}
    if nul:
        return Field(default=None, description=libelle, json_schema_extra=dict(extra))
    return Field(description=libelle, json_schema_extra=dict(extra))


@dataclass(frozen=True)
class Reference:
    """A foreign key within the deposit: these columns name a row of another table (V41)."""

    columns: tuple[str, ...]
    table: str
    target: tuple[str, ...]


@dataclass(frozen=True)
class RowRule:
    """A rule on one row, stated twice on purpose: `sql` is compiled, `holds` is its oracle.

    columns  every column that the rule reads; the finding is placed on the first one, and the rule is
             silent when one of them is unreadable (that already is a finding)
    sql      DuckDB predicate over the typed columns, true (not null) when the rule is violated
    """

    finding: FindingCode
    columns: tuple[str, ...]
    sql: str
    holds: Callable[[Any], bool] = field(compare=False)


_Method = TypeVar("_Method", bound=Callable[[Any], bool])


def row_rule(
    code: str,
    severity: Severity,
    *,
    columns: tuple[str, ...],
    sql: str,
    titre: str,
    message: str,
    remede: str,
    base: str = "",
    missions: tuple[str, ...] = (),
) -> Callable[[_Method], _Method]:
    """Attach a row rule to the method that tells, in Python, whether a row keeps it."""
    finding = FindingCode(code, severity, Scope.LIGNE, titre, message, remede, base, missions)

    def attach(method: _Method) -> _Method:
        method.__row_rule__ = RowRule(finding, columns, sql, method)  # type: ignore[attr-defined]
        return method

    return attach


@dataclass(frozen=True)
class Table:
    """What a contract class says of its table.

    grain    one row is ... (French)
    key      columns that name a row within a deposit
    niveau   level of conformity at which the table is due (1, 2 or 3)
    """

    name: str
    numero: str
    grain: str
    key: tuple[str, ...]
    niveau: int
    missions: tuple[str, ...]
    references: tuple[Reference, ...] = ()


class Extract(BaseModel):
    """Base of the tables: one instance is one row of one centre's extract."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True, arbitrary_types_allowed=True)
    contrat: ClassVar[Table]

    @classmethod
    def fields(cls) -> Mapping[str, tuple[FieldType, FieldInfo]]:
        """Column name → (type of field, pydantic's facts), in the contract's order."""
        return _fields(cls)

    @classmethod
    def optional(cls, column: str) -> bool:
        return not cls.model_fields[column].is_required()

    @classmethod
    def rules(cls) -> tuple[RowRule, ...]:
        """Row rules in the order of their codes; a method of a subclass replaces the one that bears its name."""
        return _rules(cls)


@cache
def _fields(cls: type[Extract]) -> Mapping[str, tuple[FieldType, FieldInfo]]:
    hints = get_type_hints(cls, include_extras=True)
    return {name: (_marker(hints[name]), info) for name, info in cls.model_fields.items()}


def _marker(annotation: Any) -> FieldType:
    for candidate in _walk(annotation):
        if isinstance(candidate, FieldType):
            return candidate
    raise TypeError(f"field without a contract type: {annotation!r}")


def _walk(annotation: Any) -> Iterator[Any]:
    yield annotation
    for part in get_args(annotation):
        yield from _walk(part)


@cache
def _rules(cls: type[Extract]) -> tuple[RowRule, ...]:
    members = {name: member for base in reversed(cls.__mro__) for name, member in vars(base).items()}
    found = [
        getattr(member, "__row_rule__")  # noqa: B009  (set by row_rule)
        for member in members.values()
        if isinstance(member, FunctionType) and hasattr(member, "__row_rule__")
    ]
    return tuple(sorted(found, key=lambda rule: rule.finding.code))
